# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __hash__(self, *rest):
        return hash(self)
{A(): 1}
