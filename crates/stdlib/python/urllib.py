"""The package of `urllib.parse`, `urllib.request` and `urllib.error`."""


def __getattr__(name):
    if name in ('response', 'robotparser'):
        raise NotImplementedError(f'not supported: urllib.{name} (programs reach the network through tools only)')
    raise AttributeError(f"module 'urllib' has no attribute {name!r}")
