"""What is not code, in five forms: an undefined call, a phrase, a stub with a check, a block, and a rehearsal.

    emulant run --holes calls examples/bookshop.py

`emulant holes --holes calls examples/bookshop.py` lists every hole with its type before anything runs.
"""

from typing import Literal

import nightjarpy as nj
from emulant import HoleError, emulate, ensures, example

catalogue = ["Brave New World", "1984", "Kiki's Delivery Service"]


@emulate
@example("I sobbed all night.", returns="sad")
@example("What a laugh!", returns="cheerful")
def tone(review: str) -> Literal["sad", "cheerful"]:
    "The mood of the review."


@ensures(lambda title, wish: title in catalogue, "the title is in the catalogue")
@emulate
def recommend(wish: str) -> str:
    "The title of Brave New World, 1984 or Kiki's Delivery Service that fits the wish best."


@nj.fn
def sell(shelf, wish):
    """natural
    Remove the book that fits <wish> best from <shelf>, and save its title as <:sold>.
    """
    return sold


print(tone("I laughed from the first page to the last."))
try:
    print(recommend("something light about growing up"))
except HoleError as error:
    print(error)
if is_suitable_for_children("1984"):
    print("for children")
print("the shortest of these titles"(catalogue))
shelf = list(catalogue)
print(sell(shelf, "a story with a flying girl"), shelf)
