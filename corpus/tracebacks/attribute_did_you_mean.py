"""A near miss of an attribute gets a suggestion."""


class Account:
    def __init__(self):
        self.balance = 10


account = Account()
print(account.balanc + 1)
