"""A bare name that is an attribute of self is suggested with self."""


class Shelf:
    def __init__(self):
        self.books = []

    def add(self, book):
        books.append(book)


Shelf().add("Emma")
