#!/bin/sh
# Builds the process that judges Cedar policies, into .check/venv/bin, which ./check puts on PATH.
set -eu
cd "$(dirname "$0")/.."
cargo build --quiet --manifest-path cedar/Cargo.toml --target-dir .check/cedar
[ -d .check/venv/bin ] || python3 -m venv .check/venv
cp .check/cedar/debug/emulant-cedar .check/venv/bin/emulant-cedar
