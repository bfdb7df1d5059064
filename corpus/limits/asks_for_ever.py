# ends: limit asks
import time
while True:
    time.time()
