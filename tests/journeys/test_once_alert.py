"""An exercise from one file: two people sign, three loudspeakers obey, a stranger can verify it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browsing import UNGUARDED
from tests.prepared import copy, prepared_database

pytestmark = pytest.mark.journey
SAMPLES = Path(__file__).parent.parent.parent / "samples"


def vang(*words: str, timeout: float) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name != UNGUARDED}
    bare.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "vang.cli", *words],
        env=bare,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def test_exercise_is_heard_and_proved(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if prepared_database().exists():
        copy(prepared_database(), data / "db.sqlite3")
    sample = str(SAMPLES / "canh-bao-lu.json")
    done = vang("run", "--once-alert", sample, "--data", str(data), timeout=420)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["passed"]
    assert {one["state"] for one in told["nodes"]} == {"PLAYED"}
    assert all(one["announced"] and one["sounding_s"] < 5 for one in told["nodes"])
    other_root = ("evidence", "verify", told["evidence"], "--root", "0" * 64)
    assert vang(*other_root, timeout=60).returncode == 1
