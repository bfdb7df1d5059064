"""Folders and names: os, os.path, pathlib, glob."""
import glob
import os
import pathlib
import stat
from pathlib import Path

os.makedirs("a/b/c")
os.makedirs("a/b/c", exist_ok=True)
for name in ("a/1.txt", "a/b/2.txt", "a/b/c/3.log", ".hidden", "top.txt"):
    Path(name).write_text(name)
print(sorted(os.listdir()), sorted(os.listdir("a")))
print([(e.name, e.path, e.is_dir(), e.is_file()) for e in sorted(os.scandir("a"), key=lambda e: e.name)])
for top, folders, files in os.walk("a"):
    folders.sort()
    print(top, folders, sorted(files))
print([top for top, _, _ in os.walk("a", topdown=False)][-1])
print(os.path.exists("a"), os.path.isdir("a"), os.path.isfile("a/1.txt"), os.path.isfile("a"), os.path.exists("no"))
print(os.path.getsize("a/1.txt"), stat.S_ISDIR(os.stat("a").st_mode), os.stat("top.txt").st_size)
print(os.path.abspath("x/../y") == os.path.join(os.getcwd(), "y"), os.path.relpath("a/b", "a"), os.path.relpath("a", "a/b/c"))
try:
    os.makedirs("a/b")
except FileExistsError as e:
    print(e)
for action in (lambda: os.mkdir("x/y"), lambda: os.mkdir("top.txt"), lambda: os.rmdir("a"), lambda: os.remove("a"),
               lambda: os.remove("no"), lambda: os.listdir("top.txt"), lambda: os.rename("no", "yes"),
               lambda: os.stat("no"), lambda: os.rmdir("top.txt"), lambda: os.chdir("no"), lambda: os.chdir("top.txt")):
    try:
        action()
    except OSError as e:
        print(type(e).__name__, e.errno, e)
os.rename("top.txt", "renamed.txt")
os.replace("renamed.txt", "a/1.txt")
print(open("a/1.txt").read(), os.path.exists("renamed.txt"))
os.rename("a/b", "moved")
print(sorted(os.listdir("moved")), sorted(os.listdir("a")))
os.chdir("moved")
print(os.path.basename(os.getcwd()), sorted(os.listdir()), os.path.exists("../a/1.txt"))
os.chdir("..")
os.remove("moved/2.txt")
os.unlink("moved/c/3.log")
os.removedirs("moved/c")
print(os.path.exists("moved"))
p = Path("pp") / "q"
p.mkdir(parents=True)
(p / "r.txt").write_text("héllo")
(p / "s.bin").write_bytes(b"\x00\x01")
print((p / "r.txt").read_text(), (p / "s.bin").read_bytes(), (p / "r.txt").stat().st_size, p.is_dir())
print(sorted(str(x) for x in Path("pp").rglob("*")), sorted(x.name for x in p.iterdir()))
print(sorted(map(str, Path(".").glob("*/*.txt"))), list(Path(".").glob("nothing/*")))
print(sorted(glob.glob("**/*.txt", recursive=True)), sorted(glob.glob("*")), sorted(glob.glob("pp/?/[rs].*")))
print(glob.glob("*.txt", root_dir="pp/q"), glob.glob("none*"), glob.escape("a[1]*"))
try:
    p.mkdir()
except FileExistsError as e:
    print(e)
p.mkdir(exist_ok=True)
try:
    (p / "zz").unlink()
except FileNotFoundError as e:
    print(e)
(p / "zz").unlink(missing_ok=True)
(p / "t").touch()
print((p / "t").exists(), (p / "t").stat().st_size, (p / "t").rename("t2"), Path("t2").exists())
with (p / "r.txt").open() as f:
    print(f.read())
os.symlink("pp/q/r.txt", "link")
print(os.path.islink("link"), os.readlink("link"), open("link").read(), Path("link").resolve().name, os.path.lexists("link"))
os.symlink("nowhere", "broken")
print(os.path.exists("broken"), os.path.lexists("broken"), Path("broken").is_symlink())
os.symlink("loop", "loop")
try:
    open("loop")
except OSError as e:
    print(e)
os.chmod("t2", 0o600)
print(oct(os.stat("t2").st_mode), stat.filemode(os.stat("t2").st_mode), os.access("t2", os.R_OK), os.access("no", os.F_OK))
os.utime("t2", (1000, 2000))
print(os.stat("t2").st_mtime, os.path.getmtime("t2"), os.stat("t2").st_atime_ns)
fd = os.open("fd.txt", os.O_CREAT | os.O_WRONLY)
print(os.write(fd, b"descriptor"), os.close(fd), open("fd.txt").read())
print(Path.cwd() == Path(os.getcwd()), Path("a").absolute() == Path.cwd() / "a", Path("a/../a").resolve() == Path("a").resolve())
print(isinstance(p, os.PathLike), os.fspath(p), os.environ.get("NO_SUCH_NAME"), os.getenv("NO_SUCH_NAME", "default"))
