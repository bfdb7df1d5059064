# ends: limit memory
from emulant import emulate
@emulate
def f(x) -> int:
    "A number."
x = []
for _ in range(40):
    x = [x, x]
print(f(x))
