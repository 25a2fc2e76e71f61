"""Codes by which devices of a commune know themselves besides its own.

After a merger devices go by the codes of earlier units. The room that knows devices stands above
this one and says so at start-up.
"""

from collections.abc import Callable, Mapping

Provider = Callable[[], Mapping[int, frozenset[str]]]
_providers: list[Provider] = []


def on_addresses(provider: Provider) -> None:
    """``provider`` gives codes by the key of the unit to which the devices belong now."""
    if provider not in _providers:
        _providers.append(provider)


def addresses() -> dict[int, frozenset[str]]:
    """All of them, by the unit's key."""
    found: dict[int, frozenset[str]] = {}
    for provider in _providers:
        for unit, codes in provider().items():
            found[unit] = found.get(unit, frozenset()) | codes
    return found
