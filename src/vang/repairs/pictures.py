"""Pictures of repairs: written anew without the data of the camera, in a process of their own."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.library.attachments import Kept
from vang.library.pictures.rendering import PictureRefused, render_picture
from vang.library.pictures.sorts import MAX_PICTURE


def keep_photo(content: bytes) -> Kept:
    """The picture as JPEG of at most 1920 pixels, under its own hash. Raises Refusal."""
    if not content:
        raise Refusal("attachment-empty", _("The file is empty. Choose it again."))
    if len(content) > MAX_PICTURE:
        raise Refusal("photo-too-large", _("The picture is too large."))
    with tempfile.NamedTemporaryFile(prefix="vang-repair-") as file:
        file.write(content)
        file.flush()
        try:
            rendered = render_picture(Path(file.name))
        except PictureRefused as refused:
            raise Refusal(f"photo-{refused.code}", _NOT_A_PICTURE) from None
    picture = next(one for one in rendered.pictures if (one.size, one.format) == ("LARGE", "JPEG"))
    sha256 = FileStore(Path(settings.DATA) / "files").put(picture.content)
    return Kept(sha256, f"{sha256[:12]}.jpg", len(picture.content))


_NOT_A_PICTURE = _("This is no picture that can be read. Take it again.")
