"""The machine's own Python behind its built-ins.

A native that meets program code (an `__eq__`, a key function, an iterator that is
a generator) calls the function here that means the same. Names with two
underscores at both ends are called by natives; plain names such as
`dict_candidates` are intrinsics of the machine.
"""

_END = object()


# ---- equality, order, hashing

def __equal__(a, b):
    if own_method(a, '__eq__') is not None or own_method(b, '__eq__') is not None:
        return True if a == b else False
    a, b = payload(a), payload(b)
    kind = type(a)
    if kind is dict:
        if len(a) != len(b):
            return False
        for key in a:
            if key not in b:
                return False
            x, y = a[key], b[key]
            if not (x is y or x == y):
                return False
        return True
    if kind is slice:
        return (a.start, a.stop, a.step) == (b.start, b.stop, b.step)
    if kind is list or kind is tuple or hasattr(kind, 'maxlen'):
        if len(a) != len(b):
            return False
        for x, y in zip(a, b):
            if not (x is y or x == y):
                return False
        return True
    return len(a) == len(b) and __all_in__(a, b)


def __order__(operator, a, b):
    # 0 <, 1 <=, 2 >, 3 >=
    a, b = payload(a), payload(b)
    if isinstance(a, (set, frozenset)):
        if operator > 1:
            a, b = b, a
        if len(a) > len(b) or operator in (0, 2) and len(a) == len(b):
            return False
        return __all_in__(a, b)
    for x, y in zip(a, b):
        if not (x is y or x == y):
            break
    else:
        x, y = len(a), len(b)
    if operator == 0:
        return x < y
    if operator == 1:
        return x <= y
    if operator == 2:
        return x > y
    return x >= y


def __call_special__(method, this, *rest):
    """A special method that is a descriptor, called as one that is read through the object."""
    return type(method).__get__(method, this, type_of(this))(*rest)


def __call_own__(method, this, *rest):
    """As `__call_special__`; quicker where the method is a function, as it mostly is, or built in."""
    kind = type_of(method)
    if kind is type_of(__equal__) or not hasattr(kind, '__get__'):
        return method(this, *rest)
    return __call_special__(method, this, *rest)


def __call_eq__(a, b):
    return __equal__(payload(a), payload(b))


def __call_ne__(a, b):
    return not __equal__(payload(a), payload(b))


def __call_lt__(a, b):
    return __order__(0, a, b)


def __call_le__(a, b):
    return __order__(1, a, b)


def __call_gt__(a, b):
    return __order__(2, a, b)


def __call_ge__(a, b):
    return __order__(3, a, b)


def __hash_of__(value):
    method = own_method(value, '__hash__')
    if method is None:
        return tuple_hash([hash(item) for item in payload(value)])
    found = __call_own__(method, value)
    if not isinstance(found, int):
        raise TypeError('__hash__ method should return an integer')
    if not -0x8000000000000000 <= found <= 0x7fffffffffffffff:
        found = hash(payload(found))
    return -2 if found == -1 else payload(found)


def __contains_in__(container, item):
    for other in container:
        if other is item or other == item:
            return True
    return False


__sequence_contains__ = __contains_in__


def __all_in__(small, large):
    for item in small:
        if item not in large:
            return False
    return True


# ---- iteration

def __collect__(callee, arguments, place):
    arguments[place] = [item for item in arguments[place]]
    return callee(*arguments)


def __listed__(source):
    return [item for item in source]


def __iter_getitem__(source):
    return dress(_items_at(source), 'iterator')


def _items_at(source):
    place = 0
    while True:
        try:
            item = source[place]
        except (IndexError, StopIteration):
            return
        yield item
        place += 1


def __iter_sentinel__(function, sentinel):
    return dress(_until(function, sentinel), 'iterator')


def _until(function, sentinel):
    try:
        while True:
            item = function()
            if item is sentinel or item == sentinel:
                return
            yield item
    except StopIteration:
        return


def __reversed_sequence__(sequence):
    return dress(_reversed(sequence, len(sequence)), 'reversed')


def _reversed(sequence, place):
    while place > 0:
        place -= 1
        try:
            item = sequence[place]
        except (IndexError, StopIteration):
            return
        yield item


def __enumerate__(iterable, start):
    return dress(_enumerate(iter(iterable), start), 'enumerate')


def _enumerate(iterator, count):
    for item in iterator:
        yield count, item
        count += 1


def __map__(function, *iterables):
    if len(iterables) == 1:
        return dress(_map_one(function, iter(iterables[0])), 'map')
    return dress(_map(function, [iter(iterable) for iterable in iterables]), 'map')


def _map_one(function, iterator):
    try:
        for item in iterator:
            yield function(item)
    except StopIteration:
        return


def _map(function, iterators):
    try:
        while True:
            row = []
            for iterator in iterators:
                row.append(next(iterator))
            yield function(*row)
    except StopIteration:
        return


def __filter__(function, iterable):
    return dress(_filter(function, iter(iterable)), 'filter')


def _filter(function, iterator):
    if function is None or function is bool:
        for item in iterator:
            if item:
                yield item
        return
    try:
        for item in iterator:
            if function(item):
                yield item
    except StopIteration:
        return


def __zip__(strict, *iterables):
    return dress(_zip([iter(iterable) for iterable in iterables], strict), 'zip')


def _zip(iterators, strict):
    while True:
        row = []
        for iterator in iterators:
            item = next(iterator, _END)
            if item is _END:
                if strict:
                    _zip_end(iterators, len(row))
                return
            row.append(item)
        yield tuple(row)


def _zip_end(iterators, place):
    if place:
        others = ' 1' if place == 1 else f's 1-{place}'
        raise ValueError(f'zip() argument {place + 1} is shorter than argument{others}')
    for place in range(1, len(iterators)):
        if next(iterators[place], _END) is not _END:
            others = ' 1' if place == 1 else f's 1-{place}'
            raise ValueError(f'zip() argument {place + 1} is longer than argument{others}')


def __any__(iterable):
    for item in iterable:
        if item:
            return True
    return False


def __all__(iterable):
    for item in iterable:
        if not item:
            return False
    return True


def __sum__(source, start):
    if type(source) is not list:
        return sum([item for item in source], start)
    total = start
    for item in source:
        total = total + item
    return total


def __min_max__(largest, arguments, key, default):
    best = best_key = _END
    for item in arguments[0] if len(arguments) == 1 else arguments:
        item_key = item if key is None else key(item)
        if best is _END or (item_key > best_key if largest else item_key < best_key):
            best, best_key = item, item_key
    if best is not _END:
        return best
    if default is None:
        raise ValueError(f"{'max' if largest else 'min'}() iterable argument is empty")
    return default[0]


# ---- sorting

def __sorted__(iterable, key, reverse):
    items = [item for item in iterable]
    __list_sort__(items, key, reverse)
    return items


def __list_sort__(target, key, reverse):
    items = list_take(target)
    try:
        keys = None if key is None else [key(item) for item in items]
        if not sort_keyed(items, keys, reverse):
            from _sorting import merge_sort
            if reverse:
                items.reverse()
                if keys is not None:
                    keys.reverse()
            merge_sort(items, keys)
            if reverse:
                items.reverse()
    finally:
        modified = list_put(target, items)
    if modified:
        raise ValueError('list modified during sort')


# ---- lists, tuples, ranges

def __list_new__(cls, items):
    return list.__new__(cls, [item for item in items])


def __list_init__(self, items):
    items = [item for item in items]
    self.clear()
    self.extend(items)


def __list_extend__(self, items):
    append = self.append
    for item in items:
        append(item)


def __list_iadd__(self, items):
    append = payload(self).append
    for item in items:
        append(item)
    return self


def __set_slice__(self, key, items):
    self[key] = [item for item in items]


def _place_of(sequence, wanted, start, stop):
    start, stop, _ = slice(start, stop).indices(len(sequence))
    place = start
    while place < stop and place < len(sequence):
        item = sequence[place]
        if item is wanted or item == wanted:
            return place
        place += 1
    return -1


def __list_index__(self, wanted, start=0, stop=0x7fffffffffffffff):
    place = _place_of(self, wanted, start, stop)
    if place < 0:
        raise ValueError(f'{wanted!r} is not in list')
    return place


def __tuple_index__(self, wanted, start=0, stop=0x7fffffffffffffff):
    place = _place_of(self, wanted, start, stop)
    if place < 0:
        raise ValueError('tuple.index(x): x not in tuple')
    return place


def __list_remove__(self, wanted):
    place = _place_of(self, wanted, 0, 0x7fffffffffffffff)
    if place < 0:
        raise ValueError('list.remove(x): x not in list')
    del self[place]


def __list_count__(self, wanted):
    total = 0
    for item in self:
        if item is wanted or item == wanted:
            total += 1
    return total


def __tuple_new__(cls, items):
    return tuple.__new__(cls, [item for item in items])


def __set_item_at__(sequence, key, value):
    sequence[_key(key)] = value


def __delete_item_at__(sequence, key):
    del sequence[_key(key)]


def __get_item_at__(sequence, key):
    return sequence[_key(key)]


def _key(key):
    if type(key) is not slice:
        return _index(key)
    parts = [part if part is None else _index(part) for part in (key.start, key.stop, key.step)]
    return slice(*parts)


def _index(value):
    if isinstance(value, int):
        return payload(value)
    number = type(value).__index__(value)
    if not isinstance(number, int):
        raise TypeError(f'__index__ returned non-int (type {type(number).__name__})')
    return number


def __range_new__(*bounds):
    return range(*[_index(bound) for bound in bounds])


def __range_index__(self, wanted):
    place = 0
    for item in self:
        if item == wanted:
            return place
        place += 1
    raise ValueError('sequence.index(x): x not in sequence')


# Ranges whose bounds or length do not fit 64 bits.

def _range_length(r):
    span = r.stop - r.start if r.step > 0 else r.start - r.stop
    stride = abs(r.step)
    return (span + stride - 1) // stride if span > 0 else 0


def __wide_range_item__(self, key):
    length, start, step = _range_length(self), self.start, self.step
    if type(key) is not slice:
        if own_method(key, '__index__') is None and not isinstance(key, int):
            raise TypeError(f'range indices must be integers or slices, not {type(key).__name__}')
        place = _index(key)
        if place < 0:
            place += length
        if not 0 <= place < length:
            raise IndexError('range object index out of range')
        return start + place * step
    stride = 1 if key.step is None else _index(key.step)
    if stride == 0:
        raise ValueError('slice step cannot be zero')
    low, high = (0, length) if stride > 0 else (-1, length - 1)
    first, last = [_range_place(part, usual, low, high, length)
                   for part, usual in ((key.start, low if stride > 0 else high), (key.stop, high if stride > 0 else low))]
    return range(start + first * step, start + last * step, step * stride)


def _range_place(part, usual, low, high, length):
    if part is None:
        return usual
    place = _index(part)
    if place < 0:
        place += length
    return low if place < low else high if place > high else place


def __wide_range_iter__(self):
    return dress(_range_items(self.start, self.stop, self.step), 'longrange_iterator')


def _range_items(number, stop, step):
    while number < stop if step > 0 else number > stop:
        yield number
        number += step


def __wide_range_reversed__(self):
    return __wide_range_iter__(__wide_range_item__(self, slice(None, None, -1)))


def __wide_range_contains__(self, item):
    if type(item) is not int and type(item) is not bool:
        return __contains_in__(self, item)
    inside = self.start <= item < self.stop if self.step > 0 else self.stop < item <= self.start
    return inside and (item - self.start) % self.step == 0


def __wide_range_index__(self, item):
    if type(item) is not int and type(item) is not bool:
        return __range_index__(self, item)
    if not __wide_range_contains__(self, item):
        raise ValueError(f'{item} is not in range')
    return (item - self.start) // self.step


def __wide_range_count__(self, item):
    if type(item) is not int and type(item) is not bool:
        return __list_count__(self, item)
    return int(__wide_range_contains__(self, item))


# ---- dicts

def _probe(table, key):
    # Hash, the equal key that is there (or the key itself), and whether it was found.
    found = hash(key)
    for other in dict_candidates(table, found):
        if other is key or other == key:
            return found, other, True
    return found, key, False


def __dict_find__(self, key):
    return _probe(self, key)[2]


def __dict_get__(self, key):
    return __dict_get_or__(self, key)


def __dict_get_or__(self, key, default=None):
    code, key, found = _probe(self, key)
    return dict_value(self, code, key) if found else default


def __dict_contains__(self, key):
    return _probe(self, key)[2]


def __dict_item__(self, key, owner=None):
    table = payload(self)
    code, place, found = _probe(table, key)
    if found:
        return dict_value(table, code, place)
    if owner is None:
        owner = self
    missing = own_method(owner, '__missing__')
    if missing is None:
        raise KeyError(key)
    return missing(owner, key)


def __dict_set__(self, key, value):
    code, key, _ = _probe(self, key)
    dict_store(self, code, key, value)


def __dict_remove__(self, key):
    code, place, found = _probe(self, key)
    return dict_drop(self, code, place) if found else None


def __dict_delete__(self, key):
    table = payload(self)
    code, place, found = _probe(table, key)
    if not found:
        raise KeyError(key)
    dict_drop(table, code, place)


def __dict_setdefault__(self, key, default=None):
    code, place, found = _probe(self, key)
    if found:
        return dict_value(self, code, place)
    dict_store(self, code, key, default)
    return default


def __dict_pop__(self, key, *default):
    code, place, found = _probe(self, key)
    if found:
        return dict_drop(self, code, place)
    if default:
        return default[0]
    raise KeyError(key)


def __dict_new__(cls, source, keywords):
    made = {}
    __dict_fill__(made, source, keywords)
    return dict.__new__(cls, made)


def __dict_fill__(self, source, keywords):
    if hasattr(source, 'keys'):
        for key in source.keys():
            self[key] = source[key]
    else:
        place = 0
        for pair in source:
            try:
                iterator = iter(pair)
            except TypeError:
                raise TypeError(f'cannot convert dictionary update sequence element #{place} to a sequence') from None
            pair = [item for item in iterator]
            if len(pair) != 2:
                raise ValueError(f'dictionary update sequence element #{place} has length {len(pair)}; 2 is required')
            self[pair[0]] = pair[1]
            place += 1
    if keywords:
        self.update(keywords)


def __dict_update__(self, source):
    for key in source.keys():
        self[key] = source[key]


def __dict_fromkeys__(cls, keys, value):
    made = cls()
    for key in keys:
        made[key] = value
    return made


def __build_dict__(items):
    made = {}
    for place in range(0, len(items), 2):
        made[items[place]] = items[place + 1]
    return made


def __view_operator__(operator, a, b):
    a = set(a)
    if operator == 8:
        return a.intersection(b)
    if operator == 9:
        return a.union(b)
    if operator == 1:
        return a.difference(b)
    return a.symmetric_difference(b)


def __view_isdisjoint__(self, other):
    for item in other:
        if item in self:
            return False
    return True


# ---- sets

def _set_probe(table, item):
    found = hash(item)
    for other in set_candidates(table, found):
        if other is item or other == item:
            return found, other, True
    return found, item, False


def __set_find__(self, item):
    return _set_probe(self, item)[2]


__set_contains__ = __set_find__


def __set_add__(self, item):
    code, item, found = _set_probe(self, item)
    if not found:
        set_insert(self, code, item)


def __set_remove__(self, item):
    code, place, found = _set_probe(self, item)
    if not found:
        raise KeyError(item)
    set_drop(self, code, place)


def __set_discard__(self, item):
    code, place, found = _set_probe(self, item)
    if found:
        set_drop(self, code, place)


def __build_set__(items):
    made = set()
    for item in items:
        made.add(item)
    return made


def __set_new__(cls, items):
    made = __build_set__(items)
    if cls is not set:
        items, made = made, set.__new__(cls)
        set_assign(made, items)
    return made


def __frozenset_new__(cls, items):
    made = frozenset.__new__(cls)
    set_assign(made, __build_set__(items))
    return made


def __set_init__(self, items):
    set_assign(self, __build_set__(items))


def _like(self, made):
    return __frozenset_new__(frozenset, made) if type(self) is frozenset else made


def __set_update__(self, *others):
    for other in others:
        for item in other:
            self.add(item)


def __set_union__(self, *others):
    made = set(self)
    __set_update__(made, *others)
    return _like(self, made)


def _intersection(made, others):
    for other in others:
        if isinstance(other, (set, frozenset)) and len(other) > len(made):
            made, other = other, made
        made = __build_set__([item for item in other if item in made])
    return made


def __set_intersection__(self, *others):
    return _like(self, _intersection(set(self), others))


def __set_intersection_update__(self, *others):
    __set_init__(self, _intersection(set(self), others))


def __set_difference_update__(self, *others):
    for other in others:
        if other is self:
            self.clear()
        else:
            for item in other:
                self.discard(item)


def __set_difference__(self, *others):
    made = set(self)
    for other in others:
        if isinstance(other, (set, frozenset, dict)):
            made = __build_set__([item for item in made if item not in other])
        else:
            __set_difference_update__(made, other)
    return _like(self, made)


def __set_symmetric_difference__(self, other):
    made = __build_set__(other)
    for item in self:
        if item in made:
            made.discard(item)
        else:
            made.add(item)
    return _like(self, made)


def __set_symmetric_difference_update__(self, other):
    for item in __build_set__(other):
        if item in self:
            self.discard(item)
        else:
            self.add(item)


def __set_isdisjoint__(self, other):
    for item in other:
        if item in self:
            return False
    return True


def __set_issubset__(self, other):
    return __all_in__(self, __build_set__(other))


def __set_issuperset__(self, other):
    return __all_in__(other, self)


# ---- deques

def __deque_new__(base, cls, source, maxlen):
    return base.__new__(cls, [item for item in source], maxlen)


def __deque_init__(self, source, maxlen):
    self.__init__([item for item in source], maxlen)


def __deque_extend__(self, items):
    for item in items:
        self.append(item)


def __deque_extendleft__(self, items):
    for item in items:
        self.appendleft(item)


def __deque_index__(self, wanted, start=0, stop=0x7fffffffffffffff):
    place = _place_of(self, wanted, start, stop)
    if place < 0:
        raise ValueError(f'{wanted!r} is not in deque')
    return place


def __deque_remove__(self, wanted):
    place = _place_of(self, wanted, 0, 0x7fffffffffffffff)
    if place < 0:
        raise ValueError(f'{wanted!r} is not in deque')
    del self[place]


# ---- numbers

def _real(value):
    return value if isinstance(value, (int, float)) else float(value)


def __with_floats__(function, *arguments):
    return function(*[_real(value) for value in arguments])


def __with_integers__(function, *arguments):
    return function(*[value if value is None else _index(value) for value in arguments])


def __with_float_lists__(function, *arguments):
    return function(*[[_real(value) for value in argument] for argument in arguments])


def __isclose__(function, a, b, relative, absolute):
    return function(_real(a), _real(b), rel_tol=relative, abs_tol=absolute)


def __prod__(source, start):
    if type(source) is not list:
        from math import prod
        return prod([item for item in source], start=start)
    total = start
    for item in source:
        total = total * item
    return total


def __sumprod__(p, q):
    if type(p) is not list or type(q) is not list:
        from math import sumprod
        return sumprod([item for item in p], [item for item in q])
    total = 0
    for x, y in zip(p, q):
        total = total + x * y
    return total


def __random_seeded__(method, generator, *arguments):
    generator.seed(fresh_seed())
    return method(generator, *arguments)


# ---- regular expressions

def __re_error__(message, pattern, position):
    from re import error
    raise error(message, pattern, position)


def __sub_callback__(pattern, function, text, count, counted):
    # Results are texts of the same kind as `text`.
    parts = []
    last = made = 0
    for match in pattern.finditer(text):
        if count and made >= count:
            break
        start, end = match.span()
        if last < start:
            parts.append(text[last:start])
        part = function(match)
        if part is not None:
            parts.append(part)
        last = end
        made += 1
    if last < len(text):
        parts.append(text[last:])
    result = text[:0].join(parts)
    return (result, made) if counted else result


# ---- classes

def __construct__(cls, arguments, keywords):
    made = new_class(cls, arguments, keywords)
    if subclass_of(type_of(made), cls):
        return call_init(made, arguments, keywords)
    return made


def __derived__(cls, base, arguments, keywords):
    return base.__new__(cls, base(*arguments, **keywords))


def __initialize__(made, arguments, keywords):
    return call_init(made, arguments, keywords)


def _real_bases(bases):
    real = []
    for base in bases:
        entries = None if isinstance(base, type) else getattr(base, '__mro_entries__', None)
        if entries is None:
            real.append(base)
            continue
        entries = entries(bases)
        if not isinstance(entries, tuple):
            raise TypeError('__mro_entries__ must return a tuple')
        real.extend(entries)
    return tuple(real)


def __build_class__(body, name, *bases, metaclass=None, **keywords):
    real = bases
    for base in bases:
        if not isinstance(base, type):
            real = _real_bases(bases)
            break
    meta = metaclass
    if meta is None:
        meta = type(real[0]) if real else type
    if isinstance(meta, type):
        for base in real:
            kind = type(base)
            if kind is meta or issubclass(meta, kind):
                continue
            if not issubclass(kind, meta):
                raise TypeError('metaclass conflict: the metaclass of a derived class must be a (non-strict) '
                                'subclass of the metaclasses of all its bases')
            meta = kind
    namespace = {}
    if meta is not type:
        prepare = getattr(meta, '__prepare__', None)
        if prepare is not None:
            namespace = prepare(name, real, **keywords)
    run_class_body(body, namespace)
    if real is not bases:
        namespace['__orig_bases__'] = bases
    made = meta(name, real, namespace, **keywords)
    if '__classcell__' in namespace:
        _check_class_cell(namespace['__classcell__'], name, made)
    return made


def _check_class_cell(cell, name, made):
    # A metaclass that makes the class of another namespace has to hand the cell on.
    if not isinstance(made, type) or not hasattr(type(cell), 'cell_contents'):
        return
    try:
        held = cell.cell_contents
    except ValueError:
        raise RuntimeError(f'__class__ not set defining {name!r} as {made!r}. Was __classcell__ propagated to type.__new__?') from None
    if held is not made:
        raise TypeError(f'__class__ set to {held!r} defining {name!r} as {made!r}')


def __finish_class__(cls, keywords=None):
    for name, value in list(cls.__dict__.items()):
        hook = own_method(value, '__set_name__')
        if hook is not None:
            hook(value, cls, name)
    super(cls, cls).__init_subclass__(**(keywords or {}))
    return cls


# ---- generators

def __throw_class__(generator, cls, arguments):
    return generator.throw(cls(*arguments))


def __close_generator__(generator):
    try:
        generator.throw(GeneratorExit())
    except (GeneratorExit, StopIteration):
        return None
    kind = type_of(generator).__name__.replace('_', ' ')
    raise RuntimeError(f'{kind} ignored GeneratorExit')


# ---- code from text

def __evaluate__(source, globals, locals, mode):
    if '__builtins__' not in globals:
        globals['__builtins__'] = _builtins.__dict__
    if isinstance(source, (str, bytes, bytearray)):
        if not isinstance(source, str):
            source = source.decode()
        if mode == 'eval':
            source = source.lstrip(' \t')
        source = ask_compile(source, '<string>', mode)
    result = run_code(source, globals, locals)
    return result if mode == 'eval' else None


def __run_with_locals__(function, globals, locals):
    # One namespace of both: what the text changes goes back into the locals.
    merged = dict(globals)
    for name in locals.keys():
        merged[name] = locals[name]
    before = dict(merged)
    try:
        return run_code(function, merged, merged)
    finally:
        for name, value in merged.items():
            if name not in before or before[name] is not value:
                locals[name] = value
        for name in before:
            if name not in merged:
                del locals[name]


# ---- match

_SELF_MATCHING = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)


def __match_class__(subject, cls, names, count):
    if not isinstance(subject, cls):
        return None
    values, seen = [], []
    if count:
        positional = getattr(cls, '__match_args__', _END)
        if positional is _END:
            if issubclass(cls, _SELF_MATCHING):
                if count > 1:
                    raise TypeError(f'{cls.__name__}() accepts 1 positional sub-pattern ({count} given)')
                values.append(subject)
                count = 0
            positional = ()
        if not isinstance(positional, tuple):
            raise TypeError(f'{cls.__name__}.__match_args__ must be a tuple (got {type(positional).__name__})')
        if count > len(positional):
            plural = '' if len(positional) == 1 else 's'
            raise TypeError(f'{cls.__name__}() accepts {len(positional)} positional sub-pattern{plural} ({count} given)')
        for name in positional[:count]:
            if not isinstance(name, str):
                raise TypeError(f'__match_args__ elements must be strings (got {type(name).__name__})')
            if not _match_attribute(subject, cls, name, values, seen):
                return None
    for name in names:
        if not _match_attribute(subject, cls, name, values, seen):
            return None
    return tuple(values)


def _match_attribute(subject, cls, name, values, seen):
    if name in seen:
        raise TypeError(f'{cls.__name__}() got multiple sub-patterns for attribute {name!r}')
    seen.append(name)
    value = getattr(subject, name, _END)
    values.append(value)
    return value is not _END


def __match_keys__(subject, keys):
    values = []
    for key in keys:
        value = subject.get(key, _END)
        if value is _END:
            return None
        values.append(value)
    return tuple(values)


# ---- answers

def __hydrate__(value, annotation, owner=None):
    """Plain data of an answer as what the annotation says: instances, members, nested containers."""
    if isinstance(annotation, str):
        try:
            annotation = _read_type(_tokens(annotation), _names_of(owner))
        except Exception:
            return value
    arguments = getattr(annotation, '__args__', None)
    origin = getattr(annotation, '__origin__', None)
    if arguments and not isinstance(annotation, type):
        return _hydrate_generic(value, annotation, origin, arguments)
    if not isinstance(annotation, type):
        return value
    fields = getattr(annotation, '__dataclass_fields__', None)
    if fields is not None and isinstance(value, dict):
        return annotation(**{name: __hydrate__(value[name], field.type, annotation)
                             for name, field in fields.items() if name in value})
    if isinstance(value, dict) and hasattr(annotation, 'model_fields'):
        return annotation(**value)
    hints = getattr(annotation, '__annotations__', {})
    if issubclass(annotation, tuple) and hasattr(annotation, '_fields') and isinstance(value, (dict, list, tuple)):
        if not isinstance(value, dict):
            value = dict(zip(annotation._fields, value))
        return annotation(**{name: __hydrate__(item, hints.get(name), annotation) for name, item in value.items()})
    if hasattr(annotation, '__members__'):
        return _hydrate_member(value, annotation)
    if hasattr(annotation, '__total__') and isinstance(value, dict):
        return {name: __hydrate__(item, hints.get(name), annotation) for name, item in value.items()}
    if annotation is float and type(value) is int:
        return float(value)
    if annotation in (tuple, set, frozenset) and isinstance(value, list):
        return annotation(value)
    return value


def _names_of(owner):
    import sys
    module = sys.modules.get(getattr(owner, '__module__', None))
    return {} if module is None else module.__dict__


def _tokens(text):
    # Names, brackets, commas and bars of an annotation that is a text; anything else makes it unreadable later.
    tokens, word = [], ''
    for letter in text + ' ':
        if letter.isalnum() or letter in '_.':
            word += letter
            continue
        if word:
            tokens.append(word)
            word = ''
        if letter != ' ':
            tokens.append(letter)
    return tokens


def _read_type(tokens, names):
    made = _read_type_part(tokens, names)
    while tokens and tokens[0] == '|':
        tokens.pop(0)
        made = made | _read_type_part(tokens, names)
    return made


def _read_type_part(tokens, names):
    word = tokens.pop(0)
    if word == '...':
        return Ellipsis
    if word == 'None':
        return None
    first, *rest = word.split('.')
    if first in names:
        made = names[first]
    else:
        made = getattr(builtins, first)
    for name in rest:
        made = getattr(made, name)
    if tokens and tokens[0] == '[':
        parts = []
        while tokens.pop(0) != ']':
            parts.append(_read_type(tokens, names))
        made = made[tuple(parts) if len(parts) > 1 else parts[0]]
    return made


def _hydrate_member(value, annotation):
    if isinstance(value, dict):
        # A member crosses the wall as a record of its name.
        return annotation[value['name']]
    for member in annotation:
        if member.value == value and type(member.value) is type(value) or member.name == value:
            return member
    return annotation(value)


def _hydrate_generic(value, annotation, origin, arguments):
    if origin is list and isinstance(value, (list, tuple)):
        return [__hydrate__(item, arguments[0]) for item in value]
    if origin in (set, frozenset) and isinstance(value, (list, set, frozenset)):
        return origin([__hydrate__(item, arguments[0]) for item in value])
    if origin is tuple and isinstance(value, (list, tuple)):
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple([__hydrate__(item, arguments[0]) for item in value])
        return tuple([__hydrate__(item, kind) for item, kind in zip(value, arguments)])
    if origin is dict and isinstance(value, dict):
        return {__hydrate__(key, arguments[0]): __hydrate__(item, arguments[1]) for key, item in value.items()}
    if getattr(annotation, '__metadata__', None) is not None:
        return __hydrate__(value, origin)
    if type(None) in arguments or origin is None or getattr(origin, '_name', None) in ('Union', 'Optional'):
        return _hydrate_union(value, arguments)
    return value


def _hydrate_union(value, arguments):
    if value is None:
        return None
    for kind in arguments:
        if isinstance(kind, type) and isinstance(value, kind) and not hasattr(kind, '__dataclass_fields__'):
            return value
    for kind in arguments:
        if kind is type(None):
            continue
        try:
            made = __hydrate__(value, kind)
        except (TypeError, ValueError, KeyError):
            continue
        if made is not value:
            return made
    return value


# ---- text of values (intrinsics: builtins/text_of.rs, format.rs, string.rs)

def __repr_of__(value, plain):
    # `repr_parts` gives the whole text, None where the program's __repr__ decides, or texts and one-tuples of items.
    found = repr_parts(value, plain)
    if found is None:
        text = __call_own__(own_method(value, '__repr__') or type(value).__repr__, value)
        if not isinstance(text, str):
            raise TypeError('__repr__ returned non-string (type ' + type(text).__name__ + ')')
        return text
    if type(found) is str:
        return found
    try:
        pieces = []
        for piece in found:
            pieces.append(piece if type(piece) is str else __repr_of__(piece[0], False))
        return ''.join(pieces)
    finally:
        repr_done()


def __str_of__(value):
    text = __call_own__(own_method(value, '__str__') or type(value).__str__, value)
    if not isinstance(text, str):
        raise TypeError('__str__ returned non-string (type ' + type(text).__name__ + ')')
    return text


def __ascii_of__(value):
    return ascii_escape(repr(value))


def __print__(values, separator, end):
    first = True
    for value in values:
        if not first:
            write_out(separator)
        first = False
        write_out(str(value))
    write_out(end)


def __print_to__(file, values, separator, end, flush):
    first = True
    for value in values:
        if not first:
            file.write(separator)
        first = False
        file.write(str(value))
    file.write(end)
    if flush:
        file.flush()


def __input__(prompt, again):
    return again(str(prompt))


def __format_of__(value, spec):
    text = __call_own__(own_method(value, '__format__') or type(value).__format__, value, spec)
    if not isinstance(text, str):
        raise TypeError('__format__ must return a str, not ' + type(text).__name__)
    return text


def __format_object__(value, convert, spec):
    # FORMAT with 0: no conversion, 1: str, 2: repr, 3: ascii.
    if convert == 1:
        value = str(value)
    elif convert == 2:
        value = repr(value)
    elif convert == 3:
        value = ascii(value)
    return format(value, spec)


def __format_template__(template, values, named):
    return __render_template__(template, values, named, [0], 2)


def __render_template__(template, values, named, state, depth):
    # state[0]: number of the next automatic field, -1 once fields are numbered by hand.
    if depth == 0:
        raise ValueError('Max string recursion exceeded')
    out = []
    for part in template_parts(template):
        if type(part) is str:
            out.append(part)
            continue
        name, conversion, spec, has_fields = part
        first, steps = field_path(name)
        if type(first) is str:
            value = named[first]
        else:
            if first is None:
                if state[0] < 0:
                    raise ValueError('cannot switch from manual field specification to automatic field numbering')
                first = state[0]
                state[0] = first + 1
            else:
                if state[0] > 0:
                    raise ValueError('cannot switch from automatic field numbering to manual field specification')
                state[0] = -1
            if values is None:
                raise ValueError('Format string contains positional fields')
            if first >= len(values):
                raise IndexError('Replacement index ' + str(first) + ' out of range for positional args tuple')
            value = values[first]
        for is_attribute, key in steps:
            value = getattr(value, key) if is_attribute else value[key]
        if conversion == 's':
            value = str(value)
        elif conversion == 'r':
            value = repr(value)
        elif conversion == 'a':
            value = ascii(value)
        if has_fields:
            spec = __render_template__(spec, values, named, state, depth - 1)
        out.append(format(value, spec))
    return ''.join(out)


def __percent_step__(template, argument, known, how, value):
    # One value of `template % argument` that program code converts; the native goes on with what is known.
    if how == 'str':
        value = str(value)
    elif how == 'repr':
        value = repr(value)
    elif how == 'ascii':
        value = ascii(value)
    elif how == 'bytes':
        value = type(value).__bytes__(value)
    elif how == 'int':
        value = int(value)
    elif how == 'index':
        value = type(value).__index__(value)
    elif how == 'float':
        value = float(value)
    else:
        value = argument[value]
    known.append(value)
    return percent_again(template, argument, known)


def __translate__(text, table):
    out = []
    for letter in text:
        try:
            item = table[ord(letter)]
        except LookupError:
            out.append(letter)
        else:
            out.append(translated(item))
    return ''.join(out)


def __with_index__(native, arguments, place):
    value = arguments[place]
    number = type(value).__index__(value)
    if not isinstance(number, int):
        raise TypeError('__index__ returned non-int (type ' + type(number).__name__ + ')')
    arguments[place] = number
    return native(*arguments)


def __item_at__(sequence, key):
    return sequence[type(key).__index__(key)]


def __divmod_of__(a, b):
    left, right = type(a), type(b)
    forward = getattr(left, '__divmod__', None)
    backward = getattr(right, '__rdivmod__', None)
    if left is right:
        backward = None
    elif backward is not None and issubclass(right, left) and backward is not getattr(left, '__rdivmod__', None):
        result = backward(b, a)
        if result is not NotImplemented:
            return result
        backward = None
    if forward is not None:
        result = forward(a, b)
        if result is not NotImplemented:
            return result
    if backward is not None:
        result = backward(b, a)
        if result is not NotImplemented:
            return result
    raise TypeError("unsupported operand type(s) for divmod(): '" + left.__name__ + "' and '" + right.__name__ + "'")


def __complex_of__(real, imag, both):
    method = own_method(real, '__complex__')
    if method is not None:
        number = __call_own__(method, real)
        if not isinstance(number, complex):
            raise TypeError(f'__complex__ returned non-complex (type {type_of(number).__name__})')
    else:
        number = __real_number__(real)
    return complex(number, __real_number__(imag)) if both else complex(number)


def __real_number__(value):
    own = own_method(value, '__float__') is not None or own_method(value, '__index__') is not None
    return float(value) if own else value


# ---- checks and code

def __isinstance__(value, classes):
    if instance_of(classes, tuple):
        for one in classes:
            if isinstance(value, one):
                return True
        return False
    return bool(type_of(classes).__instancecheck__(classes, value))


def __issubclass__(cls, classes):
    if instance_of(classes, tuple):
        for one in classes:
            if issubclass(cls, one):
                return True
        return False
    return bool(type_of(classes).__subclasscheck__(classes, cls))


def __not_equal_by__(method, a, b):
    result = method(a, b)
    return result if result is NotImplemented else not result


def __sorted_dir__(method, value):
    return sorted(method(value))


def __indexed_item__(container, key):
    if instance_of(key, slice):
        return container[slice(_as_index(key.start), _as_index(key.stop), _as_index(key.step))]
    return container[_as_index(key)]


def _as_index(value):
    index = own_method(value, '__index__')
    return value if index is None else __call_own__(index, value)


def __import_by_name__(name):
    scope = {}
    run_code(ask_compile('import ' + name, '<string>', 'exec'), scope, scope)
    return scope[name.partition('.')[0]]


# ---- asynchronous iteration

def aiter(async_iterable, /):
    method = getattr(type_of(async_iterable), '__aiter__', None)
    if method is None:
        raise TypeError(f'{type_of(async_iterable).__name__!r} object is not an async iterable')
    iterator = method(async_iterable)
    if not hasattr(type_of(iterator), '__anext__'):
        raise TypeError(f'aiter() returned not an async iterator of type {type_of(iterator).__name__!r}')
    return iterator


def anext(async_iterator, /, *default):
    if len(default) > 1:
        raise TypeError(f'anext expected at most 2 arguments, got {1 + len(default)}')
    method = getattr(type_of(async_iterator), '__anext__', None)
    if method is None:
        raise TypeError(f'{type_of(async_iterator).__name__!r} object is not an async iterator')
    awaitable = method(async_iterator)
    if not default:
        return awaitable
    from _asyncgen import anext_awaitable
    return anext_awaitable(awaitable, default[0])


# ---- exception groups

def __group_matcher__(condition):
    def by_class(error):
        return isinstance(error, condition)

    if isinstance(condition, type) and issubclass(condition, BaseException):
        return by_class
    if isinstance(condition, tuple) and all([isinstance(one, type) and issubclass(one, BaseException) for one in condition]):
        return by_class
    if callable(condition) and not isinstance(condition, type):
        return condition
    raise TypeError('expected a function, exception type or tuple of exception types')


def __group_parts__(group, matches):
    """The matching and the other part of a group, each a group or None."""
    if matches(group):
        return group, None
    if not isinstance(group, BaseExceptionGroup):
        return None, group
    yes, no = [], []
    for member in group.exceptions:
        some, rest = __group_parts__(member, matches)
        if some is not None:
            yes.append(some)
        if rest is not None:
            no.append(rest)
    return __group_like__(group, yes), __group_like__(group, no)


def __group_like__(group, members):
    if not members:
        return None
    made = group.derive(members)
    if not isinstance(made, BaseExceptionGroup):
        raise TypeError('derive must return an instance of BaseExceptionGroup')
    made.__traceback__ = group.__traceback__
    made.__context__ = group.__context__
    if group.__cause__ is not None:
        made.__cause__ = group.__cause__
    notes = getattr(group, '__notes__', None)
    if isinstance(notes, list):
        made.__notes__ = list(notes)
    return made


def __group_split__(group, condition):
    return __group_parts__(group, __group_matcher__(condition))


def __group_subgroup__(group, condition):
    return __group_parts__(group, __group_matcher__(condition))[0]


def __group_derive__(group, members):
    return BaseExceptionGroup(group.message, members)


def __set_exception_state__(error, state):
    if state is not None:
        if not isinstance(state, dict):
            raise TypeError('state is not a dictionary')
        for name, value in state.items():
            setattr(error, name, value)


# What programs call by name.
import builtins as _builtins
_builtins.__hydrate__ = __hydrate__
_builtins.aiter = aiter
_builtins.anext = anext


# ---- frames

def __passed_frame__(row):
    from _frames import passed
    return passed(row)


# ---- delegation, and asynchronous generators

def __throw_to__(inner, exception):
    """What `yield from` does with an exception while it delegates to something that is no generator."""
    if isinstance(exception, GeneratorExit):
        close = getattr(inner, 'close', None)
        if close is not None:
            close()
        raise exception
    throw = getattr(inner, 'throw', None)
    if throw is None:
        raise exception
    return throw(exception)


def async_generator(generator):
    from _asyncgen import async_generator
    return async_generator(generator)


# ---- files, and the end of a run

def __open__(*args, **kwargs):
    from io import open
    return open(*args, **kwargs)


def __display__(value):
    import sys
    if value is not None:
        sys.stdout.write(repr(value) + '\n')


def __end__(exception):
    """Run what `atexit` registered, the last first; then the run ends as it would have."""
    import sys
    while sys._exits:
        function, args, kwargs = sys._exits.pop()
        try:
            function(*args, **kwargs)
        except BaseException as error:
            import traceback
            sys.stderr.write(f'Exception ignored in atexit callback: {function!r}\n')
            sys.stderr.write(''.join(traceback.format_exception(error)))
    if exception is not None:
        raise exception


# ---- holes (compiler: desugar.rs, holes.rs; the forms are in `_opaque.py` and `_holes.py`)

def __opaque_name__(name):
    import _opaque
    return _opaque.name(name)


def __opaque_import__(name, last):
    import _opaque
    return _opaque.module(name, last)


def __opaque_from__(name, level, attribute):
    import _opaque
    return _opaque.member(name, level, attribute)


def __opaque_star__(name, names):
    import _opaque
    return _opaque.star(name, names)


def __opaque_unpack__(value, parts):
    import _opaque
    return _opaque.unpacked(value, parts)


def __opaque_items__(value, parts):
    import _opaque
    return _opaque.items(value, parts)


def __opaque_super__():
    import _opaque
    return _opaque.name('super()')


def __opaque_raise__(value):
    import _opaque
    return _opaque.raised(value)


def __opaque_caught__(value):
    import _opaque
    return _opaque.caught(value)


_reached = set()


def __reached__(place):
    if place not in _reached:
        _reached.add(place)
        import sys
        sys.stderr.write(f'\0{place}\n')


def __block__(text, inputs, outputs, controls, here, there):
    import _holes
    return _holes.block('block', text, inputs, outputs, controls, here, there)


def __line__(text, inputs, outputs, controls, here, there):
    import _holes
    return _holes.block('line', text, inputs, outputs, controls, here, there)


def __answered__(answer, annotation, classes):
    if 'raise' in answer:
        for kind in classes:
            if kind.__name__ == answer['raise']:
                raise kind(answer['message'])
    return __hydrate__(answer['value'], annotation)


for _name in ('__opaque_import__', '__opaque_super__', '__opaque_from__', '__opaque_star__', '__opaque_unpack__', '__opaque_items__',
              '__opaque_raise__', '__opaque_caught__', '__reached__', '__block__', '__line__', '__answered__'):
    setattr(_builtins, _name, globals()[_name])


# ---- what dies visibly

def __sample__():
    yield


def __reap__(dead, function, args, kwargs):
    """Let objects die that nothing refers to any more, and what dies with them; then make the call that was held up."""
    __let_die__(dead)
    return function(*args, **kwargs)


def __let_die__(dead):
    while dead:
        while dead:
            __die__(dead.pop(0))
        dead = more_dead()


def __die__(one):
    kind = type_of(one)
    if kind is type_of(__sample__()):
        try:
            one.close()
        except BaseException as error:
            __unraisable__(error, one)
        return
    finalizer = getattr(kind, '__del__', None)
    if finalizer is not None:
        try:
            finalizer(one)
        except BaseException as error:
            __unraisable__(error, finalizer)
    import sys
    weak = sys.modules.get('weakref')
    if weak is not None and not isinstance(one, weak.ref):
        weak._died(id(one))


def __unraisable__(error, what):
    import sys
    sys.unraisablehook(sys.UnraisableHookArgs((type(error), error, error.__traceback__, None, what)))


def __encode__(text, encoding, errors, known):
    """`text.encode` where the machine has not the encoding, or (`known`) not the handler of errors."""
    import codecs
    if known:
        return codecs._encode_handled(text, encoding, errors)
    info = codecs._searched(encoding)
    if info is None:
        raise LookupError(f'unknown encoding: {encoding}')
    made = info[0](text, errors)
    if not isinstance(made, tuple) or len(made) != 2:
        raise TypeError('encoder must return a tuple (object, integer)')
    if not isinstance(made[0], bytes):
        raise TypeError(f"'{encoding}' encoder returned '{type(made[0]).__name__}' instead of 'bytes'; "
                        'use codecs.encode() to encode to arbitrary types')
    return made[0]


def __decode__(data, encoding, errors, known):
    """`data.decode`, likewise."""
    import codecs
    if known:
        return codecs._decode_handled(data, encoding, errors)
    info = codecs._searched(encoding)
    if info is None:
        raise LookupError(f'unknown encoding: {encoding}')
    made = info[1](bytes(data), errors)
    if not isinstance(made, tuple) or len(made) != 2:
        raise TypeError('decoder must return a tuple (object,integer)')
    if not isinstance(made[0], str):
        raise TypeError(f"'{encoding}' decoder returned '{type(made[0]).__name__}' instead of 'str'; "
                        'use codecs.decode() to decode to arbitrary types')
    return made[0]


def __class_dict__(namespace):
    from types import MappingProxyType
    return MappingProxyType(namespace)


def __weakref_of__(one):
    import sys
    weak = sys.modules.get('weakref')
    known = weak.getweakrefs(one) if weak is not None else None
    return known[0] if known else None


def __object_reduce__(one, protocol, asks=False):
    import pickle
    kind = type_of(one)
    if asks and kind.__reduce__ is not object.__reduce__:
        return one.__reduce__()
    return pickle._reduced_by_object(one, kind, protocol)


def __object_state__(one):
    import pickle
    return pickle._own_state(one, type_of(one))


def __awaited__(one):
    """What an object's own `__await__` gives, which must be an iterator and no coroutine."""
    made = __call_own__(type_of(one).__await__, one)
    if type_of(made).__name__ == 'coroutine':
        raise TypeError('__await__() returned a coroutine')
    if not hasattr(type_of(made), '__next__'):
        raise TypeError(f"__await__() returned non-iterator of type '{type_of(made).__name__}'")
    return made


def __isinstance_by_claim__(one, classes):
    """What `__class__` of a proxy says, where its type is none of the classes."""
    claimed = one.__class__
    if not instance_of(claimed, type) or claimed is type_of(one):
        return False
    return __is_one_of__(claimed, classes)


def __is_one_of__(cls, classes):
    if instance_of(classes, tuple):
        return True in [__is_one_of__(cls, one) for one in classes]
    return subclass_of(cls, classes)
