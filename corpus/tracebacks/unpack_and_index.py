"""Messages with values: unpacking, after output on stdout."""


def split(line):
    key, value = line.split("=")
    return key, value


for line in ["a=1", "b=2", "c"]:
    print(split(line))
