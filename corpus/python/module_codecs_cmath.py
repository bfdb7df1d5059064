"""codecs, cmath of ordinary arguments, http, json's parts, urllib's addresses, csv's dialects, calendar's years."""
import calendar, cmath, codecs, csv, http, io, json.decoder, urllib.parse, urllib.request

print(codecs.encode("Hello", "rot13"), codecs.lookup("UTF8").name, codecs.decode(b"6162", "hex"), codecs.BOM_UTF8, codecs.getreader("utf-8")(io.BytesIO("é\nx".encode())).readlines())
decoder = codecs.getincrementaldecoder("utf-8")()
print([decoder.decode(bytes([b])) for b in "é☃".encode()], list(codecs.iterdecode([b"a", b"\xc3", b"\xa9"], "utf-8")))
z = 1 + 2j
print([f"{getattr(cmath, n)(z):.10f}" for n in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh", "log", "log10", "sqrt", "exp")], cmath.log(-1), cmath.log(8, 2).real)
try:
    cmath.log(0)
except ValueError as error:
    print(error)
print(http.HTTPStatus.NOT_FOUND, http.HTTPStatus(404).phrase, repr(http.HTTPStatus.OK), http.HTTPStatus.OK == 200, http.HTTPMethod.GET, http.HTTPStatus.IM_A_TEAPOT.is_client_error)
try:
    json.decoder.JSONDecoder().decode("[1,")
except json.decoder.JSONDecodeError as error:
    print(error)
print([urllib.parse.urljoin("http://a/b/c/d;p?q", r) for r in ("g", "../g", "/g", "//g", "?y", "#s", "../../../g", "g;x=1/../y", "http://other/")], urllib.parse.urldefrag("http://a/b#c"))
print(urllib.request.urlopen("data:text/plain;base64,aGk=").read(), urllib.request.Request("http://h/p?q", headers={"X-a": "1"}).selector)
print(csv.Sniffer().sniff("a;b;c\n1;2;3\n").delimiter, csv.Sniffer().has_header("name,n\na,1\nb,2\n"), list(csv.reader(["a|'b|c'|d"], delimiter="|", quotechar="'")), csv.list_dialects())
out = io.StringIO()
csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows([["a", 1, None, 'q"'], ["b,c", 2.5, "", "\n"]])
print(repr(out.getvalue()))
print(calendar.calendar(2024, m=4)[:400], calendar.HTMLCalendar().formatmonth(2024, 2)[:200], list(calendar.Calendar(6).itermonthdays4(2024, 2))[:3])
