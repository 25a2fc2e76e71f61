"""Files kept beside a record: looked at before they are stored, sent so that they cannot act."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.library.recordings import kind_of
from vang.library.services import clean_name
from vang.library.uploads import MAX_ATTACHMENT, dropped_uploads

ACCEPTED = ".pdf,.docx,.odt,.xlsx,.jpg,.jpeg,.png,.webp,.mp3,.wav,.m4a,.ogg,.mp4,.txt"
_SHOWN = {"image/png", "image/jpeg", "image/webp"}
_TEXT_PROBE = 4_096


@dataclass(frozen=True)
class Kept:
    """A stored file: the hash of its bytes, its own name, its size in bytes."""

    sha256: str
    name: str
    size: int


def sent_file(request: HttpRequest, field: str = "attachment") -> tuple[str, bytes]:
    """Name and bytes of the file that a form sends. Raises Refusal without one, or where it was
    dropped on its way because it is too large."""
    sent = request.FILES.get(field)
    if sent is not None:
        return sent.name or "", sent.read()
    if field in dropped_uploads(request):
        raise Refusal("attachment-too-large", TOO_LARGE)
    raise Refusal("no-file", _("Choose the file first."))


def keep_attachment(file_name: str, content: bytes) -> Kept:
    """Store the bytes under their hash. Raises Refusal for what is empty, too large or unknown."""
    if not content:
        raise Refusal("attachment-empty", _("The file is empty. Choose it again."))
    if len(content) > MAX_ATTACHMENT:
        raise Refusal("attachment-too-large", TOO_LARGE)
    if media_type(content) is None:
        raise Refusal("attachment-wrong-kind", _WRONG_KIND)
    sha256 = FileStore(Path(settings.DATA) / "files").put(content)
    return Kept(sha256, clean_name(file_name), len(content))


def media_type(content: bytes) -> str | None:
    """What the first bytes speak for; None for what is not accepted."""
    for beginning, name in _BEGINNINGS:
        if content.startswith(beginning):
            return name
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if kind_of(content) is not None:
        return "application/octet-stream"
    return "text/plain" if _is_text(content[:_TEXT_PROBE]) else None


def _is_text(probe: bytes) -> bool:
    """UTF-8 without control characters; a character may be cut at the end."""
    if probe[:1] == b"<" or b"\x00" in probe:
        return False
    text = probe.decode("utf-8", errors="ignore")
    complete = len(text.encode()) > len(probe) - 4
    return complete and not any(ord(c) < 32 and c not in "\n\r\t" for c in text)


def attachment_response(sha256: str, name: str) -> FileResponse:
    """The file to save; a picture may be looked at. Whoever calls has checked the person's right.

    Raises Http404 when it is no longer there.
    """
    path = FileStore(Path(settings.DATA) / "files").path(sha256)
    if not path.is_file():
        raise Http404
    with path.open("rb") as handle:
        found = media_type(handle.read(_TEXT_PROBE)) or "application/octet-stream"
    shown = found in _SHOWN
    response = FileResponse(
        path.open("rb"),
        as_attachment=not shown,
        filename=name,
        content_type=found if shown else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private"
    return response


_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
TOO_LARGE = _("The file is larger than 20 MB. Attach a smaller one.")
_WRONG_KIND = _("This kind of file cannot be attached. Choose a document, picture or recording.")
