"""A bulletin made from a document: title from the abstract, body without head and recipients,
and the source named as officials cite."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.library.fields import day_of
from vang.library.formats.lines import Kind, Line, text_of
from vang.library.models import Document, DocumentField, Item
from vang.library.official.fields import Name, Official, Section
from vang.library.official.marks import INTERNAL
from vang.library.official.sections import sections_of
from vang.library.reading import lines_of_document
from vang.library.titles import guess_title

LONGEST_TITLE = 200
_ABOUT = re.compile(r"^(?:v/v|về việc|về)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Drafted:
    """What the writing page begins with."""

    title: str
    text: str
    source: str


@dataclass(frozen=True)
class Part:
    """A part of the body from which a bulletin can be made; ``number`` names it in addresses."""

    number: int
    section: Section
    letters: int


def draft_of(item: Item, part: int | None = None) -> Drafted:
    """Raises Refusal for a secret document and for one that was not read."""
    document = Document.objects.filter(item=item).first()
    if document is None:
        raise Refusal("document-not-read", _NOT_READ)
    refuse_secret(document.secrecy)
    lines = lines_of_document(document)
    first, last = (
        (document.body_first, document.body_last) if document.official else (0, len(lines))
    )
    if part is not None and (chosen := _part(lines, document, part)) is not None:
        first, last = chosen.section.line, chosen.section.last
    return _drafted(_values(item), lines[first : last + 1], lines)


def draft_from(lines: Sequence[Line], found: Official) -> Drafted:
    """The same of an official document just read, before anybody checked its parts."""
    refuse_secret(found.value(Name.SECRECY))
    values = {str(field.name): field.value for field in reversed(found.fields)}
    return _drafted(values, lines[found.first : found.last + 1], lines)


def refuse_secret(mark: str) -> None:
    """Raises Refusal for a mark that forbids publishing."""
    if mark:
        raise Refusal("document-secret", _INTERNAL if mark in INTERNAL else SECRET)


def _drafted(values: Mapping[str, str], body: Sequence[Line], lines: Sequence[Line]) -> Drafted:
    source = citation(values)
    text = _spoken(text_of([line for line in body if line.kind != Kind.HEADER]))
    opening = f"{source}:\n\n" if source else ""
    return Drafted(_title(values, lines), f"{opening}{text}".strip(), source)


def parts_of(document: Document) -> list[Part]:
    """The larger parts of the body, for a long document."""
    lines = lines_of_document(document)
    sections = sections_of(lines, document.body_first, document.body_last)
    return [
        Part(number, section, len(text_of(lines[section.line : section.last + 1])))
        for number, section in enumerate(sections)
        if section.depth <= 1
    ]


def _part(lines: list[Line], document: Document, number: int) -> Part | None:
    sections = sections_of(lines, document.body_first, document.body_last)
    if not 0 <= number < len(sections):
        return None
    return Part(number, sections[number], 0)


def citation(values: Mapping[str, str]) -> str:
    """ "Theo Thông báo số 45/TB-UBND ngày 08/06/2026 của Ủy ban nhân dân xã Quế Thuận"."""
    kind, number = values.get(Name.KIND, ""), values.get(Name.NUMBER, "")
    if not kind:
        return ""
    told = [f"Theo {kind}"]
    if number and not number.startswith("/"):
        told.append(f"số {number}")
    if (on := day_of(values.get(Name.ISSUED_ON, ""))) is not None:
        told.append(f"ngày {_day(on)}")
    if issuer := values.get(Name.ISSUER, ""):
        told.append(f"của {issuer}")
    return " ".join(told) if len(told) > 1 else ""


def _day(on: date) -> str:
    return f"{on.day:02}/{on.month:02}/{on.year}"


def _values(item: Item) -> dict[str, str]:
    """The first of each part that was not left out."""
    kept = item.fields.exclude(state=DocumentField.State.DROPPED).filter(place=0)
    return dict(kept.values_list("name", "value"))


def _title(values: Mapping[str, str], lines: Sequence[Line]) -> str:
    """The kind and what it is about: "Thông báo về việc tạm ngừng cung cấp điện"."""
    about = values.get(Name.ABSTRACT, "")
    if not about:
        return guess_title(text_of(lines))
    kind = values.get(Name.KIND, "")
    if about.isupper():
        about = about.capitalize()
    bare = _ABOUT.sub("", about)
    title = f"{kind} về việc {_small(bare)}" if kind and kind != "Công văn" else bare
    title = f"{title[:1].upper()}{title[1:]}"
    if len(title) <= LONGEST_TITLE:
        return title
    return title[: LONGEST_TITLE - 1].rpartition(" ")[0] + "…"


def _small(text: str) -> str:
    """The first letter small unless the first word is a name or an abbreviation."""
    second = text[1:2]
    return text if second.isupper() else text[:1].lower() + text[1:]


def _spoken(text: str) -> str:
    """Without the sign that ends an official text."""
    return re.sub(r"\s*\./\.\s*$", ".", text, flags=re.MULTILINE)


_NOT_READ = _("The document has not been read yet. Wait until it is ready.")
SECRET = _(
    "The document bears a mark of secrecy. State secrets must not be published nor kept on this "
    "computer. If the mark was misread, leave it out on the document's page first."
)
_INTERNAL = _(
    "The document may only be passed on within the office. If the mark was misread, leave it out "
    "on the document's page first."
)
