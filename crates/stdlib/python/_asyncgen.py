"""The protocol of asynchronous generators, around the plain generator that holds the frame."""

from _emulant import is_open, is_started, resume


def __exception_from__(kind, value, tb):
    """The exception that `throw(kind, value, tb)` raises."""
    if isinstance(kind, type) and issubclass(kind, BaseException):
        if isinstance(value, kind):
            made = value
        elif value is None:
            made = kind()
        elif isinstance(value, tuple):
            made = kind(*value)
        else:
            made = kind(value)
    elif isinstance(kind, BaseException):
        if value is not None:
            raise TypeError('instance exception may not have a separate value')
        made = kind
    else:
        raise TypeError('exceptions must be classes or instances deriving from BaseException, not '
                        f'{type(kind).__name__}')
    if tb is not None:
        made = made.with_traceback(tb)
    return made


def _cell():
    value = None
    return (lambda: value).__closure__[0]


_CELL = type(_cell())


class async_generator:
    def __init__(self, generator):
        self.__inner__ = generator
        self.__name__ = generator.__name__
        self.__qualname__ = generator.__qualname__
        self.ag_running = False
        self.__closed__ = False
        self.__hooked__ = False
        self.__finalizer__ = None

    def __aiter__(self):
        return self

    def __anext__(self):
        return __start_step__(self, async_generator_asend(self, None, '__anext__'))

    def asend(self, value, /):
        return __start_step__(self, async_generator_asend(self, value, 'asend'))

    def athrow(self, typ, val=None, tb=None, /):
        if val is not None or tb is not None:
            import warnings
            warnings.warn('the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.',
                          DeprecationWarning, stacklevel=2)
        return __start_step__(self, async_generator_athrow(self, (typ, val, tb)))

    def aclose(self):
        return __start_step__(self, async_generator_athrow(self, None))

    @property
    def ag_frame(self):
        return self.__inner__.gi_frame

    @property
    def ag_await(self):
        return self.__inner__.gi_yieldfrom

    @property
    def ag_suspended(self):
        return self.__inner__.gi_suspended

    @classmethod
    def __class_getitem__(cls, item):
        import types
        return types.GenericAlias(cls, item)

    def __repr__(self):
        return f'<async_generator object {self.__qualname__} at {id(self):#x}>'


def __start_step__(generator, step):
    if not generator.__hooked__:
        generator.__hooked__ = True
        import sys
        first, generator.__finalizer__ = sys.get_asyncgen_hooks()
        if first is not None:
            first(generator)
    return step


def __step_of__(generator, mode, value):
    """One step of the plain generator: what it awaits is given on, what it yields or its end is raised."""
    try:
        result = resume(generator.__inner__, mode, value)
    except StopIteration:
        generator.ag_running = False
        generator.__closed__ = True
        raise StopAsyncIteration from None
    except BaseException as error:
        generator.ag_running = False
        if not is_open(generator.__inner__):
            generator.__closed__ = True
        raise
    if type(result) is _CELL:
        generator.ag_running = False
        raise StopIteration(result.cell_contents)
    return result


class async_generator_asend:
    def __init__(self, generator, value, name):
        self.__generator__, self.__value__, self.__called__, self.__state__ = generator, value, name, 'new'

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self.send(None)

    def send(self, value, /):
        if self.__state__ == 'closed':
            raise RuntimeError('cannot reuse already awaited __anext__()/asend()')
        generator = self.__generator__
        if self.__state__ == 'new':
            if generator.ag_running:
                self.__state__ = 'closed'
                raise RuntimeError('anext(): asynchronous generator is already running')
            if value is None:
                value = self.__value__
            self.__state__ = 'open'
            if generator.__closed__ or not is_open(generator.__inner__):
                self.__state__ = 'closed'
                raise StopAsyncIteration
            if value is not None and not is_started(generator.__inner__):
                self.__state__ = 'closed'
                raise TypeError("can't send non-None value to a just-started async generator")
        generator.ag_running = True
        try:
            return __step_of__(generator, 0, value)
        except BaseException:
            self.__state__ = 'closed'
            raise

    def throw(self, typ, val=None, tb=None, /):
        if self.__state__ == 'closed':
            raise RuntimeError('cannot reuse already awaited __anext__()/asend()')
        generator = self.__generator__
        if self.__state__ == 'new':
            if generator.ag_running:
                self.__state__ = 'closed'
                raise RuntimeError('anext(): asynchronous generator is already running')
            self.__state__ = 'open'
            generator.ag_running = True
        try:
            return __step_of__(generator, 1, __exception_from__(typ, val, tb))
        except BaseException:
            self.__state__ = 'closed'
            raise

    def close(self):
        if self.__state__ == 'closed':
            return None
        try:
            self.throw(GeneratorExit)
        except (GeneratorExit, StopIteration, StopAsyncIteration):
            return None
        raise RuntimeError('coroutine ignored GeneratorExit')


class async_generator_athrow:
    """`athrow()`, and with no arguments `aclose()`."""

    def __init__(self, generator, args):
        self.__generator__, self.__args__, self.__state__ = generator, args, 'new'

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self.send(None)

    def __begin__(self):
        generator = self.__generator__
        if generator.ag_running:
            self.__state__ = 'closed'
            name = 'aclose' if self.__args__ is None else 'athrow'
            raise RuntimeError(f'{name}(): asynchronous generator is already running')

    def send(self, value, /):
        if self.__state__ == 'closed':
            raise RuntimeError('cannot reuse already awaited aclose()/athrow()')
        generator = self.__generator__
        if not is_open(generator.__inner__):
            self.__state__ = 'closed'
            raise StopIteration if self.__args__ is None else StopAsyncIteration
        if self.__state__ == 'new':
            self.__begin__()
            if generator.__closed__:
                self.__state__ = 'closed'
                raise StopAsyncIteration
            if value is not None:
                raise RuntimeError("can't send non-None value to a just-started coroutine")
            self.__state__ = 'open'
            generator.ag_running = True
            if self.__args__ is None:
                generator.__closed__ = True
                return self.__closing__(1, GeneratorExit())
            return self.__throwing__(1, __exception_from__(*self.__args__))
        if self.__args__ is None:
            return self.__closing__(0, value)
        return self.__throwing__(0, value)

    def __throwing__(self, mode, value):
        try:
            return __step_of__(self.__generator__, mode, value)
        except BaseException:
            self.__state__ = 'closed'
            raise

    def __closing__(self, mode, value):
        generator = self.__generator__
        try:
            return __step_of__(generator, mode, value)
        except StopIteration:
            self.__state__ = 'closed'
            raise RuntimeError('async generator ignored GeneratorExit') from None
        except (StopAsyncIteration, GeneratorExit):
            self.__state__ = 'closed'
            generator.__closed__ = True
        except BaseException:
            self.__state__ = 'closed'
            raise
        raise StopIteration

    def throw(self, typ, val=None, tb=None, /):
        if self.__state__ == 'closed':
            raise RuntimeError('cannot reuse already awaited aclose()/athrow()')
        if self.__state__ == 'new':
            self.__begin__()
            self.__state__ = 'open'
            self.__generator__.ag_running = True
        exception = __exception_from__(typ, val, tb)
        if self.__args__ is None:
            return self.__closing__(1, exception)
        return self.__throwing__(1, exception)

    def close(self):
        if self.__state__ == 'closed':
            return None
        try:
            self.throw(GeneratorExit)
        except (GeneratorExit, StopIteration, StopAsyncIteration):
            return None
        raise RuntimeError('coroutine ignored GeneratorExit')


class anext_awaitable:
    """What `anext(iterator, default)` gives: the default stands for the end."""

    def __init__(self, awaitable, default):
        self.__awaited__, self.__default__ = awaitable, default
        self.__steps__ = None

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self.send(None)

    def __begun__(self):
        if self.__steps__ is None:
            inner = self.__awaited__
            await_ = getattr(type(inner), '__await__', None)
            if await_ is not None:
                inner = await_(inner)
            elif not hasattr(type(inner), '__next__'):
                raise TypeError(f"object {type(inner).__name__} can't be used in 'await' expression")
            self.__steps__ = inner
        return self.__steps__

    def send(self, value, /):
        steps = self.__begun__()
        try:
            return next(steps) if value is None else steps.send(value)
        except StopAsyncIteration:
            pass
        raise StopIteration(self.__default__)

    def throw(self, *error):
        steps = self.__begun__()
        try:
            return steps.throw(*error)
        except StopAsyncIteration:
            pass
        raise StopIteration(self.__default__)

    def close(self):
        steps = self.__begun__()
        if hasattr(steps, 'close'):
            steps.close()


for _kind in (async_generator, async_generator_asend, async_generator_athrow, anext_awaitable):
    _kind.__module__ = 'builtins'
    _kind.__doc__ = None
