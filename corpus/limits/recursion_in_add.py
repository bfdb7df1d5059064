# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __add__(self, *rest):
        return self + 1
A() + 1
