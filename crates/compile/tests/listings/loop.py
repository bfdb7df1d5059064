def f(rows):
    total = 0
    for row in rows:
        for cell in row:
            if cell is None:
                break
            if cell < 0:
                continue
            total += cell
        else:
            total -= 1
    while total > 10:
        total //= 2
    while True:
        if total:
            return total
