"""A loop whose condition is a judgement: the program stops at the first yes.

    emulant run examples/inventory.py
"""

from dataclasses import dataclass

from emulant import ask


@dataclass
class Item:
    name: str
    count: int


class Player:
    def __init__(self, health, *items):
        self.health = health
        self.items = list(items)

    def use(self, item):
        item.count -= 1
        if item.count == 0:
            self.items.remove(item)
        self.health = min(100, self.health + 25)


player = Player(40, Item("rusty sword", 1), Item("torch", 3), Item("healing potion", 2), Item("rope", 1))

for item in player.items:
    if ask[bool](f"Would a wounded person feel better after using a {item.name}?"):
        player.use(item)
        print(f"used the {item.name}, health is now {player.health}")
        break
else:
    print("nothing in the bag helps")

print([f"{item.name} x{item.count}" for item in player.items])
