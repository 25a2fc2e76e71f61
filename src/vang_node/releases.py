"""The releases kept on this node: verified, unpacked, tried out, kept or given up.

What stands in ``software/`` is read by the launcher, which comes with the package: a release is
put there whole, and only then is the trial noted, in one small file.
"""

import json
import logging
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tuf.api.exceptions import DownloadError, RepositoryError

from vang_node import __version__
from vang_node.home import sync_folder, write_private
from vang_protocol import fields, strict_json
from vang_protocol.limits import SEQUENCE
from vang_protocol.provinces import Fetch
from vang_protocol.reasons import Refused
from vang_protocol.releases import (
    MEMBERS,
    UNPACKED_BYTES,
    Failed,
    Failure,
    Listed,
    Offer,
    Release,
    Settings,
    Sort,
    a_release,
    listed_release,
    parse_settings,
)

KEPT_RELEASES = 3
_MEMBER = re.compile(
    r"release\.json|(?:vang_node|vang_protocol)/(?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]+", re.ASCII
)
_CHUNK = 64 * 1024

log = logging.getLogger(__name__)


class NotTaken(Exception):
    """A release that is not taken, and why."""

    def __init__(self, reason: Failure, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason, self.detail = reason, detail


class NoWord(Exception):
    """Nothing answered: there will be another time."""


@dataclass(frozen=True)
class Trial:
    """A release that has to prove itself. ``before``: examinations that failed without it too."""

    offer: Offer
    before: tuple[str, ...]


class ReleaseStore:
    """``folder`` is the node's ``software``; ``factory`` what the package brought; ``root`` the
    province's, pinned at enrolment."""

    def __init__(self, folder: Path, *, factory: Path | None, root: bytes) -> None:
        self.folder, self._factory, self._root = folder, factory, root
        self._trust = folder / "trust"
        self._trial_file, self._outcome_file = folder / "trial.json", folder / "outcome.json"

    @property
    def managed(self) -> bool:
        """Whether a launcher is there that could go back."""
        return self._factory is not None

    def listed(self, release: Release, fetch: Fetch, *, now: datetime) -> Listed:
        """What the signed list says of it. Raises NotTaken or NoWord."""
        if not self._root:
            raise NotTaken(Failure.NOT_SIGNED, "this node has no root")
        (self._trust / "metadata").mkdir(parents=True, exist_ok=True)
        try:
            found = listed_release(self._trust, self._root, fetch, release, now=now)
        except DownloadError as error:
            raise NoWord(str(error)) from None
        except RepositoryError as error:
            raise NotTaken(Failure.NOT_SIGNED, f"{type(error).__name__}: {error}"[:200]) from None
        if found is None:
            raise NotTaken(Failure.NOT_SIGNED, f"{release.version} is not on the list")
        return found

    def part(self, listed: Listed) -> Path:
        """Where its bytes are gathered."""
        return self.folder / "incoming" / listed.sha256

    def has(self, listed: Listed) -> bool:
        """Whether it is here already, by the very bytes that are listed."""
        place = self._place(listed.release)
        with suppress(OSError):
            return self._mark(listed.release).read_text() == listed.sha256 and place.exists()
        return False

    def adopt(self, listed: Listed) -> None:
        """Check the gathered bytes and put the release in its place, whole or not at all.

        Raises NotTaken; OSError when the disk does not take it.
        """
        part = self.part(listed)
        if _digest(part) != listed.sha256 or part.stat().st_size != listed.bytes:
            part.unlink(missing_ok=True)
            raise NotTaken(Failure.WRONG_FILE, "other bytes than the signed ones")
        place = self._place(listed.release)
        try:
            if listed.release.sort is Sort.SOFTWARE:
                self._unpack(part, place, listed.release)
            else:
                self._check_settings(part, listed.release)
                write_private_at(place, part.read_bytes())
        except Refused as error:
            part.unlink(missing_ok=True)
            raise NotTaken(Failure.BAD_ARCHIVE, str(error)[:200]) from None
        write_private_at(self._mark(listed.release), listed.sha256.encode())
        part.unlink(missing_ok=True)

    def try_out(self, trial: Trial) -> None:
        """From the next start on it is on trial. The launcher counts its starts."""
        (self.folder / "complaint.json").unlink(missing_ok=True)
        offer = trial.offer
        told = {
            "ask": offer.ask,
            "sort": offer.release.sort.value,
            "version": offer.release.version,
            "minutes": offer.minutes,
            "boots": 0,
            "before": list(trial.before),
        }
        write_private_at(self._trial_file, strict_json.canonical(told))

    def trial(self) -> Trial | None:
        """The one that this very process is, when the launcher is its guard."""
        try:
            told = json.loads(self._trial_file.read_bytes())
            release = a_release(Sort(told["sort"]), str(told["version"]))
            offer = Offer(str(told["ask"]), release, int(told["minutes"]))
            return Trial(offer, tuple(map(str, told["before"])))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, Refused) as error:
            log.warning("The trial cannot be read: %s", error)
            return None

    def complain(self, words: str) -> None:
        """Why it is not healthy yet: the guard tells, when it must give up."""
        with suppress(OSError):
            write_private_at(self.folder / "complaint.json", json.dumps(words).encode())

    def keep(self, trial: Trial) -> None:
        """It is healthy: from now on this is what starts. The switch is one rename."""
        release = trial.offer.release
        place = self._place(release)
        name = "current" if release.sort is Sort.SOFTWARE else "configuration"
        aside = self.folder / f".{name}.{os.getpid()}"
        aside.unlink(missing_ok=True)
        aside.symlink_to(place.relative_to(self.folder))
        aside.replace(self.folder / name)
        sync_folder(self.folder)
        self._trial_file.unlink(missing_ok=True)
        self._outcome_file.unlink(missing_ok=True)
        sync_folder(self.folder)
        log.info("Release %s %s is kept.", release.sort.value, release.version)

    def failed(self) -> Failed | None:
        """The last release that was given up here, until another one is kept."""
        try:
            told = json.loads(self._outcome_file.read_bytes())
            return Failed(
                fields.identifier(told["ask"], "ask"), Failure(told["reason"]), str(told["detail"])
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, Refused) as error:
            log.warning("How the last trial ended cannot be read: %s", error)
            return None

    def give_up(self, ask: str, reason: Failure, detail: str) -> None:
        """It was never tried: it is not what was signed, or does not fit."""
        told = {"ask": ask, "reason": reason.value, "detail": detail[:200]}
        write_private_at(self._outcome_file, strict_json.canonical(told))

    def tidy(self) -> None:
        """After a power cut: what was being unpacked, and all but the newest releases."""
        releases = self.folder / "releases"
        for left in releases.glob(".unpacking-*"):
            shutil.rmtree(left, ignore_errors=True)
        trial = self.trial()
        used = {trial.offer.release.version if trial else "", self._current()}
        found = [one for one in releases.glob("*.*.*") if one.is_dir() and one.name not in used]
        found.sort(key=lambda one: one.stat().st_mtime)
        for old in found[: max(0, len(found) - KEPT_RELEASES + len(used - {""}))]:
            shutil.rmtree(old, ignore_errors=True)
            (releases / f"{old.name}.sha256").unlink(missing_ok=True)

    def ran_a_minute(self) -> None:
        """The launcher need not wonder whether its files are damaged."""
        (self.folder / "starts.json").unlink(missing_ok=True)

    def installed_at(self) -> datetime | None:
        """When what runs was kept; None for what came with the package."""
        with suppress(OSError):
            return datetime.fromtimestamp((self.folder / "current").lstat().st_mtime, UTC).replace(
                microsecond=0
            )
        return None

    def _current(self) -> str:
        with suppress(OSError):
            return (self.folder / "current").readlink().name
        return ""

    def _place(self, release: Release) -> Path:
        if release.sort is Sort.SOFTWARE:
            return self.folder / "releases" / release.version
        return self.folder / "configurations" / f"{release.version}.json"

    def _mark(self, release: Release) -> Path:
        place = self._place(release)
        return place.with_name(f"{release.version}.sha256")

    def _unpack(self, part: Path, place: Path, release: Release) -> None:
        aside = place.with_name(f".unpacking-{release.version}.{os.getpid()}")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            with zipfile.ZipFile(part) as archive:
                for member in _members(archive):
                    _unpack_one(archive, member, aside / member.filename)
            self._check(aside, release)
            _sync_all(aside)
            shutil.rmtree(place, ignore_errors=True)
            aside.replace(place)
            sync_folder(place.parent)
        except zipfile.BadZipFile as error:
            raise NotTaken(Failure.BAD_ARCHIVE, str(error)) from None
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _check(self, folder: Path, release: Release) -> None:
        table = read_release(folder)
        if table["version"] != release.version:
            raise NotTaken(Failure.BAD_ARCHIVE, f"it calls itself {table['version']}")
        if not (folder / "vang_node/cli.py").is_file():
            raise NotTaken(Failure.BAD_ARCHIVE, "it holds no agent")
        roots = [root for root in (self._factory, self.folder) if root]
        if not any((root / "libraries" / table["libraries"]).is_dir() for root in roots):
            wanted = table["libraries"][:12]
            raise NotTaken(Failure.NO_LIBRARIES, f"it needs the libraries {wanted} of a package")

    def _check_settings(self, part: Path, release: Release) -> None:
        number, _settings = parse_settings(part.read_bytes())
        if str(number) != release.version:
            raise NotTaken(Failure.BAD_ARCHIVE, f"it calls itself {number}")


def read_release(folder: Path) -> dict[str, Any]:
    """``release.json``: version, and the libraries by the hash of their lock. Raises Refused."""
    try:
        content = (folder / "release.json").read_bytes()
    except OSError as error:
        raise NotTaken(Failure.BAD_ARCHIVE, str(error)) from None
    table = fields.table(
        strict_json.decode(content, limit=4096), "release", ("v", "version", "libraries")
    )
    fields.version_one(table["v"], "v")
    a_release(Sort.SOFTWARE, fields.text(table["version"], "version", 40, 1))
    fields.hexadecimal(table["libraries"], "libraries", 32)
    return table


def settings_followed() -> tuple[int, Settings]:
    """Those that the launcher chose for this start; number 0: none."""
    told = os.environ.get("VANG_NODE_RELEASE", "")
    try:
        place = json.loads(told)["configuration"] if told else ""
        if not place:
            return 0, Settings()
        number, settings = parse_settings(Path(place).read_bytes())
        return fields.whole(number, "number", 0, SEQUENCE), settings
    except (OSError, ValueError, KeyError, TypeError, Refused) as error:
        log.warning("The settings cannot be read, and are not followed: %s", error)
        return 0, Settings()


def factory_folder() -> Path | None:
    """What the package brought; None when no launcher started this process."""
    if not os.environ.get("VANG_NODE_LAUNCHER"):
        return None
    return Path(os.environ["VANG_NODE_FACTORY"])


def running_version() -> str:
    return __version__


def write_private_at(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, data)


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Plain files of known places; sizes are counted before anything is unpacked."""
    members = archive.infolist()
    if len(members) > MEMBERS or sum(one.file_size for one in members) > UNPACKED_BYTES:
        raise NotTaken(Failure.BAD_ARCHIVE, "it is too large unpacked")
    if len({one.filename for one in members}) != len(members):
        raise NotTaken(Failure.BAD_ARCHIVE, "one name stands twice")
    for one in members:
        plain = stat.S_IFMT(one.external_attr >> 16) in {0, stat.S_IFREG}
        if not plain or ".." in one.filename or not _MEMBER.fullmatch(one.filename):
            raise NotTaken(Failure.BAD_ARCHIVE, f"{one.filename[:80]!r} has no place in it")
        yield one


def _unpack_one(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with archive.open(member) as source, place.open("wb") as target:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise NotTaken(Failure.BAD_ARCHIVE, f"{member.filename[:80]} is larger than told")
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())


def _sync_all(folder: Path) -> None:
    for one in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync_folder(one)
