"""Modules whose whole purpose is outside of the machine: they can be imported, and each name in them is refused.

One source for all of them. A program that imports one and does not use it runs.
"""

_REASONS = {
    'subprocess': 'programs start no processes',
    'multiprocessing': 'programs start no processes',
    'multiprocessing.pool': 'programs start no processes',
    'pty': 'programs start no processes',
    'resource': 'limits are set by who starts the run',
    'socket': 'programs reach the network through tools only',
    'ssl': 'programs reach the network through tools only',
    'select': 'programs reach the network through tools only',
    'selectors': 'programs reach the network through tools only',
    'socketserver': 'programs reach the network through tools only',
    'http.client': 'programs reach the network through tools only',
    'http.server': 'programs reach the network through tools only',
    'http.cookiejar': 'programs reach the network through tools only',
    'ftplib': 'programs reach the network through tools only',
    'smtplib': 'programs reach the network through tools only',
    'imaplib': 'programs reach the network through tools only',
    'poplib': 'programs reach the network through tools only',
    'telnetlib': 'programs reach the network through tools only',
    'xmlrpc.client': 'programs reach the network through tools only',
    'webbrowser': 'programs open no windows',
    'tkinter': 'programs open no windows',
    'turtle': 'programs open no windows',
    'curses': 'programs have no terminal',
    'readline': 'programs have no terminal',
    'termios': 'programs have no terminal',
    'tty': 'programs have no terminal',
    'pwd': 'programs see no users',
    'grp': 'programs see no users',
    'fcntl': 'programs have no descriptors',
    'mmap': 'programs have no descriptors',
    'ctypes': 'native code does not run on this machine',
    'pdb': 'runs are debugged from outside',
    'bdb': 'runs are debugged from outside',
    'cProfile': 'runs are measured from outside',
    'profile': 'runs are measured from outside',
    'pstats': 'runs are measured from outside',
    'tracemalloc': 'runs are measured from outside',
    'faulthandler': 'runs are debugged from outside',
    'dis': 'this machine has instructions of its own',
    'opcode': 'this machine has instructions of its own',
    'marshal': 'this machine has instructions of its own',
    'symtable': 'this machine has a compiler of its own',
    'code': 'this machine has no prompt',
    'codeop': 'this machine has no prompt',
    'cmd': 'this machine has no prompt',
    'venv': 'this machine has no packages',
    'ensurepip': 'this machine has no packages',
    'dbm': 'files of this kind are not written here',
    'shelve': 'files of this kind are not written here',
    'bz2': 'this compression is missing',
    'lzma': 'this compression is missing',
    'tarfile': 'archives of this kind are missing',
}


def __getattr__(name):
    if name.startswith('__'):
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    raise NotImplementedError(f'not supported: {__name__}.{name} ({_REASONS[__name__]})')
