"""Compression by deflate, with the choices that zlib makes, so that the bytes are those of CPython.

What decides them: hash chains over three bytes that are walked only so far, matches that wait for a better one behind
them, blocks of 16383 symbols, and codes made by a heap whose ties are broken by depth.
"""

# By level: a match this long shortens the search, this long needs no better one, this long ends it; steps; waits.
_LEVELS = {1: (4, 4, 8, 4, False), 2: (4, 5, 16, 8, False), 3: (4, 6, 32, 32, False), 4: (4, 4, 16, 16, True),
           5: (8, 16, 32, 32, True), 6: (8, 16, 128, 128, True), 7: (8, 32, 128, 256, True),
           8: (32, 128, 258, 1024, True), 9: (32, 258, 258, 4096, True)}
_WINDOW = 32768
_FAR = _WINDOW - 262
_SYMBOLS = 16383
_LENGTH_EXTRA = (0,) * 8 + (1,) * 4 + (2,) * 4 + (3,) * 4 + (4,) * 4 + (5,) * 4 + (0,)
_DISTANCE_EXTRA = (0, 0, 0, 0) + tuple([bits for bits in range(1, 14) for _ in (0, 1)])
_CODES_EXTRA = (0,) * 16 + (2, 3, 7)
_CODES_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)


def _bases(extra, first):
    bases, at = [], first
    for bits in extra:
        bases.append(at)
        at += 1 << bits
    return bases


_LENGTH_BASES = _bases(_LENGTH_EXTRA, 3)
_LENGTH_BASES[28] = 258
_DISTANCE_BASES = _bases(_DISTANCE_EXTRA, 1)
_LENGTH_CODE = [0] * 259
for _code in range(28):
    for _length in range(_LENGTH_BASES[_code], min(_LENGTH_BASES[_code] + (1 << _LENGTH_EXTRA[_code]), 258)):
        _LENGTH_CODE[_length] = _code
_LENGTH_CODE[258] = 28


def _distance_code(distance):
    distance -= 1
    if distance < 4:
        return distance
    bits = distance.bit_length()
    return 2 * (bits - 1) + (distance >> (bits - 2) & 1)


def _codes(lengths):
    """Canonical codes, their bits turned round."""
    counts = [0] * 16
    for length in lengths:
        counts[length] += 1
    counts[0] = code = 0
    following = [0] * 16
    for bits in range(1, 16):
        code = (code + counts[bits - 1]) << 1
        following[bits] = code
    made = [0] * len(lengths)
    for symbol, length in enumerate(lengths):
        if length:
            code = following[length]
            following[length] += 1
            turned = 0
            for _ in range(length):
                turned = turned << 1 | code & 1
                code >>= 1
            made[symbol] = turned
    return made


_FIXED_LENGTHS = [8] * 144 + [9] * 112 + [7] * 24 + [8] * 8
_FIXED_CODES = _codes(_FIXED_LENGTHS)
_FIXED_DISTANCES = _codes([5] * 30)


def _tree(frequencies, longest, extra, base, fixed):
    """Lengths of the best code, its last symbol, and the bits that all symbols take with it and with the fixed code."""
    count = len(frequencies)
    freq = frequencies + [0] * (count + 1)
    depth = [0] * len(freq)
    dad = [0] * len(freq)
    heap = [0]
    last = -1
    for symbol in range(count):
        if freq[symbol]:
            heap.append(symbol)
            last = symbol
    best_bits = fixed_bits = 0
    while len(heap) < 3:
        if last < 2:
            last += 1
            symbol = last
        else:
            symbol = 0
        heap.append(symbol)
        freq[symbol] = 1
        best_bits -= 1
        if fixed:
            fixed_bits -= fixed[symbol]

    def sink(place):
        value = heap[place]
        size = len(heap) - 1
        child = place << 1
        f, d = freq[value], depth[value]
        while child <= size:
            if child < size:
                one, two = heap[child + 1], heap[child]
                if freq[one] < freq[two] or freq[one] == freq[two] and depth[one] <= depth[two]:
                    child += 1
            other = heap[child]
            if f < freq[other] or f == freq[other] and d <= depth[other]:
                break
            heap[place] = other
            place = child
            child <<= 1
        heap[place] = value

    for place in range((len(heap) - 1) // 2, 0, -1):
        sink(place)
    order = []
    node = count
    while True:
        n = heap[1]
        heap[1] = heap[-1]
        heap.pop()
        sink(1)
        m = heap[1]
        order += [n, m]
        freq[node] = freq[n] + freq[m]
        depth[node] = max(depth[n], depth[m]) + 1
        dad[n] = dad[m] = node
        heap[1] = node
        node += 1
        sink(1)
        if len(heap) <= 2:
            break
    order.append(heap[1])
    order.reverse()
    lengths = [0] * len(freq)
    counts = [0] * 17
    overflow = 0
    for symbol in order[1:]:
        bits = lengths[dad[symbol]] + 1
        if bits > longest:
            bits = longest
            overflow += 1
        lengths[symbol] = bits
        if symbol > last:
            continue
        counts[bits] += 1
        more = extra[symbol - base] if symbol >= base else 0
        best_bits += freq[symbol] * (bits + more)
        if fixed:
            fixed_bits += freq[symbol] * (fixed[symbol] + more)
    if overflow:
        while overflow > 0:
            bits = longest - 1
            while not counts[bits]:
                bits -= 1
            counts[bits] -= 1
            counts[bits + 1] += 2
            counts[longest] -= 1
            overflow -= 2
        at = len(order)
        for bits in range(longest, 0, -1):
            left = counts[bits]
            while left:
                at -= 1
                symbol = order[at]
                if symbol > last:
                    continue
                if lengths[symbol] != bits:
                    best_bits += (bits - lengths[symbol]) * freq[symbol]
                    lengths[symbol] = bits
                left -= 1
    return lengths[:last + 1] + [0] * (count - last - 1), last, best_bits, fixed_bits


def _runs(lengths, last):
    """The lengths of a code, with runs: (symbol, value, bits)."""
    out = []
    before, count = -1, 0
    most, least = (138, 3) if lengths[0] == 0 else (7, 4)
    for symbol in range(last + 1):
        here = lengths[symbol]
        following = lengths[symbol + 1] if symbol < last else None
        count += 1
        if count < most and here == following:
            continue
        if count < least:
            out += [(here, 0, 0)] * count
        elif here:
            if here != before:
                out.append((here, 0, 0))
                count -= 1
            out.append((16, count - 3, 2))
        elif count <= 10:
            out.append((17, count - 3, 3))
        else:
            out.append((18, count - 11, 7))
        before, count = here, 0
        most, least = (138, 3) if following == 0 else (6, 3) if here == following else (7, 4)
    return out


class _Bits:
    def __init__(self):
        self.out = bytearray()
        self.held = self.count = 0

    def put(self, value, bits):
        self.held |= value << self.count
        self.count += bits
        while self.count >= 8:
            self.out.append(self.held & 255)
            self.held >>= 8
            self.count -= 8

    def pad(self):
        if self.count:
            self.out.append(self.held & 255)
            self.held = self.count = 0


def _block(bits, symbols, data, start, stop, can_store, last):
    lit_freq, dist_freq = [0] * 286, [0] * 30
    lit_freq[256] = 1
    for length, distance in symbols:
        if distance:
            lit_freq[257 + _LENGTH_CODE[length]] += 1
            dist_freq[_distance_code(distance)] += 1
        else:
            lit_freq[length] += 1
    lits, lit_last, best, fixed = _tree(lit_freq, 15, _LENGTH_EXTRA, 257, _FIXED_LENGTHS)
    dists, dist_last, more, more_fixed = _tree(dist_freq, 15, _DISTANCE_EXTRA, 0, [5] * 30)
    best += more
    fixed += more_fixed
    runs = _runs(lits, lit_last) + _runs(dists, dist_last)
    run_freq = [0] * 19
    for symbol, _, _ in runs:
        run_freq[symbol] += 1
    run_lengths, _, more, _ = _tree(run_freq, 7, _CODES_EXTRA, 0, None)
    top = 18
    while top >= 3 and not run_lengths[_CODES_ORDER[top]]:
        top -= 1
    best += more + 3 * (top + 1) + 14
    best_bytes, fixed_bytes = (best + 10) >> 3, (fixed + 10) >> 3
    if fixed_bytes <= best_bytes:
        best_bytes = fixed_bytes
    size = stop - start
    if size + 4 <= best_bytes and can_store:
        bits.put(int(last), 3)
        bits.pad()
        bits.out += size.to_bytes(2, 'little') + (size ^ 0xffff).to_bytes(2, 'little') + data[start:stop]
        return
    if fixed_bytes == best_bytes:
        bits.put(2 + last, 3)
        lit_codes, lits, dist_codes, dists = _FIXED_CODES, _FIXED_LENGTHS, _FIXED_DISTANCES, [5] * 30
    else:
        bits.put(4 + last, 3)
        bits.put(lit_last - 256, 5)
        bits.put(dist_last, 5)
        bits.put(top - 3, 4)
        for place in range(top + 1):
            bits.put(run_lengths[_CODES_ORDER[place]], 3)
        run_codes = _codes(run_lengths)
        for symbol, value, width in runs:
            bits.put(run_codes[symbol], run_lengths[symbol])
            if width:
                bits.put(value, width)
        lit_codes, dist_codes = _codes(lits), _codes(dists)
    put = bits.put
    for length, distance in symbols:
        if not distance:
            put(lit_codes[length], lits[length])
            continue
        code = _LENGTH_CODE[length]
        put(lit_codes[257 + code], lits[257 + code])
        if _LENGTH_EXTRA[code]:
            put(length - _LENGTH_BASES[code], _LENGTH_EXTRA[code])
        code = _distance_code(distance)
        put(dist_codes[code], dists[code])
        if _DISTANCE_EXTRA[code]:
            put(distance - _DISTANCE_BASES[code], _DISTANCE_EXTRA[code])
    put(lit_codes[256], lits[256])


def compress(data, level):
    """The bytes of `data`, deflated."""
    bits = _Bits()
    if level == 0:
        if len(data) > 16000:
            raise NotImplementedError('not supported: zlib of level 0 for more than 16000 bytes')
        bits.put(1, 3)
        bits.pad()
        bits.out += len(data).to_bytes(2, 'little') + (len(data) ^ 0xffff).to_bytes(2, 'little') + data
        return bytes(bits.out)
    good, lazy, nice, chain, waits = _LEVELS[level]
    size = len(data)
    head, prev = {}, [0] * _WINDOW
    symbols = []
    base = start = 0
    filled = min(size, 2 * _WINDOW)
    at = 0
    length, match_at, waiting = 2, 0, False

    def insert(place):
        key = (data[place] << 10 ^ data[place + 1] << 5 ^ data[place + 2]) & 0x7fff
        found = head.get(key, -1)
        prev[place & 0x7fff] = found
        head[key] = place
        return found

    def longest(cur, best):
        nonlocal match_at
        steps = chain >> 2 if best >= good else chain
        left = size - at
        enough = min(nice, left)
        low = max(base, at - _FAR)
        most = min(258, left)
        if best >= left:
            return left
        while True:
            if (data[cur + best] == data[at + best] and data[cur + best - 1] == data[at + best - 1]
                    and data[cur] == data[at] and data[cur + 1] == data[at + 1]):
                same = 2
                while same < most and data[cur + same] == data[at + same]:
                    same += 1
                if same > best:
                    match_at = cur
                    best = same
                    if same >= enough:
                        break
            cur = prev[cur & 0x7fff]
            steps -= 1
            if cur <= low or not steps:
                break
        return best

    def flush(last):
        nonlocal symbols, start
        _block(bits, symbols, data, start, at, start >= base, last)
        symbols, start = [], at

    while True:
        if filled - at < 262 and filled < size:
            if at - base >= _WINDOW + _FAR:
                base += _WINDOW
            filled = min(size, base + 2 * _WINDOW)
        if at == size:
            break
        found = insert(at) if size - at >= 3 else -1
        usable = found > base and at - found <= _FAR
        if not waits:
            length = longest(found, 2) if usable else 2
            if length >= 3:
                symbols.append((length, at - match_at))
                stop = at + length
                if length <= lazy and size - stop >= 3:
                    for place in range(at + 1, stop):
                        insert(place)
                at = stop
            else:
                symbols.append((data[at], 0))
                at += 1
            if len(symbols) == _SYMBOLS:
                flush(False)
            continue
        before, before_at = length, match_at
        length = 2
        if usable and before < lazy:
            length = longest(found, before)
            if length == 3 and at - match_at > 4096:
                length = 2
        if before >= 3 and length <= before:
            symbols.append((before, at - 1 - before_at))
            stop = at - 1 + before
            for place in range(at + 1, stop):
                if place <= size - 3:
                    insert(place)
            at = stop
            waiting, length = False, 2
            if len(symbols) == _SYMBOLS:
                flush(False)
        elif waiting:
            symbols.append((data[at - 1], 0))
            if len(symbols) == _SYMBOLS:
                flush(False)
            at += 1
        else:
            waiting = True
            at += 1
    if waiting:
        symbols.append((data[at - 1], 0))
    flush(True)
    bits.pad()
    return bytes(bits.out)
