"""A program as a model writes it: records, validation, a report."""

from collections import defaultdict
from dataclasses import dataclass, field


class InsufficientFunds(Exception):
    def __init__(self, needed, available):
        self.needed, self.available = needed, available
        super().__init__(f"needed {needed:.2f}, available {available:.2f}")


@dataclass
class Account:
    owner: str
    balance: float = 0.0
    history: list = field(default_factory=list)

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError(f"invalid amount: {amount!r}")
        self.balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(amount, self.balance)
        self.balance -= amount
        self.history.append(("withdraw", amount))


class Bank:
    def __init__(self):
        self.accounts = {}
        self.failures = defaultdict(int)

    def open(self, owner, initial=0):
        if owner in self.accounts:
            raise KeyError(f"account exists: {owner}")
        self.accounts[owner] = Account(owner)
        if initial:
            self.accounts[owner].deposit(initial)
        return self.accounts[owner]

    def transfer(self, source, target, amount):
        try:
            self.accounts[source].withdraw(amount)
        except InsufficientFunds as error:
            self.failures[source] += 1
            return f"refused: {error}"
        except KeyError as error:
            return f"unknown account {error}"
        else:
            self.accounts[target].deposit(amount)
            return "ok"
        finally:
            self.last = (source, target, amount)

    def report(self):
        width = max(map(len, self.accounts))
        for name, account in sorted(self.accounts.items(), key=lambda kv: (-kv[1].balance, kv[0])):
            yield f"{name:<{width}} {account.balance:>10,.2f} {len(account.history)}"


bank = Bank()
for owner, amount in {"Ann": 1500.5, "Bob": 20, "Christine": 300}.items():
    bank.open(owner, amount)
print(bank.transfer("Ann", "Bob", 500), bank.transfer("Bob", "Ann", 9999), bank.transfer("Zed", "Ann", 1), bank.last)
print("\n".join(bank.report()))
for bad in (lambda: bank.open("Ann"), lambda: bank.accounts["Bob"].deposit(-1)):
    try:
        bad()
    except (KeyError, ValueError) as error:
        print(type(error).__name__, error)
    else:
        raise AssertionError("no exception")
print(dict(bank.failures), bank.accounts["Bob"])
