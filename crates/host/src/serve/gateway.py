"""A session of a gateway: the calls of one client, in order, each through the gate."""
import json

from emulant import tools

SHORT = 4  # shorter texts are repeated by chance
KEPT = 1000
earlier = []


def texts(value):
    if isinstance(value, str):
        if len(value) >= SHORT:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def traced(value):
    """The same value; a text that an earlier answer holds is taken from there, so that it tells its origin."""
    if isinstance(value, dict):
        return {key: traced(item) for key, item in value.items()}
    if isinstance(value, list):
        return [traced(item) for item in value]
    if isinstance(value, str) and len(value) >= SHORT:
        for text in earlier:
            at = text.find(value)
            if at >= 0:
                return text[at:at + len(value)]
    return value


while True:
    try:
        call = tools.next_call()
    except Exception:
        break  # the client has left
    try:
        answer = getattr(tools, call["tool"])(**traced(call["arguments"]))
        earlier.extend(texts(answer))
        del earlier[:-KEPT]
        reply = {"value": answer}
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply))
