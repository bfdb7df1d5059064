"""Runs each program of a JSON list on standard input, and prints what it did, one JSON line each."""
import io
import json
import os
import resource
import signal
import sys
import types


class TooLong(BaseException):
    pass


def late(*_):
    raise TooLong


def run(text):
    with open('program.py', 'w', encoding='utf-8', newline='') as file:
        file.write(text)
    main = types.ModuleType('__main__')
    main.__builtins__ = __builtins__
    real = sys.modules['__main__'], sys.stdout, sys.stderr
    out, err = io.StringIO(), io.StringIO()
    sys.modules['__main__'], sys.stdout, sys.stderr = main, out, err
    cut = False
    signal.setitimer(signal.ITIMER_REAL, 4)
    try:
        exec(compile(text, 'program.py', 'exec'), main.__dict__)
    except (TooLong, MemoryError):
        cut = True
    except BaseException as error:
        # Without the frame of this function, and printed by the interpreter itself.
        error.__traceback__ = error.__traceback__.tb_next
        sys.__excepthook__(type(error), error, error.__traceback__)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.modules['__main__'], sys.stdout, sys.stderr = real
    return {'out': out.getvalue(), 'err': err.getvalue(), 'cut': cut}


resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
signal.signal(signal.SIGALRM, late)
# Two frames of ours are below the program.
sys.setrecursionlimit(1002)
real = sys.stdout
for text in json.load(sys.stdin):
    real.write(json.dumps(run(text)) + '\n')
os.remove('program.py')
