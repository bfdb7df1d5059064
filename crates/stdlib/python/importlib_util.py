"""Is there a module of this name? Missing: everything that loads one from a file."""


def find_spec(name, package=None):
    try:
        module = __import__(name)
    except ImportError:
        return None
    return _Spec(name)


class _Spec:
    def __init__(self, name):
        self.name = name
        self.origin = 'frozen'
        self.loader = None
        self.parent = name.rpartition('.')[0]


def __getattr__(name):
    if name in ('spec_from_file_location', 'module_from_spec', 'spec_from_loader', 'LazyLoader', 'cache_from_source',
                'resolve_name', 'source_hash', 'decode_source'):
        raise NotImplementedError(f'not supported: importlib.util.{name}')
    raise AttributeError(f"module 'importlib.util' has no attribute {name!r}")
