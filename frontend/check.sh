#!/bin/sh
# Rebuilds the console's style, script and icons and fails when the committed ones differ.
set -eu
cd "$(dirname "$0")/.."
sums() { find src/vang/base/static/base -type f -exec cksum {} + | sort; }
before=$(sums)
sh frontend/build.sh >/dev/null
if [ "$before" != "$(sums)" ]; then
    echo "src/vang/base/static/base was not what frontend/ builds; commit the rebuilt files." >&2
    git --no-pager diff --stat -- src/vang/base/static/base >&2 || true
    exit 1
fi
