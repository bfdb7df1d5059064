"""A block changes what its text names and nothing else, by whatever way its code finds."""
import json

import nightjarpy as nj
from emulant import HoleError

total = 1
log = ["start"]


class Account:
    opened = 0

    def __init__(self, owner):
        self.owner = owner
        self.notes = []


@nj.fn
def work(account):
    """natural
    Tidy <account> with <Account>, and save how many notes there are in <:count>.
    """
    return count


account, other = Account("ada"), Account("bob")
account.friend = other
print(work(account), account.notes, other.notes, Account.opened)
try:
    work(account)
except HoleError as error:
    for _, reason in error.answers:
        print(reason)
print(total, log, json.dumps([1]), account.notes)
