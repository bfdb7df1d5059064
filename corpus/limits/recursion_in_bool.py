# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __bool__(self, *rest):
        return bool(self)
not A()
