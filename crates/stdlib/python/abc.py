"""Abstract base classes: a metaclass that collects the abstract methods of a
class and lets classes join by registration or by a `__subclasshook__`.

That a class with abstract methods cannot be instantiated is the duty of
`object.__new__`, which reads `__abstractmethods__`.
"""

from _emulant import match_as


def abstractmethod(funcobj):
    """Mark a method that a concrete subclass must define."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractclassmethod(classmethod):
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractstaticmethod(staticmethod):
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractproperty(property):
    __isabstractmethod__ = True


# Grows with each registration, so that remembered "no" answers become stale.
_registrations = 0


def get_cache_token():
    """A value that changes whenever a class is registered anywhere."""
    return _registrations


class _Memory:
    # What one abstract class knows: who registered, and which answers it gave.
    __slots__ = ('registry', 'yes', 'no', 'token')

    def __init__(self):
        self.registry = {}
        self.yes = set()
        self.no = set()
        self.token = _registrations


def _is_abstract(value):
    # A class method, static or not, bound or not, is as abstract as its function.
    return getattr(getattr(value, '__func__', value), '__isabstractmethod__', False)


def _abstract_names(cls, namespace):
    names = [name for name, value in namespace.items() if _is_abstract(value)]
    for base in cls.__bases__:
        for name in getattr(base, '__abstractmethods__', ()):
            if name not in names and _is_abstract(getattr(cls, name, None)):
                names.append(name)
    return frozenset(names)


def _is_subclass(cls, other):
    # A metaclass may keep its `__subclasscheck__` for programs and offer another
    # to the abstract classes: `typing` does so for protocols.
    direct = getattr(type(other), '_abc_subclasscheck', None)
    return issubclass(cls, other) if direct is None else direct(other, cls)


class ABCMeta(type):
    def __new__(mcls, name, bases, namespace, /, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        cls.__abstractmethods__ = _abstract_names(cls, namespace)
        cls._abc_impl = _Memory()
        return cls

    def register(cls, subclass):
        """Count a class as a subclass from now on."""
        global _registrations
        if not isinstance(subclass, type):
            raise TypeError('Can only register classes')
        if _is_subclass(subclass, cls):
            return subclass
        if _is_subclass(cls, subclass):
            raise RuntimeError('Refusing to create an inheritance cycle')
        cls._abc_impl.registry[subclass] = None
        match_as(subclass, cls)
        _registrations += 1
        return subclass

    def __instancecheck__(cls, instance):
        seen = instance.__class__
        if seen in cls._abc_impl.yes:
            return True
        kind = type(instance)
        if kind is seen:
            return cls.__subclasscheck__(seen)
        return cls.__subclasscheck__(seen) or cls.__subclasscheck__(kind)

    def __subclasscheck__(cls, subclass):
        if not isinstance(subclass, type):
            raise TypeError('issubclass() arg 1 must be a class')
        memory = cls._abc_impl
        if subclass in memory.yes:
            return True
        if memory.token != _registrations:
            memory.no = set()
            memory.token = _registrations
        elif subclass in memory.no:
            return False
        hook = getattr(cls, '__subclasshook__', None)
        answer = NotImplemented if hook is None else hook(subclass)
        if answer is NotImplemented:
            answer = (cls in subclass.__mro__
                      or any([_is_subclass(subclass, other) for other in memory.registry])
                      or any([_is_subclass(subclass, other) for other in cls.__subclasses__()]))
        elif answer is not True and answer is not False:
            raise AssertionError('__subclasshook__ must return either False, True, '
                                 'or NotImplemented')
        if answer:
            memory.yes.add(subclass)
        else:
            memory.no.add(subclass)
        return answer

    def _dump_registry(cls, file=None):
        print(f'Class: {cls.__module__}.{cls.__qualname__}', file=file)
        print(f'Registry: {list(cls._abc_impl.registry)!r}', file=file)


class ABC(metaclass=ABCMeta):
    """Inherit from this to make a class abstract."""
    __slots__ = ()


def update_abstractmethods(cls):
    """Collect the abstract methods again, after a class was changed."""
    if hasattr(cls, '__abstractmethods__'):
        cls.__abstractmethods__ = _abstract_names(cls, cls.__dict__)
    return cls
