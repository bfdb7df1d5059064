"""memoryview: items, slices that share, casts, comparison, and what it refuses."""

data = bytearray(b"abcdef")
view = memoryview(data)
view[0] = 65
view[1:3] = b"BC"
part = view[::2]
part[1] = 120
print(data, part.tobytes(), part.tolist(), len(part), view[-1], bytes(view[2:4]), bytearray(view[::-1]))
print(view.obj is data, view.nbytes, view.itemsize, view.format, view.ndim, view.shape, view.strides, view.readonly, part.contiguous, part.strides)
fixed = memoryview(b"abc")
print(fixed == b"abc", fixed == bytearray(b"abc"), fixed != b"abd", fixed == "abc", hash(fixed) == hash(b"abc"), fixed.readonly)
print(fixed.hex(), fixed.hex(":"), list(fixed), 98 in fixed, sorted(fixed, reverse=True), bool(memoryview(b"")), b"-".join([fixed, fixed]))
words = memoryview(bytearray(8)).cast("H")
words[1] = 0x0102
words[2:3] = memoryview(b"\x07\x08").cast("H")
print(words.tolist(), words.tobytes(), words.format, words.itemsize, len(words), words.cast("B").tolist())
print(memoryview(b"\0\0\x80?").cast("f")[0], memoryview(b"\xff").cast("b")[0], memoryview(b"x").cast("c")[0], memoryview(b"\x01").cast("?")[0])
grid = memoryview(bytes(range(6))).cast("B", [2, 3])
print(grid.shape, grid.strides, grid.ndim, len(grid), grid.nbytes, grid.tobytes())
with memoryview(data) as inside:
    print(inside[0])


def message(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def store(target, key, value):
    target[key] = value


for call in (
    lambda: inside[0], lambda: memoryview(3), lambda: memoryview("text"), lambda: fixed[3], lambda: store(fixed, 0, 1), lambda: store(view, 0, 256),
    lambda: store(view, 0, "a"), lambda: store(view, slice(0, 2), b"abc"), lambda: hash(view), lambda: fixed.cast("H"), lambda: fixed.cast("xx"), lambda: view["a"],
    lambda: view[::2].cast("H"), lambda: words.cast("I"), lambda: int.from_bytes(memoryview(b"\1\2"), "big"), lambda: isinstance(fixed, memoryview),
):
    print(message(call))
