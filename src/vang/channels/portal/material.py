"""Pictures and documents of a notice: the files under their public names, and how pages show them.

Of a picture only what the library made from it is public, never the original: that may still say
where and with what it was taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from vang.base.text import slug
from vang.bulletins.models import Edition, EditionAttachment
from vang.channels.portal import paths
from vang.library.models import Item

_DOCUMENTS = {
    "application/pdf": (".pdf",),
    "application/rtf": (".rtf",),
    "application/zip": (".docx", ".odt"),
}
_PLAIN = ".txt"
_FORMATS = {"WEBP": ("webp", "image/webp"), "JPEG": ("jpg", "image/jpeg")}
_TYPES = {
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".txt": "text/plain",
}


@dataclass(frozen=True)
class Public:
    """One file: its content's hash, its path in the unit's folder, its media type and bytes."""

    sha256: str
    path: str
    kind: str
    size: int
    width: int = 0
    height: int = 0

    @property
    def letters(self) -> str:
        """PDF, DOCX, JPG …: what readers know it by."""
        return self.path.rpartition(".")[2].upper()


@dataclass(frozen=True)
class Shown:
    """A picture: every width of it once, smallest first, in each of two formats."""

    caption: str
    alt_text: str
    credit: str
    webp: Sequence[Public]
    jpeg: Sequence[Public]

    @property
    def largest(self) -> Public:
        return self.jpeg[-1]

    @property
    def middle(self) -> Public:
        """For those that cannot choose."""
        return self.jpeg[len(self.jpeg) // 2]


@dataclass(frozen=True)
class Offered:
    """A document to fetch; ``name`` is what the saved file is called."""

    caption: str
    credit: str
    file: Public
    name: str


def pictures_of(edition: Edition) -> list[Shown]:
    """In the order in which they were attached."""
    rows = [one for one in edition.attachments.all() if one.kind == Item.Kind.PICTURE]
    return [
        Shown(row.caption, row.alt_text, row.credit, webp, jpeg)
        for row in rows
        if (jpeg := _widths(row, "JPEG")) and (webp := _widths(row, "WEBP"))
    ]


def _widths(row: EditionAttachment, form: str) -> list[Public]:
    made: Iterable[dict[str, Any]] = row.pictures
    found = {one["width"]: one for one in made if one["format"] == form}
    ending, kind = _FORMATS[form]
    return [
        Public(
            one["sha256"],
            paths.picture_path(one["sha256"], ending),
            kind,
            one["bytes"],
            width,
            one["height"],
        )
        for width, one in sorted(found.items())
    ]


def documents_of(edition: Edition) -> list[Offered]:
    """In the order in which they were attached."""
    rows = [one for one in edition.attachments.all() if one.kind == Item.Kind.DOCUMENT]
    return [_offered(row) for row in rows]


def _offered(row: EditionAttachment) -> Offered:
    ending = _ending(row.file_name, row.media_type)
    name = (slug(PurePath(row.file_name).stem)[:80] or row.sha256[:8]) + ending
    path = paths.document_path(row.sha256, ending)
    return Offered(
        row.caption, row.credit, Public(row.sha256, path, _TYPES[ending], row.size), name
    )


def _ending(file_name: str, media_type: str) -> str:
    """What it is, whatever its name says: a page of markup is handed out as plain text."""
    fitting = _DOCUMENTS.get(media_type, (_PLAIN,))
    said = PurePath(file_name).suffix.lower()
    return said if said in fitting else fitting[0]


def public_files(edition: Edition) -> list[Public]:
    """Everything of the edition that lies in the unit's folder beside its pages and sounds."""
    shown = [file for one in pictures_of(edition) for file in (*one.webp, *one.jpeg)]
    return [*shown, *(one.file for one in documents_of(edition))]


def there(root: Path, files: Iterable[Public]) -> bool:
    """Whether all of them lie in the folder."""
    return all((root / one.path).is_file() for one in files)
