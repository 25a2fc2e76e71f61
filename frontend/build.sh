#!/bin/sh
# Installs the locked packages and rebuilds src/vang/base/static/base.
set -eu
cd "$(dirname "$0")"
npm ci --no-fund --no-audit --ignore-scripts
node build.mjs
