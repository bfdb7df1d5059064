"""How this Python was built: it was not. Names are there, paths are none."""


def get_config_var(name):
    return None


def get_config_vars(*args):
    return [None] * len(args) if args else {}


def get_platform():
    return 'linux-x86_64'


def get_python_version():
    return '3.12'


def is_python_build(check_home=None):
    return False


def __getattr__(name):
    if name in ('get_path', 'get_paths', 'get_scheme_names', 'get_path_names', 'get_config_h_filename'):
        raise NotImplementedError(f'not supported: sysconfig.{name}')
    raise AttributeError(f"module 'sysconfig' has no attribute {name!r}")
