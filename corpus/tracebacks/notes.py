try:
    raise ValueError("bad row")
except ValueError as error:
    error.add_note("in file a.csv")
    error.add_note("line 3\ncolumn 2")
    raise
