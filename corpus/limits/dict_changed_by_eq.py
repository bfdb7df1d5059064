# ends: done
class A:
    def __hash__(self):
        return 1
    def __eq__(self, other):
        d.clear()
        return False
d = {}
for _ in range(100):
    d[A()] = 1
    A() in d
