#!/bin/sh
# Builds the Python package and installs it in .check/venv, for crates/cli/tests/python.rs.
set -eu
cd "$(dirname "$0")/.."
[ -x .check/venv/bin/python ] || python3 -m venv .check/venv
.check/venv/bin/python -m pip install --quiet --disable-pip-version-check 'maturin==1.16.0' 'mypy==2.4.1'
# The same versions as in the binary; what only the package needs is added.
cp Cargo.lock python/Cargo.lock
export CARGO_TARGET_DIR="$PWD/target/python" VIRTUAL_ENV="$PWD/.check/venv"
.check/venv/bin/maturin develop --quiet --manifest-path python/Cargo.toml
