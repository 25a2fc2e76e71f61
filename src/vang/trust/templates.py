"""Templates that two people approved: told by the room that keeps them, for the policy."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from vang_protocol.grants import Approved


class OfUnit(NamedTuple):
    """``unit``: code. Its people and those of the units below may use the template alone."""

    unit: str
    approved: Approved


Provider = Callable[[datetime], Iterable[tuple[str, Approved]]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """``provider`` tells what is approved at a moment."""
    if provider not in _providers:
        _providers.append(provider)


def approved_templates(now: datetime) -> list[OfUnit]:
    return [OfUnit(*one) for provider in _providers for one in provider(now)]
