"""Encodings and handlers of errors that a program registers are found by name."""

import codecs


def search(name):
    if name != "shout":
        return None
    return codecs.CodecInfo(lambda text, errors="strict": (text.upper().encode(), len(text)),
                            lambda data, errors="strict": (bytes(data).decode().lower(), len(data)), name="shout")


codecs.register(search)
print("hello".encode("shout"), b"HELLO".decode("SHOUT"), codecs.lookup("shout").name, bytes("a", "shout"), str(b"B", "shout"))
codecs.unregister(search)
for call in (lambda: "a".encode("shout"), lambda: b"a".decode("nothing"), lambda: "é".encode("ascii", "nobody"), lambda: codecs.lookup_error("nobody")):
    try:
        call()
    except LookupError as error:
        print(error)


def starred(error):
    if isinstance(error, UnicodeEncodeError):
        return "*" * (error.end - error.start), error.end
    return f"<{error.object[error.start]:x}>", error.start + 1


codecs.register_error("starred", starred)
print("aéüb日".encode("ascii", "starred"), "é日".encode("latin-1", "starred"), b"a\xffb\xfe".decode("utf-8", "starred"), b"\x80x".decode("ascii", "starred"))
codecs.register_error("bytes", lambda error: (b"\x01\x02", error.end))
print("aé".encode("ascii", "bytes"), "é•".encode("ascii", "namereplace"))
codecs.register_error("wrong", lambda error: 42)
for call in (lambda: "é".encode("ascii", "wrong"), lambda: b"\xff".decode("ascii", "wrong"), lambda: "é".encode("ascii", "starred").decode("ascii", "strict").encode("ascii", 3)):
    try:
        call()
    except TypeError as error:
        print(error)
print(codecs.lookup_error("starred") is starred, codecs.replace_errors(UnicodeEncodeError("ascii", "éa", 0, 1, "why")))
