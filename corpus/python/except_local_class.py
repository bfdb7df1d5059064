"""A class in a local name is raised and caught; the name keeps it."""


def nested():
    class A(Exception): ...
    class B(Exception): ...
    try:
        try:
            raise A
        except A as first:
            kept = first
            try:
                raise B
            except B as second:
                raise kept
    except A as error:
        return error is kept, type(error.__context__).__name__, A.__name__


def parameter(kind):
    try:
        raise kind
    except kind:
        return kind


def chained(kind, cause):
    try:
        raise kind from cause
    except kind as error:
        return kind, type(error.__cause__)


print(nested(), parameter(KeyError), chained(ValueError, KeyError))
