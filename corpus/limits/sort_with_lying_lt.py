# ends: done
import random
random.seed(1)
class A:
    def __lt__(self, other):
        return random.random() < 0.5
x = [A() for _ in range(300)]
assert len(sorted(x)) == 300
