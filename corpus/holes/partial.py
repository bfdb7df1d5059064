# emulant: holes partial
"""What is missing absorbs what is done to it, and is asked about only when something forces it."""
import numpy as np
from shop.client import Session, retry

session = Session(token=TOKEN)
resp = session.get(url, headers=np.array([1]))
pause = None
if resp.status_code == 429:
    pause = int(resp.headers["Retry-After"])
print("pause", pause)
names = [item.name for item in resp.json()["items"]]
print(len(names), f"{names[0]}")
first, second = resp.pair()
try:
    raise retry.Failed("no")
except retry.Failed:
    print("caught")
