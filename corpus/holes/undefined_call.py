# emulant: holes calls
"""The type of a call that is defined nowhere comes from its use in the same function."""

prices = {"apple": 3, "pear": 2}


def show(count: int, label: str = "n"):
    print(label, count + 1)


def main(text):
    if is_sarcastic(text):
        print("sarcastic")
    while not sounds_finished(text):
        text += "!"
    print(prices[which_fruit(text)])
    print(["a", "b", "c"][position_of_best(text)])
    if rate_quality(text) > 3:
        print("good")
    if pick_colour(text) in ("red", "blue"):
        print("a colour")
    print(f"{estimate_weight(text):.2f} kg")
    print(f"{number_of_words(text):d} words")
    show(how_many_letters(text), label=short_title(text))
    match language_of(text):
        case "en" | "de":
            print("known")
        case "fr":
            print("french")
    for word, kind in tag_words(text):
        print(word, kind)
    first, second = split_halves(text)
    print(first, second)
    mood = detect_mood(text)
    print(mood.upper())
    total = sum(points_for(word) for word in text.split())
    print(total)
    print(sorted(["bb", "a"], key=lambda word: difficulty_of(word)))
    print(describe_freely(text))
    answer: list[int] = list_of_primes(text)
    print(answer)
    print(country_of(text, ret_type="str"))


main("so well done")
