"""Time of small functions. Missing: statements given as text, which would be code from text."""

from time import perf_counter as default_timer

__all__ = ['Timer', 'timeit', 'repeat', 'default_timer']

default_number = 1000000
default_repeat = 5


class Timer:
    """Times a function."""

    def __init__(self, stmt='pass', setup='pass', timer=default_timer, globals=None):
        if isinstance(stmt, str) or not callable(setup) and setup != 'pass':
            raise NotImplementedError('not supported: timeit of statements given as text')
        if not callable(stmt):
            raise ValueError('stmt is neither a string nor callable')
        self._call, self._setup, self._timer = stmt, setup, timer

    def timeit(self, number=default_number):
        if callable(self._setup):
            self._setup()
        start = self._timer()
        for _ in range(number):
            self._call()
        return self._timer() - start

    def repeat(self, repeat=default_repeat, number=default_number):
        return [self.timeit(number) for _ in range(repeat)]

    def autorange(self, callback=None):
        raise NotImplementedError('not supported: timeit.Timer.autorange')


def timeit(stmt='pass', setup='pass', timer=default_timer, number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).timeit(number)


def repeat(stmt='pass', setup='pass', timer=default_timer, repeat=default_repeat, number=default_number,
           globals=None):
    return Timer(stmt, setup, timer, globals).repeat(repeat, number)
