"""Methods and attributes of small objects, no inheritance."""


class Counter:
    def __init__(self, step):
        self.step = step
        self.value = 0

    def advance(self):
        self.value += self.step
        return self.value


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def plus(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def dot(self, other):
        return self.x * other.x + self.y * other.y


class Account:
    def __init__(self):
        self.balance = 0
        self.refused = 0

    def deposit(self, amount):
        self.balance += amount

    def withdraw(self, amount):
        if amount > self.balance:
            self.refused += 1
            return False
        self.balance -= amount
        return True


def main(n: int):
    counter = Counter(3)
    position = Vector(0, 0)
    velocity = Vector(1, -2)
    account = Account()
    total = 0
    for turn in range(n):
        total += counter.advance()
        position = position.plus(velocity)
        total -= position.dot(velocity)
        account.deposit(turn % 11)
        account.withdraw(turn % 13)
    return total, account.balance, account.refused
