from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal, Optional
from emulant import ask, emulate

class Mood(Enum):
    GOOD = 1
    BAD = 2

@dataclass
class Ticket:
    title: str
    mood: Mood
    tags: list[str] = ()

@emulate
def triage(text: str, limit: Annotated[int, 3] = 3) -> Optional[Ticket]:
    """What does the ticket say?"""
    ...

@emulate(model="small")
def tone(text: str) -> Literal["good", "bad"] | None: ...

def main(texts):
    best: int = ask(f"Which of {texts} is best?")
    if ask("Is it late?"):
        return ask[list[str]]("Why?")
    for word in split_words(texts):
        if is_sarcastic(word, strict=True):
            print(count_letters(word) + 1)
    match detect_language(texts):
        case "en" | "de":
            return find_place(texts, ret_type="str")
