import math
import re
import json
import random
import functools
import itertools
import collections
from dataclasses import dataclass, field
from enum import Enum

def show(name, value):
    try:
        print(name, repr(value()))
    except Exception as error:
        print(name, type(error).__name__, error)


class Plain:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return f'{type(self).__name__}({self.v!r})'

    def __len__(self):
        return abs(self.v) % 5

    def __lt__(self, other):
        return self.v < other.v

    def __add__(self, other):
        return type(self)(self.v + other.v)

    def __getitem__(self, at):
        return [self.v, self.v + 1][at]

    def __setitem__(self, at, value):
        self.v = (at, value)

    @property
    def twice(self):
        return self.v * 2

    def method(self, x):
        return self.v - x


class Guard:
    def __init__(self, v):
        self.v = v

    def __enter__(self):
        print('enter', self.v)
        return self.v

    def __exit__(self, kind, value, trace):
        print('exit', kind and kind.__name__, value)
        return self.v % 2 == 1


def traced(function):
    @functools.wraps(function)
    def inner(*args):
        print('call', function.__name__, args)
        return function(*args)
    return inner


