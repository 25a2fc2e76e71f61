#!/bin/sh
# Installs the locked packages when they changed and rebuilds src/vang/base/static/base.
set -eu
cd "$(dirname "$0")"
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-fund --no-audit --ignore-scripts
fi
node build.mjs
