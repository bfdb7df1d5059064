"""Complex numbers: arithmetic, repr, parts, comparison refused."""

z = 3 + 4j
print(z, abs(z), z.real, z.imag, z.conjugate(), z * z, z / (1 - 1j), z**2, -z, 1j, complex(1, -2), complex("1+2j"))
print(complex(0, 0), 0j, -0j, 1e20 + 1e-5j, z == 3 + 4j, z == 3, 3 == 3 + 0j, hash(3 + 0j) == hash(3), bool(0j), z + 1, 2 * z, z - 1.5)
print(complex(1.5), complex("j"), complex(True), {1j: "key"}[1j], f"{z:.2f}", [1j], 2j**2, sum([1j, 2]))


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: z < 1) == "TypeError: '<' not supported between instances of 'complex' and 'int'"
assert message(lambda: int(z)) == (
    "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'complex'"
)
assert message(lambda: z // 1) == "TypeError: unsupported operand type(s) for //: 'complex' and 'int'"
assert message(lambda: z / 0) == "ZeroDivisionError: complex division by zero"
assert message(lambda: complex("1 + 2j")) == "ValueError: complex() arg is a malformed string"
