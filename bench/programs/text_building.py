"""Texts that grow: a loop of +=, join, replace, slices, cases, padding."""


def main(n: int):
    text = ""
    for i in range(n):
        text += chr(97 + i % 26)
        if i % 10 == 9:
            text += " "
    words = text.split()
    shouted = " ".join(word.upper() if i % 2 else word.title() for i, word in enumerate(words))
    shifted = "".join(chr((ord(c) - 97 + 13) % 26 + 97) if c.islower() else c for c in shouted)
    lines = [shifted[i : i + 40].ljust(42, ".") for i in range(0, len(shifted), 40)]
    table = "\n".join(lines).replace("..", ".").strip(".")
    reverse = table[::-1]
    return len(text), len(table), table.count("N"), reverse[:20], sum(line.find("z") for line in lines)
