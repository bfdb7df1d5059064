def share(total, people):
    return total / people


def main():
    for people in (2, 1, 0):
        print(share(10, people))


main()
