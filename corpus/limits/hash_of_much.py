# ends: limit instructions
import hashlib
x = b'a' * 10 ** 7
while True:
    hashlib.sha256(x).digest()
