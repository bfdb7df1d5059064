"""exec and eval leave the built-in names in the namespace that they are given."""

namespace = {}
exec("a = 1", namespace)
print(sorted(namespace), namespace["__builtins__"]["len"] is len)
scope = {}
print(eval("[n for n in (1, 2)]", scope), list(scope))
outer, inner = {}, {}
exec("b = 2", outer, inner)
print(sorted(outer), sorted(inner))
