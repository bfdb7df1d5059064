"""Class designs that programs use: linked list, context, visitor, fluent, iterator, state."""


class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


class LinkedList:
    def __init__(self, *values):
        self.head = None
        self.size = 0
        for value in reversed(values):
            self.head = Node(value, self.head)
            self.size += 1

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        for i, value in enumerate(self):
            if i == index:
                return value
        raise IndexError("list index out of range")

    def reverse(self):
        previous, node = None, self.head
        while node:
            node.next, previous, node = previous, node, node.next
        self.head = previous
        return self

    def __repr__(self):
        return " -> ".join(map(repr, self)) or "empty"


class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]

    def __matmul__(self, other):
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*other.rows)] for r in self.rows])

    def __eq__(self, other):
        return self.rows == other.rows

    def __getitem__(self, at):
        r, c = at
        return self.rows[r][c]

    def __setitem__(self, at, value):
        self.rows[at[0]][at[1]] = value


class Query:
    def __init__(self):
        self.parts = []

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)

        def add(*args):
            self.parts.append((name, args))
            return self

        return add


class Visitor:
    def visit(self, node):
        return getattr(self, f"visit_{type(node).__name__}", self.generic)(node)

    def generic(self, node):
        raise TypeError(f"no visitor for {type(node).__name__}")

    def visit_int(self, node):
        return node

    def visit_tuple(self, node):
        op, left, right = node
        return {"+": lambda a, b: a + b, "*": lambda a, b: a * b}[op](self.visit(left), self.visit(right))


class Account:
    def __init__(self):
        self._balance = 0
        self.watchers = []

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        old, self._balance = self._balance, value
        for watcher in self.watchers:
            watcher(old, value)


linked = LinkedList(1, 2, 3)
assert repr(linked) == "1 -> 2 -> 3" and repr(linked.reverse()) == "3 -> 2 -> 1" and len(linked) == 3 and linked[1] == 2 and repr(LinkedList()) == "empty"
m = Matrix([[1, 2], [3, 4]])
m[0, 1] = 5
assert m @ Matrix([[1, 0], [0, 1]]) == m and m[0, 1] == 5
assert Query().select("a").where("b", 1).parts == [("select", ("a",)), ("where", ("b", 1))]
assert Visitor().visit(("+", 2, ("*", 3, 4))) == 14
try:
    Visitor().visit("x")
except TypeError as error:
    assert str(error) == "no visitor for str"
else:
    raise AssertionError("no exception")
log = []
account = Account()
account.watchers.append(lambda old, new: log.append((old, new)))
account.balance += 10
account.balance -= 3
assert log == [(0, 10), (10, 7)]
print(linked, (m @ m).rows, log)
