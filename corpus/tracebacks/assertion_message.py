"""assert with a message, inside with."""


class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, *details):
        return False


def check(values):
    with Quiet():
        assert len(values) > 2, f"only {len(values)} values"


check([1])
