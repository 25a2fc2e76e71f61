"""What an approval binds, and who may give it. Pure.

Submitting freezes one hash over everything that is said, shown and played, and where. Signing
binds the exact bytes of the command, which name the sound by its hash. Any edit makes a new
version: nothing that was signed before counts for it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from vang_protocol.strict_json import canonical, digest

NEEDED = 2
"""So many different people send an alert."""


@dataclass(frozen=True)
class Past:
    """Whose hands an alert went through, by key of person."""

    creator: int
    editors: frozenset[int]
    submitter: int | None
    approvers: tuple[int, ...] = ()

    @property
    def made_by(self) -> frozenset[int]:
        made = self.editors | {self.creator}
        return made | {self.submitter} if self.submitter is not None else made


def bar(person: int, past: Past) -> str:
    """Why the person may not approve: a code, "" when they may."""
    if person == past.creator:
        return "creator"
    if person in past.editors:
        return "editor"
    if person == past.submitter:
        return "submitter"
    if person in past.approvers:
        return "approved-already"
    return ""


def enough(approvers: Collection[int]) -> bool:
    """Whether they are two different people."""
    return len(set(approvers)) >= NEEDED


def content_sha256(contents: dict[str, Any]) -> str:
    """Of everything that an approver is shown, in the one canonical spelling."""
    return digest(canonical(contents))


def order_sha256(payload: bytes, manifest: bytes) -> str:
    """Of what is signed and what it lets sound: both lengths count, so that nothing shifts."""
    lengths = f"{len(payload)}:{len(manifest)}:".encode()
    return sha256(lengths + payload + manifest).hexdigest()
