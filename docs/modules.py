"""Writes `modules.md`: which modules and names of CPython's library are here, by asking both.

    python3.12 docs/modules.py target/debug/emulant run --journal none            writes the page
    python3.12 docs/modules.py --check target/debug/emulant run --journal none    says whether the page is right
"""

import importlib
import json
import pkgutil
import subprocess
import sys
import types
import warnings
from pathlib import Path

PAGE = Path(__file__).with_suffix(".md")
SUBMODULES = [
    "collections.abc", "concurrent.futures", "html.entities", "html.parser", "http.client", "importlib.util", "json.decoder",
    "json.encoder", "logging.config", "logging.handlers", "os.path", "unittest.mock", "urllib.error", "urllib.parse",
    "urllib.request", "xml.dom.minidom", "xml.etree.ElementTree", "xml.sax.saxutils",
]
# What is part of the installation and no library, or gone from the next version.
LEFT_OUT = {
    "antigravity", "this", "idlelib", "lib2to3", "distutils", "pydoc_data", "turtledemo", "nt", "msvcrt", "winreg", "winsound",
    "asynchat", "asyncore", "imp", "smtpd", "xxlimited", "xxlimited_35", "xxsubtype", "test",
}

PROGRAM = """
import json
wanted = json.loads(WANTED)
found = {}
for module, names in wanted.items():
    try:
        loaded = __import__(module)
        for part in module.split('.')[1:]:
            loaded = getattr(loaded, part)
    except ImportError:
        continue
    except NotImplementedError:
        found[module] = {name: 'refused' for name in names}
        continue
    states = {}
    for name in names:
        try:
            getattr(loaded, name)
        except NotImplementedError:
            states[name] = 'refused'
        except AttributeError:
            states[name] = 'missing'
    found[module] = states
print(json.dumps(found))
"""


def names_of(module):
    """What a module offers: what it says, or else all public names that are no modules."""
    if hasattr(module, "__all__"):
        return sorted(name for name in set(module.__all__) if hasattr(module, name))
    return sorted(
        name for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
        and getattr(value, "__module__", module.__name__) in (module.__name__, "_" + module.__name__, None)
    )


def offered():
    """Each module of the library with its names."""
    modules = {}
    for name in sorted({*sys.stdlib_module_names, *SUBMODULES}):
        if name.startswith("_") and name != "__future__" or name in LEFT_OUT:
            continue
        try:
            modules[name] = names_of(importlib.import_module(name))
        except ImportError:
            pass
    return modules


def page(command):
    modules = offered()
    program = PROGRAM.replace("WANTED", repr(json.dumps(modules)))
    done = subprocess.run([*command, "-c", program], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    found = json.loads(done.stdout)
    whole = [name for name in modules if name in found and not found[name]]
    partial = [name for name in modules if name in found and found[name] and len(found[name]) < len(modules[name])]
    refused = [name for name in modules if name in found and modules[name] and len(found[name]) == len(modules[name])]
    missing = [name for name in modules if name not in found]
    lines = [
        "# The standard library here", "",
        "Made by `docs/modules.py`, which asks CPython 3.12 what each module offers and the machine whether it is there. A name",
        "that is there can still lack an option; the first lines of the module's source (`crates/stdlib/python`) say what.", "",
        f"With all names ({len(whole)}): " + ", ".join(f"`{name}`" for name in whole) + ".", "",
        f"In part ({len(partial)}):", "", "| module | names here | refused with a sentence | missing |", "| --- | --- | --- | --- |",
    ]
    for name in partial:
        states = found[name]
        kinds = {kind: [f"`{each}`" for each in states if states[each] == kind] for kind in ("refused", "missing")}
        here = len(modules[name]) - len(states)
        lines.append(f"| `{name}` | {here} of {len(modules[name])} | {', '.join(kinds['refused'])} | {', '.join(kinds['missing'])} |")
    lines += [
        "", f"Can be imported, and every use is refused with a sentence ({len(refused)}): " + ", ".join(f"`{name}`" for name in refused) + ".",
        "", f"Missing, `ModuleNotFoundError` ({len(missing)}): " + ", ".join(f"`{name}`" for name in missing) + ".", "",
    ]
    return "\n".join(lines)


def main():
    warnings.simplefilter("ignore")
    assert sys.version_info[:2] == (3, 12), "the page follows CPython 3.12"
    check = sys.argv[1:2] == ["--check"]
    text = page(sys.argv[2 if check else 1 :])
    if not check:
        PAGE.write_text(text)
    elif PAGE.read_text() != text:
        sys.exit("docs/modules.md is not what the machine has: run docs/modules.py")


main()
