"""Pools of threads whose work is done at once, where it is handed in. Missing: processes.

No thread runs beside another here, so a future is done when `submit` returns it.
"""

__all__ = ['FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED', 'CancelledError', 'TimeoutError',
           'InvalidStateError', 'BrokenExecutor', 'Future', 'Executor', 'wait', 'as_completed', 'ThreadPoolExecutor',
           'ProcessPoolExecutor']

from collections import namedtuple as _namedtuple

FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = 'FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED'
TimeoutError = TimeoutError
DoneAndNotDoneFutures = _namedtuple('DoneAndNotDoneFutures', 'done not_done')


class Error(Exception):
    pass


class CancelledError(Error):
    pass


class InvalidStateError(Error):
    pass


class BrokenExecutor(RuntimeError):
    pass


class Future:
    """What will come of a call."""

    def __init__(self):
        self._state = 'PENDING'
        self._result = self._exception = None
        self._callbacks = []

    def cancel(self):
        if self._state in ('RUNNING', 'FINISHED'):
            return False
        if self._state == 'PENDING':
            self._state = 'CANCELLED'
            self._tell()
        return True

    def cancelled(self):
        return self._state.startswith('CANCELLED')

    def running(self):
        return self._state == 'RUNNING'

    def done(self):
        return self._state in ('CANCELLED', 'CANCELLED_AND_NOTIFIED', 'FINISHED')

    def result(self, timeout=None):
        self._wait(timeout)
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self, timeout=None):
        self._wait(timeout)
        return self._exception

    def _wait(self, timeout):
        if self.cancelled():
            raise CancelledError
        if self._state != 'FINISHED':
            if timeout is not None:
                raise TimeoutError
            raise RuntimeError('not supported: waiting for a future that nothing will finish')

    def add_done_callback(self, fn):
        if self.done():
            self._call(fn)
        else:
            self._callbacks.append(fn)

    def _call(self, function):
        try:
            function(self)
        except Exception:
            import logging
            logging.getLogger('concurrent.futures').exception('exception calling callback for %r', self)

    def _tell(self):
        for function in self._callbacks:
            self._call(function)

    def set_running_or_notify_cancel(self):
        if self._state == 'CANCELLED':
            self._state = 'CANCELLED_AND_NOTIFIED'
            return False
        if self._state != 'PENDING':
            raise RuntimeError('Future in unexpected state')
        self._state = 'RUNNING'
        return True

    def _finish(self):
        if self.done():
            raise InvalidStateError(f'{self._state}: {self!r}')
        self._state = 'FINISHED'

    def set_result(self, result):
        self._finish()
        self._result = result
        self._tell()

    def set_exception(self, exception):
        self._finish()
        self._exception = exception
        self._tell()

    def __repr__(self):
        state = {'CANCELLED_AND_NOTIFIED': 'cancelled'}.get(self._state, self._state.lower())
        if self._state == 'FINISHED':
            what = self._exception if self._exception is not None else self._result
            verb = 'raised' if self._exception is not None else 'returned'
            state += f' {verb} {type(what).__name__}'
        return f'<{type(self).__name__} at {id(self):#x} state={state}>'

    __class_getitem__ = classmethod(lambda cls, item: cls)


class Executor:
    def submit(self, fn, /, *args, **kwargs):
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        futures = [self.submit(fn, *arguments) for arguments in zip(*iterables)]

        def results():
            for future in futures:
                yield future.result()
        return results()

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.shutdown(wait=True)
        return False


class ThreadPoolExecutor(Executor):
    _counter = 0

    def __init__(self, max_workers=None, thread_name_prefix='', initializer=None, initargs=()):
        if max_workers is not None and max_workers <= 0:
            raise ValueError('max_workers must be greater than 0')
        if initializer is not None and not callable(initializer):
            raise TypeError('initializer must be a callable')
        self._max_workers = max_workers or 8
        self._initializer, self._initargs = initializer, initargs
        self._shutdown = False

    def submit(self, fn, /, *args, **kwargs):
        if self._shutdown:
            raise RuntimeError('cannot schedule new futures after shutdown')
        if self._initializer is not None:
            initializer, self._initializer = self._initializer, None
            initializer(*self._initargs)
        future = Future()
        future.set_running_or_notify_cancel()
        try:
            result = fn(*args, **kwargs)
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shutdown = True


class ProcessPoolExecutor(Executor):
    def __init__(self, *arguments, **options):
        raise NotImplementedError('not supported: concurrent.futures.ProcessPoolExecutor (programs start no processes)')


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f'Invalid return condition: {return_when!r}')
    fs = set(fs)
    done = {future for future in fs if future.done()}
    return DoneAndNotDoneFutures(done, fs - done)


def as_completed(fs, timeout=None):
    """The futures in the order in which they were done, which is that of the calls."""
    seen = set()
    for future in fs:
        if future not in seen:
            seen.add(future)
            future._wait(timeout)
            yield future
