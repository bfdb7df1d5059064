"""Text files: modes, lines, places, encodings, and what goes wrong."""
import io
import os

with open("t.txt", "w") as f:
    print(f.name, f.mode, f.encoding.upper(), f.closed, f.writable(), f.readable())
    print(f.write("one\ntwo\nthree"), f.tell())
    f.writelines(["\n", "four\n"])
print(f.closed)
with open("t.txt") as f:
    print(repr(f.readline()), f.tell())
    print(f.readlines())
    print(repr(f.read()), f.tell())
    print(f.seek(4), repr(f.read(3)), repr(f.read(2)))
    f.seek(0)
    print([line.rstrip() for line in f])
print(open("t.txt").read().splitlines())
for line in open("t.txt"):
    print(repr(line), end=" ")
print()
with open("t.txt", "a") as f:
    print(f.tell(), f.write("five"))
with open("t.txt", "r+") as f:
    print(repr(f.read(3)))
    f.seek(0)
    f.write("ONE")
    f.seek(0, 2)
    f.write("!")
print(open("t.txt").read().split("\n"))
try:
    open("t.txt", "x")
except FileExistsError as e:
    print(e, e.errno, e.filename)
for name, mode in (("missing.txt", "r"), ("missing/x", "w"), (".", "r"), ("t.txt/x", "r"), ("", "r")):
    try:
        open(name, mode)
    except OSError as e:
        print(type(e).__name__, e.errno, e.strerror, repr(e.filename), "|", e)
for mode in ("rw", "", "q", "rbt", "r++", "U"):
    try:
        open("t.txt", mode)
    except ValueError as e:
        print(mode, "|", e)
for how in (dict(mode="rb", encoding="utf-8"), dict(buffering=0), dict(newline="x"), dict(mode="rb", newline="\n")):
    try:
        open("t.txt", **how)
    except ValueError as e:
        print(sorted(how), "|", e)
try:
    open("t.txt", encoding="no-such")
except LookupError as e:
    print(e)
with open("t.txt") as f:
    try:
        f.write("x")
    except io.UnsupportedOperation as e:
        print(repr(str(e)), isinstance(e, OSError), isinstance(e, ValueError))
with open("u.txt", "w") as f:
    try:
        f.read()
    except io.UnsupportedOperation as e:
        print(e)
    try:
        f.write(b"x")
    except TypeError as e:
        print(e)
try:
    f.write("x")
except ValueError as e:
    print(e)
with open("e.txt", "w", encoding="utf-8") as f:
    f.write("naïve ☃ 𝄞\n" * 3)
with open("e.txt", encoding="utf-8") as f:
    print(f.readline(), f.tell(), repr(f.read(7)), f.tell())
print(os.path.getsize("e.txt"), open("e.txt", "rb").read()[:12])
with open("l.txt", "w", encoding="latin-1") as f:
    f.write("é")
try:
    open("l.txt", encoding="utf-8").read()
except UnicodeDecodeError as e:
    print(e)
print(open("l.txt", encoding="latin-1").read(), ascii(open("l.txt", errors="replace").read()))
with open("b.txt", "w", encoding="utf-8-sig") as f:
    f.write("a")
    f.write("b")
print(open("b.txt", "rb").read(), open("b.txt", encoding="utf-8-sig").read())
with open("u16.txt", "w", encoding="utf-16") as f:
    f.write("a")
    f.write("b")
print(open("u16.txt", "rb").read(), open("u16.txt", encoding="utf-16").read())
with open("n.txt", "wb") as f:
    f.write(b"a\r\nb\rc\nd")
for newline in (None, "", "\n", "\r", "\r\n"):
    with open("n.txt", newline=newline) as f:
        print(repr(newline), list(f), f.newlines)
with open("w.txt", "w", newline="\r\n") as f:
    f.write("a\nb\n")
print(open("w.txt", "rb").read())
with open("t.txt") as f:
    next(f)
    try:
        f.tell()
    except OSError as e:
        print(e)
print(sorted(os.listdir()))
with io.TextIOWrapper(io.BytesIO(b"x\r\ny"), encoding="ascii") as f:
    print(f.readlines())
