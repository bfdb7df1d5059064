"""The package of `urllib.parse`. Missing: everything that would reach a network."""


def __getattr__(name):
    if name in ('request', 'error', 'response', 'robotparser'):
        raise NotImplementedError(f'not supported: urllib.{name} (programs reach the network through tools only)')
    raise AttributeError(f"module 'urllib' has no attribute {name!r}")
