"""Things in a row, as pairs of colour and name; questions of the kinds that the examples show."""
import re

NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
           "fourteen", "fifteen", "sixteen"]
COUNT = r"\b(an?|one|two|three|four|five|six|seven|eight|nine|ten) "


def things_of(text):
    found = []
    for number, colour, name in re.findall(COUNT + r"(\w+) ([a-z ]+?)(?=,|\.|$| and (?:an?|one|two|three|four|five|six) )", text):
        count = 1 if number in ("a", "an") else NUMBERS.index(number)
        found.extend([(colour, name.removesuffix("s") if count > 1 else name)] * count)
    return found


def same(name, asked):
    return name == asked or name.replace("pair of ", "") == asked or name == asked.removesuffix("s") \
        or name.replace("pair of ", "pairs of ") == asked or name + "es" == asked or name.removesuffix("e") + "es" == asked


def place(things, asked):
    asked = re.sub(r" (thing|item|object|one)$", "", asked.strip())
    for index, (colour, name) in enumerate(things):
        if colour == asked or same(name, asked):
            return index
    return 0


def answer(things, question):
    if "remove all" in question:
        gone = re.search(r"remove all (?:the )?(\w+)?(?: )?([a-z ]*?) from", question)
        words = f"{gone[1] or ''} {gone[2]}".strip()
        colours = {colour for colour, _ in things}
        first, _, rest = words.partition(" ")
        if first in colours and rest in ("things", "items", "objects"):
            things = [thing for thing in things if thing[0] != first]
        elif first in colours:
            things = [thing for thing in things if not (thing[0] == first and same(thing[1], rest))]
        else:
            things = [thing for thing in things if not same(thing[1], words)]
        wanted = re.search(r"how many (\w+) ([a-z ]+?) (?:remain|are)", question)
        if wanted is None:
            return NUMBERS[len(things)]
        if wanted[2] in ("things", "items", "objects"):
            return NUMBERS[len([thing for thing in things if thing[0] == wanted[1]])]
        return NUMBERS[len([thing for thing in things if thing[0] == wanted[1] and same(thing[1], wanted[2])])]
    neither = re.search(r"neither (\w+) nor (\w+)", question)
    if neither:
        return NUMBERS[len([thing for thing in things if thing[0] not in (neither[1], neither[2])])]
    beside = re.search(r"How many non-(\w+) \w+ do you see to the (left|right) of the ([a-z ]+)\?", question)
    if beside:
        at = place(things, beside[3])
        part = things[:at] if beside[2] == "left" else things[at + 1:]
        return NUMBERS[len([thing for thing in part if thing[0] != beside[1]])]
    beside = re.search(r"directly to the (left|right) of the ([a-z ]+)\?", question)
    if beside:
        at = place(things, beside[2])
        return things[at - 1 if beside[1] == "left" else at + 1][0]
    if "left-most" in question:
        return things[0][0]
    if "right-most" in question:
        return things[-1][0]
    far = re.search(r"furthest from the ([a-z ]+)\?", question)
    if far:
        at = place(things, far[1])
        return max(enumerate(things), key=lambda item: abs(item[0] - at))[1][0]
    asked = re.search(r"(?:What color is the|What is the color of the) ([a-z ]+)\?", question)
    if asked:
        return things[place(things, asked[1])][0]
    asked = re.search(r"(?:Is|Are) the ([a-z ]+) (\w+)\?", question)
    if asked:
        return "yes" if things[place(things, asked[1])][0] == asked[2] else "no"
    return "none"


def solve(question):
    body, options = question.split("Options:")
    sentences = re.split(r"(?<=[.?]) ", body.strip())
    said = answer(things_of(re.sub(r"^[^:]*:", "", sentences[0]) if ":" in sentences[0] else sentences[0]), " ".join(sentences[1:]))
    for letter, option in re.findall(r"(\([A-Z]\)) ([^\n]+)", options):
        if option.strip() == said:
            return letter
    return "none"
