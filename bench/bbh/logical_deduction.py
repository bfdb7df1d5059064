"""All orders are tried; a statement that leaves none is dropped."""
import re
from itertools import permutations

ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6}
LOW = ("left", "old", "cheap", "above", "leftmost", "first")
HIGH = ("rightmost", "newest", "most expensive", "last", "youngest")


def place_of(text, count):
    """The place that a description names, from the low end: leftmost, oldest, cheapest, first."""
    text = text.strip().removeprefix("the ").strip()
    if text.startswith("finished "):
        text = text[9:]
    words = re.split(r"[ -]", text)
    number = ORDINALS.get(words[0])
    if number is not None and ("last" in text or "second-to" in text):
        return count - 1 - number
    if number is None:
        number = 0
    if any(word in text for word in ("right", "newest", "youngest", "most expensive", "last")):
        return count - 1 - number
    return number


def check_of(statement, names):
    """What a statement says, as a function of the places."""
    found = sorted([(statement.find(name), name) for name in names if re.search(r"\b" + re.escape(name) + r"\b", statement)])
    subject = found[0][1]
    if len(found) == 2:
        other = found[1][1]
        if re.search(r"to the left of|older than|cheaper than|less expensive than|finished above", statement):
            return lambda places: places[subject] < places[other]
        if re.search(r"to the right of|newer than|more expensive than|finished below", statement):
            return lambda places: places[subject] > places[other]
    wanted = place_of(re.split(re.escape(subject) + r"s? (?:is|are|was|had)? ?", statement, maxsplit=1)[1], len(names))
    return lambda places: places[subject] == wanted


def solve(question):
    body, options = question.split("Options:")
    body = body.split("within each paragraph.", 1)[1]
    intro, *statements = [part.strip() for part in body.split(". ") if part.strip()]
    listed = intro.split(":", 1)[1].rstrip(".")
    names = [re.sub(r"^(?:and )?(?:an? |the )?", "", part.strip()) for part in re.split(r",", listed)]
    checks = [check_of(statement.rstrip("."), names) for statement in statements]
    orders = []
    for order in permutations(range(len(names))):
        places = dict(zip(names, order))
        if all(check(places) for check in checks):
            orders.append(places)
    for letter, option in re.findall(r"(\([A-Z]\)) ([^\n]+)", options):
        holds = check_of(option, names)
        if orders and all(holds(places) for places in orders):
            return letter
    return "none"
