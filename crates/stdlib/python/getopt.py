"""Options of a command line, as the function of that name in C takes them. Complete."""

__all__ = ['GetoptError', 'error', 'getopt', 'gnu_getopt']


class GetoptError(Exception):
    opt = ''
    msg = ''

    def __init__(self, msg, opt=''):
        self.msg = msg
        self.opt = opt
        Exception.__init__(self, msg, opt)

    def __str__(self):
        return self.msg


error = GetoptError


def getopt(args, shortopts, longopts=[]):
    """The options, and what follows the last of them."""
    opts = []
    longopts = [longopts] if isinstance(longopts, str) else list(longopts)
    while args and args[0].startswith('-') and args[0] != '-':
        if args[0] == '--':
            return opts, args[1:]
        opts, args = _take(opts, args, shortopts, longopts)
    return opts, args


def gnu_getopt(args, shortopts, longopts=[]):
    """The options, wherever they stand, and all else."""
    opts = []
    others = []
    longopts = [longopts] if isinstance(longopts, str) else list(longopts)
    in_order = shortopts.startswith('+')
    shortopts = shortopts.removeprefix('+')
    if not in_order:
        from os import environ
        in_order = bool(environ.get('POSIXLY_CORRECT'))
    while args:
        if args[0] == '--':
            others += args[1:]
            break
        if args[0].startswith('-') and args[0] != '-':
            opts, args = _take(opts, args, shortopts, longopts)
        elif in_order:
            others += args
            break
        else:
            others.append(args[0])
            args = args[1:]
    return opts, others


def _take(opts, args, shortopts, longopts):
    if args[0].startswith('--'):
        return do_longs(opts, args[0][2:], longopts, args[1:])
    return do_shorts(opts, args[0][1:], shortopts, args[1:])


def do_longs(opts, text, longopts, args):
    name, equals, value = text.partition('=')
    value = value if equals else None
    has_value, name = long_has_args(name, longopts)
    if has_value:
        if value is None:
            if not args:
                raise GetoptError(f'option --{name} requires argument', name)
            value, args = args[0], args[1:]
    elif value is not None:
        raise GetoptError(f'option --{name} must not have an argument', name)
    opts.append(('--' + name, value or ''))
    return opts, args


def long_has_args(name, longopts):
    possible = [known for known in longopts if known.startswith(name)]
    if not possible:
        raise GetoptError(f'option --{name} not recognized', name)
    if name in possible:
        return False, name
    if name + '=' in possible:
        return True, name
    if len(possible) > 1:
        raise GetoptError(f'option --{name} not a unique prefix', name)
    only = possible[0]
    return only.endswith('='), only.removesuffix('=')


def do_shorts(opts, letters, shortopts, args):
    while letters:
        letter, letters = letters[0], letters[1:]
        value = ''
        if short_has_arg(letter, shortopts):
            if not letters:
                if not args:
                    raise GetoptError(f'option -{letter} requires argument', letter)
                letters, args = args[0], args[1:]
            value, letters = letters, ''
        opts.append(('-' + letter, value))
    return opts, args


def short_has_arg(opt, shortopts):
    if opt == ':' or opt not in shortopts:
        raise GetoptError(f'option -{opt} not recognized', opt)
    return shortopts.startswith(':', shortopts.index(opt) + 1)
