"""Asking for a secret: refused, since what is typed would stand in the journal."""

__all__ = ['getpass', 'getuser', 'GetPassWarning']


class GetPassWarning(UserWarning):
    pass


def getpass(prompt='Password: ', stream=None):
    raise NotImplementedError('not supported: getpass.getpass (what is typed would be recorded)')


def getuser():
    import os
    for variable in ('LOGNAME', 'USER', 'LNAME', 'USERNAME'):
        if os.environ.get(variable):
            return os.environ[variable]
    raise OSError('No username set in the environment')
