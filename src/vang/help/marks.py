"""The few marks that the texts of the manual are written with. Pure.

A subset of Markdown, so that the same files can be read anywhere: ``#`` headings, paragraphs,
``-`` and ``1.`` lists, pictures on a line of their own, ``**strong**``, ``[words](address)``.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\((#[a-z-]+|/[a-z/-]*|https://[^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([a-z0-9./-]+)\)")
_POINT = re.compile(r"- +(.*)")
_NUMBER = re.compile(r"\d+\. +(.*)")


def as_html(text: str) -> SafeString:
    """The text as elements of a page. Everything is escaped; pictures are left to the manual."""
    return mark_safe("\n".join(_blocks(text)))  # noqa: S308 - every word went through escape()


def _blocks(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.strip()):
        if _PICTURE.fullmatch(block.strip()):
            continue
        for kind, lines in groupby(block.splitlines(), key=_kind):
            yield _element(kind, list(lines))


def _kind(line: str) -> str:
    return "ul" if _POINT.match(line) else "ol" if _NUMBER.match(line) else "p"


def _element(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return f"<p>{_inline(' '.join(lines))}</p>"
    pattern = _POINT if kind == "ul" else _NUMBER
    items = (found[1] for line in lines if (found := pattern.match(line)))
    return f"<{kind}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{kind}>"


def _inline(text: str) -> str:
    return _LINK.sub(r'<a href="\2">\1</a>', _STRONG.sub(r"<b>\1</b>", escape(text)))


def pictures_of(text: str) -> list[str]:
    """Names of the pictures, in order."""
    return [found[2] for found in _PICTURE.finditer(text)]
