"""How objects of classes are taken apart and put together again. Missing: the registry of extension codes."""

__all__ = ['pickle', 'constructor', 'add_extension', 'remove_extension', 'clear_extension_cache']

dispatch_table = {}


def pickle(ob_type, pickle_function, constructor_ob=None):
    if not callable(pickle_function):
        raise TypeError('reduction functions must be callable')
    dispatch_table[ob_type] = pickle_function
    if constructor_ob is not None:
        constructor(constructor_ob)


def constructor(object):
    if not callable(object):
        raise TypeError('constructors must be callable')


def _reconstructor(cls, base, state):
    if base is object:
        return object.__new__(cls)
    made = base.__new__(cls, state)
    if base.__init__ != object.__init__:
        base.__init__(made, state)
    return made


def __newobj__(cls, *args):
    return cls.__new__(cls, *args)


def __newobj_ex__(cls, args, kwargs):
    return cls.__new__(cls, *args, **kwargs)


def add_extension(module, name, code):
    raise NotImplementedError('not supported: copyreg.add_extension')


remove_extension = clear_extension_cache = add_extension


def _exception_args(error):
    """What makes an exception again: the names of files of an OSError are no arguments of it, but are given as such."""
    if not isinstance(error, OSError) or len(error.args) != 2 or error.filename is None:
        return error.args
    if error.filename2 is None:
        return *error.args, error.filename
    return *error.args, error.filename, None, error.filename2
