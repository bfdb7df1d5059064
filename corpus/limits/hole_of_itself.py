# ends: raised ValueError: value is nested too deeply (or refers to itself) to be asked about
from emulant import emulate
@emulate
def f(x) -> int:
    "A number."
x = []
x.append(x)
print(f(x))
