"""Functions that run when the program ends, the last registered first. Complete but for `_ncallbacks` and the like."""

from sys import _exits

__all__ = ['register', 'unregister']


def register(func, /, *args, **kwargs):
    if not callable(func):
        raise TypeError('the first argument must be callable')
    _exits.append((func, args, kwargs))
    return func


def unregister(func, /):
    _exits[:] = [entry for entry in _exits if entry[0] != func]
