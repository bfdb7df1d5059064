# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __format__(self, *rest):
        return format(self)
f'{A()}'
