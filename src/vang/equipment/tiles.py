"""The address of map tiles on somebody's server, and whom the browser may then ask. Pure."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal

_ADDRESS = re.compile(r"https://[a-z0-9.-]{1,200}(?::\d{1,5})?/[A-Za-z0-9._~/{}?=&%-]{1,200}")
_PARTS = ("{z}", "{x}", "{y}")


def tiles_address(text: str) -> str:
    """ "https://tiles.example.vn/{z}/{x}/{y}.png", or "" for none. Raises Refusal."""
    plain = text.strip()
    if not plain:
        return ""
    left = re.sub(r"\{[zxy]\}", "", plain)
    if (
        not _ADDRESS.fullmatch(plain)
        or any(plain.count(part) != 1 for part in _PARTS)
        or "{" in left
        or "}" in left
        or "{" in urlsplit(plain).netloc
    ):
        raise Refusal(
            "tiles-address",
            _("Write the whole address with {z}, {x} and {y}: https://example.vn/{z}/{x}/{y}.png"),
        )
    return plain


def origin_of(address: str) -> str:
    """ "https://tiles.example.vn": what the page's policy must allow."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
