"""Program search: a model writes several programs, each one program for all instances of a task. The one that
is right most often on the training instances is taken; how often it is right on instances that neither the writers
nor the choice have seen is what it is worth.

Each program runs without any capability and under fuel, and leaves no trace. Candidates differ in the solved
instances that their writer is shown.
"""

import _emulant
from _holes import plain, _short
from _synthesized import _called, _made, _same

_CALL_UNITS = 5000000
_LOAD_UNITS = 20000000
_SOURCE = ('{"type": "record", "record": "typed_dict", "name": "Source", "fields": '
           '[{"name": "source", "shape": {"type": "str", "max": 8000}, "required": true}]}')


def _because(why):
    # What went wrong, on one line.
    text = ' '.join(why.split()) if why else ''
    return f'   {text[:200]}' if text else ''


def _name(signature):
    head = signature.strip()
    if not head.startswith('def ') or '(' not in head:
        raise ValueError(f'the signature {signature!r} does not read def NAME(...) -> TYPE')
    return head[4:head.index('(')].strip()


def _shown(training, index, count):
    # The instances in another order for each writer; behind a whole round also backwards.
    start = index % len(training)
    order = training[start:] + training[:start]
    return (order if index // len(training) % 2 == 0 else order[::-1])[:count]


def _written(task, name, training, index, count):
    examples = [{'call': _called(name, case['in'], {}), 'returns': case['out'][0]} for case in _shown(training, index, count)]
    answer = _emulant.emulate('code', name, task['signature'], task.get('doc', ''), {'examples': examples}, _SOURCE, [], '')
    return answer['source']


def _loaded(source, name):
    """The function, or why there is none."""
    why = _emulant.attempt(_LOAD_UNITS)
    if why is None:
        try:
            function = _made(source, name)
        except BaseException as error:
            _emulant.rollback(f'{type(error).__name__}: {error}')
        _emulant.commit([])
        return function, None
    return None, why


def _right(function, case):
    """None when the function answers the case; else what it did."""
    why = _emulant.attempt(_CALL_UNITS)
    if why is None:
        try:
            got = function(*case['in'])
            verdict = '' if any([_same(plain(got), right) for right in case['out']]) else f'gave {_short(got)}'
        except BaseException as error:
            verdict = f'raised {type(error).__name__}: {error}'
        _emulant.rollback(verdict)
    return why or None


def _score(function, name, cases):
    """How many cases are right, and the first that is not."""
    right, first = 0, None
    for case in cases:
        why = _right(function, case)
        if why is None:
            right += 1
        elif first is None:
            first = f'{_called(name, case["in"], {})} {why}'
    return right, first


def run(task, programs, shown):
    """Prints a line for each program, and what the best of them is worth."""
    name = _name(task['signature'])
    training, held_out = task['cases'][0::2], task['cases'][1::2]
    if not held_out:
        raise ValueError('a task needs at least two cases: every second one is held out')
    seen, best = {}, None
    for index in range(programs):
        number = index + 1
        try:
            source = _written(task, name, training, index, shown)
        except _emulant.AskFailed as error:
            print(f'program {number:<3} was not written: {error}')
            continue
        if source in seen:
            print(f'program {number:<3} is program {seen[source]}')
            continue
        seen[source] = number
        function, why = _loaded(source, name)
        right = 0
        if function is not None:
            right, why = _score(function, name, training)
        print(f'program {number:<3} training {right} of {len(training)}{_because(why)}')
        # Of equals the shorter one, then the earlier one.
        if function is not None and (best is None or (right, -len(source)) > (best[0], -len(best[2]))):
            best = right, number, source, function
    if best is None or best[0] == 0:
        print('no program is right anywhere')
        return
    right, number, source, function = best
    beyond, why = _score(function, name, held_out)
    print(f'chosen: program {number}   training {right} of {len(training)}   held out {beyond} of {len(held_out)}{_because(why)}')
    print()
    print(source.strip('\n'))
    _emulant.note('searched', {'name': name, 'signature': task['signature'], 'doc': task.get('doc', ''), 'source': source,
                               'training': [right, len(training)], 'held_out': [beyond, len(held_out)]})
