"""The recognised parts of a document in the words of officials, ready to be shown."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.library.fields import day_of
from vang.library.models import DocumentField, Item
from vang.library.official.fields import SURE, Doubt, Name

NAMES: dict[str, str | Promise] = {
    Name.SECRECY: _("Degree of secrecy"),
    Name.URGENCY: _("Degree of urgency"),
    Name.SUPERIOR: _("Body above it"),
    Name.ISSUER: _("Issuing body"),
    Name.NUMBER: _("Number and symbol"),
    Name.PLACE: _("Place of issue"),
    Name.ISSUED_ON: _("Day of issue"),
    Name.KIND: _("Kind of document"),
    Name.ABSTRACT: _("Abstract"),
    Name.ADDRESSEE: _("Addressed to"),
    Name.BASIS: _("Legal basis"),
    Name.AUTHORITY: _("Signing on behalf of"),
    Name.SIGNER_POST: _("Post of the signer"),
    Name.SIGNER: _("Signer"),
    Name.RECIPIENT: pgettext_lazy("document", "Recipient"),
    Name.APPENDIX: _("Appendix"),
}
DOUBTS: dict[str, str | Promise] = {
    Doubt.BLANK: _("left blank in the document"),
    Doubt.ELSEWHERE: _("found in an unusual place"),
    Doubt.CONTRADICTS: _("does not agree with another part"),
    Doubt.UNUSUAL: _("unusual wording"),
    Doubt.GUESSED: _("inferred, not written there"),
    Doubt.RUN_TOGETHER: _("may hold words of another part"),
}
_LONG = 60
_FEW = 2


@dataclass(frozen=True)
class FieldRow:
    """One part as the page shows it."""

    field: DocumentField

    @property
    def label(self) -> str | Promise:
        return NAMES[self.field.name]

    @property
    def doubt(self) -> str | Promise:
        return DOUBTS.get(self.field.doubt, _("not sure"))

    @property
    def sure(self) -> bool:
        return self.field.confidence >= SURE

    @property
    def percent(self) -> int:
        return round(100 * self.field.confidence)

    @property
    def is_open(self) -> bool:
        return self.field.state == DocumentField.State.OFFERED

    @property
    def is_day(self) -> bool:
        return self.field.name == Name.ISSUED_ON and self.day is not None

    @property
    def day(self) -> date | None:
        return day_of(self.field.value)

    @property
    def is_long(self) -> bool:
        return len(self.field.value) > _LONG

    @property
    def is_secrecy(self) -> bool:
        return self.field.name == Name.SECRECY


@dataclass(frozen=True)
class FieldGroup:
    """Parts of one name. ``folded``: several that are sure or checked need not all be seen."""

    rows: list[FieldRow]

    @property
    def label(self) -> str | Promise:
        return self.rows[0].label

    @property
    def folded(self) -> bool:
        return len(self.rows) > _FEW and all(row.sure or not row.is_open for row in self.rows)


def groups_of(rows: list[FieldRow]) -> list[FieldGroup]:
    """The rows gathered by name, in their order."""
    return [FieldGroup(list(same)) for _name, same in groupby(rows, key=lambda r: r.field.name)]


def rows_of(item: Item) -> list[FieldRow]:
    """In the order in which they stand in a document."""
    order = list(Name)
    fields = sorted(item.fields.all(), key=lambda f: (order.index(Name(f.name)), f.place))
    return [FieldRow(field) for field in fields]
