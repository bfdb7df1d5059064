# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __len__(self, *rest):
        return len(self)
len(A())
