"""Enumerations: classes whose members are fixed, named values.

The metaclass gives the class body a dict that tells members from everything
else. A member waits in the namespace as a `_Proto`; when the class exists,
its `__set_name__` turns it into the real member.
"""

__all__ = ['EnumType', 'EnumMeta', 'Enum', 'IntEnum', 'StrEnum', 'Flag', 'IntFlag',
           'ReprEnum', 'auto', 'unique', 'property', 'verify', 'member', 'nonmember',
           'FlagBoundary', 'STRICT', 'CONFORM', 'EJECT', 'KEEP', 'EnumCheck', 'CONTINUOUS',
           'NAMED_FLAGS', 'UNIQUE', 'global_flag_repr', 'global_enum_repr', 'global_str', 'global_enum',
           'pickle_by_global_name', 'pickle_by_enum_name']

from _emulant import calling_module

# They are asked for while they are still being made.
Enum = Flag = ReprEnum = EJECT = KEEP = None

_MISSING = object()
_bin = bin
_property = property


class nonmember:
    """Keeps a value in an enum's body from becoming a member."""

    def __init__(self, value):
        self.value = value


class member:
    """Makes a value in an enum's body a member that would not be one."""

    def __init__(self, value):
        self.value = value


class auto:
    """Stands for a value that the enum chooses."""

    def __init__(self, value=_MISSING):
        self.value = value

    def __repr__(self):
        return f'auto({"" if self.value is _MISSING else repr(self.value)})'


class property:
    """A property for instances that leaves the name free for a member."""
    # Not the built-in one, so that `Color.name` can be a member or an error.
    member = None

    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.__doc__ = doc or getattr(fget, '__doc__', None)
        self.name = getattr(fget, '__name__', None)
        self.clsname = None

    def __set_name__(self, owner, name):
        self.name = name
        self.clsname = owner.__name__

    def __get__(self, instance, owner=None):
        if instance is None:
            if self.member is not None:
                return self.member
            raise AttributeError(f'{owner!r} has no attribute {self.name!r}')
        if self.fget is not None:
            return self.fget(instance)
        return instance.__dict__[self.name]

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError(
                f'<enum {self.clsname!r}> cannot set attribute {self.name!r}')
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError(
                f'<enum {self.clsname!r}> cannot delete attribute {self.name!r}')
        self.fdel(instance)

    def getter(self, fget):
        return type(self)(fget, self.fset, self.fdel, self.__doc__)

    def setter(self, fset):
        return type(self)(self.fget, fset, self.fdel, self.__doc__)

    def deleter(self, fdel):
        return type(self)(self.fget, self.fset, fdel, self.__doc__)


def _is_descriptor(value):
    return (isinstance(value, (classmethod, staticmethod)) or hasattr(value, '__get__')
            or hasattr(value, '__set__') or hasattr(value, '__delete__'))


def _is_dunder(name):
    return (len(name) > 4 and name[:2] == '__' == name[-2:]
            and name[2] != '_' and name[-3] != '_')


def _is_sunder(name):
    return (len(name) > 2 and name[0] == '_' == name[-1]
            and name[1] != '_' and name[-2] != '_')


def _is_private(cls_name, name):
    prefix = f'_{cls_name}__'
    return (len(name) > len(prefix) and name.startswith(prefix)
            and (name[-1] != '_' or name[-2] != '_'))


_SUNDER = ('_order_', '_generate_next_value_', '_numeric_repr_', '_missing_', '_ignore_',
           '_iter_member_', '_iter_member_by_value_', '_iter_member_by_def_',
           '_add_alias_', '_add_value_alias_')


class _EnumDict(dict):
    # The namespace of an enum's body: knows which names become members.

    def __init__(self):
        super().__init__()
        self._member_names = {}
        self._last_values = []
        self._ignore = []
        self._auto_called = False
        self._generate_next_value = None
        self._cls_name = None

    def __setitem__(self, key, value):
        if _is_private(self._cls_name, key):
            pass
        elif _is_sunder(key):
            self._set_sunder(key, value)
            if key == '_ignore_':
                value = self._ignore
        elif _is_dunder(key):
            if key == '__order__':
                key = '_order_'
        elif key in self._member_names:
            raise TypeError(f'{key!r} already defined as {self[key]!r}')
        elif key in self._ignore:
            pass
        elif isinstance(value, nonmember):
            value = value.value
        elif not isinstance(value, member) and _is_descriptor(value):
            pass
        else:
            if key in self:
                raise TypeError(f'{key!r} already defined as {self[key]!r}')
            if isinstance(value, member):
                value = value.value
            value = self._resolve(key, value)
            self._member_names[key] = None
        super().__setitem__(key, value)

    def _set_sunder(self, key, value):
        if key not in _SUNDER:
            raise ValueError(f'_sunder_ names, such as {key!r}, are reserved for future Enum use')
        if key == '_generate_next_value_':
            if self._auto_called:
                raise TypeError('_generate_next_value_ must be defined before members')
            if isinstance(value, staticmethod):
                value = value.__func__
            self._generate_next_value = value
        elif key == '_ignore_':
            if isinstance(value, str):
                value = value.replace(',', ' ').split()
            self._ignore = list(value)
            already = set(self._ignore) & set(self._member_names)
            if already:
                raise ValueError(f'_ignore_ cannot specify already set names: {already!r}')

    def _resolve(self, key, value):
        # `auto()` may stand alone or inside a tuple.
        if isinstance(value, auto):
            return self._next_value(key, value)
        if isinstance(value, tuple) and any([isinstance(item, auto) for item in value]):
            items = [self._next_value(key, item) if isinstance(item, auto) else item
                     for item in value]
            if type(value) is tuple:
                return tuple(items)
            return type(value)(*items)
        self._last_values.append(value)
        return value

    def _next_value(self, key, value):
        if value.value is _MISSING:
            value.value = self._generate_next_value(
                key, 1, len(self._member_names), self._last_values[:])
            self._auto_called = True
        self._last_values.append(value.value)
        return value.value

    def update(self, members, **more):
        for key, value in [*dict(members).items(), *more.items()]:
            self[key] = value


class _Proto:
    # A member to be: the class that gets it makes it real.

    def __init__(self, value):
        self.value = value

    def __set_name__(self, enum_class, name):
        delattr(enum_class, name)
        value = self.value
        args = value if isinstance(value, tuple) else (value,)
        member_type = enum_class._member_type_
        if member_type is tuple:
            args = (args,)
        if enum_class._use_args_:
            made = enum_class._new_member_(enum_class, *args)
        else:
            made = enum_class._new_member_(enum_class)
        if not hasattr(made, '_value_'):
            if member_type is object:
                made._value_ = value
            else:
                try:
                    made._value_ = member_type(*args)
                except Exception as error:
                    raise TypeError(
                        '_value_ not set in __new__, unable to create it') from error
        value = made._value_
        made._name_ = name
        made.__objclass__ = enum_class
        made.__init__(*args)
        made._sort_order_ = len(enum_class._member_names_)
        if Flag is not None and issubclass(enum_class, Flag) and isinstance(value, int):
            enum_class._flag_mask_ |= value
            if _is_single_bit(value):
                enum_class._singles_mask_ |= value
            enum_class._all_bits_ = (1 << enum_class._flag_mask_.bit_length()) - 1
        made = _settle(enum_class, made, value)
        _give(enum_class, name, made)
        enum_class._member_map_[name] = made


def _settle(enum_class, made, value):
    # The member that a value belongs to: an older one, or the one just made.
    try:
        try:
            return enum_class._value2member_map_[value]
        except TypeError:
            for other in enum_class._member_map_.values():
                if other._value_ == value:
                    return other
            raise KeyError from None
    except KeyError:
        if (Flag is None or not issubclass(enum_class, Flag)
                or isinstance(value, int) and _is_single_bit(value)):
            enum_class._member_names_.append(made._name_)
    try:
        enum_class._value2member_map_.setdefault(value, made)
    except TypeError:
        enum_class._unhashable_values_.append(value)
    return made


def _give(enum_class, name, made):
    # Where a base has a property of that name, a new one serves both.
    for base in enum_class.__mro__[1:]:
        found = base.__dict__.get(name)
        if isinstance(found, property):
            redirect = property(found.fget, found.fset, found.fdel, found.__doc__)
            redirect.member = made
            redirect.__set_name__(enum_class, name)
            type.__setattr__(enum_class, name, redirect)
            return
        if found is not None and (_is_descriptor(found) or callable(found) or type(found).__name__.endswith('descriptor')):
            redirect = property()
            redirect.fget = lambda instance: getattr(super(enum_class, instance), name)
            redirect.member = made
            redirect.__set_name__(enum_class, name)
            type.__setattr__(enum_class, name, redirect)
            return
    type.__setattr__(enum_class, name, made)


def _is_single_bit(value):
    return value > 0 and value & (value - 1) == 0


class EnumType(type):
    """The metaclass of enumerations."""

    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        metacls._check_for_existing_members_(cls, bases)
        body = _EnumDict()
        body._cls_name = cls
        member_type, first_enum = metacls._get_mixins_(cls, bases)
        if first_enum is not None:
            body['_generate_next_value_'] = getattr(first_enum, '_generate_next_value_', None)
        return body

    def __new__(metacls, cls, bases, classdict, *, boundary=None, _simple=False, **kwds):
        if _simple:
            return super().__new__(metacls, cls, bases, classdict, **kwds)
        classdict.setdefault('_ignore_', []).append('_ignore_')
        for name in classdict['_ignore_']:
            classdict.pop(name, None)
        member_names = classdict._member_names
        invalid = set(member_names) & {'mro', ''}
        if invalid:
            raise ValueError('invalid enum member name(s) '
                             + ','.join([repr(name) for name in invalid]))
        order = classdict.pop('_order_', None)
        gnv = classdict.get('_generate_next_value_')
        if gnv is not None and not isinstance(gnv, staticmethod):
            dict.__setitem__(classdict, '_generate_next_value_', staticmethod(gnv))
        member_type, first_enum = metacls._get_mixins_(cls, bases)
        new_member, save_new, use_args = metacls._find_new_(classdict, member_type, first_enum)
        values = {name: classdict[name] for name in member_names}
        set_item = dict.__setitem__
        for name, value in values.items():
            set_item(classdict, name, _Proto(value))
        boundary = boundary or getattr(first_enum, '_boundary_', None)
        for name, value in (
                ('_new_member_', new_member), ('_use_args_', use_args), ('_member_names_', []),
                ('_member_map_', {}), ('_value2member_map_', {}), ('_unhashable_values_', []),
                ('_member_type_', member_type),
                ('_value_repr_', metacls._find_data_repr_(cls, bases)),
                ('_boundary_', boundary), ('_flag_mask_', 0), ('_singles_mask_', 0),
                ('_all_bits_', 0), ('_inverted_', None)):
            set_item(classdict, name, value)
        made = super().__new__(metacls, cls, bases, dict(classdict), **kwds)
        made._finish(classdict, first_enum, member_type, save_new)
        if order is not None:
            made._check_order(order)
        return made

    def __init__(cls, *args, **kwds):
        # The keywords of the class statement were for `__new__`.
        pass

    def _finish(cls, classdict, first_enum, member_type, save_new):
        # Methods that a mixed-in type would hide are put back in front.
        if ReprEnum is not None and ReprEnum in cls.__bases__:
            if member_type is object:
                raise TypeError('ReprEnum subclasses must be mixed with a data type (i.e.'
                                ' int, str, float, etc.)')
            if '__format__' not in classdict:
                cls.__format__ = member_type.__format__
            if '__str__' not in classdict:
                method = member_type.__str__
                cls.__str__ = member_type.__repr__ if method is object.__str__ else method
        if first_enum is not None:
            names = ('__repr__', '__reduce_ex__', '__str__', '__format__')
            if ReprEnum is not None and ReprEnum in cls.__bases__:
                names = names[:2]
            for name in names:
                if name not in classdict:
                    found = getattr(cls, name, None)
                    if found in (getattr(member_type, name, None), getattr(object, name, None)):
                        setattr(cls, name, getattr(first_enum, name, None))
        if Enum is not None:
            if save_new:
                cls.__new_member__ = cls.__dict__['__new__']
            cls.__new__ = Enum.__new__
        if Flag is not None and issubclass(cls, Flag):
            for name in ('__or__', '__and__', '__xor__', '__ror__', '__rand__', '__rxor__',
                         '__invert__'):
                if name not in classdict:
                    setattr(cls, name, getattr(Flag, name))
            values = [member._value_ for member in cls]
            if values != sorted(values):
                cls._iter_member_ = cls._iter_member_by_def_

    def _check_order(cls, order):
        if isinstance(order, str):
            order = order.replace(',', ' ').split()
        names = cls._member_names_
        if Flag is not None and issubclass(cls, Flag):
            order = [name for name in order
                     if name not in cls._member_map_ or name in names]
        else:
            aliases = set(cls._member_map_) - set(names)
            order = [name for name in order if name not in aliases]
        if names != order:
            raise TypeError(f'member order does not match _order_:\n  {names!r}\n  {order!r}')

    def __bool__(cls):
        return True

    def __call__(cls, value=_MISSING, names=_MISSING, *values, module=None, qualname=None,
                 type=None, start=1, boundary=None):
        if cls._member_map_:
            if names is not _MISSING:
                value = (value, names, *values)
            if value is _MISSING:
                return cls.__new__(cls)
            return cls.__new__(cls, value)
        if names is _MISSING and type is None:
            raise TypeError(f'{cls} has no members; specify `names=()` if you meant to create '
                            'a new, empty, enum')
        return cls._create_(value, None if names is _MISSING else names, module=module,
                            qualname=qualname, type=type, start=start, boundary=boundary)

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        try:
            return value in cls._value2member_map_
        except TypeError:
            return value in cls._unhashable_values_

    def __delattr__(cls, name):
        if name in cls._member_map_:
            raise AttributeError(f'{cls.__name__!r} cannot delete member {name!r}.')
        super().__delattr__(name)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get('_member_map_', {}):
            raise AttributeError(f'cannot reassign member {name!r}')
        super().__setattr__(name, value)

    def __dir__(cls):
        names = set(['__class__', '__contains__', '__doc__', '__getitem__',
                     '__init_subclass__', '__iter__', '__len__', '__members__', '__module__',
                     '__name__', '__qualname__'] + cls._member_names_)
        if cls._new_member_ is not object.__new__:
            names.add('__new__')
        if cls.__init_subclass__ is not object.__init_subclass__:
            names.add('__init_subclass__')
        if cls._member_type_ is object:
            return sorted(names)
        return sorted(set(dir(cls._member_type_)) | names)

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        members = cls._member_map_
        return (members[name] for name in cls._member_names_)

    def __reversed__(cls):
        members = cls._member_map_
        return (members[name] for name in reversed(cls._member_names_))

    def __len__(cls):
        return len(cls._member_names_)

    @_property
    def __members__(cls):
        from types import MappingProxyType
        return MappingProxyType(cls._member_map_)

    def __repr__(cls):
        if Flag is not None and issubclass(cls, Flag):
            return f'<flag {cls.__name__!r}>'
        return f'<enum {cls.__name__!r}>'

    def _create_(cls, class_name, names, *, module=None, qualname=None, type=None, start=1,
                 boundary=None):
        # The call form: Enum('Name', 'A B'), with names in any of four shapes.
        metacls = cls.__class__
        bases = (cls,) if type is None else (type, cls)
        body = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(',', ' ').split()
        if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
            pairs = []
            given = []
            for count, name in enumerate(names):
                value = cls._generate_next_value_(name, start, count, given[:])
                given.append(value)
                pairs.append((name, value))
            names = pairs
        if names is None:
            names = ()
        for item in names:
            name, value = (item, names[item]) if isinstance(item, str) else item
            body[name] = value
        dict.__setitem__(body, '__module__', (calling_module(0) or '__main__') if module is None else module)
        if qualname is not None:
            dict.__setitem__(body, '__qualname__', qualname)
        return metacls.__new__(metacls, class_name, bases, body, boundary=boundary)

    def _convert_(cls, name, module, filter, source=None, *, boundary=None, as_global=False):
        """An enum of the constants of a module that the filter lets through, which take their places there."""
        import sys
        globals = sys.modules[module].__dict__
        found = globals if source is None else source.__dict__
        members = [(key, value) for key, value in found.items() if filter(key)]
        try:
            members.sort(key=lambda pair: (pair[1], pair[0]))
        except TypeError:
            members.sort(key=lambda pair: pair[0])
        made = cls._create_(name, members, module=module, boundary=boundary or KEEP)
        if as_global:
            global_enum(made)
        else:
            globals.update(made.__members__)
        globals[name] = made
        return made

    @staticmethod
    def _check_for_existing_members_(class_name, bases):
        for chain in bases:
            for base in chain.__mro__:
                if isinstance(base, EnumType) and base._member_names_:
                    raise TypeError(f'<enum {class_name!r}> cannot extend {base!r}')

    @classmethod
    def _get_mixins_(metacls, class_name, bases):
        # The data type that members are, and the enum that comes first.
        if not bases:
            return object, None
        first_enum = bases[-1]
        if not isinstance(first_enum, EnumType):
            raise TypeError('new enumerations should be created as '
                            '`EnumName([mixin_type, ...] [data_type,] enum_type)`')
        return metacls._find_data_type_(class_name, bases) or object, first_enum

    @staticmethod
    def _find_data_type_(class_name, bases):
        found = []
        for chain in bases:
            candidate = None
            for base in chain.__mro__:
                if base is object:
                    continue
                if isinstance(base, EnumType):
                    kind = base._member_type_
                    if kind is not object:
                        if kind not in found:
                            found.append(kind)
                        break
                    continue
                candidate = candidate or base
                if (base.__new__ is not object.__new__
                        or '__dataclass_fields__' in base.__dict__):
                    if candidate not in found:
                        found.append(candidate)
                    break
        if len(found) > 1:
            raise TypeError(f'too many data types for {class_name!r}: {set(found)!r}')
        return found[0] if found else None

    @staticmethod
    def _find_data_repr_(class_name, bases):
        for chain in bases:
            for base in chain.__mro__:
                if base is object:
                    continue
                if isinstance(base, EnumType):
                    return base._value_repr_
                if base.__repr__ is not object.__repr__:
                    params = base.__dict__.get('__dataclass_params__')
                    if params is not None and params.repr:
                        if not hasattr(base.__dict__.get('__repr__'), '__code__'):
                            return base.__repr__
                        return _dataclass_repr
                    return base.__repr__
        return None

    @staticmethod
    def _find_new_(classdict, member_type, first_enum):
        # The function that makes members, whether the class has its own, and
        # whether it takes the member's values.
        new = classdict.get('__new__')
        save = first_enum is not None and new is not None
        if new is None:
            plain = (None, object.__new__, getattr(Enum, '__new__', None))
            for name in ('__new_member__', '__new__'):
                for kind in (member_type, first_enum):
                    found = getattr(kind, name, None)
                    if found not in plain:
                        new = found
                        break
                if new is not None:
                    break
            else:
                new = object.__new__
        elif isinstance(new, staticmethod):
            new = new.__func__
        use_args = first_enum is not None and new is not object.__new__ and (
            Enum is None or new is not Enum.__new__)
        return new, save, use_args


def _dataclass_repr(instance):
    fields = instance.__dataclass_fields__
    return ', '.join([f'{name}={getattr(instance, name)!r}' for name in fields
                      if fields[name].repr])


EnumMeta = EnumType


class Enum(metaclass=EnumType):
    """The base of enumerations: `class Color(Enum): RED = 1`."""

    def __new__(cls, value=_MISSING):
        # All members exist; a call of the class looks one up.
        if type(value) is cls:
            return value
        try:
            return cls._value2member_map_[value]
        except KeyError:
            pass
        except TypeError:
            for member in cls._member_map_.values():
                if member._value_ == value:
                    return member
        if not cls._member_map_:
            if value is _MISSING:
                raise TypeError(f"{cls.__name__}.__new__() missing 1 required positional "
                                "argument: 'value'")
            raise TypeError(f'{cls!r} has no members defined')
        if value is _MISSING:
            raise TypeError("EnumType.__call__() missing 1 required positional argument: 'value'")
        try:
            failure = None
            result = cls._missing_(value)
        except Exception as error:
            failure = error
            result = None
        if isinstance(result, cls):
            return result
        if (Flag is not None and issubclass(cls, Flag) and cls._boundary_ is EJECT
                and isinstance(result, int)):
            return result
        invalid = ValueError(f'{value!r} is not a valid {cls.__qualname__}')
        if failure is None and result is None:
            raise invalid
        if failure is None:
            failure = TypeError(f'error in {cls.__name__}._missing_: returned {result!r} '
                                'instead of None or a valid member')
        if not isinstance(failure, ValueError):
            failure.__context__ = invalid
        raise failure

    def __init__(self, *args, **kwds):
        pass

    def _generate_next_value_(name, start, count, last_values):
        """The value of `auto()`: one more than the highest so far."""
        if not last_values:
            return start
        try:
            highest = sorted(last_values)[-1]
        except TypeError:
            for value in reversed(last_values):
                try:
                    return value + 1
                except TypeError:
                    pass
            return start
        try:
            return highest + 1
        except TypeError:
            return start

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        show = type(self)._value_repr_ or repr
        return f'<{type(self).__name__}.{self._name_}: {show(self._value_)}>'

    def __str__(self):
        return f'{type(self).__name__}.{self._name_}'

    def __dir__(self):
        names = set()
        if type(self)._member_type_ is not object:
            names = set(object.__dir__(self))
        for name in getattr(self, '__dict__', ()):
            if name[0] != '_' and name not in self._member_map_:
                names.add(name)
        for cls in type(self).__mro__:
            for name, value in cls.__dict__.items():
                if name[0] == '_':
                    continue
                if isinstance(value, property):
                    if value.fget is not None or name not in self._member_map_:
                        names.add(name)
                    else:
                        names.discard(name)
                elif name not in self._member_map_:
                    names.add(name)
        names |= {'__class__', '__doc__', '__eq__', '__hash__', '__module__'}
        return sorted(names)

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self

    @property
    def name(self):
        """The name of the member."""
        return self._name_

    @property
    def value(self):
        """The value of the member."""
        return self._value_


class ReprEnum(Enum):
    """An enum whose members print as their values do; only repr is an enum's."""


class IntEnum(int, ReprEnum):
    """An enum whose members are ints."""


class StrEnum(str, ReprEnum):
    """An enum whose members are strings."""

    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f'too many arguments for str(): {values!r}')
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError(f'{values[0]!r} is not a string')
        if len(values) >= 2 and not isinstance(values[1], str):
            raise TypeError(f'encoding must be a string, not {values[1]!r}')
        if len(values) == 3 and not isinstance(values[2], str):
            raise TypeError(f'errors must be a string, not {values[2]!r}')
        value = str(*values)
        made = str.__new__(cls, value)
        made._value_ = value
        return made

    def _generate_next_value_(name, start, count, last_values):
        """The value of `auto()`: the name in lower case."""
        return name.lower()


class FlagBoundary(StrEnum):
    """What becomes of bits that no member of a Flag has."""
    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()


STRICT, CONFORM, EJECT, KEEP = FlagBoundary


def bin(num, max_bits=None):
    """The bits of a number after its sign bit, as in '0b1 0101'."""
    width = (~num if num < 0 else num).bit_length()
    digits = _bin((1 << width) + (num & ((1 << width) - 1)))[3:]
    if num == 0:
        digits = '0'
    sign = '1' if num < 0 else '0'
    if max_bits is not None and len(digits) < max_bits:
        digits = sign * (max_bits - len(digits)) + digits
    return f'0b{sign} {digits}'


def _bits(value):
    while value:
        bit = value & -value
        yield bit
        value ^= bit


class Flag(Enum, boundary=STRICT):
    """An enum whose members are bits that can be combined."""

    _numeric_repr_ = repr

    def _generate_next_value_(name, start, count, last_values):
        """The value of `auto()`: the bit above the highest so far."""
        if not count:
            return start if start is not None else 1
        last = max(last_values)
        try:
            return 1 << last.bit_length()
        except Exception:
            raise TypeError(f'invalid flag value {last!r}') from None

    @classmethod
    def _iter_member_by_value_(cls, value):
        members = cls._value2member_map_
        for bit in _bits(value & cls._flag_mask_):
            found = members.get(bit)
            if found is not None:
                yield found

    _iter_member_ = _iter_member_by_value_

    @classmethod
    def _iter_member_by_def_(cls, value):
        yield from sorted(cls._iter_member_by_value_(value),
                          key=lambda member: member._sort_order_)

    @classmethod
    def _missing_(cls, value):
        # Makes, once, the member that stands for a combination of bits.
        if not isinstance(value, int):
            raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
        mask = cls._flag_mask_
        every = cls._all_bits_
        boundary = cls._boundary_
        negative = None
        if not ~every <= value <= every or value & (every ^ mask):
            if boundary is STRICT:
                width = max(value.bit_length(), mask.bit_length())
                raise ValueError(f'{cls!r} invalid value {value!r}\n    given '
                                 f'{bin(value, width)}\n  allowed {bin(mask, width)}')
            if boundary is EJECT:
                return value
            if boundary is CONFORM:
                value &= mask
            elif value < 0:
                value += max(every + 1, 1 << value.bit_length())
        if value < 0:
            negative = value
            value += every + 1
        made = cls._combine(value)
        made = cls._value2member_map_.setdefault(value, made)
        if negative is not None:
            cls._value2member_map_[negative] = made
        return made

    @classmethod
    def _combine(cls, value):
        keep = cls._boundary_ is KEEP
        unknown = value & ~cls._flag_mask_
        if unknown and not keep:
            raise ValueError(f'{cls.__name__}({value!r}) -->  unknown values {unknown!r} '
                             f'[{bin(unknown)}]')
        if cls._member_type_ is object:
            made = object.__new__(cls)
        else:
            made = cls._member_type_.__new__(cls, value)
        if not hasattr(made, '_value_'):
            made._value_ = value
        singles = value & cls._singles_mask_
        members = list(cls._iter_member_(singles))
        combined = singles
        if value & ~cls._singles_mask_:
            for other in cls._member_map_.values():
                bits = other._value_
                if other not in members and bits and bits & value == bits:
                    members.append(other)
                    combined |= bits
        unknown = value ^ combined
        made._name_ = '|'.join([other._name_ for other in members])
        if not combined:
            made._name_ = None
        elif unknown and cls._boundary_ is STRICT:
            raise ValueError(f'{cls!r}: no members with value {unknown!r}')
        elif unknown:
            made._name_ += f'|{cls._numeric_repr_(unknown)}'
        return made

    def __contains__(self, other):
        if not isinstance(other, type(self)):
            raise TypeError(f"unsupported operand type(s) for 'in': "
                            f'{type(other).__qualname__!r} and {type(self).__qualname__!r}')
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        yield from self._iter_member_(self._value_)

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        show = type(self)._value_repr_ or repr
        if self._name_ is None:
            return f'<{type(self).__name__}: {show(self._value_)}>'
        return f'<{type(self).__name__}.{self._name_}: {show(self._value_)}>'

    def __str__(self):
        if self._name_ is None:
            return f'{type(self).__name__}({self._value_!r})'
        return f'{type(self).__name__}.{self._name_}'

    def __bool__(self):
        return bool(self._value_)

    def _bits_of(self, other):
        if isinstance(other, type(self)):
            return other._value_
        if self._member_type_ is not object and isinstance(other, self._member_type_):
            return other
        return NotImplemented

    def __or__(self, other):
        bits = self._bits_of(other)
        return bits if bits is NotImplemented else type(self)(self._value_ | bits)

    def __and__(self, other):
        bits = self._bits_of(other)
        return bits if bits is NotImplemented else type(self)(self._value_ & bits)

    def __xor__(self, other):
        bits = self._bits_of(other)
        return bits if bits is NotImplemented else type(self)(self._value_ ^ bits)

    def __invert__(self):
        if self._inverted_ is None:
            if self._boundary_ in (EJECT, KEEP):
                self._inverted_ = type(self)(~self._value_)
            else:
                self._inverted_ = type(self)(self._singles_mask_ & ~self._value_)
        return self._inverted_

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


class IntFlag(int, ReprEnum, Flag, boundary=KEEP):
    """A Flag whose members are ints."""


def unique(enumeration):
    """Refuse an enum in which two names share a value."""
    aliases = [f'{name} -> {member.name}'
               for name, member in enumeration.__members__.items() if name != member.name]
    if aliases:
        raise ValueError(f'duplicate values found in {enumeration!r}: {", ".join(aliases)}')
    return enumeration


class EnumCheck(StrEnum):
    """What `verify` can check."""
    CONTINUOUS = 'no skipped integer values'
    NAMED_FLAGS = 'multi-flag aliases may not contain unnamed flags'
    UNIQUE = 'one name per value'


CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck


class verify:
    """Check an enum when its class is made."""

    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        for check in self.checks:
            if check is UNIQUE:
                self._check_unique(enumeration)
            elif check is CONTINUOUS:
                self._check_continuous(enumeration)
            elif check is NAMED_FLAGS:
                self._check_named(enumeration)
        return enumeration

    def _check_unique(self, enumeration):
        aliases = [f'{name} -> {member.name}'
                   for name, member in enumeration.__members__.items() if name != member.name]
        if aliases:
            raise ValueError(f'aliases found in {enumeration!r}: {", ".join(aliases)}')

    def _check_continuous(self, enumeration):
        values = {member.value for member in enumeration}
        if len(values) < 2:
            return
        if issubclass(enumeration, Flag):
            low = min(values).bit_length() - 1
            expected = [1 << place for place in range(low, max(values).bit_length())]
        elif issubclass(enumeration, Enum):
            expected = range(min(values), max(values) + 1)
        else:
            raise Exception("verify: unknown type %r" % type(enumeration))
        missing = [value for value in expected if value not in values]
        if missing:
            kind = 'flag' if issubclass(enumeration, Flag) else 'enum'
            raise ValueError(f'invalid {kind} {enumeration.__name__!r}: missing values '
                             f'{", ".join([str(value) for value in missing])}'[:256])

    def _check_named(self, enumeration):
        names = enumeration._member_names_
        values = {member.value for member in enumeration}
        bad = []
        missing = 0
        for name, alias in enumeration._member_map_.items():
            if name in names or alias.value < 0:
                continue
            unnamed = [bit for bit in _bits(alias.value) if bit not in values]
            if unnamed:
                bad.append(name)
                missing |= sum(unnamed)
        if bad:
            if len(bad) == 1:
                what = f'alias {bad[0]} is missing'
            else:
                what = f'aliases {", ".join(bad[:-1])} and {bad[-1]} are missing'
            value = (f'value {missing:#x}' if _is_single_bit(missing)
                     else f'combined values of {missing:#x}')
            raise ValueError(f'invalid Flag {enumeration.__name__!r}: {what} {value} '
                             '[use enum.show_flag_values(value) for details]')


def show_flag_values(value):
    return list(_bits(value))


def global_enum_repr(self):
    module = self.__class__.__module__.split('.')[-1]
    return f'{module}.{self._name_}'


def global_flag_repr(self):
    module = self.__class__.__module__.split('.')[-1]
    if self._name_ is None:
        return f'{module}.{type(self).__name__}({self._value_})'
    return '|'.join([name if name[0] in '0123456789' else f'{module}.{name}'
                     for name in self._name_.split('|')])


def global_str(self):
    return type(self).__name__ + f'({self._value_!r})' if self._name_ is None else self._name_


def global_enum(cls, update_str=False):
    """Let the members show as names of their module, and be such names."""
    import sys
    cls.__repr__ = global_flag_repr if issubclass(cls, Flag) else global_enum_repr
    if not issubclass(cls, ReprEnum) or update_str:
        cls.__str__ = global_str
    sys.modules[cls.__module__].__dict__.update(cls.__members__)
    return cls


def _iter_bits_lsb(number):
    """The bits of a number, the lowest first."""
    number = getattr(number, '_value_', number)
    if number < 0:
        raise ValueError(f'{number!r} is not a positive integer')
    while number:
        bit = number & (~number + 1)
        yield bit
        number ^= bit


def _simple_enum(etype=Enum, *, boundary=None, use_args=None):
    """A decorator that makes an enum of a plain class."""
    def convert(cls):
        kind = type(etype)
        body = kind.__prepare__(cls.__name__, (etype,))
        for name, value in list(cls.__dict__.items()):
            if name not in ('__dict__', '__weakref__'):
                body[name] = value
        options = {} if boundary is None else {'boundary': boundary}
        made = kind(cls.__name__, (etype,), body, **options)
        made.__qualname__ = cls.__qualname__
        return made
    return convert


def _test_simple_enum(checked_enum, simple_enum):
    """Complain where two enums have not the same members."""
    def members(kind):
        return [(name, member._value_) for name, member in kind.__members__.items()]
    if members(checked_enum) != members(simple_enum):
        raise TypeError(f'enum mismatch:\n   {members(checked_enum)!r} != {members(simple_enum)!r}')


def _reduce_ex_by_global_name(self, proto):
    return self.name


def pickle_by_global_name(self, proto):
    """A member is pickled as a global name of its module."""
    return self.name


def pickle_by_enum_name(self, proto):
    """A member is pickled as an attribute of its class."""
    return getattr, (self.__class__, self._name_)


def _make_class_unpicklable(obj):
    """Have a class say that it cannot be pickled."""
    def refuse(self, proto):
        raise TypeError(f'{self!r} cannot be pickled')
    if isinstance(obj, dict):
        obj['__reduce_ex__'] = refuse
        obj['__module__'] = '<unknown>'
    else:
        obj.__reduce_ex__ = refuse
        obj.__module__ = '<unknown>'
