"""Natural blocks: what is declared is written, all of it or nothing; control goes only where the text says so."""
import nightjarpy as nj
from emulant import HoleError


class Item:
    def __init__(self, name: str, healing: int):
        self.name = name
        self.healing = healing

    def __repr__(self):
        return f"{self.name}+{self.healing}"


class Player:
    def __init__(self):
        self.health = 10
        self.items = [Item("apple", 5), Item("stone", 0)]


class Missing(Exception):
    pass


@nj.fn
def heal(player):
    used = None
    """natural
    Let <player> eat what heals from its items; save what was eaten in <:used>.
    """
    return used


@nj.fn
def make():
    """natural
    Make an <Item> that heals well; save it as <:item>.
    """
    return item


@nj.fn
def loop(words):
    kept = []
    for word in words:
        """natural
        If <word> is sour then break, if it is dull then continue; save it in capitals in <:loud>.
        """
        kept.append(loud)
    return kept


@nj.fn
def fail(stock):
    """natural
    Take a pear from <stock>; raise <Missing> when there is none.
    """
    return "taken"


@nj.fn
def early(n):
    f"""natural
    Return twice {n} at once, or save <:x>.
    """
    return x


player = Player()
print(heal(player), player.health, player.items)
print(make())
print(loop(["sweet", "dull", "sour", "late"]))
try:
    fail({"apples": 1})
except Missing as error:
    print("missing:", error)
print(early(4))
stock = {"apples": [1, 2], "owner": player}
alias = stock["apples"]
try:
    fail(stock)
except HoleError as error:
    print(len(error.answers), "answers:", error.answers[0][1])
print(stock["apples"] is alias, alias, player.health, sorted(stock))
