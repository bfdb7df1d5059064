"""Calls: the naive Fibonacci recursion does almost nothing but call."""


def fib(n: int) -> int:
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def main(n: int):
    return fib(n)
