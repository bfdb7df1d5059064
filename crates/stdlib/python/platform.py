"""What kind of system this is: the same everywhere, so that a run can be repeated. Missing: `freedesktop_os_release`."""

from collections import namedtuple as _namedtuple

uname_result = _namedtuple('uname_result', 'system node release version machine processor')


def uname():
    return uname_result('Linux', 'localhost', '', '', 'x86_64', '')


def system():
    return 'Linux'


def node():
    return 'localhost'


def release():
    return ''


version = processor = release


def machine():
    return 'x86_64'


def architecture(executable='', bits='', linkage=''):
    return '64bit', 'ELF'


def platform(aliased=False, terse=False):
    return 'Linux-x86_64'


def python_version():
    return '3.12.1'


def python_version_tuple():
    return '3', '12', '1'


def python_implementation():
    return 'Emulant'


def python_compiler():
    return ''


def python_build():
    return '', ''


def python_branch():
    return ''


python_revision = python_branch
