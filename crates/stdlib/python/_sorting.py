"""The stable merge sort of lists, for items whose `<` is program code.

It makes the same comparisons in the same order as the native one.
"""

_GALLOP = 7


def merge_sort(items, keys):
    """Sort `items` in place by `keys` (by themselves when that is None)."""
    if keys is None:
        pairs = [(item,) for item in items]
    else:
        pairs = [(key, item) for key, item in zip(keys, items)]
    try:
        _Sorter(pairs).sort()
    finally:
        items[:] = [pair[-1] for pair in pairs]


class _Sorter:
    def __init__(self, pairs):
        self.pairs = pairs
        self.gallop = _GALLOP
        self.runs = []

    def sort(self):
        pairs, length = self.pairs, len(self.pairs)
        if length < 2:
            return
        shortest, odd = length, 0
        while shortest >= 64:
            odd |= shortest & 1
            shortest >>= 1
        shortest += odd
        start = 0
        while start < length:
            run = self.natural_run(start)
            if run < shortest:
                wanted = min(shortest, length - start)
                self.insert(start, start + run, start + wanted)
                run = wanted
            self.push(start, run)
            start += run
        runs = self.runs
        while len(runs) > 1:
            at = len(runs) - 2
            if at > 0 and runs[at - 1][1] < runs[at + 1][1]:
                at -= 1
            self.merge(at)

    def natural_run(self, start):
        pairs, length = self.pairs, len(self.pairs)
        if start + 1 == length:
            return 1
        falling = True if pairs[start + 1][0] < pairs[start][0] else False
        end = start + 2
        while end < length and (True if pairs[end][0] < pairs[end - 1][0] else False) is falling:
            end += 1
        if falling:
            pairs[start:end] = pairs[start:end][::-1]
        return end - start

    def insert(self, start, place, end):
        pairs = self.pairs
        while place < end:
            pivot = pairs[place]
            key = pivot[0]
            low, high = start, place
            while low < high:
                middle = (low + high) // 2
                if key < pairs[middle][0]:
                    high = middle
                else:
                    low = middle + 1
            pairs[low + 1:place + 1] = pairs[low:place]
            pairs[low] = pivot
            place += 1

    def push(self, start, length):
        runs = self.runs
        if runs:
            first, left, _ = runs[-1]
            total = len(self.pairs)
            a = 2 * first + left
            b = a + left + length
            power = 1
            while True:
                if a >= total:
                    a -= total
                    b -= total
                elif b >= total:
                    break
                a *= 2
                b *= 2
                power += 1
            while len(runs) > 1 and runs[-2][2] > power:
                self.merge(len(runs) - 2)
            runs[-1] = (runs[-1][0], runs[-1][1], power)
        runs.append((start, length, 0))

    def merge(self, at):
        pairs, runs = self.pairs, self.runs
        start, left, power = runs[at]
        right_start, right, _ = runs.pop(at + 1)
        runs[at] = (start, left + right, power)
        skip = _gallop_right(pairs[right_start][0], pairs, start, left, 0)
        start += skip
        left -= skip
        if not left:
            return
        right = _gallop_left(pairs[start + left - 1][0], pairs, right_start, right, right - 1)
        if not right:
            return
        if left <= right:
            self.merge_low(start, left, right_start, right)
        else:
            self.merge_high(start, left, right_start, right)

    def merge_low(self, start, length, right, right_length):
        pairs = self.pairs
        kept = pairs[start:start + length]
        end = right + right_length
        left, to = 0, start
        try:
            pairs[to] = pairs[right]
            to += 1
            right += 1
            if right == end or length - left == 1:
                return
            gallop = self.gallop
            while True:
                from_left = from_right = 0
                while True:
                    if pairs[right][0] < kept[left][0]:
                        pairs[to] = pairs[right]
                        to += 1
                        right += 1
                        from_right += 1
                        from_left = 0
                        if right == end:
                            return
                        if from_right >= gallop:
                            break
                    else:
                        pairs[to] = kept[left]
                        to += 1
                        left += 1
                        from_left += 1
                        from_right = 0
                        if length - left == 1:
                            return
                        if from_left >= gallop:
                            break
                gallop += 1
                while True:
                    gallop -= gallop > 1
                    self.gallop = gallop
                    from_left = _gallop_right(pairs[right][0], kept, left, length - left, 0)
                    if from_left:
                        pairs[to:to + from_left] = kept[left:left + from_left]
                        to += from_left
                        left += from_left
                        if length - left <= 1:
                            return
                    pairs[to] = pairs[right]
                    to += 1
                    right += 1
                    if right == end:
                        return
                    from_right = _gallop_left(kept[left][0], pairs, right, end - right, 0)
                    if from_right:
                        pairs[to:to + from_right] = pairs[right:right + from_right]
                        to += from_right
                        right += from_right
                        if right == end:
                            return
                    pairs[to] = kept[left]
                    to += 1
                    left += 1
                    if length - left == 1:
                        return
                    if from_left < _GALLOP and from_right < _GALLOP:
                        break
                gallop += 1
                self.gallop = gallop
        finally:
            # What was not placed yet: the rest of the right side, then or before it the rest of the left.
            rest = kept[left:]
            if len(rest) == 1 and right < end:
                pairs[to:end] = pairs[right:end] + rest
            else:
                pairs[to:to + len(rest)] = rest

    def merge_high(self, start, length, right_start, right):
        pairs = self.pairs
        kept = pairs[right_start:right_start + right]
        left, to = start + length, right_start + right
        try:
            to -= 1
            left -= 1
            pairs[to] = pairs[left]
            if left == start or right == 1:
                return
            gallop = self.gallop
            while True:
                from_left = from_right = 0
                while True:
                    if kept[right - 1][0] < pairs[left - 1][0]:
                        to -= 1
                        left -= 1
                        pairs[to] = pairs[left]
                        from_left += 1
                        from_right = 0
                        if left == start:
                            return
                        if from_left >= gallop:
                            break
                    else:
                        to -= 1
                        right -= 1
                        pairs[to] = kept[right]
                        from_right += 1
                        from_left = 0
                        if right == 1:
                            return
                        if from_right >= gallop:
                            break
                gallop += 1
                while True:
                    gallop -= gallop > 1
                    self.gallop = gallop
                    remaining = left - start
                    from_left = remaining - _gallop_right(kept[right - 1][0], pairs, start, remaining, remaining - 1)
                    if from_left:
                        pairs[to - from_left:to] = pairs[left - from_left:left]
                        to -= from_left
                        left -= from_left
                        if left == start:
                            return
                    to -= 1
                    right -= 1
                    pairs[to] = kept[right]
                    if right == 1:
                        return
                    from_right = right - _gallop_left(pairs[left - 1][0], kept, 0, right, right - 1)
                    if from_right:
                        pairs[to - from_right:to] = kept[right - from_right:right]
                        to -= from_right
                        right -= from_right
                        if right <= 1:
                            return
                    to -= 1
                    left -= 1
                    pairs[to] = pairs[left]
                    if left == start:
                        return
                    if from_left < _GALLOP and from_right < _GALLOP:
                        break
                gallop += 1
                self.gallop = gallop
        finally:
            if right == 1 and left > start:
                pairs[start:to] = kept[:1] + pairs[start:left]
            else:
                pairs[to - right:to] = kept[:right]


def _gallop_left(key, pairs, start, length, hint):
    last, step = 0, 1
    if pairs[start + hint][0] < key:
        most = length - hint
        while step < most and pairs[start + hint + step][0] < key:
            last, step = step, 2 * step + 1
        low, high = hint + last + 1, hint + min(step, most)
    else:
        most = hint + 1
        while step < most and not pairs[start + hint - step][0] < key:
            last, step = step, 2 * step + 1
        low, high = hint + 1 - min(step, most), hint - last
    while low < high:
        middle = (low + high) // 2
        if pairs[start + middle][0] < key:
            low = middle + 1
        else:
            high = middle
    return high


def _gallop_right(key, pairs, start, length, hint):
    last, step = 0, 1
    if key < pairs[start + hint][0]:
        most = hint + 1
        while step < most and key < pairs[start + hint - step][0]:
            last, step = step, 2 * step + 1
        low, high = hint + 1 - min(step, most), hint - last
    else:
        most = length - hint
        while step < most and not key < pairs[start + hint + step][0]:
            last, step = step, 2 * step + 1
        low, high = hint + last + 1, hint + min(step, most)
    while low < high:
        middle = (low + high) // 2
        if key < pairs[start + middle][0]:
            high = middle
        else:
            low = middle + 1
    return high
