# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __call__(self, *rest):
        return self()
A()()
