# ends: limit memory
e = None
while True:
    try:
        raise ValueError from e
    except ValueError as error:
        e = error
