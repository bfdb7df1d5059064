# ends: limit instructions
import base64
x = b'a' * 10 ** 7
while True:
    x = base64.b64encode(x)
