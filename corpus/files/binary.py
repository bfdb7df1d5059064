"""Binary files: places, buffers and sizes."""
import csv
import io
import json
import os

with open("b.bin", "wb") as f:
    print(f.name, f.mode, type(f).__name__, f.write(bytes(range(20))), f.tell())
with open("b.bin", "rb") as f:
    print(type(f).__name__, f.read(4), f.tell(), f.seek(-2, 2), f.read(), f.read(), f.seek(2), f.seek(3, 1), f.read(1))
    f.seek(100)
    print(f.read(), f.tell())
    try:
        f.seek(-1)
    except OSError as e:
        print(type(e).__name__, e)
    try:
        f.write(b"")
    except io.UnsupportedOperation as e:
        print(e)
with open("b.bin", "r+b") as f:
    f.seek(5)
    f.write(b"\xff\xff")
    print(type(f).__name__, f.read(2), f.tell())
    f.seek(0)
    print(f.read().hex())
    print(f.truncate(8), f.tell())
print(os.path.getsize("b.bin"), open("b.bin", "rb").read())
with open("b.bin", "wb") as f:
    f.seek(4)
    f.write(b"x")
print(open("b.bin", "rb").read())
with open("b.bin", "ab") as f:
    print(f.tell())
    f.write(b"end")
    f.seek(0)
    f.write(b"!")
print(open("b.bin", "rb").read())
with open("b.bin", "w+b") as f:
    f.write(b"line1\nline2\nrest")
    f.seek(0)
    print(f.readline(), f.readlines(), f.readline())
    f.seek(0)
    buffer = bytearray(4)
    print(f.readinto(buffer), buffer, f.peek(1)[:1])
for value in ("text", 5, None):
    with open("c.bin", "wb") as f:
        try:
            f.write(value)
        except TypeError as e:
            print(e)
f = open("raw.bin", "wb", buffering=0)
print(type(f).__name__, f.mode, f.write(b"abc"))
print(open("raw.bin", "rb").read())
f.close()
try:
    f.write(b"x")
except ValueError as e:
    print(type(e).__name__)
with open("big.bin", "wb") as f:
    for n in range(2000):
        f.write(n.to_bytes(4, "big") * 250)
print(os.stat("big.bin").st_size)
with open("big.bin", "rb") as f:
    total = 0
    while piece := f.read(65536):
        total += sum(piece)
    print(total)
    f.seek(1_000_000)
    print(int.from_bytes(f.read(4), "big"))
with open("d.json", "w") as f:
    json.dump({"a": [1, 2.5, None]}, f, indent=1)
with open("d.json") as f:
    print(json.load(f))
with open("d.csv", "w", newline="") as f:
    csv.writer(f).writerows([["x", "y,z"], [1, 'q"r']])
print(open("d.csv", "rb").read())
with open("d.csv", newline="") as f:
    print(list(csv.reader(f)))
print("file written by print", 1, sep="-", file=open("p.txt", "w"))
