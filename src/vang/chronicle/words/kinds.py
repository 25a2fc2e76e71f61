"""An act, and the kinds of work by which a journal is looked through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_date, vi_datetime

Detail = Mapping[str, Any]
"""What the row keeps besides (journal.Entry.detail)."""

Words = str | Promise


class Group(TextChoices):
    """Kinds of work."""

    BULLETINS = "bulletins", _("Bulletins")
    AIR = "air", _("Broadcasting")
    CHANNELS = "channels", _("Channels")
    EQUIPMENT = "equipment", _("Loudspeakers and voice")
    MATERIAL = "material", _("Material and recordings")
    SOURCES = "sources", _("Plans, guidance and content pool")
    REPORTS = "reports", _("Reports")
    PEOPLE = "people", _("People and accounts")
    UNITS = "units", _("Administrative units")
    SYSTEMS = "systems", _("Connections and keys")


@dataclass(frozen=True)
class Act:
    """``label`` is what was done, as a verb; ``told`` makes words of what the row keeps.

    ``told`` may raise KeyError, TypeError or ValueError for a row that was kept otherwise.
    """

    action: str
    label: Words
    group: Group
    told: Callable[[Detail], str] | None = None


def named(key: str = "name") -> Callable[[Detail], str]:
    """The particular as it was typed: a name, a title."""
    return lambda detail: str(detail[key] or "")


def day(written: str) -> str:
    """2026-06-10 as 10/06/2026."""
    return vi_date(date.fromisoformat(written))


def moment(written: str) -> str:
    """An instant as 16:30 10/06/2026."""
    return vi_datetime(datetime.fromisoformat(written))


def version(detail: Detail) -> str:
    """Which version it was about."""
    return gettext("Version %(number)s") % {"number": detail["version"]}
