def f(path):
    for line in path:
        with open(line) as file, lock:
            if file:
                break
            return file.read()
