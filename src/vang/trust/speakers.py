"""People who were given leave to speak live in some places: told by the room that keeps it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Speaker:
    """``key`` names the permission in the policy. ``unit``: code of the commune that gave it;
    ``clusters`` as devices know themselves; ``until``: when it ends, None with the policy."""

    key: str
    unit: str
    person: int
    clusters: frozenset[tuple[str, str]]
    until: datetime | None


Provider = Callable[[datetime], Iterable[Speaker]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """``provider`` tells whose permissions run at a moment."""
    if provider not in _providers:
        _providers.append(provider)


def permitted_speakers(now: datetime) -> list[Speaker]:
    return [one for provider in _providers for one in provider(now)]
