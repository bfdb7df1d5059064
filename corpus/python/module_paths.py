"""os.path and pathlib.PurePosixPath: what can be said about paths without a file system."""

import os.path
from pathlib import PurePosixPath as Path

print(os.path.join("a", "b", "/c", "d"), os.path.split("/x/y.txt"), os.path.splitext("a/b.tar.gz"), os.path.basename("/p/q/"), os.path.dirname("/p/q"), os.path.normpath("a/./b//../c"), os.path.isabs("/a"), os.path.commonprefix(["abc", "abd"]))
p = Path("/usr/lib") / "python" / "x.tar.gz"
print(p, p.name, p.stem, p.suffix, p.suffixes, p.parent, p.parts, p.with_suffix(".zip"), p.with_name("y"), p.is_absolute(), p.relative_to("/usr"), repr(Path("a") / "b"), p.match("*.gz"), Path("a/../b"), Path("."), Path("a//b/./c"))
print(list(p.parents)[:2], Path("a") < Path("b"), Path("a/b") == Path("a//b"), p.as_posix(), Path("x").joinpath("y", "z"), os.path.relpath("/a/b", "/a/c"), os.sep)
try:
    p.relative_to("/opt")
except ValueError as error:
    assert str(error) == "'/usr/lib/python/x.tar.gz' is not in the subpath of '/opt'"
else:
    raise AssertionError("no exception")
