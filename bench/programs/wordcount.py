"""Dicts and lists: count words, group them by length, rank the groups."""

TEXT = (
    "the runtime asks and the host answers and the journal keeps what the host said "
    "so that a run can be read again by a person who was not there when it ran and "
    "the person can say why the program did what it did and where each word came from"
)


def main(n: int):
    words = TEXT.split()
    counts = {}
    by_length = {}
    for turn in range(n):
        for place, word in enumerate(words):
            if (place + turn) % 7 == 0:
                word = word + str(turn % 5)
            counts[word] = counts.get(word, 0) + 1
            if len(word) not in by_length:
                by_length[len(word)] = []
            group = by_length[len(word)]
            if len(group) < 50:
                group.append(word)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    widest = max(by_length)
    return ranked[0][0], ranked[0][1], len(counts), widest, by_length[widest][0]
