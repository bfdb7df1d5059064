"""A recursive-descent JSON reader, written in Python, on one document."""

DOCUMENT = """
{"name": "inventory", "open": true, "closed": null, "ratio": -12.75,
 "items": [
   {"id": 1, "tags": ["a", "b\\n", "c\\u0041"], "price": 3.5e2},
   {"id": 22, "tags": [], "price": 0.125},
   {"id": 333, "tags": ["long tag with spaces", "\\"quoted\\""], "price": 7}
 ],
 "nested": [[1, [2, [3, [4, [5]]]]], {"deep": {"deeper": {"deepest": false}}}]
}
"""

ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip_space(self):
        while self.at < len(self.text) and self.text[self.at] in " \n\t\r":
            self.at += 1

    def value(self):
        self.skip_space()
        first = self.text[self.at]
        if first == "{":
            return self.mapping()
        if first == "[":
            return self.sequence()
        if first == '"':
            return self.string()
        for word, meaning in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        return self.number()

    def mapping(self):
        result = {}
        self.at += 1
        self.skip_space()
        if self.text[self.at] == "}":
            self.at += 1
            return result
        while True:
            self.skip_space()
            key = self.string()
            self.skip_space()
            self.expect(":")
            result[key] = self.value()
            self.skip_space()
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.expect("}")
            return result

    def sequence(self):
        result = []
        self.at += 1
        self.skip_space()
        if self.text[self.at] == "]":
            self.at += 1
            return result
        while True:
            result.append(self.value())
            self.skip_space()
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.expect("]")
            return result

    def string(self):
        self.expect('"')
        parts = []
        while True:
            character = self.text[self.at]
            self.at += 1
            if character == '"':
                return "".join(parts)
            if character == "\\":
                escape = self.text[self.at]
                self.at += 1
                if escape == "u":
                    parts.append(chr(int(self.text[self.at : self.at + 4], 16)))
                    self.at += 4
                else:
                    parts.append(ESCAPES[escape])
            else:
                parts.append(character)

    def number(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "+-0123456789.eE":
            self.at += 1
        literal = self.text[start : self.at]
        if "." in literal or "e" in literal or "E" in literal:
            return float(literal)
        return int(literal)

    def expect(self, character):
        if self.text[self.at] != character:
            raise ValueError(f"expected {character!r} at {self.at}")
        self.at += 1


def main(n: int):
    total = 0.0
    tags = 0
    for _ in range(n):
        document = Reader(DOCUMENT).value()
        for item in document["items"]:
            total += item["id"] * item["price"]
            tags += len(item["tags"])
    return total, tags, document["items"][0]["tags"][2], document["nested"][1]["deep"]["deeper"]["deepest"]
