"""What kind of material some bytes are, and the first refusal. Pure."""

from vang.library.documents import check_document
from vang.library.models import Item
from vang.library.pictures import sorts as pictures
from vang.library.recordings import check_recording
from vang.library.recordings import kind_of as sound_of

_SOUNDS = {".mp3": "audio/mpeg", ".wav": "audio/wav", ".m4a": "audio/mp4", ".ogg": "audio/ogg"}
_DOCUMENTS = (
    (b"%PDF", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"PK", "application/zip"),
)


def kind_of(content: bytes) -> str:
    """The kind of item; what is neither picture nor sound may be a document."""
    if pictures.sort_of(content):
        return Item.Kind.PICTURE
    return Item.Kind.AUDIO if sound_of(content) else Item.Kind.DOCUMENT


def check(kind: str, content: bytes) -> None:
    """The first look. Raises Refusal."""
    checks = {
        Item.Kind.PICTURE: pictures.check_picture,
        Item.Kind.AUDIO: check_recording,
        Item.Kind.DOCUMENT: check_document,
    }
    checks[Item.Kind(kind)](content)


def media_type_of(content: bytes) -> str:
    """By the first bytes; plain text for what shows no sign of its own."""
    if sort := pictures.sort_of(content):
        return pictures.MEDIA_TYPES.get(sort, "application/octet-stream")
    if sound := sound_of(content):
        return _SOUNDS[sound]
    found = (media for magic, media in _DOCUMENTS if content.startswith(magic))
    return next(found, "text/plain")
