# ends: done
x = "‮ abc ⁦"
assert len(x) == 7
