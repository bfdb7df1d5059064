"""Text, a character at a time and a method at a time."""


def shift(text, by):
    letters = []
    for character in text:
        code = ord(character)
        if 97 <= code <= 122:
            letters.append(chr((code - 97 + by) % 26 + 97))
        else:
            letters.append(character)
    return "".join(letters)


def is_palindrome(text):
    kept = [c for c in text.lower() if c.isalpha()]
    return kept == kept[::-1]


def main(n: int):
    line = "never odd or even; step on no pets, said the fox"
    palindromes = 0
    length = 0
    checksum = 0
    for turn in range(n):
        coded = shift(line, turn % 26)
        words = coded.replace(";", ",").split(",")
        for word in words:
            word = word.strip()
            length += len(word.title())
            if is_palindrome(word):
                palindromes += 1
            if word.startswith("n") or word.endswith("x"):
                checksum += word.find("o") + word.count("e")
            checksum = (checksum * 31 + ord(word[0])) % 1000003
    return palindromes, length, checksum
