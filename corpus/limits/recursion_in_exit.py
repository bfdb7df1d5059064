# ends: raised RecursionError: maximum recursion depth exceeded
class A:
    def __enter__(self):
        return self
    def __exit__(self, *e):
        with self:
            pass
with A():
    pass
