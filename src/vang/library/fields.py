"""The recognised parts of a document in the database, and the register entry they make."""

from collections import Counter
from datetime import date

from vang.library.models import Document, DocumentField, Item
from vang.library.official.fields import SURE, Name, Official

ENTRY = {
    Name.NUMBER: "number",
    Name.ISSUER: "issuer",
    Name.KIND: "kind",
    Name.ABSTRACT: "abstract",
    Name.SECRECY: "secrecy",
    Name.ISSUED_ON: "issued_on",
}
"""Parts that have a column of their own in the register."""

_LONGEST = {"number": 80, "issuer": 300, "kind": 60, "abstract": 1000, "secrecy": 40}
"""Letters, as the columns hold them."""


def keep_fields(item: Item, document: Document, found: Official) -> None:
    """Within the caller's transaction: what was recognised anew, nothing decided yet."""
    item.fields.all().delete()
    places: Counter[str] = Counter()
    rows = []
    for field in found.fields:
        rows.append(
            DocumentField(
                item=item,
                name=field.name,
                place=places[field.name],
                found=field.value,
                confidence=field.confidence,
                doubt=field.doubt or "",
                passage=field.passage,
                line=field.line,
                value=field.value,
            )
        )
        places[field.name] += 1
    DocumentField.objects.bulk_create(rows)
    enter(document)


def enter(document: Document) -> None:
    """Bring the register entry up to what is decided, or else sure. A secret mark counts until a
    person says that it is none."""
    for column in ENTRY.values():
        setattr(document, column, None if column == "issued_on" else "")
    for field in DocumentField.objects.filter(item_id=document.item_id, name__in=list(ENTRY)):
        if _counts(field):
            _put(document, ENTRY[Name(field.name)], field.value)
    document.save()


def _counts(field: DocumentField) -> bool:
    if field.state == DocumentField.State.DROPPED:
        return False
    decided = field.state != DocumentField.State.OFFERED
    return decided or field.confidence >= SURE or field.name == Name.SECRECY


def _put(document: Document, column: str, value: str) -> None:
    if column == "issued_on":
        document.issued_on = day_of(value)
        return
    setattr(document, column, value[: _LONGEST[column]])


def day_of(value: str) -> date | None:
    """A day written 2026-06-08; None for anything else."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
