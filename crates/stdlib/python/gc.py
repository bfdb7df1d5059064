"""The collector of this machine runs by itself; these functions let programs go on that speak to CPython's."""

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


def __getattr__(name):
    if name in ('collect', 'get_objects', 'get_referrers', 'get_referents', 'get_count', 'get_stats', 'is_tracked',
                'is_finalized'):
        raise NotImplementedError(f'not supported: gc.{name} (this machine has a collector of its own)')
    raise AttributeError(f"module 'gc' has no attribute {name!r}")
