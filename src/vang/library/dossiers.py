"""Everything that the page of one item shows to one person."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.functional import Promise

from vang.base.clock import local_date
from vang.library import events
from vang.library.failure_words import failure_sentence
from vang.library.models import Document, Item, Picture
from vang.library.official_words import FieldGroup, FieldRow, groups_of, rows_of
from vang.library.permissions import KEEPERS
from vang.people.access import may
from vang.people.models import Person

_SHOWN_TEXT = 4_000


@dataclass
class Dossier:
    """One item before one person."""

    item: Item
    may_change: bool

    @cached_property
    def uses(self) -> list[events.Use]:
        return events.uses_of(self.item)

    @cached_property
    def sounding(self) -> events.Sounding | None:
        return events.sounding_of(self.item.recording) if self.item.recording else None

    @cached_property
    def pictures(self) -> list[Picture]:
        return list(self.item.pictures.all())

    @property
    def failure(self) -> str | Promise:
        return failure_sentence(self.item.failure) if self.item.failure else ""

    @cached_property
    def document(self) -> Document | None:
        return getattr(self.item, "document", None)

    @cached_property
    def rows(self) -> list[FieldRow]:
        return rows_of(self.item)

    @property
    def groups(self) -> list[FieldGroup]:
        return groups_of(self.rows)

    @property
    def undecided(self) -> int:
        return sum(row.is_open for row in self.rows)

    @property
    def sure_and_open(self) -> int:
        return sum(row.is_open and row.sure for row in self.rows)

    @property
    def secret(self) -> str:
        return self.document.secrecy if self.document else ""

    @property
    def may_delete(self) -> bool:
        return self.may_change and not self.uses

    @property
    def publishable(self) -> bool:
        """Nothing more is to be written down before residents may see it."""
        return not self.lacking

    @property
    def lacking(self) -> list[str]:
        return lacking(self.item)


def lacking(item: Item) -> list[str]:
    """What must be known before the item may be published: codes of ``LACKS``."""
    found = []
    picture = item.kind == Item.Kind.PICTURE
    if picture and not item.alt_text:
        found.append("alt-text")
    if item.licence == Item.Licence.UNKNOWN:
        found.append("licence")
    if picture and item.consent == Item.Consent.UNASKED:
        found.append("consent")
    return found


def dossier_of(item: Item, person: Person, at: datetime) -> Dossier:
    return Dossier(item, may(person, KEEPERS, item.unit, local_date(at)))
