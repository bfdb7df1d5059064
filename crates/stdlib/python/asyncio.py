"""Tasks that take turns in one loop, with a clock of its own.

Ready tasks run in the order in which they became ready; sleeping moves the loop's clock and takes no time.
Missing: threads (`to_thread`, executors), streams, subprocesses, signals, transports, `Barrier`;
`wait` knows no `return_when=FIRST_EXCEPTION`.
"""

from collections import deque as _deque
import heapq as _heapq
import sys as _sys

__all__ = ['AbstractEventLoop', 'ALL_COMPLETED', 'BoundedSemaphore', 'CancelledError', 'Condition', 'Event',
           'FIRST_COMPLETED', 'Future', 'InvalidStateError', 'LifoQueue', 'Lock', 'PriorityQueue', 'Queue', 'QueueEmpty',
           'QueueFull', 'Semaphore', 'Task', 'TaskGroup', 'TimeoutError', 'all_tasks', 'as_completed', 'create_task',
           'current_task', 'ensure_future', 'gather', 'get_event_loop', 'get_running_loop', 'iscoroutine',
           'iscoroutinefunction', 'isfuture', 'new_event_loop', 'run', 'set_event_loop', 'sleep', 'timeout',
           'timeout_at', 'wait', 'wait_for', 'Runner', 'shield', 'AbstractEventLoopPolicy', 'DefaultEventLoopPolicy',
           'get_event_loop_policy', 'set_event_loop_policy']

FIRST_COMPLETED = 'FIRST_COMPLETED'
FIRST_EXCEPTION = 'FIRST_EXCEPTION'
ALL_COMPLETED = 'ALL_COMPLETED'
TimeoutError = TimeoutError


class CancelledError(BaseException):
    """A task or future was cancelled."""

    __module__ = 'asyncio.exceptions'


class InvalidStateError(Exception):
    __module__ = 'asyncio.exceptions'


class QueueEmpty(Exception):
    __module__ = 'asyncio.queues'


class QueueFull(Exception):
    __module__ = 'asyncio.queues'


_running = None
_set_loop = None


class _Handle:
    """A call that is due; it may be cancelled."""

    def __init__(self, callback, arguments, when=None):
        self._callback = callback
        self._arguments = arguments
        self._when = when
        self._cancelled = False

    def cancel(self):
        self._cancelled = True

    def cancelled(self):
        return self._cancelled

    def when(self):
        return self._when


class AbstractEventLoop:
    """The queue of calls that are ready, and the calls that wait for a time."""

    def __init__(self):
        self._ready = _deque()
        self._timers = []
        self._time = 0.0
        self._count = 0
        self._closed = False
        self._tasks = []
        self._stopping = False
        self._names = 0
        self._generators = []
        self._exception_handler = None

    def time(self):
        return self._time

    def call_soon(self, callback, *args, context=None):
        handle = _Handle(callback, args)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_later(self, delay, callback, *args, context=None):
        return self.call_at(self._time + delay, callback, *args)

    def call_at(self, when, callback, *args, context=None):
        handle = _Handle(callback, args, when)
        self._count += 1
        # Equal times keep the order of their calls.
        _heapq.heappush(self._timers, (when, self._count, handle))
        return handle

    def create_future(self):
        return Future(loop=self)

    def create_task(self, coro, *, name=None, context=None):
        return Task(coro, loop=self, name=name)

    def is_running(self):
        return _running is self

    def is_closed(self):
        return self._closed

    def close(self):
        if _running is self:
            raise RuntimeError('Cannot close a running event loop')
        self._closed = True

    def stop(self):
        self._stopping = True

    def run_until_complete(self, future):
        if self._closed:
            raise RuntimeError('Event loop is closed')
        if _running is not None:
            raise RuntimeError('This event loop is already running' if _running is self else
                               'Cannot run the event loop while another loop is running')
        task = _ensure(future, self)
        self._run_until(task)
        if not task.done():
            raise RuntimeError('Event loop stopped before Future completed.')
        return task.result()

    def run_forever(self):
        self._run_until(None)

    def _run_until(self, task):
        global _running
        _running = self
        self._stopping = False
        hooks = _sys.get_asyncgen_hooks()
        _sys.set_asyncgen_hooks(firstiter=self._generators.append)
        try:
            while not (task is not None and task.done()) and not self._stopping:
                if not self._turn():
                    raise NotImplementedError('not supported: asyncio: all tasks wait and nothing can wake them')
        finally:
            _running = None
            _sys.set_asyncgen_hooks(*hooks)

    def _turn(self):
        """Run what is ready now; False when nothing ever will be."""
        while self._timers and self._timers[0][2]._cancelled:
            _heapq.heappop(self._timers)
        if not self._ready:
            if not self._timers:
                return False
            self._time = max(self._time, self._timers[0][0])
        while self._timers and self._timers[0][0] <= self._time:
            self._ready.append(_heapq.heappop(self._timers)[2])
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle._cancelled:
                handle._callback(*handle._arguments)
        return True

    def run_in_executor(self, executor, func, *args):
        raise NotImplementedError('not supported: asyncio.loop.run_in_executor')

    async def shutdown_asyncgens(self):
        """Close asynchronous generators that were begun and not finished."""
        closing = [one for one in self._generators if one.ag_frame is not None]
        self._generators = []
        if not closing:
            return
        results = await gather(*[one.aclose() for one in closing], return_exceptions=True)
        for result, generator in zip(results, closing):
            if isinstance(result, Exception):
                self.call_exception_handler({
                    'message': f'an error occurred during closing of asynchronous generator {generator!r}',
                    'exception': result, 'asyncgen': generator})

    async def shutdown_default_executor(self, timeout=None):
        return None

    def set_exception_handler(self, handler):
        if handler is not None and not callable(handler):
            raise TypeError(f'A callable object or None is expected, got {handler!r}')
        self._exception_handler = handler

    def get_exception_handler(self):
        return self._exception_handler

    def default_exception_handler(self, context):
        lines = [context.get('message') or 'Unhandled exception in event loop']
        for key in sorted(context):
            if key not in ('message', 'exception'):
                lines.append(f'{key}: {context[key]!r}')
        _sys.stderr.write('\n'.join(lines) + '\n')
        error = context.get('exception')
        if error is not None:
            import traceback
            _sys.stderr.write(''.join(traceback.format_exception(error)))

    def call_exception_handler(self, context):
        if self._exception_handler is None:
            self.default_exception_handler(context)
        else:
            self._exception_handler(self, context)

    def get_debug(self):
        return False

    def set_debug(self, enabled):
        pass

    def __repr__(self):
        return (f'<_UnixSelectorEventLoop running={self.is_running()} closed={self._closed} debug=False>')


class Future:
    """A result that is not there yet."""

    _asyncio_future_blocking = False

    def __init__(self, *, loop=None):
        self._loop = loop if loop is not None else get_event_loop()
        self._state = 'PENDING'
        self._result = None
        self._exception = None
        self._callbacks = []
        self._cancel_message = None

    def done(self):
        return self._state != 'PENDING'

    def cancelled(self):
        return self._state == 'CANCELLED'

    def get_loop(self):
        return self._loop

    def result(self):
        if self._state == 'CANCELLED':
            raise self._cancelled_error()
        if self._state != 'FINISHED':
            raise InvalidStateError('Result is not set.')
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self):
        if self._state == 'CANCELLED':
            raise self._cancelled_error()
        if self._state != 'FINISHED':
            raise InvalidStateError('Exception is not set.')
        return self._exception

    def _cancelled_error(self):
        return CancelledError() if self._cancel_message is None else CancelledError(self._cancel_message)

    def set_result(self, result):
        if self.done():
            raise InvalidStateError('invalid state')
        self._result = result
        self._finish('FINISHED')

    def set_exception(self, exception):
        if self.done():
            raise InvalidStateError('invalid state')
        if isinstance(exception, type):
            exception = exception()
        if isinstance(exception, StopIteration):
            raise TypeError('StopIteration interacts badly with generators and cannot be raised into a Future')
        self._exception = exception
        self._finish('FINISHED')

    def cancel(self, msg=None):
        if self.done():
            return False
        self._cancel_message = msg
        self._finish('CANCELLED')
        return True

    def _finish(self, state):
        self._state = state
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            self._loop.call_soon(callback, self)

    def add_done_callback(self, fn, *, context=None):
        if self.done():
            self._loop.call_soon(fn, self)
        else:
            self._callbacks.append(fn)

    def remove_done_callback(self, fn):
        kept = [callback for callback in self._callbacks if callback != fn]
        removed = len(self._callbacks) - len(kept)
        self._callbacks = kept
        return removed

    def __await__(self):
        if not self.done():
            yield self
        if not self.done():
            raise RuntimeError("await wasn't used with future")
        return self.result()

    __iter__ = __await__

    def __repr__(self):
        text = f'<Future {self._state.lower()}'
        if self._state == 'FINISHED':
            text += f' exception={self._exception!r}' if self._exception is not None else f' result={self._result!r}'
        return text + '>'


class Task(Future):
    """A coroutine that runs in turns."""

    def __init__(self, coro, *, loop=None, name=None, context=None, eager_start=False):
        if not iscoroutine(coro):
            raise TypeError(f'a coroutine was expected, got {coro!r}')
        super().__init__(loop=loop)
        self._coro = coro
        self._loop._names += 1
        self._name = f'Task-{self._loop._names}' if name is None else str(name)
        self._waits_for = None
        self._must_cancel = False
        self._cancels = 0
        self._loop._tasks.append(self)
        self._loop.call_soon(self._step)

    def get_coro(self):
        return self._coro

    def get_name(self):
        return self._name

    def set_name(self, value):
        self._name = str(value)

    def set_result(self, result):
        raise RuntimeError('Task does not support set_result operation')

    def set_exception(self, exception):
        raise RuntimeError('Task does not support set_exception operation')

    def cancelling(self):
        return self._cancels

    def uncancel(self):
        if self._cancels:
            self._cancels -= 1
        return self._cancels

    def cancel(self, msg=None):
        if self.done():
            return False
        self._cancels += 1
        if self._waits_for is not None and self._waits_for.cancel(msg=msg):
            return True
        self._must_cancel = True
        self._cancel_message = msg
        return True

    def _step(self, exception=None):
        global _current
        if self.done():
            return
        if self._must_cancel:
            if not isinstance(exception, CancelledError):
                exception = self._cancelled_error()
            self._must_cancel = False
        self._waits_for = None
        before, _current = _current, self
        try:
            if exception is None:
                awaited = self._coro.send(None)
            else:
                awaited = self._coro.throw(exception)
        except StopIteration as stop:
            if self._must_cancel:
                self._must_cancel = False
                Future.cancel(self, self._cancel_message)
            else:
                self._done_with(stop.value, None)
        except CancelledError as cancelled:
            Future.cancel(self, cancelled.args[0] if cancelled.args else None)
        except (KeyboardInterrupt, SystemExit) as error:
            self._done_with(None, error)
            raise
        except BaseException as error:
            self._done_with(None, error)
        else:
            self._wait(awaited)
        finally:
            _current = before
            if self.done() and self in self._loop._tasks:
                self._loop._tasks.remove(self)

    def _done_with(self, result, exception):
        self._result, self._exception = result, exception
        self._finish('FINISHED')

    def _wait(self, awaited):
        if awaited is None:
            self._loop.call_soon(self._step)
        elif not isinstance(awaited, Future):
            self._loop.call_soon(self._step, RuntimeError(f'Task got bad yield: {awaited!r}'))
        elif awaited is self:
            self._loop.call_soon(self._step, RuntimeError(f'Task cannot await on itself: {self!r}'))
        else:
            awaited.add_done_callback(self._wake)
            self._waits_for = awaited
            if self._must_cancel and awaited.cancel(msg=self._cancel_message):
                self._must_cancel = False

    def _wake(self, future):
        # The result is taken by the future's own `__await__`; a failure is raised there too.
        self._step()

    def __repr__(self):
        text = f'<Task {self._state.lower()} name={self._name!r} coro={self._coro!r}'
        if self._state == 'FINISHED':
            text += f' exception={self._exception!r}' if self._exception is not None else f' result={self._result!r}'
        return text + '>'


_current = None


def iscoroutine(obj):
    import types
    return isinstance(obj, types.CoroutineType) or all([hasattr(type(obj), name) for name in ('__await__', 'send', 'throw', 'close')])


def iscoroutinefunction(func):
    func = getattr(func, '__func__', func)
    code = getattr(func, '__code__', None)
    return bool(code is not None and code.co_flags & 0x80)


def isfuture(obj):
    return isinstance(obj, Future)


def get_running_loop():
    if _running is None:
        raise RuntimeError('no running event loop')
    return _running


def get_event_loop():
    global _set_loop
    if _running is not None:
        return _running
    if _set_loop is None:
        raise RuntimeError("There is no current event loop in thread 'MainThread'.")
    return _set_loop


def new_event_loop():
    return AbstractEventLoop()


def set_event_loop(loop):
    global _set_loop
    _set_loop = loop


class AbstractEventLoopPolicy:
    """Makes loops."""

    def get_event_loop(self):
        return get_event_loop()

    def set_event_loop(self, loop):
        set_event_loop(loop)

    def new_event_loop(self):
        return new_event_loop()


DefaultEventLoopPolicy = AbstractEventLoopPolicy
_policy = None


def get_event_loop_policy():
    global _policy
    if _policy is None:
        _policy = DefaultEventLoopPolicy()
    return _policy


def set_event_loop_policy(policy):
    global _policy
    if policy is not None and not isinstance(policy, AbstractEventLoopPolicy):
        raise TypeError(f"policy must be an instance of AbstractEventLoopPolicy or None, not '{type(policy).__name__}'")
    _policy = policy


def current_task(loop=None):
    if loop is None:
        get_running_loop()
    return _current


def all_tasks(loop=None):
    return {task for task in (loop or get_running_loop())._tasks if not task.done()}


def create_task(coro, *, name=None, context=None):
    return get_running_loop().create_task(coro, name=name)


def _ensure(awaitable, loop):
    if isinstance(awaitable, Future):
        return awaitable
    if iscoroutine(awaitable):
        return Task(awaitable, loop=loop)
    if hasattr(type(awaitable), '__await__'):
        async def wrapped():
            return await awaitable
        return Task(wrapped(), loop=loop)
    raise TypeError('An asyncio.Future, a coroutine or an awaitable is required')


def ensure_future(coro_or_future, *, loop=None):
    return _ensure(coro_or_future, loop or get_event_loop())


class Runner:
    """A loop that runs several coroutines, one after the other."""

    def __init__(self, *, debug=None, loop_factory=None):
        self._factory = loop_factory
        self._loop = None
        self._closed = False

    def __enter__(self):
        self.get_loop()
        return self

    def __exit__(self, *exc_info):
        self.close()

    def get_loop(self):
        if self._closed:
            raise RuntimeError('Runner is closed')
        if self._loop is None:
            self._loop = self._factory() if self._factory else new_event_loop()
        return self._loop

    def run(self, coro, *, context=None):
        if not iscoroutine(coro):
            raise ValueError(f'a coroutine was expected, got {coro!r}')
        if _running is not None:
            raise RuntimeError('Runner.run() cannot be called from a running event loop')
        return self.get_loop().run_until_complete(coro)

    def close(self):
        if self._loop is not None and not self._closed:
            _finish(self._loop)
        self._closed = True


def _finish(loop):
    left = [task for task in loop._tasks if not task.done()]
    for task in left:
        task.cancel()
    while any([not task.done() for task in left]):
        loop._run_until(next(task for task in left if not task.done()))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def shield(arg):
    """Wait for something that goes on when the waiting is cancelled."""
    inner = _ensure(arg, get_event_loop())
    if inner.done():
        return inner
    outer = inner.get_loop().create_future()

    def inner_done(inner):
        if outer.cancelled():
            if not inner.cancelled():
                inner.exception()
        elif inner.cancelled():
            outer.cancel()
        elif inner.exception() is not None:
            outer.set_exception(inner.exception())
        else:
            outer.set_result(inner.result())

    def outer_done(outer):
        if not inner.done():
            inner.remove_done_callback(inner_done)
    inner.add_done_callback(inner_done)
    outer.add_done_callback(outer_done)
    return outer


def run(main, *, debug=None, loop_factory=None):
    """Run a coroutine in a loop of its own; what is left of its tasks is cancelled."""
    if _running is not None:
        raise RuntimeError('asyncio.run() cannot be called from a running event loop')
    if not iscoroutine(main):
        raise ValueError(f'a coroutine was expected, got {main!r}')
    loop = loop_factory() if loop_factory else new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        _finish(loop)


async def sleep(delay, result=None):
    """Wait; the loop's clock moves when nothing else is ready."""
    if delay != delay:
        raise ValueError('Invalid delay: NaN (not a number)')
    if delay <= 0:
        await _Pause()
        return result
    loop = get_running_loop()
    future = loop.create_future()
    handle = loop.call_later(delay, _set_unless_done, future, result)
    try:
        return await future
    finally:
        handle.cancel()


class _Pause:
    """Let the others have a turn."""

    def __await__(self):
        yield


def _set_unless_done(future, result):
    if not future.done():
        future.set_result(result)


class _Gathering(Future):
    """The future that `gather` gives: cancelling it cancels all parts."""

    def __init__(self, children, loop):
        super().__init__(loop=loop)
        self._children = children
        self._cancel_requested = False

    def cancel(self, msg=None):
        if self.done():
            return False
        cancelled = [child.cancel(msg=msg) for child in self._children]
        if any(cancelled):
            self._cancel_requested = True
        return any(cancelled)


def gather(*coros_or_futures, return_exceptions=False):
    """All results, in the order of the arguments."""
    if not coros_or_futures:
        future = Future(loop=get_event_loop())
        future.set_result([])
        return future
    loop = get_running_loop() if _running is not None else get_event_loop()
    known = {}
    children = []
    for awaitable in coros_or_futures:
        if id(awaitable) not in known:
            known[id(awaitable)] = _ensure(awaitable, loop)
        children.append(known[id(awaitable)])
    distinct = list(known.values())
    outer = _Gathering(distinct, loop)
    finished = [0]

    def child_done(child):
        finished[0] += 1
        if outer.done():
            return
        if not return_exceptions:
            if child.cancelled():
                outer.set_exception(child._cancelled_error())
                return
            if child._exception is not None:
                outer.set_exception(child._exception)
                return
        if finished[0] == len(distinct):
            if outer._cancel_requested:
                outer.set_exception(CancelledError())
                return
            outer.set_result([one._cancelled_error() if one.cancelled() else
                              one._exception if one._exception is not None else one._result for one in children])

    for child in distinct:
        child.add_done_callback(child_done)
    return outer


async def wait(fs, *, timeout=None, return_when=ALL_COMPLETED):
    """The futures that are done and those that are not."""
    if isinstance(fs, Future) or iscoroutine(fs):
        raise TypeError(f'expect a list of futures, not {type(fs).__name__}')
    fs = list(dict.fromkeys(fs))
    if not fs:
        raise ValueError('Set of Tasks/Futures is empty.')
    if return_when == FIRST_EXCEPTION:
        raise NotImplementedError('not supported: asyncio.wait(return_when=FIRST_EXCEPTION)')
    if return_when not in (FIRST_COMPLETED, ALL_COMPLETED):
        raise ValueError(f'Invalid return_when value: {return_when}')
    if any([iscoroutine(one) for one in fs]):
        raise TypeError('Passing coroutines is forbidden, use tasks explicitly.')
    loop = get_running_loop()
    waiter = loop.create_future()

    def enough():
        done = [one for one in fs if one.done()]
        return len(done) == len(fs) or done and return_when == FIRST_COMPLETED

    def check(_):
        if not waiter.done() and enough():
            waiter.set_result(None)

    if not enough():
        timer = None if timeout is None else loop.call_later(timeout, _set_unless_done, waiter, None)
        for one in fs:
            one.add_done_callback(check)
        try:
            await waiter
        finally:
            if timer is not None:
                timer.cancel()
            for one in fs:
                one.remove_done_callback(check)
    return {one for one in fs if one.done()}, {one for one in fs if not one.done()}


def as_completed(fs, *, timeout=None):
    """Awaitables that give the results in the order in which they come."""
    if timeout is not None:
        raise NotImplementedError('not supported: asyncio.as_completed(timeout=...)')
    loop = get_event_loop()
    todo = [_ensure(one, loop) for one in dict.fromkeys(fs)]
    done = Queue()
    for one in todo:
        one.add_done_callback(done.put_nowait)

    async def following():
        return (await done.get()).result()

    for _ in todo:
        yield following()


class Timeout:
    """A limit on the time of a `with` block."""

    def __init__(self, when):
        self._when = when
        self._handle = None
        self._task = None
        self._expired = False

    def when(self):
        return self._when

    def expired(self):
        return self._expired

    def reschedule(self, when):
        self._when = when
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        if when is not None:
            loop = get_running_loop()
            self._handle = loop.call_soon(self._expire) if when <= loop.time() else loop.call_at(when, self._expire)

    def _expire(self):
        self._task.cancel()
        self._expired = True

    async def __aenter__(self):
        self._task = current_task()
        if self._task is None:
            raise RuntimeError('Timeout should be used inside a task')
        self._cancels = self._task.cancelling()
        self.reschedule(self._when)
        return self

    async def __aexit__(self, kind, error, trace):
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        if self._expired and self._task.uncancel() <= self._cancels and kind is CancelledError:
            raise TimeoutError from error
        return None


def timeout(delay):
    return Timeout(None if delay is None else get_running_loop().time() + delay)


def timeout_at(when):
    return Timeout(when)


async def wait_for(fut, timeout):
    """A result within a time."""
    if timeout is not None and timeout <= 0:
        fut = ensure_future(fut)
        if fut.done():
            return fut.result()
        fut.cancel()
        try:
            await wait([fut])
            return fut.result()
        except CancelledError as error:
            raise TimeoutError from error
    async with Timeout(None if timeout is None else get_running_loop().time() + timeout):
        return await fut


class TaskGroup:
    """Tasks that end together: the first failure cancels the others."""

    def __init__(self):
        self._entered = self._exiting = self._aborting = False
        self._tasks = []
        self._errors = []
        self._parent_cancelled = False
        self._base_error = None
        self._waiter = None

    async def __aenter__(self):
        if self._entered:
            raise RuntimeError(f'TaskGroup {self!r} has already been entered')
        self._entered = True
        self._parent = current_task()
        return self

    def create_task(self, coro, *, name=None, context=None):
        if not self._entered:
            raise RuntimeError(f'TaskGroup {self!r} has not been entered')
        if self._exiting and not self._tasks:
            raise RuntimeError(f'TaskGroup {self!r} is finished')
        if self._aborting:
            raise RuntimeError(f'TaskGroup {self!r} is shutting down')
        task = create_task(coro, name=name)
        self._tasks.append(task)
        task.add_done_callback(self._on_done)
        return task

    def _abort(self):
        self._aborting = True
        for task in self._tasks:
            if not task.done():
                task.cancel()

    def _on_done(self, task):
        self._tasks.remove(task)
        if self._waiter is not None and not self._tasks and not self._waiter.done():
            self._waiter.set_result(True)
        if task.cancelled() or task._exception is None:
            return
        error = task._exception
        self._errors.append(error)
        if isinstance(error, (SystemExit, KeyboardInterrupt)) and self._base_error is None:
            self._base_error = error
        if self._parent.done():
            return
        if not self._aborting and not self._parent_cancelled:
            self._abort()
            self._parent_cancelled = True
            self._parent.cancel()

    async def __aexit__(self, kind, error, trace):
        self._exiting = True
        propagated = error if kind is CancelledError else None
        if kind is CancelledError and self._parent_cancelled:
            if self._parent.uncancel() == 0:
                propagated = None
        if kind is not None and not self._aborting:
            self._abort()
        while self._tasks:
            self._waiter = get_running_loop().create_future()
            try:
                await self._waiter
            except CancelledError as cancelled:
                if not self._aborting:
                    propagated = cancelled
                    self._abort()
            self._waiter = None
        if self._base_error is not None:
            raise self._base_error
        if propagated is not None and not self._errors:
            raise propagated
        if kind is not None and kind is not CancelledError:
            self._errors.append(error)
        if self._errors:
            raise BaseExceptionGroup('unhandled errors in a TaskGroup', self._errors) from None


class _Waiting:
    """Futures of those who wait for their turn."""

    def __init__(self):
        self._waiters = _deque()

    async def _wait_turn(self):
        waiter = get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            return await waiter
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def _wake_one(self):
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(True)
                return


class _With:
    async def __aenter__(self):
        await self.acquire()
        return None

    async def __aexit__(self, *exception):
        self.release()


class Lock(_Waiting, _With):
    """A lock that tasks hold one at a time, in the order of asking."""

    def __init__(self):
        super().__init__()
        self._locked = False

    def locked(self):
        return self._locked

    async def acquire(self):
        if not self._locked and not any([not waiter.cancelled() for waiter in self._waiters]):
            self._locked = True
            return True
        try:
            await self._wait_turn()
        except CancelledError:
            if not self._locked:
                self._wake_one()
            raise
        self._locked = True
        return True

    def release(self):
        if not self._locked:
            raise RuntimeError('Lock is not acquired.')
        self._locked = False
        self._wake_one()


class Event(_Waiting):
    """A flag to wait for."""

    def __init__(self):
        super().__init__()
        self._value = False

    def is_set(self):
        return self._value

    def set(self):
        self._value = True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(True)

    def clear(self):
        self._value = False

    async def wait(self):
        if not self._value:
            await self._wait_turn()
        return True


class Semaphore(_Waiting, _With):
    """A number of turns that may be taken at once."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError('Semaphore initial value must be >= 0')
        super().__init__()
        self._value = value

    def locked(self):
        return self._value == 0 or any([not waiter.cancelled() for waiter in self._waiters])

    async def acquire(self):
        if not self.locked():
            self._value -= 1
            return True
        waiter = get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            try:
                await waiter
            finally:
                self._waiters.remove(waiter)
        except CancelledError:
            if not waiter.cancelled():
                self._value += 1
                self._wake_next()
            raise
        if self._value > 0:
            self._wake_next()
        return True

    def release(self):
        self._value += 1
        self._wake_next()

    def _wake_next(self):
        for waiter in self._waiters:
            if not waiter.done():
                self._value -= 1
                waiter.set_result(True)
                return


class BoundedSemaphore(Semaphore):
    def __init__(self, value=1):
        self._bound = value
        super().__init__(value)

    def release(self):
        if self._value >= self._bound:
            raise ValueError('BoundedSemaphore released too many times')
        super().release()


class Condition(_Waiting, _With):
    """A lock with notices."""

    def __init__(self, lock=None):
        super().__init__()
        self._lock = Lock() if lock is None else lock
        self.locked, self.acquire, self.release = self._lock.locked, self._lock.acquire, self._lock.release

    async def wait(self):
        if not self.locked():
            raise RuntimeError('cannot wait on un-acquired lock')
        self.release()
        try:
            await self._wait_turn()
            return True
        finally:
            await self.acquire()

    async def wait_for(self, predicate):
        result = predicate()
        while not result:
            await self.wait()
            result = predicate()
        return result

    def notify(self, n=1):
        if not self.locked():
            raise RuntimeError('cannot notify on un-acquired lock')
        for waiter in list(self._waiters):
            if n <= 0:
                break
            if not waiter.done():
                waiter.set_result(False)
                n -= 1

    def notify_all(self):
        self.notify(len(self._waiters))


class Queue:
    """First in, first out, between tasks."""

    def __init__(self, maxsize=0):
        self._maxsize = maxsize
        self._getters, self._putters = _Waiting(), _Waiting()
        self._unfinished = 0
        self._finished = Event()
        self._finished.set()
        self._start()

    def _start(self):
        self._items = _deque()

    def _get(self):
        return self._items.popleft()

    def _put(self, item):
        self._items.append(item)

    @property
    def maxsize(self):
        return self._maxsize

    def qsize(self):
        return len(self._items)

    def empty(self):
        return not self._items

    def full(self):
        return 0 < self._maxsize <= len(self._items)

    async def put(self, item):
        while self.full():
            await self._putters._wait_turn()
        self.put_nowait(item)

    def put_nowait(self, item):
        if self.full():
            raise QueueFull
        self._put(item)
        self._unfinished += 1
        self._finished.clear()
        self._getters._wake_one()

    async def get(self):
        while self.empty():
            await self._getters._wait_turn()
        return self.get_nowait()

    def get_nowait(self):
        if self.empty():
            raise QueueEmpty
        item = self._get()
        self._putters._wake_one()
        return item

    def task_done(self):
        if self._unfinished <= 0:
            raise ValueError('task_done() called too many times')
        self._unfinished -= 1
        if not self._unfinished:
            self._finished.set()

    async def join(self):
        if self._unfinished:
            await self._finished.wait()


class PriorityQueue(Queue):
    def _start(self):
        self._items = []

    def _get(self):
        return _heapq.heappop(self._items)

    def _put(self, item):
        _heapq.heappush(self._items, item)


class LifoQueue(Queue):
    def _start(self):
        self._items = []

    def _get(self):
        return self._items.pop()


def __getattr__(name):
    if name in ('to_thread', 'Barrier', 'open_connection', 'start_server', 'subprocess',
                'create_subprocess_exec', 'create_subprocess_shell', 'StreamReader', 'StreamWriter', 'BrokenBarrierError',
                'run_coroutine_threadsafe', 'wrap_future', 'eager_task_factory'):
        raise NotImplementedError(f'not supported: asyncio.{name}')
    raise AttributeError(f"module 'asyncio' has no attribute {name!r}")
