"""Binary heaps kept in plain lists: the smallest item stands at index 0.

Comparisons are made with `<` only and in the order in which CPython makes
them, so that items with a `__lt__` of their own see the same calls.
"""

__all__ = ['heappush', 'heappop', 'heapify', 'heapreplace', 'merge',
           'nlargest', 'nsmallest', 'heappushpop']


from _heapq import rise as _quick_rise, sink as _quick_sink


def heappush(heap, item, /):
    """Add an item and keep the heap in order."""
    if not isinstance(heap, list):
        raise TypeError(f'heappush() argument 1 must be list, not {type(heap).__name__}')
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap, /):
    """Take the smallest item out."""
    if not isinstance(heap, list):
        raise TypeError(f'heappop() argument must be list, not {type(heap).__name__}')
    if not heap:
        raise IndexError('index out of range')
    last = heap.pop()
    if not heap:
        return last
    smallest = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return smallest


def heapreplace(heap, item, /):
    """Take the smallest item out, then add one: cheaper than the two steps."""
    if not isinstance(heap, list):
        raise TypeError(f'heapreplace() argument 1 must be list, not {type(heap).__name__}')
    if not heap:
        raise IndexError('index out of range')
    smallest = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return smallest


def heappushpop(heap, item, /):
    """Add an item, then take the smallest one out."""
    if not isinstance(heap, list):
        raise TypeError(f'heappushpop() argument 1 must be list, not {type(heap).__name__}')
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(heap, /):
    """Put a list in heap order, in place."""
    if not isinstance(heap, list):
        raise TypeError(f'heapify() argument must be list, not {type(heap).__name__}')
    for place in range(len(heap) // 2 - 1, -1, -1):
        _sink(heap, place)


def _rise(heap, top, place):
    if _quick_rise(heap, top, place):
        return
    item = heap[place]
    while place > top:
        parent = (place - 1) >> 1
        other = heap[parent]
        if not item < other:
            break
        heap[place] = other
        place = parent
    heap[place] = item


def _sink(heap, place):
    if _quick_sink(heap, place):
        return
    # First walk down to a leaf along the smaller children, then let the item
    # rise: it came from the bottom, so it seldom rises far.
    end = len(heap)
    top = place
    item = heap[place]
    child = 2 * place + 1
    while child < end:
        right = child + 1
        if right < end and not heap[child] < heap[right]:
            child = right
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    while place > top:
        parent = (place - 1) >> 1
        other = heap[parent]
        if not item < other:
            break
        heap[place] = other
        place = parent
    heap[place] = item


def _heappop_max(heap):
    last = heap.pop()
    if not heap:
        return last
    largest = heap[0]
    heap[0] = last
    _sink_max(heap, 0)
    return largest


def _heapreplace_max(heap, item):
    largest = heap[0]
    heap[0] = item
    _sink_max(heap, 0)
    return largest


def _heapify_max(heap):
    for place in range(len(heap) // 2 - 1, -1, -1):
        _sink_max(heap, place)


def _sink_max(heap, place):
    end = len(heap)
    top = place
    item = heap[place]
    child = 2 * place + 1
    while child < end:
        right = child + 1
        if right < end and not heap[right] < heap[child]:
            child = right
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    while place > top:
        parent = (place - 1) >> 1
        other = heap[parent]
        if not other < item:
            break
        heap[place] = other
        place = parent
    heap[place] = item


def merge(*iterables, key=None, reverse=False):
    """Merge sorted inputs into one sorted stream."""
    rows = []
    sign = -1 if reverse else 1
    for order, iterable in enumerate(iterables):
        advance = iter(iterable).__next__
        try:
            value = advance()
        except StopIteration:
            continue
        # The order breaks ties, so that values that compare equal keep it.
        rows.append([value if key is None else key(value), order * sign, value, advance])
    if reverse:
        _heapify_max(rows)
        replace, pop = _heapreplace_max, _heappop_max
    else:
        heapify(rows)
        replace, pop = heapreplace, heappop
    while len(rows) > 1:
        row = rows[0]
        advance = row[3]
        yield row[2]
        try:
            value = advance()
        except StopIteration:
            pop(rows)
            continue
        row[2] = value
        row[0] = value if key is None else key(value)
        replace(rows, row)
    if rows:
        row = rows[0]
        yield row[2]
        yield from row[3].__self__


def nsmallest(n, iterable, key=None):
    """The n smallest items, as `sorted(iterable, key=key)[:n]` gives them."""
    if n == 1:
        end = object()
        found = min(iterable, default=end, key=key)
        return [] if found is end else [found]
    try:
        size = len(iterable)
    except (TypeError, AttributeError):
        pass
    else:
        if n >= size:
            return sorted(iterable, key=key)[:n]
    source = iter(iterable)
    rows = [(item if key is None else key(item), order, item)
            for order, item in zip(range(n), source)]
    if not rows:
        return []
    _heapify_max(rows)
    worst = rows[0][0]
    order = n
    for item in source:
        rank = item if key is None else key(item)
        if rank < worst:
            _heapreplace_max(rows, (rank, order, item))
            worst = rows[0][0]
            order += 1
    rows.sort()
    return [row[2] for row in rows]


def nlargest(n, iterable, key=None):
    """The n largest items, as `sorted(iterable, key=key, reverse=True)[:n]` gives them."""
    if n == 1:
        end = object()
        found = max(iterable, default=end, key=key)
        return [] if found is end else [found]
    try:
        size = len(iterable)
    except (TypeError, AttributeError):
        pass
    else:
        if n >= size:
            return sorted(iterable, key=key, reverse=True)[:n]
    source = iter(iterable)
    rows = [(item if key is None else key(item), -order, item)
            for order, item in zip(range(n), source)]
    if not rows:
        return []
    heapify(rows)
    worst = rows[0][0]
    order = -n
    for item in source:
        rank = item if key is None else key(item)
        if worst < rank:
            heapreplace(rows, (rank, order, item))
            worst = rows[0][0]
            order -= 1
    rows.sort(reverse=True)
    return [row[2] for row in rows]
