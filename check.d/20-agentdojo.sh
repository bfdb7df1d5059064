#!/bin/sh
# Installs the suites that `emulant bench agentdojo` measures against, into .check/.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .check
[ -x .check/venv/bin/python ] || python3 -m venv .check/venv
if ! .check/venv/bin/python -c 'import agentdojo' 2>/dev/null; then
    .check/venv/bin/python -m pip install --quiet --disable-pip-version-check 'agentdojo==0.1.35'
fi
