"""Tools for `with`: context managers made from generators, managers that close,
suppress or redirect, and stacks of managers that are entered one by one."""

import sys
from abc import ABC, abstractmethod
from functools import wraps

__all__ = ['asynccontextmanager', 'contextmanager', 'closing', 'nullcontext',
           'AbstractContextManager', 'AbstractAsyncContextManager', 'AsyncExitStack',
           'ContextDecorator', 'ExitStack', 'redirect_stdout', 'redirect_stderr',
           'suppress', 'aclosing', 'chdir', 'AsyncContextDecorator']

_GenericAlias = type(list[int])


def _has(cls, *names):
    for name in names:
        for base in cls.__mro__:
            if name in base.__dict__:
                if base.__dict__[name] is None:
                    return NotImplemented
                break
        else:
            return NotImplemented
    return True


class AbstractContextManager(ABC):
    """What can stand after `with`."""

    __class_getitem__ = classmethod(_GenericAlias)

    def __enter__(self):
        return self

    @abstractmethod
    def __exit__(self, exc_type, exc_value, traceback):
        return None

    @classmethod
    def __subclasshook__(cls, other):
        if cls is AbstractContextManager:
            return _has(other, '__enter__', '__exit__')
        return NotImplemented


class AbstractAsyncContextManager(ABC):
    """What can stand after `async with`."""

    __class_getitem__ = classmethod(_GenericAlias)

    async def __aenter__(self):
        return self

    @abstractmethod
    async def __aexit__(self, exc_type, exc_value, traceback):
        return None

    @classmethod
    def __subclasshook__(cls, other):
        if cls is AbstractAsyncContextManager:
            return _has(other, '__aenter__', '__aexit__')
        return NotImplemented


class ContextDecorator:
    """Lets a context manager decorate a function: each call runs inside it."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class AsyncContextDecorator:
    """As `ContextDecorator`, for async managers and functions."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        async def inner(*args, **kwds):
            async with self._recreate_cm():
                return await func(*args, **kwds)
        return inner


class _GeneratorManagerBase:
    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        self.func, self.args, self.kwds = func, args, kwds
        doc = getattr(func, '__doc__', None)
        self.__doc__ = type(self).__doc__ if doc is None else doc

    def _recreate_cm(self):
        return self.__class__(self.func, self.args, self.kwds)


class _GeneratorContextManager(_GeneratorManagerBase, AbstractContextManager,
                               ContextDecorator):
    # What a function decorated with `contextmanager` gives.

    def __enter__(self):
        # A running manager needs its arguments no more; they may be large.
        del self.args, self.kwds, self.func
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, typ, value, traceback):
        if typ is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            try:
                raise RuntimeError("generator didn't stop")
            finally:
                self.gen.close()
        if value is None:
            value = typ()
        try:
            self.gen.throw(value)
        except StopIteration as error:
            # The body's own StopIteration is not swallowed.
            return error is not value
        except RuntimeError as error:
            if error is value:
                error.__traceback__ = traceback
                return False
            # A StopIteration that leaves a generator becomes a RuntimeError.
            if isinstance(value, StopIteration) and error.__cause__ is value:
                value.__traceback__ = traceback
                return False
            raise
        except BaseException as error:
            if error is not value:
                raise
            error.__traceback__ = traceback
            return False
        try:
            raise RuntimeError("generator didn't stop after throw()")
        finally:
            self.gen.close()


class _AsyncGeneratorContextManager(_GeneratorManagerBase, AbstractAsyncContextManager,
                                    AsyncContextDecorator):
    async def __aenter__(self):
        del self.args, self.kwds, self.func
        try:
            return await anext(self.gen)
        except StopAsyncIteration:
            raise RuntimeError("generator didn't yield") from None

    async def __aexit__(self, typ, value, traceback):
        if typ is None:
            try:
                await anext(self.gen)
            except StopAsyncIteration:
                return False
            try:
                raise RuntimeError("generator didn't stop")
            finally:
                await self.gen.aclose()
        if value is None:
            value = typ()
        try:
            await self.gen.athrow(value)
        except StopAsyncIteration as error:
            return error is not value
        except RuntimeError as error:
            if error is value:
                error.__traceback__ = traceback
                return False
            if (isinstance(value, (StopIteration, StopAsyncIteration))
                    and error.__cause__ is value):
                value.__traceback__ = traceback
                return False
            raise
        except BaseException as error:
            if error is not value:
                raise
            error.__traceback__ = traceback
            return False
        try:
            raise RuntimeError("generator didn't stop after athrow()")
        finally:
            await self.gen.aclose()


def contextmanager(func):
    """Make a generator function a context manager: the body runs at its `yield`."""
    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper


def asynccontextmanager(func):
    """Make an async generator function an async context manager."""
    @wraps(func)
    def helper(*args, **kwds):
        return _AsyncGeneratorContextManager(func, args, kwds)
    return helper


class closing(AbstractContextManager):
    """Closes a thing at the end."""

    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


class aclosing(AbstractAsyncContextManager):
    """Closes a thing at the end with `aclose`."""

    def __init__(self, thing):
        self.thing = thing

    async def __aenter__(self):
        return self.thing

    async def __aexit__(self, *exc_info):
        await self.thing.aclose()


class _Redirect(AbstractContextManager):
    _stream = None

    def __init__(self, new_target):
        self._new_target = new_target
        self._old_targets = []

    def __enter__(self):
        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, exctype, excinst, exctb):
        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stdout(_Redirect):
    """Sends what is printed somewhere else."""
    _stream = 'stdout'


class redirect_stderr(_Redirect):
    """Sends what goes to sys.stderr somewhere else."""
    _stream = 'stderr'


class suppress(AbstractContextManager):
    """Ends the body quietly when one of the given exceptions is raised."""

    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, exctype, excinst, exctb):
        if exctype is None:
            return None
        if issubclass(exctype, self._exceptions):
            return True
        if issubclass(exctype, BaseExceptionGroup):
            rest = excinst.split(self._exceptions)[1]
            if rest is None:
                return True
            raise rest
        return False


class nullcontext(AbstractContextManager, AbstractAsyncContextManager):
    """Does nothing: for where a manager is optional."""

    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        pass

    async def __aenter__(self):
        return self.enter_result

    async def __aexit__(self, *excinfo):
        pass


class chdir(AbstractContextManager):
    """Changes the working directory, and back at the end."""

    def __init__(self, path):
        self.path = path
        self._old_cwd = []

    def __enter__(self):
        import os
        self._old_cwd.append(os.getcwd())
        os.chdir(self.path)

    def __exit__(self, *excinfo):
        import os
        os.chdir(self._old_cwd.pop())


class _ExitStackBase:
    # `_exits` holds (is_sync, function) pairs, the last to be called first.

    def __init__(self):
        self._exits = []

    def pop_all(self):
        """A new stack with all exits of this one, which then has none."""
        made = type(self)()
        made._exits = self._exits
        self._exits = []
        return made

    def push(self, exit):
        """Add the `__exit__` of a manager without entering it, or a function like it."""
        method = getattr(type(exit), '__exit__', None)
        if method is None:
            self._exits.append((True, exit))
        else:
            self._exits.append((True, _bound(method, exit)))
        return exit

    def enter_context(self, cm):
        """Enter a manager now and leave it when the stack is left."""
        cls = type(cm)
        try:
            enter = cls.__enter__
            leave = cls.__exit__
        except AttributeError:
            raise TypeError(f"'{cls.__module__}.{cls.__qualname__}' object does not support "
                            'the context manager protocol') from None
        result = enter(cm)
        self._exits.append((True, _bound(leave, cm)))
        return result

    def callback(self, callback, /, *args, **kwds):
        """Call a function when the stack is left."""
        def leave(exc_type, exc, tb):
            callback(*args, **kwds)
        leave.__wrapped__ = callback
        self._exits.append((True, leave))
        return callback


def _bound(method, manager):
    def leave(*exc_info):
        return method(manager, *exc_info)
    leave.__self__ = manager
    return leave


def _fix_context(new, old, frame):
    # An exit that raises must look as if it ran inside the exits after it.
    while True:
        context = new.__context__
        if context is None or context is old:
            return
        if context is frame:
            break
        new = context
    new.__context__ = old


class ExitStack(_ExitStackBase, AbstractContextManager):
    """Managers that are entered one by one and left together, the last one first."""

    def __enter__(self):
        return self

    def __exit__(self, *exc_details):
        error = exc_details[1]
        outside = sys.exc_info()[1]
        received = error is not None
        suppressed = False
        pending = False
        while self._exits:
            _, leave = self._exits.pop()
            try:
                if error is None:
                    result = leave(None, None, None)
                else:
                    result = leave(type(error), error, error.__traceback__)
                if result:
                    suppressed = True
                    pending = False
                    error = None
            except BaseException as new:
                _fix_context(new, error, outside)
                pending = True
                error = new
        if pending:
            # Raising sets the context anew, so the one that was fixed is kept.
            fixed = error.__context__
            try:
                raise error
            except BaseException:
                error.__context__ = fixed
                raise
        return received and suppressed

    def close(self):
        """Leave everything now."""
        self.__exit__(None, None, None)


class AsyncExitStack(_ExitStackBase, AbstractAsyncContextManager):
    """An ExitStack that also takes async managers."""

    async def enter_async_context(self, cm):
        cls = type(cm)
        try:
            enter = cls.__aenter__
            leave = cls.__aexit__
        except AttributeError:
            raise TypeError(f"'{cls.__module__}.{cls.__qualname__}' object does not support "
                            'the asynchronous context manager protocol') from None
        result = await enter(cm)
        self._exits.append((False, _bound(leave, cm)))
        return result

    def push_async_exit(self, exit):
        method = getattr(type(exit), '__aexit__', None)
        self._exits.append((False, exit if method is None else _bound(method, exit)))
        return exit

    def push_async_callback(self, callback, /, *args, **kwds):
        async def leave(exc_type, exc, tb):
            await callback(*args, **kwds)
        leave.__wrapped__ = callback
        self._exits.append((False, leave))
        return callback

    async def aclose(self):
        await self.__aexit__(None, None, None)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_details):
        error = exc_details[1]
        outside = sys.exc_info()[1]
        received = error is not None
        suppressed = False
        pending = False
        while self._exits:
            is_sync, leave = self._exits.pop()
            try:
                if error is None:
                    result = leave(None, None, None)
                else:
                    result = leave(type(error), error, error.__traceback__)
                if not is_sync:
                    result = await result
                if result:
                    suppressed = True
                    pending = False
                    error = None
            except BaseException as new:
                _fix_context(new, error, outside)
                pending = True
                error = new
        if pending:
            fixed = error.__context__
            try:
                raise error
            except BaseException:
                error.__context__ = fixed
                raise
        return received and suppressed
