# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __init__(self, *rest):
        A()
A()
