#!/bin/sh
# Builds the Python package and shows it to .check/venv, for crates/cli/tests/python.rs.
set -eu
cd "$(dirname "$0")/.."
[ -x .check/venv/bin/python ] || python3 -m venv .check/venv
.check/venv/bin/python -c 'import mypy' 2>/dev/null || .check/venv/bin/python -m pip install --quiet --disable-pip-version-check 'mypy==2.4.1'
# Of the same parts as the tests: all targets at once, so that nothing is built twice. A wheel is made by maturin.
cargo build --quiet --workspace --all-targets
cp "${CARGO_TARGET_DIR:-target}/debug/lib_emulant.so" python/emulant/_emulant.abi3.so
echo "$PWD/python" > "$(.check/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/emulant.pth"
