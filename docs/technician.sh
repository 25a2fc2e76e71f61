#!/bin/sh
# Takes the pictures of docs/vi/ky-thuat-vien.md anew: a technician's walk through a demonstration
# with devices of its own. Needs what ./test needs.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
PATH="$root/.venv/bin:$PATH"
export VANG_SCREENSHOTS="$root/docs/images/technician"
mkdir -p "$VANG_SCREENSHOTS"
pytest -q -n 0 -m journey tests/journeys/test_technician.py
python docs/smaller.py "$VANG_SCREENSHOTS"
