# ends: done
class A:
    def __index__(self):
        x.clear()
        return 3
x = list(range(10))
x[A():A()] = [1, 2]
x[0:A()]
del x[0:A()]
