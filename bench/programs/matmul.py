"""Matrix product on nested lists, indices spelled out."""


def multiply(a, b, size):
    product = []
    for row in range(size):
        line = []
        for column in range(size):
            total = 0
            for k in range(size):
                total += a[row][k] * b[k][column]
            line.append(total)
        product.append(line)
    return product


def main(n: int):
    a = [[(row * 7 + column * 3) % 11 for column in range(n)] for row in range(n)]
    b = [[(row - column) % 5 + 0.5 for column in range(n)] for row in range(n)]
    product = multiply(a, b, n)
    trace = 0
    for index in range(n):
        trace += product[index][index]
    return trace, product[0][n - 1]
