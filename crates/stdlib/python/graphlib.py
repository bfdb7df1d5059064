"""Nodes in an order in which each stands behind those that it needs. Complete."""

__all__ = ['TopologicalSorter', 'CycleError']


class CycleError(ValueError):
    """Nodes need each other in a circle."""


class TopologicalSorter:
    """Gives nodes whose needs are done."""

    def __init__(self, graph=None):
        self._needs = {}
        self._followers = {}
        self._ready = None
        self._passed = 0
        self._finished = 0
        self._state = {}
        if graph is not None:
            for node, needed in graph.items():
                self.add(node, *needed)

    def _know(self, node):
        if node not in self._needs:
            self._needs[node] = 0
            self._followers[node] = []

    def add(self, node, *predecessors):
        if self._ready is not None:
            raise ValueError('Nodes cannot be added after a call to prepare()')
        self._know(node)
        self._needs[node] += len(predecessors)
        for needed in predecessors:
            self._know(needed)
            self._followers[needed].append(node)

    def prepare(self):
        if self._ready is not None:
            raise ValueError('cannot prepare() more than once')
        self._ready = [node for node, count in self._needs.items() if not count]
        cycle = self._find_cycle()
        if cycle:
            raise CycleError('nodes are in a cycle', cycle)

    def _find_cycle(self):
        seen = set()
        for start in self._needs:
            if start in seen:
                continue
            path, places = [], {}
            walkers = []
            node = start
            while True:
                if node in seen:
                    if node in places:
                        return path[places[node]:] + [node]
                else:
                    seen.add(node)
                    walkers.append(iter(self._followers[node]))
                    places[node] = len(path)
                    path.append(node)
                following = _END
                while path:
                    following = next(walkers[-1], _END)
                    if following is not _END:
                        break
                    del places[path.pop()]
                    walkers.pop()
                if following is _END:
                    break
                node = following
        return None

    def get_ready(self):
        if self._ready is None:
            raise ValueError('prepare() must be called first')
        result = tuple(self._ready)
        for node in result:
            self._state[node] = 'out'
        self._ready.clear()
        self._passed += len(result)
        return result

    def is_active(self):
        if self._ready is None:
            raise ValueError('prepare() must be called first')
        return self._finished < self._passed or bool(self._ready)

    def __bool__(self):
        return self.is_active()

    def done(self, *nodes):
        if self._ready is None:
            raise ValueError('prepare() must be called first')
        for node in nodes:
            if node not in self._needs:
                raise ValueError(f'node {node!r} was not added using add()')
            state = self._state.get(node)
            if state is None:
                raise ValueError(f'node {node!r} was not passed out (still not ready)')
            if state == 'done':
                raise ValueError(f'node {node!r} was already marked done')
            self._state[node] = 'done'
            self._finished += 1
            for follower in self._followers[node]:
                self._needs[follower] -= 1
                if not self._needs[follower]:
                    self._ready.append(follower)

    def static_order(self):
        self.prepare()
        while self.is_active():
            nodes = self.get_ready()
            yield from nodes
            self.done(*nodes)


_END = object()
