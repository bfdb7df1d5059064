"""json: dumps options, loads, round trips, errors with their positions."""

import json

data = {"b": [1, 2.5, None, True], "a": {"é": "q\"\n\t\\ \u2028"}, "e": [], "o": {}, "t": (1, 2)}
print(json.dumps(data))
print(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False))
print(json.dumps([1, {"a": 1}], separators=(",", ":")), json.dumps({1: "a", True: 1, None: 2, 1.5: 3}), json.dumps("é😀"), json.dumps([]), json.dumps({"a": []}, indent=1))
print(json.dumps([1e100, 0.1, -0.0, 1e16, float("inf"), float("nan"), 10**20]), json.dumps({"x": {1, 2}}, default=sorted), json.dumps([1, [2]], indent="--"))
print(json.loads(' {"a": [1, 2.0, -3e2, "x\\u00e9\\n", null, true]} '), json.loads("5"), json.loads('"s"'), json.loads("[]"), json.loads(b'{"k": 1}'))
print(json.loads("1.0"), json.loads("1E5"), json.loads("NaN"), json.loads("-Infinity"), json.loads("123456789012345678901234567890"), json.loads('"\\ud83d\\ude00"'))
print(json.loads('{"a": 1, "a": 2}'), json.loads('{"a": 1}', object_pairs_hook=list), json.loads("[1.5]", parse_float=str), json.loads('{"x": 1}', object_hook=lambda d: sorted(d)))
assert json.loads(json.dumps(data)) == {**data, "t": [1, 2]}


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for text in ["", "{", "[1,", "[1 2]", '{"a" 1}', "{'a': 1}", '"abc', "nul", "[1] x", '{"a": 1,}', '"\n"', '"\\x"', "01", "[1,]", "\n\n  x", '{1: 2}', "-"]:
    print(repr(text), message(lambda: json.loads(text)))
try:
    json.loads("[1,\n 2 3]")
except json.JSONDecodeError as error:
    assert (error.msg, error.pos, error.lineno, error.colno, error.doc) == ("Expecting ',' delimiter", 7, 2, 4, "[1,\n 2 3]")
    assert isinstance(error, ValueError)
else:
    raise AssertionError("no exception")
assert message(lambda: json.dumps({1, 2})) == "TypeError: Object of type set is not JSON serializable"
assert message(lambda: json.dumps({(1, 2): 3})) == "TypeError: keys must be str, int, float, bool or None, not tuple"
assert message(lambda: json.dumps(float("nan"), allow_nan=False)) == "ValueError: Out of range float values are not JSON compliant: nan"
assert message(lambda: json.loads(5)) == "TypeError: the JSON object must be str, bytes or bytearray, not int"
loop = []
loop.append(loop)
assert message(lambda: json.dumps(loop)) == "ValueError: Circular reference detected"
