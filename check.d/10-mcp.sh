#!/bin/sh
# Installs the real MCP servers that the tests of crates/host talk to, into
# .check/ below the project root (ignored by git). Safe to run again: what is
# there in the right version stays.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .check

if [ ! -x .check/venv/bin/python ]; then
    python3 -m venv .check/venv
fi
if [ ! -x .check/venv/bin/mcp-server-git ]; then
    .check/venv/bin/python -m pip install --quiet --disable-pip-version-check 'mcp-server-git==2026.10.19'
fi
if [ ! -x .check/venv/bin/mcp-server-time ]; then
    .check/venv/bin/python -m pip install --quiet --disable-pip-version-check 'mcp-server-time==2026.10.19'
fi
# The client that drives our own server.
if ! .check/venv/bin/python -c 'import importlib.metadata as m; assert m.version("mcp") == "2.3.0"' 2>/dev/null; then
    .check/venv/bin/python -m pip install --quiet --disable-pip-version-check 'mcp==2.3.0'
fi

# npm writes to the nearest folder with a package.json; this one keeps it here.
[ -f .check/package.json ] || echo '{"private": true}' > .check/package.json
for server in everything filesystem memory; do
    if [ ! -d ".check/node_modules/@modelcontextprotocol/server-$server" ]; then
        npm install --prefix .check --no-audit --no-fund --loglevel=error \
            "@modelcontextprotocol/server-$server@2026.8.31"
    fi
done
