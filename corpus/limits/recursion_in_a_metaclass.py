# ends: raised RecursionError: maximum recursion depth exceeded
class M(type):
    def __call__(cls):
        return cls()
class A(metaclass=M):
    pass
A()
