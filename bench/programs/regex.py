"""The re module: search, findall, groups, split, substitution."""

import re

LOG = (
    "2024-03-01 12:00:05 INFO user=anna id=17 took 35ms; "
    "2024-03-01 12:00:09 WARN user=bo id=4 took 1204ms; "
    "2024-03-02 08:15:00 INFO user=carla.m id=220 took 8ms; "
    "mail a.b@example.org or c-d@mail.example.com"
)

STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)")
FIELD = re.compile(r"(?P<key>[a-z]+)=(?P<value>[\w.]+)")
ADDRESS = re.compile(r"[\w.-]+@[\w-]+(?:\.[\w-]+)+")
TOOK = re.compile(r"took (\d+)ms")


def main(n: int):
    total = 0
    for turn in range(n):
        text = LOG + " user=u%d" % turn
        for match in STAMP.finditer(text):
            total += int(match.group(3)) + int(match[6])
        for match in FIELD.finditer(text):
            if match["key"] == "user":
                total += len(match["value"])
        total += len(ADDRESS.findall(text))
        slowed = TOOK.sub(r"\1\1 ms", text)
        total += len(slowed) + len(re.split(r"[;\s]+", text))
        if re.search(r"(WARN|ERROR).*?took (\d{4,})ms", text):
            total += 1
    return total
