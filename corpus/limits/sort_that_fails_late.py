# ends: raised ZeroDivisionError: division by zero
n = 0
class A:
    def __lt__(self, other):
        global n
        n += 1
        if n > 500:
            1 / 0
        return n % 3 == 0
x = [A() for _ in range(300)]
try:
    x.sort()
finally:
    assert len(x) == 300
