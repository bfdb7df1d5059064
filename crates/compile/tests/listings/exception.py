def f(a):
    try:
        return g(a)
    except (KeyError, ValueError) as error:
        log(error)
    except TypeError:
        raise
    else:
        a = 1
    finally:
        close()
    raise Error(a) from None
