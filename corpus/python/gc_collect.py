"""gc.collect lets go what only refers to itself: finalizers, callbacks, entries of weak dictionaries."""

import gc
import weakref

log = []


class Node:
    def __init__(self, name):
        self.name = name
        self.other = None

    def __del__(self):
        log.append(f"gone {self.name}")


def ring(*names):
    nodes = [Node(name) for name in names]
    for one, other in zip(nodes, nodes[1:] + nodes[:1]):
        one.other = other
    return nodes[0]


first = ring("a", "b")
kept = ring("c")
known = weakref.WeakValueDictionary(first=first, kept=kept)
seen = weakref.ref(first, lambda ref: log.append("told"))
assert seen() is first
del first
gc.collect()
assert seen() is None and list(known) == ["kept"]
print(sorted(log))
kept.other = None
gc.collect(1)
assert "gone c" not in list(log)
del kept
print(list(log)[-1], len(known))
assert gc.isenabled() and gc.get_threshold()[0] > 0
for bad in (3, -1, "x"):
    try:
        gc.collect(bad)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
