"""Sorting is code."""


def solve(question):
    return " ".join(sorted(question.split("List:")[1].split()))
