"""An exception group prints its members in a tree."""


def member(kind, text):
    try:
        raise kind(text)
    except kind as error:
        return error


raise ExceptionGroup("two things", [member(ValueError, "one"), ExceptionGroup("inner", [member(KeyError, "k"), OSError("never raised")])])
