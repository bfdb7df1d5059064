"""Functions that a model writes once: `@synthesize` and `@auto`.

What was written is accepted only if it passes every example, every recorded answer and every check, and one
example that the writer was not shown: one function in four that fits its examples is wrong beyond them. It runs in
the machine without any capability. A call that breaks the contract is answered by the model instead, and becomes
an example.
"""

import _emulant
from _holes import HoleError, TRIES_MAX, plain, _arguments, _short

_CALL_UNITS = 50000000
_EXAMPLES_MIN = 2


class _Written:
    """A function that a model wrote, and what is known about it."""

    def __init__(self, stub, record_after):
        self.stub = stub
        self.name = getattr(stub, '__name__', 'function')
        self.inner = getattr(stub, '__unchecked__', stub)
        self.checks = list(getattr(stub, '__checks__', ()))
        self.examples = [(args, kwargs, answer) for args, kwargs, answer in getattr(stub, '__examples__', ())]
        self.record_after = record_after
        self.recorded = []
        self.source = None
        self.function = None
        self.tried = 0
        self.demoted = 0

    # ---- the contract

    def signature(self):
        import inspect
        try:
            shown = str(inspect.signature(self.inner))
        except (TypeError, ValueError, NotImplementedError):
            shown = '(...)'
        return f'def {self.name}{shown}'

    def contract(self):
        import hashlib
        text = repr((self.signature(), self.inner.__doc__, [(plain(list(a)), plain(k), plain(r)) for a, k, r in self.examples]))
        return hashlib.sha256(text.encode()).hexdigest()

    def known(self):
        return [*self.examples, *self.recorded]

    # ---- writing

    def write(self):
        """None when a function was accepted; else the answers that did not pass."""
        import hashlib
        known = self.known()
        if len(known) < _EXAMPLES_MIN:
            raise TypeError(f'{self.name}() cannot be written on {len(known)} examples: give at least {_EXAMPLES_MIN}, one is kept back')
        shown, kept = known[:-1], known[-1]
        tries = []
        while len(tries) < TRIES_MAX:
            arguments = {'examples': [{'call': _called(self.name, a, k), 'returns': plain(r)} for a, k, r in shown]}
            answer = _emulant.emulate('code', self.name, self.signature(), self.inner.__doc__ or '', arguments,
                                      '{"type": "record", "record": "typed_dict", "name": "Source", "fields": '
                                      '[{"name": "source", "shape": {"type": "str", "max": 8000}, "required": true}]}', tries, '')
            why = self.judge(answer['source'], shown, kept)
            if why is None:
                self.source = answer['source']
                digest = hashlib.sha256(self.source.encode()).hexdigest()
                _emulant.note('synthesized', {'name': self.name, 'signature': self.signature(), 'doc': self.inner.__doc__ or '',
                                              'contract': self.contract(), 'sha256': digest, 'source': self.source,
                                              'examples': len(self.examples), 'recorded': len(self.recorded), 'tries': len(tries) + 1})
                return None
            tries.append((answer, why))
        return tries

    def load(self):
        """Take the function from the lock, when it was written for this contract and still passes."""
        import hashlib
        import json
        for entry in json.loads(_emulant.setting('lock') or '[]'):
            fits = entry.get('name') == self.name and entry.get('contract') == self.contract()
            if fits and hashlib.sha256(entry.get('source', '').encode()).hexdigest() == entry.get('sha256'):
                known = self.known()
                if self.judge(entry['source'], known[:-1], known[-1]) is None:
                    self.source = entry['source']
                    return True
        return False

    def judge(self, source, shown, kept):
        why = _emulant.attempt(_CALL_UNITS)
        if why is None:
            _emulant.rollback(self.fault(source, shown, kept))
        return why or None

    def fault(self, source, shown, kept):
        # Runs inside an attempt: empty when the source passes.
        try:
            function = _made(source, self.name)
        except BaseException as error:
            return f'the source does not run: {type(error).__name__}: {error}'
        for args, kwargs, answer in shown:
            try:
                got = function(*args, **kwargs)
            except BaseException as error:
                return f'{_called(self.name, args, kwargs)} raised {type(error).__name__}: {error}'
            if not _same(got, answer):
                return f'{_called(self.name, args, kwargs)} gave {_short(got)}, not {_short(answer)}'
            for check, said in self.checks:
                try:
                    held = check(*_arguments(check, self.inner, got, args, kwargs))
                except BaseException as error:
                    return f'{said or "a check"} raised {type(error).__name__} for {_called(self.name, args, kwargs)}'
                if not held:
                    return f'{said or "a check"} does not hold for {_called(self.name, args, kwargs)}'
        args, kwargs, answer = kept
        try:
            right = _same(function(*args, **kwargs), answer)
        except BaseException:
            right = False
        return '' if right else 'it is wrong for a call that you are not shown'

    # ---- calling

    def call(self, args, kwargs):
        if self.source is None:
            return self.first(args, kwargs)
        why = _emulant.attempt(_CALL_UNITS)
        if why is None:
            try:
                if self.function is None:
                    function = _made(self.source, self.name)
                else:
                    function = self.function
                answer = function(*args, **kwargs)
                for check, said in self.checks:
                    if not check(*_arguments(check, self.inner, answer, args, kwargs)):
                        _emulant.rollback(said or 'a check does not hold')
            except BaseException as error:
                _emulant.rollback(f'{type(error).__name__}: {error}')
            _emulant.commit()
            self.function = function
            return answer
        self.demoted += 1
        answer = self.stub(*args, **kwargs)
        self.recorded.append((args, kwargs, answer))
        # The counterexample is part of what the next writing must pass.
        self.source = self.function = None
        self.tried += 1
        return answer

    def first(self, args, kwargs):
        if self.record_after is None:
            if self.tried < TRIES_MAX and not self.load():
                tries = self.write()
                self.tried += 1
                if tries is not None:
                    raise HoleError(f'{self.signature()} could not be written', tries)
            return self.call(args, kwargs) if self.source is not None else self.stub(*args, **kwargs)
        if len(self.known()) >= max(self.record_after, _EXAMPLES_MIN) and self.tried == 0:
            self.tried += 1
            if self.load() or self.write() is None:
                return self.call(args, kwargs)
        answer = self.stub(*args, **kwargs)
        if not any([_same(a, args) and _same(k, kwargs) for a, k, _ in self.recorded]):
            self.recorded.append((args, kwargs, answer))
        return answer


def _made(source, name):
    names = {}
    exec(source, names)
    function = names.get(name)
    if not callable(function):
        raise NameError(f'it does not define {name}')
    return function


def _same(a, b):
    return type(a) is type(b) and a == b or plain(a) == plain(b) and not isinstance(a, bool) and not isinstance(b, bool)


def _called(name, args, kwargs):
    shown = [_short(value) for value in args] + [f'{key}={_short(value)}' for key, value in kwargs.items()]
    return f'{name}({", ".join(shown)})'


def written(stub, record_after=None):
    """The stub, as a function that is written once."""
    state = _Written(stub, record_after)
    if record_after is None and len(state.examples) < _EXAMPLES_MIN:
        raise TypeError(f'@synthesize on {state.name}() needs at least {_EXAMPLES_MIN} examples: one is kept back')

    def call(*args, **kwargs):
        return state.call(args, kwargs)

    for attribute in ('__name__', '__qualname__', '__doc__', '__module__'):
        try:
            setattr(call, attribute, getattr(state.inner, attribute))
        except AttributeError:
            pass
    call.__annotations__ = dict(getattr(state.inner, '__annotations__', {}))
    call.__wrapped__ = state.inner
    call.__written__ = state
    return call
