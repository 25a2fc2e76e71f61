"""The launcher starts what was kept, guards what is on trial, and never leaves a loudspeaker
without software. Every start is a real process; the releases are miniatures."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[2] / "src/vang_node/launcher.py"
PATIENCE_S = 30.0
SAYS = """
import json, os, sys, time
from pathlib import Path
folder = Path(sys.argv[sys.argv.index("--home") + 1]) / "software"
def say():
    with (folder.parent / "said").open("a") as file:
        settings = json.loads(os.environ["VANG_NODE_RELEASE"])["configuration"]
        file.write(VERSION + " " + settings[-6:] + "\\n")
def keep():
    aside = folder / ".new"
    aside.symlink_to("releases/" + VERSION)
    aside.replace(folder / "current")
    (folder / "trial.json").unlink()
"""
WELL = """
def main():
    say()
    keep() if os.environ.get("VANG_NODE_GUARDED") else None
    time.sleep(300)
"""
ENDS = "def main():\n    say()\n    return 0\n"
DIES = "def main():\n    say()\n    return 1\n"
HANGS = "def main():\n    say()\n    time.sleep(300)\n"
FULL = "def main(:\n"


@dataclass
class Device:
    """A package, a folder, and whatever was started."""

    root: Path
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.software = self.root / "home" / "software"
        (self.software / "releases").mkdir(parents=True)
        self.release(self.root / "package" / "releases", "1.0.0", ENDS)
        (self.root / "package" / "current").symlink_to("releases/1.0.0")

    def release(self, where: Path, version: str, main: str) -> None:
        inside = where / version / "vang_node"
        inside.mkdir(parents=True)
        (inside / "__init__.py").touch()
        (inside / "cli.py").write_text(f'VERSION = "{version}"\n{SAYS}{main}')
        (where / version / "release.json").write_text(json.dumps({"libraries": "none"}))

    def keep(self, version: str, main: str) -> None:
        self.release(self.software / "releases", version, main)
        (self.software / "current").symlink_to(f"releases/{version}")

    def try_out(self, version: str, main: str, minutes: float = 0.5, boots: int = 0) -> None:
        self.release(self.software / "releases", version, main)
        told = {"ask": "a1", "sort": "software", "version": version}
        told_all = {**told, "minutes": minutes, "boots": boots}
        (self.software / "trial.json").write_text(json.dumps(told_all))

    def start(self) -> "subprocess.Popen[bytes]":
        line = [sys.executable, str(LAUNCHER), "run", "--home", str(self.root / "home")]
        around = {**os.environ, "VANG_NODE_FACTORY": str(self.root / "package")}
        self.processes.append(subprocess.Popen(line, env=around, stderr=subprocess.DEVNULL))
        return self.processes[-1]

    def run(self) -> int:
        return self.start().wait(PATIENCE_S)

    def said(self) -> list[str]:
        place = self.root / "home" / "said"
        return (
            [line.split()[0] for line in place.read_text().splitlines()] if place.exists() else []
        )

    def until_said(self, *expected: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.said() != list(expected):
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def outcome(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.software / "outcome.json").read_text())
        return found


@pytest.fixture
def device(tmp_path: Path) -> "object":
    made = Device(tmp_path)
    yield made
    for process in made.processes:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_without_any_release_the_package_starts(device: Device) -> None:
    assert device.run() == 0
    assert device.said() == ["1.0.0"]


def test_what_was_kept_starts(device: Device) -> None:
    device.keep("2.0.0", ENDS)
    assert device.run() == 0
    assert device.said() == ["2.0.0"]


def test_a_release_that_is_well_is_kept(device: Device) -> None:
    device.try_out("2.0.0", WELL)
    guard = device.start()
    device.until_said("2.0.0")
    _gone(device.software / "trial.json")
    guard.send_signal(signal.SIGTERM)
    guard.wait(PATIENCE_S)
    assert (device.software / "current").readlink() == Path("releases/2.0.0")
    assert not (device.software / "outcome.json").exists()


@pytest.mark.parametrize("broken", [DIES, ENDS, FULL])
def test_a_release_that_ends_is_given_up_at_once(device: Device, broken: str) -> None:
    device.try_out("2.0.0", broken)
    assert device.run() == 0
    assert device.said()[-1] == "1.0.0"
    assert device.outcome()["reason"] == "died"
    assert device.outcome()["ask"] == "a1"
    assert not (device.software / "current").exists()


def test_a_release_that_hangs_is_given_up_after_its_minutes(device: Device) -> None:
    device.keep("1.5.0", ENDS)
    device.try_out("2.0.0", HANGS, minutes=0.02)
    (device.software / "complaint.json").write_text('"the server is not heard"')
    assert device.run() == 0
    assert device.said() == ["2.0.0", "1.5.0"]
    told = device.outcome()
    assert told == {"ask": "a1", "reason": "not-healthy", "detail": "the server is not heard"}


def test_a_play_is_not_cut_off_to_go_back(device: Device) -> None:
    device.try_out("2.0.0", HANGS, minutes=0.01)
    status = device.root / "home" / "status.json"
    status.write_text('{"state": {"playing": "p1-1"}}')
    guard = device.start()
    device.until_said("2.0.0")
    time.sleep(1.5)
    assert guard.poll() is None
    status.write_text('{"state": {"playing": null}}')
    device.until_said("2.0.0", "1.0.0")


def test_after_three_power_cuts_it_is_given_up(device: Device) -> None:
    device.try_out("2.0.0", HANGS, minutes=5)
    for cuts in (1, 2, 3):
        guard = device.start()
        device.until_said(*["2.0.0"] * cuts)
        guard.kill()
        guard.wait()
    assert device.run() == 0
    assert device.said()[-1] == "1.0.0"
    assert device.outcome()["reason"] == "died"


def test_the_power_goes_between_the_switch_and_the_end_of_the_trial(device: Device) -> None:
    device.try_out("2.0.0", ENDS)
    (device.software / "current").symlink_to("releases/2.0.0")
    assert device.run() == 0
    assert device.said() == ["2.0.0"]
    assert not (device.software / "trial.json").exists()
    assert not (device.software / "outcome.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"ask": 1}', "\x00" * 40])
def test_a_trial_that_cannot_be_read_is_none(device: Device, content: str) -> None:
    (device.software / "trial.json").write_text(content)
    assert device.run() == 0
    assert device.said() == ["1.0.0"]


def test_a_link_to_nothing_starts_the_package(device: Device) -> None:
    (device.software / "current").symlink_to("releases/9.9.9")
    assert device.run() == 0
    assert device.said() == ["1.0.0"]


def test_a_kept_release_whose_files_were_damaged_gives_way_to_the_package(device: Device) -> None:
    device.keep("2.0.0", FULL)
    for _start in range(5):
        assert device.run() != 0
    assert device.run() == 0
    assert device.said() == ["1.0.0"]


def test_settings_on_trial_are_followed_and_given_up(device: Device) -> None:
    configurations = device.software / "configurations"
    configurations.mkdir()
    (configurations / "7.json").write_text("{}")
    told = {"ask": "a1", "sort": "configuration", "version": "7", "minutes": 1, "boots": 0}
    (device.software / "trial.json").write_text(json.dumps(told))
    assert device.run() == 0
    lines = (device.root / "home" / "said").read_text().splitlines()
    assert lines == ["1.0.0 7.json", "1.0.0 "]
    assert device.outcome()["reason"] == "died"


def _gone(path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
