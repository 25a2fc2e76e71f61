"""The kinds of notices: rooms further on register theirs when they start."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.notices.models import Mail


@dataclass(frozen=True)
class Kind:
    """``label`` names it on the preferences page. ``roles``: whom it concerns; none means all."""

    name: str
    label: str | Promise
    icon: str
    mail: Mail
    """The default: a matter that cannot wait is mailed at once."""
    roles: frozenset[str] = frozenset()
    tone: str = "note"


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known. Registering one again replaces it."""
    for kind in kinds:
        _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """Raises KeyError for a kind that no room has registered."""
    return _kinds[name]


def look_of(name: str) -> Kind:
    """The kind of a stored notice; a plain one when no room registers it any more."""
    return _kinds.get(name) or Kind(name, _("Notice"), "bell", Mail.NEVER, tone="plain")


def kinds_for(roles: frozenset[str]) -> list[Kind]:
    """Those that can concern a person of these roles, in the order of registration."""
    return [kind for kind in _kinds.values() if not kind.roles or kind.roles & roles]
