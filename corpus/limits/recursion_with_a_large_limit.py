# ends: raised RecursionError: maximum recursion depth exceeded
import sys
sys.setrecursionlimit(10 ** 9)
def f():
    f()
f()
