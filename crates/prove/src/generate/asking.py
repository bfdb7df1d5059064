import time
from typing import Literal
from emulant import emulate, ask, tools, AskError, AskFailed, Refused, Abstained, ToolError

@dataclass
class Record:
    name: str
    size: int

@emulate
def number(x: int) -> int:
    "A number."

@emulate
def word(text: str) -> str:
    "A word."

@emulate
def fits(text: str) -> bool:
    "Does it fit?"

@emulate
def numbers(text: str) -> list[int]:
    "Some numbers."

@emulate
def kind(text: str) -> Literal["a", "b", "key"]:
    "Its kind."

@emulate
def weight(x: int) -> float:
    "Its weight."

@emulate
def record(text: str) -> Record:
    "What is known about it."

