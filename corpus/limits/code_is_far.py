# ends: raised AttributeError: 'code' object has no attribute 'replace'
def f():
    pass
f.__code__ = f.__code__.replace(co_code=b'\x00' * 100)
f()
