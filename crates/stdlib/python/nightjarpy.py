"""What programs with natural blocks import: the marker of functions that have such blocks.

The compiler looks for blocks in functions that `fn` decorates; at run time it changes nothing.
"""

__all__ = ['NJ_TELEMETRY', 'fn']

NJ_TELEMETRY = None


def fn(function=None, **options):
    """Marks a function whose texts that begin with `natural` are done by a model."""
    if function is None:
        return fn
    return function
