"""The locale `C`, which is the only one here. Other locales are refused as CPython refuses what is not installed."""

import re as _re

__all__ = ['Error', 'setlocale', 'getlocale', 'getdefaultlocale', 'getpreferredencoding', 'getencoding', 'localeconv',
           'str', 'atof', 'atoi', 'currency', 'format_string', 'delocalize', 'localize', 'strcoll', 'strxfrm',
           'normalize', 'LC_ALL', 'LC_COLLATE', 'LC_CTYPE', 'LC_MESSAGES', 'LC_MONETARY', 'LC_NUMERIC', 'LC_TIME',
           'CHAR_MAX']

LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES, LC_ALL = range(7)
CHAR_MAX = 127
_str = str


class Error(Exception):
    pass


def setlocale(category, locale=None):
    if locale is not None and locale not in ('', 'C', 'POSIX'):
        raise Error('unsupported locale setting')
    if not LC_CTYPE <= category <= LC_ALL:
        raise Error('invalid locale category')
    return 'C'


def resetlocale(category=LC_ALL):
    setlocale(category, 'C')


def getlocale(category=LC_CTYPE):
    return None, None


getdefaultlocale = getlocale


def getpreferredencoding(do_setlocale=True):
    return 'utf-8'


def getencoding():
    return 'utf-8'


def normalize(localename):
    return localename


def localeconv():
    conv = {'int_curr_symbol': '', 'currency_symbol': '', 'mon_decimal_point': '', 'mon_thousands_sep': '',
            'mon_grouping': [], 'positive_sign': '', 'negative_sign': ''}
    for name in ('int_frac_digits', 'frac_digits', 'p_cs_precedes', 'p_sep_by_space', 'n_cs_precedes',
                 'n_sep_by_space', 'p_sign_posn', 'n_sign_posn'):
        conv[name] = CHAR_MAX
    return {**conv, 'decimal_point': '.', 'thousands_sep': '', 'grouping': []}


def strcoll(os1, os2, /):
    return (os1 > os2) - (os1 < os2)


def strxfrm(string, /):
    return string


_SPEC = _re.compile(r'%(?:\((?P<key>.*?)\))?(?P<modifiers>[-#0-9 +*.hlL]*?)[eEfFgGdiouxXcrs%]', _re.DOTALL)


def format_string(f, val, grouping=False, monetary=False):
    """`f % val`; in this locale nothing is grouped."""
    if isinstance(val, (tuple, dict)):
        return f % val
    return f % (val,)


def str(val):
    return '%.12g' % val


def delocalize(string):
    return string


def localize(string, grouping=False, monetary=False):
    return string


def atof(string, func=float):
    return func(string)


def atoi(string):
    return int(string)


def currency(val, symbol=True, grouping=False, international=False):
    raise ValueError("Currency formatting is not possible using the 'C' locale.")
