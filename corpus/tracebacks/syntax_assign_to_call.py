"""An assignment where a comparison was meant."""

if len("abc") = 3:
    print("yes")
