"""Templates that two people approved: told by the room that keeps them, for the policy."""

from collections.abc import Callable, Iterable
from datetime import datetime

from vang_protocol.policies import Approved

OfUnit = tuple[str, Approved]
"""Code of the unit, and the template: its people and those of the units below may use it alone."""

Provider = Callable[[datetime], Iterable[OfUnit]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """``provider`` tells what is approved at a moment."""
    if provider not in _providers:
        _providers.append(provider)


def approved_templates(now: datetime) -> list[OfUnit]:
    return [one for provider in _providers for one in provider(now)]
