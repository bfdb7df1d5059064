# emulant: holes pseudo
"""A line that is no Python is the change of the visible state that it asks for."""

basket = ["apple", "stone", "pear"]
count the fruits in basket and put the number into fruits
print(fruits)


def tidy(words):
    result = []
    for each word of words that is short:
        append it to result, in capitals
    return result


print(tidy(basket), basket)
