# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __hash__(self):
        return 1
    def __eq__(self, other):
        for i in range(len(d) * 100000):
            d[i + len(d)] = 1
        return False
d = {A(): 1}
d[A()] = 2
while True:
    A() in d
