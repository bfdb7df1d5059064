"""zlib and gzip: the bytes of all levels, and what is damaged."""
import gzip
import io
import random
import zlib

random.seed(1)
samples = [b"", b"a", b"hello hello hello hello", bytes(range(256)) * 3, b"x" * 5000, " ".join(random.choice(["alpha", "beta", "gamma", "delta"]) for _ in range(600)).encode(), bytes(random.randrange(256) for _ in range(700))]
for data in samples:
    for level in (-1, 1, 2, 4, 6, 9):
        made = zlib.compress(data, level)
        print(len(data), level, len(made), zlib.crc32(made), zlib.decompress(made) == data)
print(zlib.compress(b"witch which has which witches wrist watch").hex(), zlib.adler32(b"abc"), zlib.crc32(b"abc", 5))
for wbits in (-15, 31):
    made = zlib.compress(samples[5], wbits=wbits)
    print(wbits, zlib.crc32(made), zlib.decompress(made, wbits) == samples[5])
c = zlib.compressobj(9)
print(zlib.decompress(c.compress(b"one ") + c.compress(b"two") + c.flush()))
d = zlib.decompressobj()
print(d.decompress(zlib.compress(b"abc") + b"rest"), d.unused_data, d.eof)
print(gzip.compress(b"data", mtime=0).hex(), gzip.decompress(gzip.compress(b"one") + gzip.compress(b"two")))
out = io.BytesIO()
with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as f:
    f.write(b"line 1\nline 2\n")
print(out.getvalue().hex(), gzip.GzipFile(fileobj=io.BytesIO(out.getvalue())).readlines(), gzip.open(io.BytesIO(out.getvalue()), "rt").read())
good = zlib.compress(b"some data, some more data")
for bad in (b"", b"x", b"\x78\x9c", b"\x00\x00", good[:-1], good[:-1] + b"\0", good[:5] + b"\xff" + good[6:], b"\x78\x9c\x07", b"\x79\x9b"):
    try:
        print(zlib.decompress(bad))
    except zlib.error as error:
        print(error)
for bad in (b"no", b"\x1f\x8b\x08\x00", gzip.compress(b"abc")[:-1]):
    try:
        gzip.decompress(bad)
    except (gzip.BadGzipFile, EOFError) as error:
        print(type(error).__name__, error)
try:
    zlib.compress("text")
except TypeError as error:
    print(error)
