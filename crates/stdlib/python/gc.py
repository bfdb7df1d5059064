"""The collector of this machine runs by itself; these functions let programs go on that speak to CPython's."""

from _emulant import reap_cycles

DEBUG_STATS, DEBUG_COLLECTABLE, DEBUG_UNCOLLECTABLE, DEBUG_SAVEALL, DEBUG_LEAK = 1, 2, 4, 32, 38
garbage = []
callbacks = []
_state = {'on': True, 'threshold': (700, 10, 10), 'debug': 0}


def enable():
    _state['on'] = True


def disable():
    _state['on'] = False


def isenabled():
    return _state['on']


def get_threshold():
    return _state['threshold']


def set_threshold(threshold0, threshold1=10, threshold2=10, /):
    _state['threshold'] = threshold0, threshold1, threshold2


def get_debug():
    return _state['debug']


def set_debug(flags, /):
    _state['debug'] = flags


def freeze():
    pass


unfreeze = freeze


def get_freeze_count():
    return 0


class _Count:
    """How many objects were found: not known, since only those are looked for that die visibly."""

    def _refused(self, *args):
        raise NotImplementedError('not supported: the number of objects that gc.collect found (they are not counted here)')

    __repr__ = __str__ = __format__ = __bool__ = __int__ = __index__ = __float__ = __hash__ = _refused
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refused
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __neg__ = __mod__ = _refused


def collect(generation=2):
    """Lets all die visibly that nothing but garbage refers to."""
    if not isinstance(generation, int):
        raise TypeError(f"'{type(generation).__name__}' object cannot be interpreted as an integer")
    if not 0 <= generation <= 2:
        raise ValueError('invalid generation')
    reap_cycles()
    return _Count()


def __getattr__(name):
    if name in ('get_objects', 'get_referrers', 'get_referents', 'get_count', 'get_stats', 'is_tracked',
                'is_finalized'):
        raise NotImplementedError(f'not supported: gc.{name} (this machine has a collector of its own)')
    raise AttributeError(f"module 'gc' has no attribute {name!r}")
