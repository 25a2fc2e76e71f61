"""Why an item could not be prepared, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.library.documents import SENTENCES
from vang.library.formats.failures import Code

_OTHERS: dict[str, str | Promise] = {
    "too-many-pixels": _("The picture has more than 120 million points. Choose a smaller one."),
    "not-a-picture": _("This file cannot be shown as a picture. Choose a .jpg, .png or .webp."),
    "file-missing": _("The file is gone from the server's disk. Bring it again."),
    "worker-died": _("Preparing it broke off three times. Try again, or bring another file."),
    "unexpected": _("Something unexpected happened. Try again, or bring another file."),
}


def failure_sentence(code: str) -> str | Promise:
    """A sentence that says what to do."""
    if code in _OTHERS:
        return _OTHERS[code]
    known = code in {member.value for member in Code}
    return SENTENCES[Code(code)] if known else _OTHERS["unexpected"]
