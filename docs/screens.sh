#!/bin/sh
# Takes the pictures of the manual anew: a browser walks through a demonstration office and a new
# installation. Needs what ./test needs. Afterwards the manual is written: docs/LANGUAGE/manual.md.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
PATH="$root/.venv/bin:$PATH"
export VANG_SCREENSHOTS="$root/docs/images/manual"
mkdir -p "$VANG_SCREENSHOTS"
pytest -q -n 0 -m journey tests/journeys/test_manual.py tests/journeys/test_first_broadcast.py
python docs/smaller.py "$VANG_SCREENSHOTS"
python docs/manual.py
