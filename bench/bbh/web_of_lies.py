"""Truth is carried along."""
import re


def solve(question):
    honest = {}
    text = question.split("Question:")[1]
    for name, told in re.findall(r"(\w+) (tells the truth|lies)\.", re.sub(r"\w+ says", "", text.split(".")[0] + ".")):
        honest[name] = told == "tells the truth"
    for speaker, name, told in re.findall(r"(\w+) says (\w+) (tells the truth|lies)", text):
        honest[speaker] = honest[name] == (told == "tells the truth")
    asked = re.search(r"Does (\w+) tell the truth", text)[1]
    return "Yes" if honest[asked] else "No"
