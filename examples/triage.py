"""Sorts support tickets, answers them by mail where that is safe, and writes a report.

    emulant run --tools examples/triage.json --allow write_file --allow send_mail examples/triage.py

What is judgement is left to a model, under a type. What is arithmetic is not.
"""

import json
from collections import Counter
from typing import Literal

from emulant import Refused, ask, emulate, tools

# Addresses that we know from elsewhere. A mail to one of these is ours to send.
CUSTOMERS = (
    "anna@north.example",
    "bela@bakery.example",
    "chidi@school.example",
    "dora@north.example",
    "emil@garage.example",
    "farida@clinic.example",
    "ravi@press.example",
    "hana@bakery.example",
    "ivo@garage.example",
    "june@clinic.example",
)


@emulate
def urgency(body: str) -> Literal["low", "normal", "high"]:
    "How urgent is this support ticket?"


@emulate
def reply_to(body: str) -> str:
    "The e-mail address that the answer should go to, as named in the ticket"


def recipient(address):
    """The address as it stands in our own list; one that is not there stays the model's."""
    for customer in CUSTOMERS:
        if customer == address.strip().lower():
            return customer
    return address


def send(ticket, address, text):
    try:
        tools.send_mail(to=recipient(address), subject="Re: " + ticket["subject"], body=text)
    except Refused as refusal:
        return f"kept back: {refusal}"
    return "sent"


tickets = [json.loads(line) for line in tools.read_text(path="tickets.jsonl").splitlines()]

# Three comprehensions, three batches: no answer is needed before the next is asked.
levels = [urgency(ticket["body"]) for ticket in tickets]
addresses = [reply_to(ticket["body"]) for ticket in tickets]
drafts = [ask[str](f"One polite sentence that answers this ticket: {ticket['body']}") for ticket in tickets]

counts = Counter(levels)
order = sorted(range(len(tickets)), key=lambda i: ("high", "normal", "low").index(levels[i]))
lines = ["# Tickets", "", f"{len(tickets)} tickets: " + ", ".join(f"{counts[level]} {level}" for level in ("high", "normal", "low"))]
for i in order:
    outcome = send(tickets[i], addresses[i], drafts[i])
    print(f"ticket {tickets[i]['id']:>2} {levels[i]:<6} {outcome}")
    lines += ["", f"## {tickets[i]['id']}: {tickets[i]['subject']} ({levels[i]})", "", f"> {drafts[i]}", "", outcome]

print(lines[2])
tools.write_file(path="triage_report.md", text="\n".join(lines) + "\n")
