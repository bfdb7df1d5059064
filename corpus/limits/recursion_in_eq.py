# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __eq__(self, *rest):
        return self == rest[0]
A() == A()
