# ends: done
class A:
    def __hash__(self):
        s.clear()
        return 1
s = set()
for _ in range(100):
    s.add(A())
    s |= {A(), A()}
