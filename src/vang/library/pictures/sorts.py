"""The first look at a picture: its size and its first bytes. Pure."""

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal

MAX_PICTURE = 30_000_000
"""Bytes."""

EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


def sort_of(content: bytes) -> str | None:
    """ "JPEG", "PNG", "WEBP", "GIF", "HEIC" or None, by the first bytes."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return "GIF"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "HEIC"
    return None


def check_picture(content: bytes) -> None:
    """Raises Refusal when it is too large or of a sort that pages cannot show."""
    if len(content) > MAX_PICTURE:
        raise Refusal("picture-too-large", TOO_LARGE)
    if sort_of(content) == "HEIC":
        raise Refusal("picture-heic", _HEIC_SENTENCE)


TOO_LARGE = _("The picture is larger than 30 MB. Choose a smaller one.")
_HEIC_SENTENCE = _(
    "This is an HEIC picture of an iPhone, which other devices cannot show. In the telephone's "
    "settings choose Camera, Formats, Most compatible, or send the picture as .jpg."
)
