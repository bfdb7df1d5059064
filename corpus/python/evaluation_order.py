"""The order in which parts of statements and expressions are evaluated."""

log = []


def t(x, result=None):
    log.append(x)
    return x if result is None else result


def order(call):
    log.clear()
    call()
    return "".join(map(str, log))


def assign():
    box = [0, 0]
    t("b", box)[t("c", 0)] = t("a")


def augmented():
    box = [0]
    t("a", box)[t("b", 0)] += t("c", 1)


def call():
    t("f", lambda *a, **k: None)(t("1"), *t("2", [1]), k=t("3"), **t("4", {}))


def comparison():
    t("a") < t("b") < t("c")


def conditional():
    t("yes") if t("cond") else t("no")


def mapping():
    {t("k1"): t("v1"), t("k2"): t("v2")}


def default():
    def f(a=t("d1"), *, b: t("annotation") = t("d2")):
        pass


def binary():
    t(1) + t(2) * t(3) - t(4)


def power():
    t(2) ** t(3) ** t(1)


def slices():
    t("l", [1, 2, 3])[t("s", 0) : t("e", 2) : t("p", 1)]


def chained():
    x = [0, 0]
    x[t("i", 0)] = x[t("j", 1)] = t("v")


def method():
    t("obj", "text").replace(t("t"), t("x"))


def classes():
    @t("deco", lambda c: c)
    class C(t("base", object), metaclass=t("meta", type)):
        t("body")


results = {
    f.__name__: order(f)
    for f in (assign, augmented, call, comparison, conditional, mapping, default, binary, power, slices, chained, method, classes)
}
assert results["assign"] == "abc" and results["augmented"] == "abc" and results["call"] == "f1234"
assert results["conditional"] == "condyes" and results["mapping"] == "k1v1k2v2" and results["default"] == "d1d2annotation"
assert results["power"] == "231" and results["chained"] == "vij" and results["classes"] == "decobasemetabody"
print(results)
