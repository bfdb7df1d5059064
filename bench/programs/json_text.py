"""The json module: nested data to text and back, plain and sorted with an indent."""

import json


def record(i):
    return {
        "id": i,
        "name": "item %d" % i,
        "price": i * 1.25,
        "tags": ["a", "b", "tag %d" % (i % 7)],
        "open": i % 3 == 0,
        "parent": None if i % 5 else {"id": i // 5, "path": [i, i + 1, -i]},
    }


def main(n: int):
    total = 0
    for start in range(0, n, 20):
        data = [record(i) for i in range(start, start + 20)]
        text = json.dumps(data)
        again = json.loads(text)
        assert again == data
        pretty = json.dumps(again[:5], indent=2, sort_keys=True)
        total += len(text) + len(pretty)
    return total
