def check():
    problems = [ValueError("first"), ExceptionGroup("inner", [KeyError("k"), TypeError("t")])]
    raise ExceptionGroup("several", problems)


check()
