"""Iterator building blocks.

Each name is a small class around one generator. Looping over an instance runs
the generator itself, so that no method call is paid for each item; `next` on
the instance advances the same generator. Arguments are checked when the object
is made, items are taken only when asked for.
"""


class _Lazy:
    __slots__ = ('_items',)

    def __iter__(self):
        return self._items

    def __next__(self):
        return next(self._items)


class count:
    __slots__ = ('_value', '_step')

    def __init__(self, start=0, step=1):
        for number in (start, step):
            kind = type(number)
            if not (hasattr(kind, '__index__') or hasattr(kind, '__float__')
                    or hasattr(kind, '__complex__') or kind is complex):
                raise TypeError('a number is required')
        self._value = +start  # `True` counts from 1
        self._step = step

    def __iter__(self):
        step = self._step
        while True:
            value = self._value
            self._value = value + step
            yield value

    def __next__(self):
        value = self._value
        self._value = value + self._step
        return value

    def __repr__(self):
        if type(self._step) is int and self._step == 1:
            return f'count({self._value!r})'
        return f'count({self._value!r}, {self._step!r})'


class cycle(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, /):
        self._items = _cycle(iter(iterable))


def _cycle(source):
    seen = []
    keep = seen.append
    for item in source:
        keep(item)
        yield item
    while seen:
        yield from seen


class repeat:
    __slots__ = ('_object', '_left')

    def __init__(self, object, times=None):
        # `range` does the check that times is an integer, with the usual message.
        self._left = None if times is None else max(len(range(times)), 0)
        self._object = object

    def __iter__(self):
        item = self._object
        if self._left is None:
            while True:
                yield item
        while self._left:
            self._left -= 1
            yield item

    def __next__(self):
        left = self._left
        if left is not None:
            if not left:
                raise StopIteration
            self._left = left - 1
        return self._object

    def __length_hint__(self):
        if self._left is None:
            raise TypeError('len() of unsized object')
        return self._left

    def __repr__(self):
        if self._left is None:
            return f'repeat({self._object!r})'
        return f'repeat({self._object!r}, {self._left})'


class chain(_Lazy):
    __slots__ = ()

    def __init__(self, *iterables):
        self._items = _chain(iterables)

    @classmethod
    def from_iterable(cls, iterable, /):
        made = cls.__new__(cls)
        made._items = _chain(iter(iterable))
        return made

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


def _chain(iterables):
    for iterable in iterables:
        yield from iterable


class accumulate(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, func=None, *, initial=None):
        self._items = _accumulate(iter(iterable), func, initial)


def _accumulate(source, func, total):
    try:
        if total is None:
            for total in source:
                break
            else:
                return
        yield total
        if func is None:
            for item in source:
                total = total + item
                yield total
        else:
            for item in source:
                total = func(total, item)
                yield total
    except StopIteration:
        return


class batched(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, n):
        if len(range(n)) < 1:
            raise ValueError('n must be at least one')
        self._items = _batched(iter(iterable), n)


def _batched(source, size):
    batch = []
    for item in source:
        batch.append(item)
        if len(batch) == size:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


class pairwise(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, /):
        self._items = _pairwise(iter(iterable))


def _pairwise(source):
    for before in source:
        break
    else:
        return
    for item in source:
        yield before, item
        before = item


class compress(_Lazy):
    __slots__ = ()

    def __init__(self, data, selectors):
        self._items = _compress(iter(data), iter(selectors))


def _compress(data, selectors):
    for item, chosen in zip(data, selectors):
        if chosen:
            yield item


class filterfalse(_Lazy):
    __slots__ = ()

    def __init__(self, function, iterable, /):
        self._items = _filterfalse(bool if function is None else function, iter(iterable))


def _filterfalse(function, source):
    try:
        for item in source:
            if not function(item):
                yield item
    except StopIteration:
        return


class takewhile(_Lazy):
    __slots__ = ()

    def __init__(self, predicate, iterable, /):
        self._items = _takewhile(predicate, iter(iterable))


def _takewhile(predicate, source):
    try:
        for item in source:
            if not predicate(item):
                return
            yield item
    except StopIteration:
        return


class dropwhile(_Lazy):
    __slots__ = ()

    def __init__(self, predicate, iterable, /):
        self._items = _dropwhile(predicate, iter(iterable))


def _dropwhile(predicate, source):
    try:
        for item in source:
            if not predicate(item):
                yield item
                break
        yield from source
    except StopIteration:
        return


class starmap(_Lazy):
    __slots__ = ()

    def __init__(self, function, iterable, /):
        self._items = _starmap(function, iter(iterable))


def _starmap(function, source):
    try:
        for arguments in source:
            yield function(*arguments)
    except StopIteration:
        return


class islice(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, start, /, *rest):
        if not rest:
            start, stop, step = 0, _index(start, 'Stop argument'), 1
        else:
            if len(rest) > 2:
                raise TypeError(f'islice expected at most 4 arguments, got {len(rest) + 2}')
            step = rest[1] if len(rest) == 2 else None
            stop = _index(rest[0], 'Stop argument')
            start = _index(start, 'Indices') or 0
            if step is None:
                step = 1
            elif not hasattr(type(step), '__index__') or step < 1:
                raise ValueError('Step for islice() must be a positive integer or None.')
        self._items = _islice(iter(iterable), start, stop, step)


def _index(value, what):
    if value is None:
        return None
    if hasattr(type(value), '__index__'):
        value = value.__index__()
        if 0 <= value < 1 << 63:
            return value
        if value < -1:
            what = 'Indices'
    raise ValueError(f'{what} for islice() must be None or an integer: 0 <= x <= sys.maxsize.')


def _islice(source, start, stop, step):
    # `position` is how many items were taken; nothing past `stop` is ever taken.
    position = 0
    if start:
        for item in source:
            position += 1
            if position == start:
                break
        else:
            return
    if stop is not None and position >= stop:
        return
    if step == 1:
        if stop is None:
            yield from source
            return
        for item in source:
            yield item
            position += 1
            if position == stop:
                return
    due = start
    for item in source:
        if position == due:
            yield item
            due += step
        position += 1
        if position == stop:
            return


class zip_longest(_Lazy):
    __slots__ = ()

    def __init__(self, *iterables, fillvalue=None):
        self._items = _zip_longest([iter(iterable) for iterable in iterables], fillvalue)


def _zip_longest(sources, fill):
    end = object()
    ended = repeat(fill)
    left = len(sources)
    while left:
        row = []
        for place, source in enumerate(sources):
            item = next(source, end)
            if item is end:
                left -= 1
                if not left:
                    return
                sources[place] = ended
                item = fill
            row.append(item)
        yield tuple(row)


class product(_Lazy):
    __slots__ = ()

    def __init__(self, *iterables, repeat=1):
        times = len(range(repeat))
        if repeat < 0:
            raise ValueError('repeat argument cannot be negative')
        pools = [tuple(iterable) for iterable in iterables] if times else []
        self._items = _product(pools * times)


def _product(pools):
    if len(pools) == 2:
        second = pools[1]
        for left in pools[0]:
            for right in second:
                yield left, right
        return
    if not pools:
        yield ()
        return
    if not all(pools):
        return
    # An odometer: only the last wheel turns each time, the others seldom.
    *slow, fast = pools
    places = [0] * len(slow)
    front = tuple([pool[0] for pool in slow])
    while True:
        for item in fast:
            yield front + (item,)
        for wheel in range(len(slow) - 1, -1, -1):
            places[wheel] += 1
            if places[wheel] < len(slow[wheel]):
                break
            places[wheel] = 0
        else:
            return
        front = tuple([pool[place] for pool, place in zip(slow, places)])


def _pool(iterable, r):
    pool = tuple(iterable)
    size = len(range(r))
    if r < 0:
        raise ValueError('r must be non-negative')
    return pool, size


class permutations(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, r=None):
        if r is not None and not isinstance(r, int):
            raise TypeError('Expected int as r')
        pool = tuple(iterable)
        if r is None:
            r = len(pool)
        elif r < 0:
            raise ValueError('r must be non-negative')
        self._items = _permutations(pool, r)


def _permutations(pool, r):
    size = len(pool)
    if r > size:
        return
    order = list(range(size))
    # `turns[i]` is how many more items may still stand at place i.
    turns = list(range(size, size - r, -1))
    chosen = list(pool[:r])
    places = range(r - 1, -1, -1)
    yield tuple(chosen)
    while True:
        for place in places:
            turns[place] -= 1
            if turns[place]:
                other = size - turns[place]
                order[place], order[other] = order[other], order[place]
                for at in range(place, r):
                    chosen[at] = pool[order[at]]
                yield tuple(chosen)
                break
            order.append(order.pop(place))
            turns[place] = size - place
        else:
            return


class combinations(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, r):
        self._items = _combinations(*_pool(iterable, r))


def _combinations(pool, r):
    size = len(pool)
    if r > size:
        return
    if r == 2:
        for at, first in enumerate(pool):
            for second in pool[at + 1:]:
                yield first, second
        return
    order = list(range(r))
    chosen = list(pool[:r])
    places = range(r - 1, -1, -1)
    yield tuple(chosen)
    while True:
        for place in places:
            if order[place] < size - r + place:
                break
        else:
            return
        index = order[place]
        for at in range(place, r):
            index += 1
            order[at] = index
            chosen[at] = pool[index]
        yield tuple(chosen)


class combinations_with_replacement(_Lazy):
    __slots__ = ()

    def __init__(self, iterable, r):
        self._items = _combinations_with_replacement(*_pool(iterable, r))


def _combinations_with_replacement(pool, r):
    size = len(pool)
    if r and not size:
        return
    order = [0] * r
    chosen = list(pool[:1]) * r
    places = range(r - 1, -1, -1)
    last = size - 1
    yield tuple(chosen)
    while True:
        for place in places:
            if order[place] < last:
                break
        else:
            return
        index = order[place] + 1
        item = pool[index]
        for at in range(place, r):
            order[at] = index
            chosen[at] = item
        yield tuple(chosen)


_NONE = object()


class groupby:
    __slots__ = ('_source', '_function', '_key', '_value', '_wanted', '_group')

    def __init__(self, iterable, key=None):
        self._source = iter(iterable)
        self._function = key
        self._key = self._value = self._wanted = _NONE
        self._group = None

    def __iter__(self):
        return self

    def _advance(self):
        value = next(self._source)
        function = self._function
        self._key = value if function is None else function(value)
        self._value = value

    def __next__(self):
        self._group = None
        if self._key is _NONE:
            self._advance()
        else:
            wanted = self._wanted
            while wanted is self._key or wanted == self._key:
                self._advance()
        self._wanted = self._key
        # A group ends as soon as the next one is asked for: `_group` names the live one.
        self._group = token = object()
        return self._key, _members(self, token, self._key)


def _members(parent, token, wanted):
    source = parent._source
    function = parent._function
    try:
        while parent._group is token:
            if parent._value is _NONE:
                parent._advance()
            key = parent._key
            if not (wanted is key or wanted == key):
                return
            value = parent._value
            parent._value = _NONE
            yield value
    except StopIteration:
        return


class tee:
    """`tee(iterable, n)` gives a tuple of independent readers of one source."""
    __slots__ = ()

    def __new__(cls, iterable, n=2, /):
        if n < 0:
            raise ValueError('n must be >= 0')
        if not n:
            return ()
        first = iterable.__copy__() if isinstance(iterable, _tee) else _tee(iterable)
        return (first,) + tuple([first.__copy__() for _ in range(n - 1)])


class _tee:
    # Readers walk one linked list of cells [value, next]; the last cell is empty.
    __slots__ = ('_source', '_cell')

    def __init__(self, iterable, /):
        self._source = iter(iterable)
        self._cell = []

    def __copy__(self):
        made = _tee.__new__(_tee)
        made._source = self._source
        made._cell = self._cell
        return made

    def __iter__(self):
        return self

    def __next__(self):
        cell = self._cell
        if not cell:
            value = next(self._source)
            cell += (value, [])
        value, self._cell = cell
        return value
