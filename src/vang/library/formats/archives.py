"""Documents that are zip archives of XML: measured before they are unpacked."""

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from vang.library.formats.failures import Code, Unreadable

MAX_UNPACKED = 250_000_000
MAX_PART = 40_000_000
MAX_PARTS = 4_000

_ENCRYPTED = 0x1
# lxml's errors of syntax are Python's.
DAMAGES = (
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
    RecursionError,
)


class Package:
    """An archive whose declared sizes were checked; reading stops there, so they cannot lie."""

    def __init__(self, content: bytes) -> None:
        """Raises Unreadable."""
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            parts = self._archive.infolist()
        except DAMAGES as error:
            raise Unreadable(Code.DAMAGED, str(error)) from error
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise Unreadable(Code.PROTECTED, "encrypted parts")
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Unreadable(Code.TOO_MUCH, f"{len(parts)} parts")
        self._sizes = {part.filename: part.file_size for part in parts}

    def __contains__(self, name: str) -> bool:
        return name in self._sizes

    def read(self, name: str) -> bytes:
        """Raises Unreadable."""
        if self._sizes.get(name, 0) > MAX_PART:
            raise Unreadable(Code.TOO_MUCH, f"{name}: {self._sizes[name]} bytes")
        try:
            return self._archive.read(name)
        except DAMAGES as error:
            raise Unreadable(Code.DAMAGED, f"{name}: {error}") from error

    def xml(self, name: str) -> Any:
        """The root of one part, without entities or document type definition. Raises Unreadable."""
        content = self.read(name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(content, parser)
        except DAMAGES as error:
            raise Unreadable(Code.DAMAGED, f"{name}: {error}") from error
        if root.getroottree().docinfo.doctype:
            raise Unreadable(Code.DAMAGED, f"{name}: a document type definition")
        return root

    def xml_if_there(self, name: str) -> Any | None:
        """None for a part that is absent or broken: a document is read without its extras."""
        try:
            return self.xml(name) if name in self else None
        except Unreadable:
            return None
