"""The lines and the text of a document that was read."""

import json

from vang.library.formats.lines import Line, from_plain, text_of
from vang.library.models import Document, Item
from vang.library.storing import store


def lines_of_document(document: Document) -> list[Line]:
    """Raises FileNotFoundError."""
    return [from_plain(plain) for plain in json.loads(store().read(document.lines_sha256))]


def text_of_item(item: Item) -> str:
    """The whole text of a document; "" for other kinds and before it was read."""
    document = Document.objects.filter(item=item).first()
    return text_of(lines_of_document(document)) if document else ""
