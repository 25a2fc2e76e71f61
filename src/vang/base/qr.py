"""A QR code as a picture in the page: no script, no file, no address that anybody else sees."""

from xml.sax.saxutils import quoteattr

import segno
from django.utils.safestring import SafeString, mark_safe

_QUIET = 4
"""Modules of white around the code, as ISO/IEC 18004 asks."""


def qr_picture(text: str, label: str = "") -> SafeString:
    """An ``<svg>`` of class ``qr``; it is black on white by night too, since cameras want that."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    side = len(rows) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    spoken = f'role="img" aria-label={quoteattr(label)}' if label else 'aria-hidden="true"'
    drawing = (
        f'<svg class="qr" {spoken} viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
    return mark_safe(drawing)  # noqa: S308 - digits and an escaped label
