"""Approved templates: their sounds for the devices, their hashes for the province's policy."""

from collections.abc import Iterator
from datetime import datetime

from vang.alerts.queries import approved_sounds, pinned_sounds
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.trust.templates import OfUnit
from vang_protocol.plans import Audio


def audio_of(unit: Unit) -> list[Audio]:
    """Of the unit's own templates and of those above it."""
    return [
        Audio(one.sha256, one.size, "opus", one.duration_ms)
        for one in pinned_sounds(ancestors(unit))
    ]


def templates_of(now: datetime) -> Iterator[OfUnit]:
    """What one person alone may send, for the policy that the province signs."""
    for unit, approved in approved_sounds(now):
        yield OfUnit(unit, approved)
