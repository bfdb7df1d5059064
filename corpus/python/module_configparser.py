"""configparser: sections, defaults, interpolation and what goes wrong."""
import configparser
import io

text = """
# comment
[DEFAULT]
home = /home
[paths]
base: %(home)s/x
data = %(base)s/data
    and more
empty =
Flag = yes
n = 42
"""
c = configparser.ConfigParser()
c.read_string(text)
print(c.sections(), dict(c["paths"]), c.getboolean("paths", "flag"), c["paths"].getint("n"), c.getfloat("paths", "n"), c.get("paths", "no", fallback="none"))
c["new"] = {"a": "1", "b": "50%%"}
c.set("new", "c", "x")
out = io.StringIO()
c.write(out)
print(out.getvalue(), c["new"]["b"], "a" in c["new"], c.has_option("new", "HOME"), c.remove_option("new", "a"), c.remove_section("nope"))
e = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation(), allow_no_value=True)
e.read_string("[a]\nx = 1\ny = ${x}2\n[b]\nz = ${a:y}3\nalone\n")
print(e["b"]["z"], e["b"]["alone"], e.items("a"))
for action in (lambda: c.get("paths", "no"), lambda: c.get("none", "x"), lambda: c.add_section("new"), lambda: c.read_string("x = 1"), lambda: c.read_string("[s]\nbad"), lambda: c.read_string("[s]\na=1\na=2"), lambda: c.getint("paths", "flag"), lambda: c.set("new", "k", 5), lambda: c.set("new", "k", "%(bad"), lambda: c["zzz"], lambda: c.getboolean("paths", "n")):
    try:
        action()
    except (configparser.Error, ValueError, TypeError, KeyError) as error:
        print(type(error).__name__, error)
