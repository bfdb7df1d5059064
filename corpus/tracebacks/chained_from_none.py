"""from None hides what came before."""


def convert(text):
    try:
        return int(text)
    except ValueError:
        raise TypeError(f"not a number: {text!r}") from None


convert("x1")
