"""An exception inside a handler, and one inside finally."""


def first():
    raise ValueError("first")


def second():
    try:
        first()
    except ValueError:
        return {}["second"]
    finally:
        [][3]


second()
