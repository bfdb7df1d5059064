"""hashlib and hmac: all digests, piece by piece, and keys."""
import hashlib
import hmac
import io

for name in sorted(hashlib.algorithms_guaranteed):
    for data in (b"", b"abc", bytes(range(256)) * 5):
        h = hashlib.new(name, data)
        print(name, h.digest_size, h.block_size, h.hexdigest(10) if name.startswith("shake") else h.hexdigest())
h = hashlib.sha256(b"one")
other = h.copy()
h.update(b"two")
print(h.hexdigest() == hashlib.sha256(b"onetwo").hexdigest(), other.hexdigest()[:8], h.name, h.digest()[:4])
print(hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 10).hex(), hashlib.pbkdf2_hmac("sha1", b"p", b"s", 2, 40).hex())
print(hmac.new(b"key", b"message", "sha256").hexdigest(), hmac.digest(b"key", b"m", "sha3_256").hex()[:16], hmac.compare_digest("a", "a"))
print(hashlib.file_digest(io.BytesIO(b"abc"), "md5").hexdigest(), hashlib.new("SHA-256" if False else "sha256", b"x", usedforsecurity=False).hexdigest()[:8])
for action in (lambda: hashlib.md5("text"), lambda: hashlib.new("nosuch"), lambda: hashlib.sha256(5), lambda: hashlib.new(5)):
    try:
        action()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
