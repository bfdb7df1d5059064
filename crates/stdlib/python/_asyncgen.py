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
        return __start_step__(self, async_generator_asend(self, None))

    def asend(self, value, /):
        return __start_step__(self, async_generator_asend(self, value))

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


class awaitable:
    """What is awaited here: its own iterator, with a first state and a last one."""

    __reused__ = None

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self.send(None)

    def __check__(self):
        if self.__state__ == 'closed':
            raise RuntimeError(f'cannot reuse already awaited {self.__reused__}')

    def __begin__(self, name):
        self.__state__ = 'closed'
        if self.__generator__.ag_running:
            raise RuntimeError(f'{name}(): asynchronous generator is already running')
        self.__state__ = 'open'

    def close(self):
        if self.__state__ == 'closed':
            return None
        try:
            self.throw(GeneratorExit)
        except (GeneratorExit, StopIteration, StopAsyncIteration):
            return None
        raise RuntimeError('coroutine ignored GeneratorExit')

    def __step__(self, mode, value):
        try:
            return __step_of__(self.__generator__, mode, value)
        except BaseException:
            self.__state__ = 'closed'
            raise


class async_generator_asend(awaitable):
    __reused__ = '__anext__()/asend()'

    def __init__(self, generator, value):
        self.__generator__, self.__value__, self.__state__ = generator, value, 'new'

    def send(self, value, /):
        self.__check__()
        generator = self.__generator__
        if self.__state__ == 'new':
            self.__begin__('anext')
            if value is None:
                value = self.__value__
            if generator.__closed__ or not is_open(generator.__inner__):
                self.__state__ = 'closed'
                raise StopAsyncIteration
            if value is not None and not is_started(generator.__inner__):
                self.__state__ = 'closed'
                raise TypeError("can't send non-None value to a just-started async generator")
        generator.ag_running = True
        return self.__step__(0, value)

    def throw(self, typ, val=None, tb=None, /):
        self.__check__()
        if self.__state__ == 'new':
            self.__begin__('anext')
            self.__generator__.ag_running = True
        try:
            exception = __exception_from__(typ, val, tb)
        except BaseException:
            self.__state__ = 'closed'
            raise
        return self.__step__(1, exception)


class async_generator_athrow(awaitable):
    """`athrow()`, and with no arguments `aclose()`."""

    __reused__ = 'aclose()/athrow()'

    def __init__(self, generator, args):
        self.__generator__, self.__args__, self.__state__ = generator, args, 'new'

    def send(self, value, /):
        self.__check__()
        generator = self.__generator__
        if not is_open(generator.__inner__):
            self.__state__ = 'closed'
            raise StopIteration if self.__args__ is None else StopAsyncIteration
        if self.__state__ == 'new':
            self.__begin__('aclose' if self.__args__ is None else 'athrow')
            if generator.__closed__:
                self.__state__ = 'closed'
                raise StopAsyncIteration
            if value is not None:
                self.__state__ = 'new'
                raise RuntimeError("can't send non-None value to a just-started coroutine")
            generator.ag_running = True
            if self.__args__ is None:
                generator.__closed__ = True
                return self.__closing__(1, GeneratorExit())
            return self.__step__(1, __exception_from__(*self.__args__))
        if self.__args__ is None:
            return self.__closing__(0, value)
        return self.__step__(0, value)

    def __closing__(self, mode, value):
        try:
            return self.__step__(mode, value)
        except StopIteration:
            raise RuntimeError('async generator ignored GeneratorExit') from None
        except (StopAsyncIteration, GeneratorExit):
            self.__generator__.__closed__ = True
        raise StopIteration

    def throw(self, typ, val=None, tb=None, /):
        self.__check__()
        if self.__state__ == 'new':
            self.__begin__('aclose' if self.__args__ is None else 'athrow')
            self.__generator__.ag_running = True
        exception = __exception_from__(typ, val, tb)
        if self.__args__ is None:
            return self.__closing__(1, exception)
        return self.__step__(1, exception)


class anext_awaitable(awaitable):
    """What `anext(iterator, default)` gives: the default stands for the end."""

    def __init__(self, awaitable, default):
        self.__awaited__, self.__default__ = awaitable, default
        self.__steps__ = None

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
