# ends: limit asks
from emulant import ask
while True:
    try:
        ask[int]("?") + 1
    except Exception:
        pass
