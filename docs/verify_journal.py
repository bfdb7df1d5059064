"""Checks an exported journal without Emulant: python3 verify_journal.py RUN.jsonl [KEY]

Nothing but Python is needed. It says `finished` (status 0), `open` (status 3: sound as far as it goes,
but the signed end is missing: still running, or cut off), or `not sound: line N: why` (status 1).
KEY is the public key, 64 hex digits, that must have signed. Without it a signature proves only
that nobody without *some* key changed the journal.
"""

import hashlib
import json
import sys

# Ed25519 (RFC 8032), strict: one form of each signature, no points of small order
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e = (y1 - x1) * (y2 - x2) % P
    f = (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    h, g, k, m = f - e, d - c, d + c, f + e
    return (h * g % P, k * m % P, g * k % P, h * m % P)


def times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)

BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if None in (a, r) or s >= L or any(same(times(8, one), (0, 1, 1, 0)) for one in (a, r)):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, a)))


def canonical(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        raise ValueError("a fraction")
    return json.dumps(value, ensure_ascii=False)


def unhex(text, size):
    if not isinstance(text, str) or len(text) != 2 * size or text != text.lower():
        raise ValueError("malformed hex")
    return bytes.fromhex(text)


def root(peaks):
    tree = None  # RFC 6962
    for _, digest in reversed(peaks):
        tree = digest if tree is None else hashlib.sha256(b"\1" + digest + tree).digest()
    return (tree or hashlib.sha256(b"").digest()).hex()


def push(peaks, leaf):
    height, digest = 0, hashlib.sha256(b"\0" + leaf).digest()
    while peaks and peaks[-1][0] == height:
        digest = hashlib.sha256(b"\1" + peaks.pop()[1] + digest).digest()
        height += 1
    peaks.append((height, digest))


def check(line, entry, seq, head, peaks, wanted, waiting):
    if canonical(entry) + "\n" != line:
        raise ValueError("it is not in the canonical form")
    if (entry["v"], entry["seq"], entry["prev"]) != (1, seq, head):
        raise ValueError("it does not follow the line before it")
    kind = entry["type"]
    if (kind == "run") != (seq == 0):
        raise ValueError("a journal has one run, at its beginning")
    if kind == "run" and hashlib.sha256(entry["program"]["text"].encode()).hexdigest() != entry["program"]["sha256"]:
        raise ValueError("the digest of the program is not that of its text")
    if kind == "ask":
        ask, request = entry["ask"], entry["ask"]["request"]
        waiting[seq] = entry["acts"] and (request["kind"], request.get("call")) != ("approve", ask["id"])
    elif kind == "leave":
        if not waiting[entry["to"]]:
            raise ValueError("it is no call that acts")
    elif kind == "answer":
        del waiting[entry["to"]]  # KeyError: it answers nothing that is open
    elif kind in ("sign", "close"):
        if entry["root"] != root(peaks):
            raise ValueError("its root is not that of the lines before it")
        key, signature = unhex(entry["key"], 32), unhex(entry["signature"], 64)
        part = canonical({name: value for name, value in entry.items() if name != "signature"})
        if not signed_by(key, b"emulant journal checkpoint v1\n" + part.encode(), signature):
            raise ValueError("its signature is wrong")
        if wanted is not None and key != wanted:
            raise ValueError("it is signed by another key")
    elif kind not in ("run", "stop"):
        raise ValueError("there is no such entry")
    return kind == "close"


def verify(data, wanted=None):
    head, peaks, waiting, closed = "0" * 64, [], {}, False
    lines = data.decode("utf-8", "strict").split("\n") if data else [""]
    for seq, text in enumerate(lines[:-1] if lines[-1] == "" else lines):
        line = text + "\n" if seq < len(lines) - 1 else text
        try:
            if closed:
                raise ValueError("it stands behind the end of the run")
            closed = check(line, json.loads(line), seq, head, peaks, wanted, waiting)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            return f"not sound: line {seq + 1}: {error}"
        digest = hashlib.sha256(line.encode()).digest()
        head = digest.hex()
        push(peaks, digest)
    return "finished" if closed else "open" if head != "0" * 64 else "not sound: line 1: it is empty"


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        try:
            said = verify(file.read(), bytes.fromhex(sys.argv[2]) if len(sys.argv) > 2 else None)
        except UnicodeDecodeError:
            said = "not sound: it is not UTF-8"
    print(said)
    sys.exit({"finished": 0, "open": 3}.get(said, 1))
