"""Releases of node software and of settings that do not hurry: what they are called, who vouches
for them, what a node says of itself and what it is offered.

They are targets of the province's TUF repository, delegated to a role with keys of its own: whoever
signs software orders no sound, and whoever signs the policy ships no software. What stands in the
newest list may be installed; what was taken off the list no server can bring back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Targets

from vang_protocol import fields, strict_json
from vang_protocol.limits import API_BODY_BYTES, DETAIL_CHARS, SEQUENCE
from vang_protocol.provinces import Fetch, verified

ROLE = "software"
PREFIX = f"{ROLE}/"
FEWEST_SIGNERS, MOST_SIGNERS = 2, 5
RELEASES = 64
RELEASE_BYTES = 4 * 1024 * 1024
UNPACKED_BYTES = 32 * 1024 * 1024
MEMBERS = 2000
SETTINGS_BYTES = 16 * 1024
LEAST_MINUTES, MOST_MINUTES = 1, 120
AGAIN_S = (5, 3600)

_VERSION = re.compile(r"(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})", re.ASCII)


class Sort(Enum):
    """``software``: the agent's own code. ``configuration``: settings, read at its next start."""

    SOFTWARE = "software"
    CONFIGURATION = "configuration"


class Failure(Enum):
    """Why a release was not kept. The codes are stable."""

    NOT_SIGNED = "not-signed"
    WRONG_FILE = "wrong-file"
    BAD_ARCHIVE = "bad-archive"
    NO_LIBRARIES = "no-libraries"
    NO_ROOM = "no-room"
    DIED = "died"
    NOT_HEALTHY = "not-healthy"


class Phase(Enum):
    """What a node does about the release that it is offered."""

    IDLE = "idle"
    FETCHING = "fetching"
    WAITING = "waiting"
    TRYING = "trying"


@dataclass(frozen=True)
class Release:
    """``version``: ``0.2.1`` of software, ``7`` of a configuration."""

    sort: Sort
    version: str

    @property
    def target(self) -> str:
        """Its name among the targets."""
        if self.sort is Sort.SOFTWARE:
            return f"{PREFIX}vang-node-{self.version}.zip"
        return f"{PREFIX}configuration-{self.version}.json"

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split("."))


@dataclass(frozen=True)
class Listed:
    """A release as the signed list names it."""

    release: Release
    bytes: int
    sha256: str


def a_release(sort: Sort, version: str) -> Release:
    """Raises Refused(BAD_FIELDS) for a version that is none of this sort."""
    if sort is Sort.SOFTWARE and not _VERSION.fullmatch(version):
        fields.wrong("version", "not a version such as 1.2.3")
    if sort is Sort.CONFIGURATION and not re.fullmatch(r"[1-9]\d{0,8}", version, re.ASCII):
        fields.wrong("version", "not a number")
    return Release(sort, version)


def release_named(target: str) -> Release | None:
    """The release of which this target is the file; None for any other target."""
    found = re.fullmatch(
        rf"{PREFIX}(?:vang-node-(?P<software>[0-9.]+)\.zip|configuration-(?P<number>\d+)\.json)",
        target,
        re.ASCII,
    )
    if found is None:
        return None
    if found["software"]:
        return (
            Release(Sort.SOFTWARE, found["software"])
            if _VERSION.fullmatch(found["software"])
            else None
        )
    return Release(Sort.CONFIGURATION, found["number"])


def listed_release(
    folder: Path, root: bytes, fetch: Fetch, release: Release, *, now: datetime
) -> Listed | None:
    """What the newest signed list says of ``release``; None when it is not on it.

    Raises tuf's DownloadError when nothing answers, RepositoryError for anything that is not the
    province's, OSError when the disk does not take it.
    """
    updater = verified(folder, root, fetch, now=now)
    if not _is_delegated(folder / "metadata"):
        return None
    found = updater.get_targetinfo(release.target)
    if found is None:
        return None
    if read_list(folder / "metadata" / f"{ROLE}.json").delegations is not None:
        raise RepositoryError("the signers of software let others sign")
    if found.length > RELEASE_BYTES:
        raise RepositoryError("the release is too large")
    return Listed(release, found.length, found.hashes["sha256"])


def _is_delegated(metadata: Path) -> bool:
    """Whether the province's holders let others sign software, at least two together."""
    delegations = read_list(metadata / "targets.json").delegations
    role = (delegations.roles or {}).get(ROLE) if delegations else None
    if role is None:
        return False
    if role.threshold < FEWEST_SIGNERS or role.paths != [f"{PREFIX}*"]:
        raise RepositoryError("the software's role is too weak")
    return True


def read_list(path: Path) -> Targets:
    """Verified metadata from the disk. Raises RepositoryError or OSError."""
    return Metadata[Targets].from_file(str(path)).signed


@dataclass(frozen=True)
class Settings:
    """A configuration. None: as the node was built or its technician set it.

    ``poll_s``: between two questions without a link. ``reserve_mb``: disk kept free of audio.
    ``log_level``: ``info`` or ``warning``.
    """

    poll_s: int | None = None
    reserve_mb: int | None = None
    log_level: str | None = None


def settings_file(number: int, settings: Settings) -> bytes:
    """The bytes of a configuration that says something."""
    told = {name: value for name, value in vars(settings).items() if value is not None}
    payload = strict_json.canonical({"v": 1, "number": number, "settings": told})
    parse_settings(payload)
    return payload


def parse_settings(payload: bytes) -> tuple[int, Settings]:
    """Number and settings. Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    value = strict_json.decode_canonical(payload, limit=SETTINGS_BYTES)
    table = fields.table(value, "configuration", ("v", "number", "settings"))
    fields.version_one(table["v"], "v")
    told = fields.table(table["settings"], "settings", (), ("poll_s", "reserve_mb", "log_level"))
    if not told:
        fields.wrong("settings", "says nothing")
    level = told.get("log_level")
    if level not in {None, "info", "warning"}:
        fields.wrong("log_level", "not info or warning")
    settings = Settings(
        poll_s=_whole_or_none(told, "poll_s", 10, 3600),
        reserve_mb=_whole_or_none(told, "reserve_mb", 10, 100_000),
        log_level=level,
    )
    return fields.whole(table["number"], "number", 1, SEQUENCE), settings


def _whole_or_none(told: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    return fields.whole(told[name], name, least, most) if name in told else None


@dataclass(frozen=True)
class Failed:
    """The last release that this node gave up. ``ask`` is the offer's."""

    ask: str
    reason: Failure
    detail: str


@dataclass(frozen=True)
class Told:
    """What a node says when it asks. ``trial``: the release it is trying out, not yet kept.

    ``software``: what it runs. ``configuration``: the number it follows, 0: none.
    """

    software: str
    configuration: int
    managed: bool
    phase: Phase
    trial: Release | None = None
    failed: Failed | None = None

    def follows(self, release: Release) -> bool:
        """Whether it has ``release`` for good."""
        if self.trial is not None:
            return False
        if release.sort is Sort.SOFTWARE:
            return self.software == release.version
        return str(self.configuration) == release.version


@dataclass(frozen=True)
class Offer:
    """The release that a node should have. ``ask`` names the offer: what failed under it is not
    tried again. ``minutes``: so long it may take until it reports healthy."""

    ask: str
    release: Release
    minutes: int


@dataclass(frozen=True)
class Answered:
    """``again_s``: when to ask again."""

    offer: Offer | None
    again_s: int


def told_bytes(told: Told) -> bytes:
    failed = told.failed
    return strict_json.canonical(
        {
            "software": told.software,
            "configuration": told.configuration,
            "managed": told.managed,
            "phase": told.phase.value,
            "trial": told.trial and _release_table(told.trial),
            "failed": failed
            and {"ask": failed.ask, "reason": failed.reason.value, "detail": failed.detail},
        }
    )


def parse_told(data: bytes) -> Told:
    """Raises Refused(TOO_LARGE, BAD_JSON, BAD_FIELDS)."""
    names = ("software", "configuration", "managed", "phase", "trial", "failed")
    table = fields.table(strict_json.decode(data, limit=API_BODY_BYTES), "told", names)
    return Told(
        software=fields.text(table["software"], "software", 40, 1),
        configuration=fields.whole(table["configuration"], "configuration", 0, SEQUENCE),
        managed=fields.truth(table["managed"], "managed"),
        phase=fields.choice(table["phase"], "phase", Phase),
        trial=fields.optional(table["trial"], _release),
        failed=fields.optional(table["failed"], _failed),
    )


def answer_table(answered: Answered) -> dict[str, Any]:
    """The JSON object of an answer."""
    offer = answered.offer
    told = offer and {
        "ask": offer.ask,
        "release": _release_table(offer.release),
        "minutes": offer.minutes,
    }
    return {"offer": told, "again_s": answered.again_s}


def parse_answer(value: Any) -> Answered:
    """Raises Refused(BAD_FIELDS)."""
    table = fields.table(value, "answer", ("offer", "again_s"))
    return Answered(
        fields.optional(table["offer"], _offer),
        fields.whole(table["again_s"], "again_s", *AGAIN_S),
    )


def _offer(value: Any) -> Offer:
    table = fields.table(value, "offer", ("ask", "release", "minutes"))
    return Offer(
        fields.identifier(table["ask"], "ask"),
        _release(table["release"]),
        fields.whole(table["minutes"], "minutes", LEAST_MINUTES, MOST_MINUTES),
    )


def _release_table(release: Release) -> dict[str, str]:
    return {"sort": release.sort.value, "version": release.version}


def _release(value: Any) -> Release:
    table = fields.table(value, "release", ("sort", "version"))
    sort = fields.choice(table["sort"], "release.sort", Sort)
    return a_release(sort, fields.text(table["version"], "release.version", 40, 1))


def _failed(value: Any) -> Failed:
    table = fields.table(value, "failed", ("ask", "reason", "detail"))
    return Failed(
        fields.identifier(table["ask"], "failed.ask"),
        fields.choice(table["reason"], "failed.reason", Failure),
        fields.text(table["detail"], "failed.detail", DETAIL_CHARS),
    )
