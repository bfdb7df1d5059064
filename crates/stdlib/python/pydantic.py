"""As much of models of validated data as programs with holes use: `BaseModel`, `Field`, validation by annotations.

Fields are validated and converted as the annotations say, where that is exact: no text becomes a number.
"""

__all__ = ['BaseModel', 'ConfigDict', 'Field', 'StringConstraints', 'ValidationError', 'field_validator', 'model_validator']

from _holes import bounds_of

_MISSING = object()


class ValidationError(ValueError):
    """Data that does not fit a model."""

    def __init__(self, title, problems):
        self.title = title
        self.problems = problems
        count = len(problems)
        lines = [f'{count} validation error{"" if count == 1 else "s"} for {title}']
        for place, reason in problems:
            lines.append(f'{place}\n  {reason}')
        super().__init__('\n'.join(lines))

    def errors(self):
        return [{'loc': (place,), 'msg': reason} for place, reason in self.problems]


class FieldInfo:
    """What is known about a field."""

    def __init__(self, default=_MISSING, default_factory=None, description=None, **bounds):
        self.default = _MISSING if default is ... else default
        self.default_factory = default_factory
        self.description = description
        self.annotation = object
        self.bounds = {name: bound for name, bound in bounds.items() if bound is not None}

    def is_required(self):
        return self.default is _MISSING and self.default_factory is None

    def get_default(self):
        if self.default_factory is not None:
            return self.default_factory()
        import copy
        return copy.deepcopy(self.default)


def Field(default=..., *, default_factory=None, description=None, ge=None, gt=None, le=None, lt=None, multiple_of=None,
          min_length=None, max_length=None, pattern=None, **extra):
    """What a field is besides its type."""
    return FieldInfo(default, default_factory, description, ge=ge, gt=gt, le=le, lt=lt, multiple_of=multiple_of,
                     min_length=min_length, max_length=max_length, pattern=pattern)


def StringConstraints(*, min_length=None, max_length=None, pattern=None, **extra):
    """What a text is besides a text."""
    return FieldInfo(min_length=min_length, max_length=max_length, pattern=pattern)


def ConfigDict(**options):
    """Options of a model; kept, not used."""
    return options


def field_validator(*names, mode='after'):
    """Marks a class method that checks the named fields."""
    def decorate(function):
        inner = getattr(function, '__func__', function)
        inner.__validates__ = names
        return function if isinstance(function, classmethod) else classmethod(function)
    return decorate


def model_validator(*, mode):
    """Marks a method that checks the whole."""
    def decorate(function):
        function.__validates_model__ = mode
        return function
    return decorate


class _Model(type):
    def __new__(meta, name, bases, namespace):
        kind = super().__new__(meta, name, bases, namespace)
        fields = {}
        for base in reversed(kind.__mro__[1:]):
            fields.update(base.__dict__.get('model_fields', {}))
        for key, annotation in namespace.get('__annotations__', {}).items():
            if not key.startswith('_') and key != 'model_config':
                fields[key] = _field(annotation, namespace.get(key, _MISSING))
        kind.model_fields = fields
        return kind


def _field(annotation, default):
    field = FieldInfo()
    metadata = getattr(annotation, '__metadata__', ())
    for part in metadata:
        field.bounds.update(bounds_of(part))
        if isinstance(part, FieldInfo):
            field.default, field.default_factory = part.default, part.default_factory
            field.description = part.description
    if isinstance(default, FieldInfo):
        field.bounds.update(default.bounds)
        field.default, field.default_factory = default.default, default.default_factory
        field.description = default.description
    elif default is not _MISSING:
        field.default = default
    field.annotation = annotation
    return field


class BaseModel(metaclass=_Model):
    """A class whose instances are made from validated data."""

    def __init__(self, /, **data):
        kind = type(self)
        problems, values = [], {}
        for name, field in kind.model_fields.items():
            if name in data:
                try:
                    values[name] = _bounded(_converted(data[name], _annotation(field, kind)), field.bounds)
                except ValidationError as error:
                    problems.extend([(f'{name}.{place}', reason) for place, reason in error.problems])
                except (ValueError, TypeError) as error:
                    problems.append((name, str(error)))
            elif field.is_required():
                problems.append((name, 'Field required'))
            else:
                values[name] = field.get_default()
        for validator in _validators(kind):
            for name in validator.__validates__:
                if name in values:
                    try:
                        values[name] = validator(kind, values[name])
                    except (ValueError, AssertionError) as error:
                        problems.append((name, f'Value error, {error}'))
        if problems:
            raise ValidationError(kind.__name__, problems)
        for name, value in values.items():
            object.__setattr__(self, name, value)
        for base in kind.__mro__:
            for check in list(base.__dict__.values()):
                if getattr(check, '__validates_model__', None) == 'after':
                    try:
                        check(self)
                    except (ValueError, AssertionError) as error:
                        raise ValidationError(kind.__name__, [('', f'Value error, {error}')])

    def model_dump(self):
        return {name: _dumped(getattr(self, name)) for name in type(self).model_fields}

    def model_dump_json(self, indent=None):
        import json
        return json.dumps(self.model_dump(), indent=indent) if indent else json.dumps(self.model_dump(), separators=(',', ':'))

    def model_copy(self, *, update=None):
        return type(self)(**{**{name: getattr(self, name) for name in type(self).model_fields}, **(update or {})})

    @classmethod
    def model_json_schema(cls):
        import json
        import _emulant
        from _holes import shape_of
        return {'title': cls.__name__, **json.loads(_emulant.schema(json.dumps(shape_of(cls))))}

    @classmethod
    def model_validate(cls, data):
        return data if isinstance(data, cls) else cls(**data)

    @classmethod
    def model_validate_json(cls, text):
        import json
        return cls(**json.loads(text))

    def __eq__(self, other):
        return type(self) is type(other) and self.model_dump() == other.model_dump()

    def __repr__(self):
        return f'{type(self).__name__}({self._shown(", ")})'

    def __str__(self):
        return self._shown(' ')

    def _shown(self, gap):
        return gap.join([f'{name}={getattr(self, name)!r}' for name in type(self).model_fields])


def _validators(kind):
    found = []
    for base in reversed(kind.__mro__):
        for value in list(base.__dict__.values()):
            inner = getattr(value, '__func__', value)
            if hasattr(inner, '__validates__'):
                found.append(inner)
    return found


def _annotation(field, kind):
    annotation = field.annotation
    if isinstance(annotation, str):
        import sys
        module = sys.modules.get(kind.__module__)
        field.annotation = annotation = eval(annotation, dict(vars(module)) if module is not None else {})
    return annotation


def _dumped(value):
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, (list, tuple, set)):
        return type(value)([_dumped(item) for item in value])
    if isinstance(value, dict):
        return {key: _dumped(item) for key, item in value.items()}
    return value


def _converted(value, annotation):
    import typing
    if annotation is None or annotation is type(None):
        if value is not None:
            raise ValueError('Input should be None')
        return None
    if isinstance(annotation, type) and not getattr(annotation, '__args__', None):
        return _of_class(value, annotation)
    if getattr(annotation, '__metadata__', None) is not None:
        bounds = {}
        for part in annotation.__metadata__:
            bounds.update(bounds_of(part))
        return _bounded(_converted(value, annotation.__origin__), bounds)
    arguments, origin = getattr(annotation, '__args__', None), typing.get_origin(annotation)
    if origin is typing.Literal:
        for allowed in arguments:
            if type(allowed) is type(value) and allowed == value:
                return value
        raise ValueError(f'Input should be {" or ".join([repr(allowed) for allowed in arguments])}')
    if origin in (list, set, frozenset):
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise ValueError(f'Input should be a valid {origin.__name__}')
        return origin([_converted(item, arguments[0]) for item in value])
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise ValueError('Input should be a valid tuple')
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple([_converted(item, arguments[0]) for item in value])
        return tuple([_converted(item, part) for item, part in zip(value, arguments, strict=True)])
    if origin is dict:
        if not isinstance(value, dict):
            raise ValueError('Input should be a valid dictionary')
        return {_converted(key, arguments[0]): _converted(item, arguments[1]) for key, item in value.items()}
    if arguments and (origin is typing.Union or type(annotation).__name__ == 'UnionType' or type(None) in arguments):
        return _of_union(value, arguments)
    return value


def _of_union(value, options):
    for kind in options:
        if isinstance(kind, type) and type(value) is kind:
            return value
    reasons = []
    for kind in options:
        try:
            return _converted(value, kind)
        except (ValueError, TypeError) as error:
            reasons.append(str(error).split('\n')[0])
    raise ValueError('; '.join(reasons))


def _of_class(value, kind):
    if kind is object or isinstance(value, kind) and not (kind in (int, float) and type(value) is bool):
        return value
    if kind is float and type(value) is int:
        return float(value)
    if issubclass(kind, BaseModel) and isinstance(value, dict):
        return kind(**value)
    if isinstance(value, dict) and hasattr(kind, '__dataclass_fields__'):
        return kind(**{name: _converted(part, kind.__dataclass_fields__[name].type) if name in kind.__dataclass_fields__ else part
                       for name, part in value.items()})
    if hasattr(kind, '__members__'):
        if isinstance(value, dict) and list(value) == ['name']:
            # A member of an answer is its name.
            return kind[value['name']]
        return kind(value)
    if kind in (list, tuple, set) and isinstance(value, (list, tuple, set)):
        return kind(value)
    names = {int: 'integer', str: 'string', float: 'number', bool: 'boolean', dict: 'dictionary'}
    raise ValueError(f'Input should be a valid {names.get(kind, kind.__name__)}')


def _bounded(value, bounds):
    for name, bound in bounds.items():
        if name == 'ge' and not value >= bound:
            raise ValueError(f'Input should be greater than or equal to {bound}')
        if name == 'gt' and not value > bound:
            raise ValueError(f'Input should be greater than {bound}')
        if name == 'le' and not value <= bound:
            raise ValueError(f'Input should be less than or equal to {bound}')
        if name == 'lt' and not value < bound:
            raise ValueError(f'Input should be less than {bound}')
        if name == 'multiple_of' and value % bound != 0:
            raise ValueError(f'Input should be a multiple of {bound}')
        if name == 'min_length' and len(value) < bound:
            raise ValueError(f'Value should have at least {bound} items or characters')
        if name == 'max_length' and len(value) > bound:
            raise ValueError(f'Value should have at most {bound} items or characters')
        if name == 'pattern':
            import re
            if not re.search(bound, value):
                raise ValueError(f'String should match pattern {bound!r}')
    return value
