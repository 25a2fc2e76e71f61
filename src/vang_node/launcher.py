#!/usr/bin/python3
"""Starts the release of the agent that this loudspeaker keeps, and stands guard over a new one.

It comes with the package and changes with nothing that the network brings; it needs the standard
library alone. A release on trial runs as its child: when it ends, or has not been kept in the
minutes it was given, the release from before is started again. Whatever it cannot read, it starts
what came with the package.

    FACTORY/current -> releases/0.1.0          what the package brought
    FACTORY/libraries/ID/                      what releases import, by the hash of their lock
    HOME/software/current -> releases/0.2.0    kept, once it was healthy
    HOME/software/trial.json                   on trial: its presence is the switch
    HOME/software/outcome.json                 how the last trial failed
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

FACTORY = "/opt/vang-node"
HOME = "/var/lib/vang-node"
MOST_BOOTS = 3
"""A power cut in a trial is no fault of the release, three are enough."""
MOST_STARTS = 5
"""A kept release that never ran a minute in so many starts: its files may be damaged."""
AGAIN = 75
"""How the agent ends that wants to be started again (EX_TEMPFAIL of sysexits.h)."""
NEEDED = {"ask", "sort", "version", "minutes", "boots"}
PR_SET_PDEATHSIG = 1
WATCH_S = 0.25
END_S = 15.0
PLAY_S = 1800.0
FRESH_S = 20.0
_BEGIN = (
    "import sys; sys.path[:0] = sys.argv.pop(1).split(':'); "
    "from vang_node.cli import main; sys.exit(main())"
)


class Software:
    """The folders of the package and of the node."""

    def __init__(self, factory: Path, home: Path) -> None:
        self.factory, self.home = factory, home
        self.folder = home / "software"
        self.trial_file = self.folder / "trial.json"
        self.outcome_file = self.folder / "outcome.json"
        self.starts_file = self.folder / "starts.json"

    def trial(self) -> dict[str, object] | None:
        """The release on trial; None when there is none, or when nobody can read what stands
        there."""
        try:
            told = json.loads(self.trial_file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            told = None
        if isinstance(told, dict) and set(told) >= NEEDED:
            return told
        self.drop_trial()
        return None

    def drop_trial(self) -> None:
        with suppress(OSError):
            self.trial_file.unlink(missing_ok=True)
            sync(self.folder)

    def kept(self) -> Path | None:
        """The release that was kept, if it is whole enough to be started."""
        return whole(self.folder / "current")

    def is_kept(self, trial: dict[str, object]) -> bool:
        """The power went between the switch and the end of the trial."""
        name, folder, ending = (
            ("current", "releases", "")
            if trial["sort"] == "software"
            else ("configuration", "configurations", ".json")
        )
        try:
            link = (self.folder / name).readlink()
            return link == Path(folder, f"{trial['version']}{ending}")
        except OSError:
            return False

    def path_of(self, release: Path) -> list[str]:
        """What Python imports from: the release, and its libraries."""
        needed = json.loads((release / "release.json").read_bytes())["libraries"]
        for root in (self.factory, self.folder):
            if (found := root / "libraries" / str(needed)).is_dir():
                return [str(release), str(found.resolve())]
        return [str(release)]


def whole(release: Path) -> Path | None:
    there = (release / "release.json").is_file() and (release / "vang_node/cli.py").is_file()
    return release.resolve() if there else None


def write(path: Path, told: object) -> None:
    """Whole or not at all, and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def home_of(arguments: list[str]) -> Path:
    """As the agent itself reads ``--home``."""
    for index, one in enumerate(arguments):
        if one.startswith("--home="):
            return Path(one[7:])
        if one == "--home" and index + 1 < len(arguments):
            return Path(arguments[index + 1])
    return Path(HOME)


def command(software: Software, release: Path, arguments: list[str]) -> list[str]:
    python = [sys.executable, "-I", "-S", "-B", "-X", "utf8"]
    return [*python, "-c", _BEGIN, ":".join(software.path_of(release)), *arguments]


def environment(software: Software, release: Path, configuration: Path | None) -> dict[str, str]:
    """``VANG_NODE_RELEASE``: what the agent is, and by which settings."""
    own = software.folder in release.parents
    told = {"factory": not own, "configuration": str(configuration) if configuration else ""}
    return {
        **os.environ,
        "VANG_NODE_RELEASE": json.dumps(told),
        "VANG_NODE_LAUNCHER": json.dumps([sys.executable, *sys.orig_argv[1:]]),
        "VANG_NODE_FACTORY": str(software.factory),
    }


def begin(software: Software, arguments: list[str]) -> NoReturn:
    """The agent in the place of this process, or a guard over a release on trial."""
    trial = software.trial() if "run" in arguments[:1] else None
    if trial is not None and software.is_kept(trial):
        software.drop_trial()
        trial = None
    if trial is not None:
        on_trial(software, trial, arguments)
    release = chosen(software, counted="run" in arguments[:1])
    settings = configuration(software)
    line, around = command(software, release, arguments), environment(software, release, settings)
    os.execve(line[0], line, around)  # noqa: S606 - the agent itself


def configuration(software: Software) -> Path | None:
    kept = software.folder / "configuration"
    return kept.resolve() if kept.is_file() else None


def chosen(software: Software, *, counted: bool) -> Path:
    """What was kept; what the package brought when that is none, or never ran a minute."""
    kept, factory = software.kept(), whole(software.factory / "current")
    if kept is not None and counted and too_many_starts(software):
        kept = None
    found = kept or factory
    if found is None:
        sys.exit(f"vang-node: no release in {software.factory} or {software.folder}.")
    return found


def too_many_starts(software: Software) -> bool:
    """The agent removes the file after its first minute."""
    try:
        starts = int(json.loads(software.starts_file.read_bytes())) + 1
    except (OSError, ValueError, TypeError):
        starts = 1
    with suppress(OSError):
        write(software.starts_file, starts)
    return starts > MOST_STARTS


def on_trial(software: Software, trial: dict[str, object], arguments: list[str]) -> NoReturn:
    boots = int(str(trial["boots"]))
    if boots >= MOST_BOOTS:
        give_up(software, trial, "died", f"{boots} starts, and never kept")
    write(software.trial_file, {**trial, "boots": boots + 1})
    release, settings = on_trial_are(software, trial)
    if release is None or settings == software.folder:
        give_up(software, trial, "bad-archive", "the release is not whole")
    around = {**environment(software, release, settings), "VANG_NODE_GUARDED": "1"}
    Guard(software, trial).run(command(software, release, arguments), around)


def on_trial_are(software: Software, trial: dict[str, object]) -> tuple[Path | None, Path | None]:
    """The release and the settings to be tried; the folder itself for settings that are gone."""
    if trial["sort"] == "software":
        release = whole(software.folder / "releases" / str(trial["version"]))
        return release, configuration(software)
    settings = software.folder / "configurations" / f"{trial['version']}.json"
    return chosen(software, counted=False), settings if settings.is_file() else software.folder


def give_up(software: Software, trial: dict[str, object], reason: str, detail: str) -> NoReturn:
    """Note how it failed, end the trial, and start as if it had never been."""
    told = {"ask": trial["ask"], "reason": reason, "detail": detail[:200]}
    with suppress(OSError):
        write(software.outcome_file, told)
    software.drop_trial()
    sys.stderr.write(f"vang-node: release {trial['version']} is given up: {reason}: {detail}\n")
    again()


def again() -> NoReturn:
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - itself


def _die_with_guard() -> None:
    """In the child: the kernel ends it when its guard is gone, however that went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Guard:
    """The parent of a release on trial."""

    def __init__(self, software: Software, trial: dict[str, object]) -> None:
        self.software, self.trial = software, trial
        self.asked_to_end = False

    def run(self, line: list[str], around: dict[str, str]) -> NoReturn:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        self.child = subprocess.Popen(line, env=around, preexec_fn=_die_with_guard)  # noqa: PLW1509
        until = time.monotonic() + 60.0 * float(str(self.trial["minutes"]))
        while (code := self.child.poll()) is None:
            if self.software.trial_file.exists() and time.monotonic() > until:
                if self._plays() and time.monotonic() < until + PLAY_S:
                    time.sleep(WATCH_S)
                    continue
                self._stop()
                give_up(self.software, self.trial, "not-healthy", self._complaint())
            time.sleep(WATCH_S)
        if self.asked_to_end:
            sys.exit(max(code, 0))
        if self.software.trial_file.exists():
            give_up(self.software, self.trial, "died", f"it ended with {code}")
        again()

    def _end(self, number: int, _frame: object) -> None:
        self.asked_to_end = True
        self.child.send_signal(number)

    def _stop(self) -> None:
        self.child.terminate()
        try:
            self.child.wait(END_S)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def _plays(self) -> bool:
        """Whether it says that something sounds: nobody is cut off in the middle of a word."""
        status = self.software.home / "status.json"
        with suppress(OSError, ValueError, KeyError, TypeError):
            fresh = time.time() - status.stat().st_mtime < FRESH_S
            return fresh and json.loads(status.read_bytes())["state"]["playing"] is not None
        return False

    def _complaint(self) -> str:
        try:
            told = json.loads((self.software.folder / "complaint.json").read_bytes())
        except (OSError, ValueError):
            return "it said nothing"
        return str(told)[:200]


def main() -> None:
    arguments = sys.argv[1:]
    factory = Path(os.environ.get("VANG_NODE_FACTORY") or FACTORY)
    begin(Software(factory, home_of(arguments)), arguments)


if __name__ == "__main__":
    main()
