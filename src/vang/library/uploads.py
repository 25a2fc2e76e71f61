"""Files measured while they arrive: what is too large is dropped, the typed text is kept."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from vang.cap.parsing import MOST_BYTES
from vang.library.documents import MAX_DOCUMENT
from vang.library.pictures.sorts import MAX_PICTURE
from vang.library.recordings import MAX_RECORDING
from vang.library.tables import MAX_TABLE

MAX_ATTACHMENT = 20_000_000
LIMITS = {
    "document": MAX_DOCUMENT,
    "dictionary": 500_000,
    "attachment": MAX_ATTACHMENT,
    "table": MAX_TABLE,
    "evidence": MAX_ATTACHMENT,
    "report": 4_000_000,
    "recording": MAX_RECORDING,
    "retraction_recording": MAX_RECORDING,
    # Of the further languages of a template of alerts: four at most, two recordings each.
    **{f"further-{n}-recording": MAX_RECORDING for n in range(4)},
    **{f"further-{n}-retraction_recording": MAX_RECORDING for n in range(4)},
    "boundary": 2_000_000,
    "material": MAX_RECORDING,
    "photo": MAX_PICTURE,
    "pictures": MAX_PICTURE,
    "warning": MOST_BYTES,
}
"""Bytes by name of the form field; a file in any other field is dropped whole."""

_DROPPED = "_dropped_uploads"


class MeasuringUploadHandler(FileUploadHandler):
    """Stands first among the upload handlers and stops a file at its limit."""

    chunk_size = 64 * 2**10

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.left = LIMITS.get(str(self.field_name), 0)

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            self._drop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers that follow make the file."""

    def _drop(self) -> None:
        if self.request is not None:
            dropped: set[str] = self.request.__dict__.setdefault(_DROPPED, set())
            dropped.add(str(self.field_name))
        raise SkipFile


def dropped_uploads(request: HttpRequest) -> frozenset[str]:
    """Names of the form fields whose file was larger than may be."""
    return frozenset(request.__dict__.get(_DROPPED, ()))
