"""Counting is code; what kind a thing is, is judgement."""
import re

from emulant import emulate

NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}


@emulate
def belongs(thing: str, kind: str) -> bool:
    "Is the thing one of this kind?"


def solve(question):
    listed, asked = question.split("How many")
    kind = asked.split(" do I have")[0].strip()
    things = re.findall(r"\b(an?|one|two|three|four|five|six|seven|eight|nine|ten) ([a-z ]+?)(?=,|\.| and (?:an?|one|two|three|four|five|six) )", listed.replace("I have", ""))
    if kind in ("objects", "things", "items"):
        return str(sum(NUMBERS[number] for number, _ in things))
    return str(sum(NUMBERS[number] for number, thing in things if belongs(thing, kind)))
