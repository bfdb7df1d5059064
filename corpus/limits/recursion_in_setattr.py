# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __setattr__(self, *rest):
        self.x = 1
A().x = 1
