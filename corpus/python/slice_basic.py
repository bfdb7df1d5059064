"""Slices of lists, strings, tuples, ranges and bytes; the slice object itself."""

items = list(range(10))
assert items[2:5] == [2, 3, 4] and items[:3] == [0, 1, 2] and items[7:] == [7, 8, 9] and items[:] == items and items[:] is not items
assert items[-3:] == [7, 8, 9] and items[:-7] == [0, 1, 2] and items[::3] == [0, 3, 6, 9] and items[::-1][0] == 9
assert items[8:2:-2] == [8, 6, 4] and items[5:2] == [] and items[100:] == [] and items[-100:2] == [0, 1] and items[3:100:50] == [3]
assert items[-1:-4:-1] == [9, 8, 7] and items[:2:-3] == [9, 6, 3]
text = "abcdef"
assert text[1:4] == "bcd" and text[::-1] == "fedcba" and text[-2:] == "ef" and text[10:] == "" and text[::2] == "ace"
assert (1, 2, 3)[1:] == (2, 3) and b"bytes"[1:3] == b"yt" and range(10)[2:8:2] == range(2, 8, 2)
assert range(10)[::-1] == range(9, -1, -1) and list(range(5)[1:-1]) == [1, 2, 3]
s = slice(1, None, 2)
assert (s.start, s.stop, s.step) == (1, None, 2) and repr(s) == "slice(1, None, 2)" and items[s] == [1, 3, 5, 7, 9]
assert s.indices(6) == (1, 6, 2) and slice(-3, None).indices(5) == (2, 5, 1) and slice(None, None, -1).indices(4) == (3, -1, -1)
assert slice(3) == slice(None, 3, None) and items[True:3] == [1, 2]


class At:
    def __index__(self):
        return 4


assert items[At() :] == [4, 5, 6, 7, 8, 9] and items[None:None] == items


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: items[::0]) == "ValueError: slice step cannot be zero"
assert message(lambda: items["a":]) == "TypeError: slice indices must be integers or None or have an __index__ method"
assert message(lambda: items[1.0:]) == "TypeError: slice indices must be integers or None or have an __index__ method"
assert message(lambda: items[1.0]) == "TypeError: list indices must be integers or slices, not float"
assert message(lambda: items[10]) == "IndexError: list index out of range"
assert message(lambda: items[-11]) == "IndexError: list index out of range"
assert hash(slice(1, 2)) == hash(slice(1, 2)) and {slice(1): "key"}[slice(1)] == "key"
print(items[1:8:3], text[-4:-1], range(0, 20, 3)[1:4])
