"""A function that is defined nowhere: the model is asked what it would return.

    emulant run --holes calls examples/countries.py

Without `--holes calls`, the undefined name is the NameError that it is in Python.
"""

places = ["Mumbai", "London", "Washington", "Grand Canyon", "Baltimore"]

countries = set()
for place in places:
    country: str = get_country(place)
    countries.add(country)

# The set is counted by code, so five right answers cannot become a wrong number.
print(len(countries), "countries:", ", ".join(sorted(countries)))
