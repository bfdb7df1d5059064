"""The forms of holes that are Python: types as shapes, checks, natural blocks, emulated tools.

The compiler makes a call of each form (`compile/src/desugar.rs`); `_emulant.emulate` asks.
What an answer does to objects of the program happens inside an attempt of the machine
(`_emulant.attempt`): all of it or nothing.
"""

import _emulant
from _failed import HoleError, _short

AskFailed = _emulant.AskFailed

TRIES_MAX = 3
# Fuel for one check, and for the code of one answer.
CHECK_UNITS = 5000000
CODE_UNITS = 200000000
_DEPTH_MAX = 12
_RAISES = '\0raise '


def _text(shape):
    import json
    return json.dumps(shape)


# ---- annotations as shapes

def shape_of(annotation, depth=0):
    """The shape of an annotation, as plain data; TypeError for what no answer can be."""
    if depth > _DEPTH_MAX:
        raise TypeError('a type that contains itself')
    if annotation is None or annotation is type(None):
        return {'type': 'none'}
    plain = _plain(annotation)
    if plain is not None:
        return plain
    arguments = getattr(annotation, '__args__', None)
    if arguments is not None and not isinstance(annotation, type):
        return _generic(annotation, arguments, depth)
    if isinstance(annotation, type):
        return _class(annotation, depth)
    raise TypeError(f'{annotation!r} as the type of an answer')


def _plain(annotation):
    if annotation is int:
        return {'type': 'int'}
    if annotation is float:
        return {'type': 'float'}
    if annotation is str:
        return {'type': 'str'}
    if annotation is bool:
        return {'type': 'bool'}
    if annotation is object or getattr(annotation, '_name', None) == 'Any' or repr(annotation) == 'typing.Any':
        return {'type': 'any'}
    if annotation is list:
        return {'type': 'list', 'item': {'type': 'any'}}
    if annotation in (set, frozenset):
        return {'type': 'set', 'item': {'type': 'any'}}
    if annotation is tuple:
        return {'type': 'tuple_of', 'item': {'type': 'any'}}
    if annotation is dict:
        return {'type': 'dict', 'value': {'type': 'any'}}
    return None


def _generic(annotation, arguments, depth):
    import typing
    metadata = getattr(annotation, '__metadata__', None)
    if metadata is not None:
        return _constrained(shape_of(annotation.__origin__, depth + 1), metadata)
    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return {'type': 'literal', 'values': [_tagged(value) for value in arguments]}
    if origin in (list, set, frozenset) or getattr(origin, '__name__', '') in ('Sequence', 'Iterable', 'Collection'):
        kind = 'set' if origin in (set, frozenset) else 'list'
        return {'type': kind, 'item': shape_of(arguments[0], depth + 1)}
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return {'type': 'tuple_of', 'item': shape_of(arguments[0], depth + 1)}
        return {'type': 'tuple', 'items': [shape_of(part, depth + 1) for part in arguments]}
    if origin is dict or getattr(origin, '__name__', '') == 'Mapping':
        if arguments[0] is not str:
            raise TypeError('a dict whose keys are no strings as the type of an answer')
        return {'type': 'dict', 'value': shape_of(arguments[1], depth + 1)}
    if origin is typing.Union or type(annotation).__name__ == "UnionType" or type(None) in arguments:
        options = []
        for part in arguments:
            shape = shape_of(part, depth + 1)
            options.extend(shape['options'] if shape['type'] == 'union' else [shape])
        return {'type': 'union', 'options': options}
    raise TypeError(f'{annotation!r} as the type of an answer')


def _tagged(value):
    if type(value) is float:
        return {'$float': repr(value)}
    return value


_BOUNDS = ('ge', 'gt', 'le', 'lt', 'multiple_of', 'min_length', 'max_length', 'pattern')
# What checks a value by code, which no type can say.
_CHECKS = ('Predicate', 'Not', 'AfterValidator', 'BeforeValidator', 'WrapValidator', 'PlainValidator')


def bounds_of(rule):
    """What a part of `Annotated[...]` says as pydantic's `Field` or a class of `annotated_types`."""
    own = getattr(rule, 'bounds', None)
    if own is None:
        own = {name: getattr(rule, name, None) for name in _BOUNDS}
    return {name: bound for name, bound in own.items() if bound is not None and name in _BOUNDS}


def _constrained(shape, metadata):
    for rule in metadata:
        if type(rule).__name__ in _CHECKS:
            raise TypeError(f'{type(rule).__name__} in the type of an answer (a check is written @ensures)')
        shape = _within(shape, bounds_of(rule))
    return shape


def _within(shape, bounds):
    import json
    if not bounds:
        return shape
    tagged = {name: _tagged(bound) if name in _BOUNDS[:4] else bound for name, bound in bounds.items()}
    return json.loads(_emulant.within(_text(shape), _text(tagged)))


def _class(kind, depth):
    name = kind.__name__
    if hasattr(kind, '__members__'):
        return {'type': 'enum', 'name': name, 'members': list(kind.__members__)}
    fields = getattr(kind, '__dataclass_fields__', None)
    if fields is not None:
        import dataclasses
        listed = [(field.name, field.type, field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
                  for field in dataclasses.fields(kind) if field.init]
        return _record('dataclass', name, listed, kind, depth)
    if hasattr(kind, 'model_fields'):
        listed = [(key, field.annotation, field.is_required()) for key, field in kind.model_fields.items()]
        return _record('dataclass', name, listed, kind, depth, {key: field.bounds for key, field in kind.model_fields.items()})
    hints = getattr(kind, '__annotations__', {})
    if issubclass(kind, tuple) and hasattr(kind, '_fields'):
        listed = [(key, hints.get(key, object), key not in kind._field_defaults) for key in kind._fields]
        return _record('named_tuple', name, listed, kind, depth)
    if hasattr(kind, '__required_keys__'):
        listed = [(key, part, key in kind.__required_keys__) for key, part in hints.items()]
        return _record('typed_dict', name, listed, kind, depth)
    listed = _parameters(kind)
    if listed is None:
        raise TypeError(f'{name} as the type of an answer')
    return _record('dataclass', name, listed, kind, depth)


def _parameters(kind):
    # A plain class is what its `__init__` takes, when each parameter says its type.
    import inspect
    try:
        parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    except (TypeError, ValueError, NotImplementedError):
        return None
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    if not parameters or any(p.kind not in plain or p.annotation is inspect.Parameter.empty for p in parameters):
        return None
    return [(p.name, p.annotation, p.default is inspect.Parameter.empty) for p in parameters]


def _record(kind, name, listed, owner, depth, bounds={}):
    fields = []
    for key, annotation, required in listed:
        if isinstance(annotation, str):
            annotation = _named(annotation, owner)
        shape = _within(shape_of(annotation, depth + 1), bounds.get(key))
        fields.append({'name': key, 'shape': shape, 'required': bool(required)})
    return {'type': 'record', 'record': kind, 'name': name, 'fields': fields}


def _named(text, owner):
    import sys
    module = sys.modules.get(getattr(owner, '__module__', None))
    return eval(text, dict(vars(module)) if module is not None else {})


def made(value, annotation):
    """Plain data as what the annotation says; the first option of a union that fits."""
    arguments = getattr(annotation, '__args__', None)
    if arguments is not None and not isinstance(annotation, type):
        import typing
        if getattr(annotation, '__metadata__', None) is not None:
            return made(value, annotation.__origin__)
        origin = typing.get_origin(annotation)
        if origin is typing.Literal:
            return value
        if origin in (list, set, frozenset) and isinstance(value, (list, set)):
            return origin([made(item, arguments[0]) for item in value])
        if origin is tuple and isinstance(value, (list, tuple)):
            if len(arguments) == 2 and arguments[1] is Ellipsis:
                return tuple([made(item, arguments[0]) for item in value])
            return tuple([made(item, part) for item, part in zip(value, arguments)])
        if origin is dict and isinstance(value, dict):
            return {key: made(item, arguments[1]) for key, item in value.items()}
        for part in arguments:
            if _emulant.accept(_text(shape_of(part)), value) is None:
                return made(value, part)
        return value
    if isinstance(annotation, type):
        if hasattr(annotation, '__members__') and isinstance(value, str):
            return annotation[value]
        if isinstance(value, dict) and not hasattr(annotation, '__required_keys__') and annotation is not dict:
            shape = _class(annotation, 0)
            if shape['type'] == 'record':
                hints = {key: part for key, part, _ in _fields(annotation)}
                return annotation(**{key: made(item, hints.get(key, object)) for key, item in value.items()})
        if annotation is float and type(value) is int:
            return float(value)
    return value


def _fields(kind):
    if hasattr(kind, '__dataclass_fields__'):
        return [(name, field.type, True) for name, field in kind.__dataclass_fields__.items()]
    if hasattr(kind, 'model_fields'):
        return [(name, field.annotation, True) for name, field in kind.model_fields.items()]
    if issubclass(kind, tuple) and hasattr(kind, '_fields'):
        return [(name, kind.__annotations__.get(name, object), True) for name in kind._fields]
    return _parameters(kind) or []


# ---- checks

def judged(check, values):
    """None when the check holds; else why not. It is run with nothing but fuel, and leaves no trace."""
    why = _emulant.attempt(CHECK_UNITS)
    if why is None:
        try:
            verdict = '' if check(*values) else 'it does not hold'
        except BaseException as error:
            verdict = f'it raised {type(error).__name__}: {error}' if str(error) else f'it raised {type(error).__name__}'
        _emulant.rollback(verdict)
    return why or None


def checked(function, check, said):
    """The function, asked again with the reason while the check does not hold."""
    import inspect
    name = getattr(function, '__name__', 'hole')
    checks = [*getattr(function, '__checks__', ()), (check, said)]
    inner = getattr(function, '__unchecked__', function)

    def problem(answer, args, kwargs):
        for one, text in checks:
            why = judged(one, _arguments(one, inner, answer, args, kwargs))
            if why is not None:
                return f'{text}: {why}' if text else why
        return None

    def called(args, kwargs):
        shown = [_short(value) for value in args] + [f'{key}={_short(value)}' for key, value in kwargs.items()]
        return f'{name}({", ".join(shown)})'

    def call(*args, **kwargs):
        tries = []
        while True:
            _emulant.feedback(tries)
            answer = inner(*args, **kwargs)
            why = problem(answer, args, kwargs)
            if why is None:
                return answer
            tries.append((plain(answer), why))
            if len(tries) == TRIES_MAX:
                raise HoleError(called(args, kwargs), tries)

    async def call_async(*args, **kwargs):
        tries = []
        while True:
            _emulant.feedback(tries)
            answer = await inner(*args, **kwargs)
            why = problem(answer, args, kwargs)
            if why is None:
                return answer
            tries.append((plain(answer), why))
            if len(tries) == TRIES_MAX:
                raise HoleError(called(args, kwargs), tries)

    made = call_async if inspect.iscoroutinefunction(inner) else call
    for attribute in ('__name__', '__qualname__', '__doc__', '__module__'):
        try:
            setattr(made, attribute, getattr(inner, attribute))
        except AttributeError:
            pass
    made.__annotations__ = dict(getattr(inner, '__annotations__', {}))
    made.__wrapped__ = inner
    made.__unchecked__ = inner
    made.__checks__ = checks
    made.__examples__ = list(getattr(function, '__examples__', ()))
    return made


def _arguments(check, function, answer, args, kwargs):
    # A check takes the answer, and the arguments when it has room for them.
    import inspect
    try:
        count = len([p for p in inspect.signature(check).parameters.values() if p.default is inspect.Parameter.empty])
    except (TypeError, ValueError, NotImplementedError):
        return [answer]
    if count <= 1:
        return [answer]
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
        bound.apply_defaults()
        values = list(bound.arguments.values())
    except (TypeError, ValueError, NotImplementedError):
        values = list(args)
    return [answer, *values][:count]


def plain(value, depth=0):
    """Plain data that shows a value: members by name, objects by their attributes."""
    if depth > 8:
        return '...'
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, type):
        return value.__name__
    if hasattr(type(value), '__members__'):
        return value.name
    if callable(value):
        return getattr(value, '__name__', 'value')
    own = getattr(value, '__dict__', None)
    return {key: plain(item, depth + 1) for key, item in own.items()} if own is not None else repr(value)


# ---- natural blocks and lines of pseudocode

def block(kind, text, inputs, outputs, controls, here, there):
    """One typed answer: new values of the names that the text declares, changes of the objects that it names, and how
    control goes on where the text says so. Gives the control's word, and the values."""
    text = text.strip()
    if text.startswith('natural') and not text[7:8].strip():
        text = text[7:].strip()
    visible = _visible(kind, text, inputs, outputs, here, there)
    errors = {name: value for name, value in visible.items() if isinstance(value, type) and issubclass(value, BaseException)}
    for name, value in vars(_builtins()).items():
        if 'raise' in controls and isinstance(value, type) and issubclass(value, Exception):
            errors.setdefault(name, value)
    shape = _block_shape(kind, outputs, controls, visible, errors)
    shown = {name: described(value) for name, value in visible.items()}
    tries = []
    while True:
        answer = _emulant.emulate(kind, '', '', text, shown, _text(shape), tries, '')
        why = _emulant.attempt(CODE_UNITS)
        if why is None:
            done = _apply(answer, outputs, controls, visible, errors)
            if type(done) is str:
                _emulant.rollback(done)
            # What the text does not name stays as it is: another change takes all of it back.
            _emulant.commit(list(visible.values()))
            return done
        if why.startswith(_RAISES):
            raise _exception(why, errors)
        tries.append((answer, why))
        if len(tries) == TRIES_MAX:
            raise HoleError(_first_line(text), tries)


def _builtins():
    import builtins
    return builtins


def _first_line(text):
    line = text.strip().split('\n')[0]
    return line if len(line) <= 80 else line[:80] + '...'


def _visible(kind, text, inputs, outputs, here, there):
    visible = dict(inputs)
    for name in outputs:
        if name in here:
            visible[name] = here[name]
    if kind == 'line':
        word = ''
        for letter in text + ' ':
            if letter.isalnum() or letter == '_':
                word += letter
                continue
            if word in here:
                visible[word] = here[word]
            elif word in there:
                visible[word] = there[word]
            word = ''
    return visible


def _block_shape(kind, outputs, controls, visible, errors):
    value = _value_shape(visible)
    fields = []
    if outputs:
        listed = [{'name': name, 'shape': value, 'required': False} for name in outputs]
        fields.append({'name': 'set', 'shape': {'type': 'record', 'record': 'typed_dict', 'name': 'Set', 'fields': listed}, 'required': False})
    fields.append({'name': 'code', 'shape': {'type': 'str', 'max': 8000}, 'required': False})
    if controls:
        words = ['done', *controls]
        fields.append({'name': 'end', 'shape': {'type': 'literal', 'values': words}, 'required': True})
    if 'return' in controls:
        fields.append({'name': 'value', 'shape': value, 'required': False})
    if 'raise' in controls:
        listed = [{'name': 'type', 'shape': {'type': 'literal', 'values': sorted(errors)}, 'required': True},
                  {'name': 'args', 'shape': {'type': 'list', 'item': {'type': 'any'}}, 'required': True}]
        fields.append({'name': 'raise', 'shape': {'type': 'record', 'record': 'typed_dict', 'name': 'Raise', 'fields': listed}, 'required': False})
    return {'type': 'record', 'record': 'typed_dict', 'name': 'Block', 'fields': fields}


def _value_shape(visible):
    options = []
    for value in visible.values():
        if isinstance(value, type) and not issubclass(value, BaseException):
            try:
                options.append(shape_of(value))
            except TypeError:
                pass
    return {'type': 'union', 'options': [*options, {'type': 'any'}]} if options else {'type': 'any'}


def _apply(answer, outputs, controls, visible, errors):
    # Runs inside an attempt: a text is why the answer cannot be taken.
    end = answer.get('end', 'done')
    kinds = [value for value in visible.values() if isinstance(value, type) and not issubclass(value, BaseException)]
    values = {}
    try:
        for name, value in answer.get('set', {}).items():
            values[name] = _instance(value, kinds)
        if answer.get('code'):
            names = {**visible, **values}
            exec(answer['code'], names)
            for name in outputs:
                if name in names:
                    values[name] = names[name]
    except BaseException as error:
        if 'raise' in controls and type(error) in visible.values():
            # What is raised is made anew outside: a block that raises changes nothing.
            return _RAISES + _text([type(error).__name__, plain(list(error.args)), plain(dict(error.__dict__))])
        return f'the code raised {type(error).__name__}: {error}'
    if end == 'return':
        values['return'] = _instance(answer.get('value'), kinds)
    if end == 'raise':
        if 'raise' not in answer:
            return 'it ends with raise and does not say what'
        return _RAISES + _text([answer['raise']['type'], answer['raise']['args'], {}])
    if end == 'done':
        missing = [name for name in outputs if name not in values and name not in visible]
        if missing:
            return f'it does not set {", ".join(missing)}'
    return end, values


def _exception(why, errors):
    import json
    name, arguments, attributes = json.loads(why[len(_RAISES):])
    kind = errors[name]
    try:
        return kind(*arguments)
    except TypeError:
        pass
    try:
        return kind(**attributes)
    except TypeError:
        error = kind.__new__(kind, *arguments)
        error.__dict__.update(attributes)
        return error


def _instance(value, kinds):
    # An object for data that fits a class which the text names.
    if isinstance(value, list):
        return [_instance(item, kinds) for item in value]
    for kind in kinds:
        if not isinstance(value, (dict, str)):
            break
        try:
            shape = shape_of(kind)
        except TypeError:
            continue
        if _emulant.accept(_text(shape), value) is None:
            return made(value, kind)
    return value


def described(value, depth=0):
    """What a model is shown of a value: data as it is, objects by class and attributes, classes and functions by signature."""
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if depth > 6:
        return '...'
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return [described(item, depth + 1) for item in value]
    if type(value) is dict:
        return {str(key): described(item, depth + 1) for key, item in value.items()}
    if type(value) in (set, frozenset):
        return [described(item, depth + 1) for item in value]
    if isinstance(value, type):
        return _signature('class', value)
    if hasattr(type(value), '__members__'):
        return f'{type(value).__name__}.{value.name}'
    if callable(value):
        return _signature('def', value)
    own = {key: described(item, depth + 1) for key, item in getattr(value, '__dict__', {}).items()}
    return {'class': type(value).__name__, **own}


def _signature(word, value):
    import inspect
    name = getattr(value, '__name__', 'value')
    if word == 'class' and hasattr(value, '__members__'):
        return f'{word} {name}: ' + ', '.join(value.__members__)
    if hasattr(value, 'model_fields'):
        return f'{word} {name}: {_emulant.schema(_text(shape_of(value)))}'
    try:
        return f'{word} {name}{inspect.signature(value)}'
    except (TypeError, ValueError, NotImplementedError):
        return f'{word} {name}'
