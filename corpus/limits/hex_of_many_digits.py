# ends: done
x = int('f' * 1000000, 16)
assert x.bit_length() == 4000000
assert len(hex(x)) == 1000002
