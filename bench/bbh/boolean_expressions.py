"""The expression is Python already."""


def solve(question):
    return str(eval(question.removesuffix("is")))
