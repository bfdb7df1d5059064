"""Whole trees and files for a while: shutil, tempfile."""
import os
import shutil
import tempfile
from pathlib import Path

Path("src/in").mkdir(parents=True)
Path("src/a.txt").write_text("a")
Path("src/in/b.pyc").write_text("b")
print(shutil.copy("src/a.txt", "copy.txt"), shutil.copy("src/a.txt", "src/in"), open("copy.txt").read())
print(shutil.copytree("src", "dst"), sorted(os.listdir("dst/in")))
print(shutil.copytree("src", "dst2", ignore=shutil.ignore_patterns("*.pyc")), sorted(os.listdir("dst2/in")))
try:
    shutil.copytree("src", "dst")
except FileExistsError as e:
    print(e)
try:
    shutil.copy("src/a.txt", "src/a.txt")
except shutil.SameFileError as e:
    print(e)
try:
    shutil.copyfile("no", "x")
except FileNotFoundError as e:
    print(e)
print(shutil.move("copy.txt", "moved.txt"), os.path.exists("copy.txt"), shutil.move("moved.txt", "dst"))
shutil.rmtree("dst")
print(os.path.exists("dst"))
try:
    shutil.rmtree("dst")
except FileNotFoundError as e:
    print(e)
shutil.rmtree("dst", ignore_errors=True)
with tempfile.TemporaryDirectory() as folder:
    print(os.path.isdir(folder), os.listdir(folder), os.path.basename(folder).startswith("tmp"))
    Path(folder, "x").write_text("y")
print(os.path.exists(folder))
with tempfile.NamedTemporaryFile("w+", suffix=".txt") as f:
    f.write("temporary")
    f.seek(0)
    print(f.read(), f.name.endswith(".txt"), os.path.exists(f.name))
print(os.path.exists(f.name))
with tempfile.TemporaryFile() as f:
    f.write(b"bytes")
    f.seek(1)
    print(f.read())
fd, path = tempfile.mkstemp(prefix="pre", suffix=".suf")
print(os.path.basename(path)[:3], path[-4:], os.write(fd, b"z"), os.close(fd), os.path.getsize(path), os.remove(path))
made = tempfile.mkdtemp(dir=".")
print(os.path.isdir(made), os.rmdir(made))
with tempfile.SpooledTemporaryFile(max_size=10, mode="w+") as f:
    f.write("small")
    f.seek(0)
    print(f.read())
    f.write(" but not for long")
    f.seek(0)
    print(f.read())
with open("src/a.txt") as a, open("o.txt", "w") as o:
    shutil.copyfileobj(a, o)
print(open("o.txt").read(), sorted(os.listdir(".")))
