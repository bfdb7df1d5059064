"""Modules of the library by name. Missing: loaders, finders and everything about files of modules."""

import sys as _sys

__all__ = ['import_module', 'invalidate_caches', 'reload', '__import__']


def import_module(name, package=None):
    if name.startswith('.'):
        if not package:
            raise TypeError(f"the 'package' argument is required to perform a relative import for {name!r}")
        level = len(name) - len(name.lstrip('.'))
        parts = package.split('.')
        if level > len(parts):
            raise ImportError('attempted relative import beyond top-level package')
        name = '.'.join(parts[:len(parts) - level + 1] + [name[level:]])
    __import__(name)
    return _sys.modules[name]


def invalidate_caches():
    pass


def reload(module):
    raise NotImplementedError('not supported: importlib.reload')


def __getattr__(name):
    if name in ('machinery', 'resources', 'metadata', 'abc', 'simple', 'find_loader'):
        raise NotImplementedError(f'not supported: importlib.{name}')
    raise AttributeError(f"module 'importlib' has no attribute {name!r}")
