"""Pairs that swap."""
import re

OWNS = r"(\w+) (?:is dancing with|gets|has an?|is playing|has the|buys|is holding) (?:an? )?([^,.]+?)(?=,| and \w+ (?:is|gets|has|buys)|\.|$)"


def solve(question):
    start, rest = question.split("First,", 1)
    start = start.split(":", 1)[1] if ":" in start else start
    owns = {name: thing.strip() for name, thing in re.findall(OWNS, start)}
    moves, end = rest.split("At the end", 1)
    for one, other in re.findall(r"(\w+) and (\w+) (?:switch|swap|trade)", moves):
        owns[one], owns[other] = owns[other], owns[one]
    asked = re.search(r", (\w+) (?:is dancing with|has|is playing|has the|gets)", end)[1]
    for letter, thing in re.findall(r"(\([A-Z]\)) ([^\n]+)", end):
        if thing.strip() == owns[asked]:
            return letter
    return "none"
