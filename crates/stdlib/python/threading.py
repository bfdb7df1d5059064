"""Locks and events for programs that run in one thread.

Here a program is one thread: a lock that would wait for ever is refused with
`NotImplementedError`. Missing: `Thread`, `Timer`, `Barrier` and all that needs a second thread.
"""

__all__ = ['BoundedSemaphore', 'Condition', 'Event', 'Lock', 'RLock', 'Semaphore', 'ThreadError', 'current_thread',
           'get_ident', 'local', 'main_thread', 'active_count', 'enumerate', 'TIMEOUT_MAX']

ThreadError = RuntimeError
TIMEOUT_MAX = 9223372036.0


def _would_block(what):
    raise NotImplementedError(f'not supported: threading.{what} would wait for another thread, and there is none')


def _check_timeout(blocking, timeout):
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError('timeout value must be a non-negative number')


class Lock:
    """A lock that one holder has at a time."""

    def __init__(self):
        self._held = False

    def acquire(self, blocking=True, timeout=-1):
        _check_timeout(blocking, timeout)
        if self._held:
            if blocking and timeout == -1:
                _would_block('Lock.acquire')
            return False
        self._held = True
        return True

    def release(self):
        if not self._held:
            raise RuntimeError('release unlocked lock')
        self._held = False

    def locked(self):
        return self._held

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *exception):
        self.release()

    def __repr__(self):
        return f"<{'locked' if self._held else 'unlocked'} _thread.lock object at {id(self):#x}>"


class RLock:
    """A lock that its holder may take again."""

    def __init__(self):
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        _check_timeout(blocking, timeout)
        self._count += 1
        return True

    def release(self):
        if not self._count:
            raise RuntimeError('cannot release un-acquired lock')
        self._count -= 1

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *exception):
        self.release()


class Event:
    """A flag that others may wait for."""

    def __init__(self):
        self._flag = False

    def is_set(self):
        return self._flag

    def set(self):
        self._flag = True

    def clear(self):
        self._flag = False

    def wait(self, timeout=None):
        if not self._flag and timeout is None:
            _would_block('Event.wait')
        return self._flag


class Semaphore:
    """A counter that never goes below zero."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError('semaphore initial value must be >= 0')
        self._value = value

    def acquire(self, blocking=True, timeout=None):
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        if not self._value:
            if blocking and timeout is None:
                _would_block('Semaphore.acquire')
            return False
        self._value -= 1
        return True

    def release(self, n=1):
        if n < 1:
            raise ValueError('n must be one or more')
        self._value += n

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *exception):
        self.release()


class BoundedSemaphore(Semaphore):
    """A counter that never rises above its beginning."""

    def __init__(self, value=1):
        super().__init__(value)
        self._initial_value = value

    def release(self, n=1):
        if n < 1:
            raise ValueError('n must be one or more')
        if self._value + n > self._initial_value:
            raise ValueError('Semaphore released too many times')
        self._value += n


class Condition:
    """A lock with notices, which reach nobody here."""

    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exception):
        return self._lock.__exit__(*exception)

    def wait(self, timeout=None):
        if timeout is None:
            _would_block('Condition.wait')
        return False

    def wait_for(self, predicate, timeout=None):
        result = predicate()
        if not result and timeout is None:
            _would_block('Condition.wait_for')
        return result

    def notify(self, n=1):
        pass

    def notify_all(self):
        pass


class local:
    """Attributes of the thread: there is one."""


class _MainThread:
    name = 'MainThread'
    daemon = False
    ident = native_id = 1

    def is_alive(self):
        return True

    def __repr__(self):
        return '<_MainThread(MainThread, started 1)>'


_main = _MainThread()


def current_thread():
    return _main


main_thread = current_thread


def get_ident():
    return _main.ident


def active_count():
    return 1


def enumerate():
    return [_main]


class Thread:
    """Refused: a program runs in one thread."""

    def __init__(self, *arguments, **options):
        raise NotImplementedError('not supported: threading.Thread')


def __getattr__(name):
    if name in ('Timer', 'Barrier', 'settrace', 'setprofile', 'stack_size', 'excepthook'):
        raise NotImplementedError(f'not supported: threading.{name}')
    raise AttributeError(f"module 'threading' has no attribute {name!r}")
