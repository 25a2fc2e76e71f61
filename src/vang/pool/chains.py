"""Where an item came from, hop by hop. Pure but for the types."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Link:
    """One unit through whose hands it went. The first of a chain wrote it.

    ``adapted``: this unit passed it on with words of its own. ``on`` is an ISO date.
    """

    unit: int
    name: str
    title: str
    on: str
    adapted: bool = False


Chain = tuple[Link, ...]


def read_chain(stored: Sequence[Mapping[str, Any]]) -> Chain:
    """As kept in the database."""
    return tuple(Link(**link) for link in stored)


def stored(chain: Chain) -> list[dict[str, Any]]:
    return [asdict(link) for link in chain]


def source_words(chain: Chain, *, adapted: bool) -> str:
    """``Đài TT-TH huyện Quế Sơn; qua Xã Quế Phong; có biên tập lại`` for a public page.

    ``adapted``: whoever shows it has changed the words as well. Empty for an item of one's own.
    """
    if not chain:
        return ""
    parts = [chain[0].name]
    parts += [_("through %(unit)s") % {"unit": link.name} for link in chain[1:]]
    if adapted or any(link.adapted for link in chain):
        parts.append(_("edited since"))
    return "; ".join(parts)


def passed_through(chain: Chain, unit: int) -> bool:
    """Whether the unit wrote it or handed it on."""
    return any(link.unit == unit for link in chain)
