"""The order of adjectives is a rule; what kind an adjective is of, is judgement."""
import re
from typing import Literal

from emulant import emulate

ORDER = ["opinion", "size", "age", "shape", "colour", "origin", "material", "purpose"]


@emulate
def kind_of(adjective: str) -> Literal["opinion", "size", "age", "shape", "colour", "origin", "material", "purpose"]:
    "What kind of adjective it is: lovely is opinion, big is size, old is age, square is shape, red is colour, Thai is origin, wooden is material, walking is purpose."


def solve(question):
    best, chosen = None, "(A)"
    for letter, phrase in re.findall(r"(\([A-Z]\)) ([^\n]+)", question):
        places = [ORDER.index(kind_of(word)) for word in phrase.split()[:-1]]
        faults = sum(1 for i, a in enumerate(places) for b in places[i + 1:] if a > b)
        if best is None or faults < best:
            best, chosen = faults, letter
    return chosen
