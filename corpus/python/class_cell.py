"""The cell of __class__: a metaclass has to hand it on to the class that is made."""


class Dropping(type):
    def __new__(meta, name, bases, namespace):
        namespace.pop("__classcell__", None)
        return super().__new__(meta, name, bases, namespace)


class Other(type):
    def __new__(meta, name, bases, namespace):
        made = super().__new__(meta, name, bases, namespace)
        super().__new__(meta, name, bases, namespace)
        return made


class Kept(type):
    def __new__(meta, name, bases, namespace):
        return super().__new__(meta, name, bases, namespace)


for meta in (Kept, Other):
    try:
        class A(metaclass=meta):
            def me(self):
                return __class__
        print(A().me().__name__)
    except TypeError as error:
        print(str(error).replace("__main__.", ""))
try:
    class B:
        __classcell__ = 5
except TypeError as error:
    print(error)
