"""Signals: none ever comes. Handlers are kept and never called; what would send one is refused."""

import enum as _enum

_NAMES = ('HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU '
          'URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS').split()

Signals = _enum.IntEnum('Signals', [('SIG' + name, number) for number, name in enumerate(_NAMES, 1)])
Handlers = _enum.IntEnum('Handlers', [('SIG_DFL', 0), ('SIG_IGN', 1)])
for _each in (*Signals, *Handlers):
    globals()[_each.name] = _each
SIGCLD, SIGIOT, SIGPOLL = SIGCHLD, SIGABRT, SIGIO
NSIG = 65


def default_int_handler(signalnum, frame, /):
    raise KeyboardInterrupt


_handlers = {SIGINT: default_int_handler}


def signal(signalnum, handler, /):
    number = _number(signalnum)
    if not callable(handler) and handler not in (SIG_DFL, SIG_IGN):
        raise TypeError('signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object')
    if number in (SIGKILL, SIGSTOP):
        raise OSError(22, 'Invalid argument')
    before = getsignal(number)
    _handlers[number] = handler
    return before


def getsignal(signalnum, /):
    return _handlers.get(_number(signalnum), SIG_DFL)


def _number(signalnum):
    if not 1 <= signalnum < NSIG:
        raise ValueError('signal number out of range')
    return signalnum


def valid_signals():
    return {Signals(number) if number <= 31 else number for number in range(1, NSIG) if number not in (32, 33)}


_SENTENCES = {1: 'Hangup', 2: 'Interrupt', 3: 'Quit', 6: 'Aborted', 9: 'Killed', 11: 'Segmentation fault',
              13: 'Broken pipe', 14: 'Alarm clock', 15: 'Terminated'}


def strsignal(signalnum, /):
    number = _number(signalnum)
    if number not in _SENTENCES:
        raise NotImplementedError(f'not supported: signal.strsignal({number})')
    return _SENTENCES[number]


def __getattr__(name):
    if name in ('alarm', 'pause', 'raise_signal', 'setitimer', 'getitimer', 'sigwait', 'pthread_kill', 'siginterrupt',
                'set_wakeup_fd', 'pthread_sigmask', 'sigpending', 'sigtimedwait', 'sigwaitinfo'):
        raise NotImplementedError(f'not supported: signal.{name} (no signal comes here)')
    raise AttributeError(f"module 'signal' has no attribute {name!r}")
