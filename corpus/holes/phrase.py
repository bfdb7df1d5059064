# emulant: holes calls
"""A text that is called is a hole too: the phrase is what to do."""

words = ["stone", "apple", "cloud"]
longest = "the word that one can eat"(words)
print(longest.upper())
if "is this heavy?"(words[0]):
    print("heavy")
print([f"{'letters that sound like a vowel'(word):d}" for word in words])
