"""The time that nobody has seen them in."""
import re


def hour(text):
    number = int(re.match(r"\d+", text)[0]) % 12
    return number + (12 if text.endswith("pm") else 0)


def solve(question):
    body, options = question.split("Options:")
    busy = [(hour(a), hour(b)) for a, b in re.findall(r"from (\d+[ap]m) to (\d+[ap]m)", body)]
    woke = hour(re.search(r"woke up at (\d+[ap]m)", body)[1])
    closed = hour(re.search(r"closed after (\d+[ap]m)", body)[1])
    for letter, a, b in re.findall(r"(\([A-Z]\)) (\d+[ap]m) to (\d+[ap]m)", options):
        start, end = hour(a), hour(b)
        if start >= woke and end <= closed and not any(start < late and end > early for early, late in busy):
            return letter
    return "none"
