"""Precedence and associativity of operators."""

print(2**3**2, -(2**2), -2**2, 2**-1, not 1 == 2, 1 + 2 * 3 % 4 - 5 // 2, 7 & 3 | 4 ^ 1, 1 << 2 + 1, ~1 + 2, -3 % 5, 10 - 3 - 2, 100 / 10 / 2)
print(1 < 2 == True, 1 == 1 != 2, 3 > 2 > 1, not False and True, not (False and True), 1 or 0 and 0, 1 if 0 else 2 if 0 else 3)
print((lambda x: x if x else -1)(0), [1, 2][0] ** 2, "a" "b" * 2, *[1], 5 in [5] == True, 2 * 3 in [6], 1, 2 == 2, 3)
x = 1, 2 if False else 3
print(x, True or 1 / 0, 0 and 1 / 0, 6 // 4 * 2, 6 * 2 // 4, 8 >> 1 << 1, 5 & 6 == 4, (5 & 6) == 4, -1**2, (-1) ** 2, 2 - -1, +-+1, not not 5)
print("%s" % 3 * 2, "%d" % 3 + "1", [i for i in range(5) if i % 2 or i == 2], 1 .__add__(2), 4 .bit_length())
assert 2 + 3 * 4 == 14 and (2 + 3) * 4 == 20 and 2 * 3**2 == 18 and 10 % 4**2 == 10 and 1 | 2 == 3
