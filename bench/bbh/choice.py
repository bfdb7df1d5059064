"""Judgement alone: one typed hole over the whole question."""
import re
from typing import Literal

from emulant import emulate


@emulate
def choose(question: str) -> Literal["(A)", "(B)", "(C)", "(D)", "(E)", "(F)", "(G)", "(H)", "(I)", "(J)", "(K)", "(L)", "(M)", "(N)", "(O)", "(P)", "(Q)", "(R)"]:
    "The letter of the right option."


@emulate
def holds(question: str) -> bool:
    "Is the answer to the question yes, valid or plausible?"


def solve(question):
    if re.search(r"\([A-Z]\) ", question):
        return choose(question)
    words = ("valid", "invalid") if "- valid" in question else ("yes", "no") if "plausible" in question else ("Yes", "No")
    return words[0] if holds(question) else words[1]
