"""What was said about a bulletin's passages, and the text with those passages marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from vang.base.languages import VIETNAMESE
from vang.base.threads import Remark as Said
from vang.bulletins.matrix import Row
from vang.bulletins.models import Level, Remark, Version
from vang.bulletins.models import Wording as WordingRow
from vang.bulletins.present import has
from vang.bulletins.wordings import text_of
from vang.people.models import Person
from vang.review.anchors import MAX_QUOTE, Anchor, Place, find

MAIN = (VIETNAMESE, Level.FULL.value, "")
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")

Wording = tuple[str, str, str]
"""Language, level, channel."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text: marked by the remark of key ``remark``, and the last of paragraph
    ``ends`` (from 1) when that is not 0."""

    text: str
    remark: int = 0
    ends: int = 0


@dataclass(frozen=True)
class Passage:
    """What somebody is about to speak of."""

    wording: Wording
    quote: str = ""
    near: int = 0

    @property
    def wording_key(self) -> str:
        return key_of(self.wording)


@dataclass
class Talk:
    """Remarks about one bulletin before a person; ``may_say``: they may add to them."""

    version: Version
    person: Person
    may_say: bool

    @cached_property
    def remarks(self) -> list[Remark]:
        """Those that are no answers, open ones first, then by age."""
        listed = [one for one in self._said if one.answers_id is None]
        return sorted(listed, key=lambda r: (r.settled_at is not None, r.at, r.pk))

    @cached_property
    def _said(self) -> list[Remark]:
        """Remarks and answers, oldest first."""
        if not has(self.version, "remarks"):
            return []
        found = Remark.objects.filter(bulletin=self.version.bulletin_id)
        return list(found.select_related("by").order_by("at", "id"))

    @cached_property
    def places(self) -> dict[int, Place | None]:
        """Where each remark's passage stands in the newest version."""
        return {remark.pk: self._place(remark) for remark in self.remarks}

    @property
    def open(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.settled_at is None]

    @property
    def own_open(self) -> list[Remark]:
        """Open ones by the person: they go along with a return."""
        return [remark for remark in self.open if remark.by_id == self.person.pk]

    @cached_property
    def thread(self) -> list[Said]:
        return [self._told(remark) for remark in self.remarks]

    @property
    def main(self) -> list[Piece]:
        """The main text with its passages marked."""
        return self.pieces(MAIN)

    def pieces(self, wording: Wording) -> list[Piece]:
        """The text of one wording with its passages marked."""
        text = text_of(self.version, *wording)
        marked = [
            (place.start, place.end, remark.pk)
            for remark in self.remarks
            if remark.settled_at is None
            and (remark.language, remark.level, remark.channel) == wording
            and (place := self.places[remark.pk]) is not None
        ]
        return list(_cut(text, sorted(marked)))

    def passage(self, key: str, number: str) -> Passage:
        """The paragraph of that number, to be spoken of; an empty one when there is none."""
        wording = wording_of(key)
        if number.isdecimal() and len(number) < 6:
            text = text_of(self.version, *wording)
            for n, found in enumerate(_PARAGRAPH.finditer(text), start=1):
                if n == int(number):
                    quote = found[0].strip()[:MAX_QUOTE].strip()
                    return Passage(wording, quote, found.start())
        return Passage(wording)

    def _place(self, remark: Remark) -> Place | None:
        text = text_of(self.version, remark.language, remark.level, remark.channel)
        anchor = Anchor(remark.quote, remark.before, remark.after, remark.position)
        return find(anchor, text)

    def _told(self, remark: Remark) -> Said:
        settled, place = remark.settled_at is not None, self.places[remark.pk]
        edited = place is None or place.changed
        replies = [_plain(one) for one in self._said if one.answers_id == remark.pk]
        keys = [remark.bulletin_id, remark.pk]
        return Said(
            key=str(remark.pk),
            author=remark.by.full_name,
            at=remark.at,
            text=remark.text,
            quote=remark.quote,
            state="settled" if settled else "passage_edited" if edited else "",
            replies=replies,
            reply_url=reverse("bulletins:answer-remark", args=keys) if self.may_say else "",
            settle_url=reverse("bulletins:settle-remark", args=keys) if self.may_say else "",
            settle_label=_("Open it again") if settled else _("Settled"),
        )


@dataclass(frozen=True)
class Shown:
    """One further wording as the pages show it."""

    words: WordingRow
    label: str
    key: str
    pieces: Sequence[Piece]
    stale: bool


def further_of(talk: Talk, rows: Sequence[Row]) -> list[tuple[Row, list[Shown]]]:
    """Language by language, with the passages marked."""
    return [(row, _shown(talk, row)) for row in rows if row.general or row.own]


def _shown(talk: Talk, row: Row) -> list[Shown]:
    labelled = [(words, "") for words in row.general.values()] + row.own_labelled
    found = []
    for words, channel in labelled:
        key = (words.language, words.level, words.channel)
        label = str(words.get_level_display()) + (f" ({channel})" if channel else "")
        pieces = talk.pieces(key)
        found.append(Shown(words, capfirst(label), key_of(key), pieces, words in row.stale))
    return found


def _plain(reply: Remark) -> Said:
    return Said(str(reply.pk), reply.by.full_name, reply.at, reply.text)


def key_of(wording: Wording) -> str:
    """As a form names it."""
    return ".".join(wording).rstrip(".")


def wording_of(key: str) -> Wording:
    """What :func:`key_of` made; the main wording for anything else."""
    language, _dot, rest = key.partition(".")
    level, _dot, channel = rest.partition(".")
    return (language, level, channel) if language and level in Level else MAIN


def _cut(text: str, marked: Sequence[tuple[int, int, int]]) -> Iterator[Piece]:
    """Cut at the edges of marks and at the ends of paragraphs; of two marks the earlier counts."""
    ends = {found.end(): n for n, found in enumerate(_PARAGRAPH.finditer(text), start=1)}
    edges = {0, len(text), *ends, *(e for start, end, _pk in marked for e in (start, end))}
    for begin, end in pairwise(sorted(edges)):
        owner = next((pk for start, stop, pk in marked if start <= begin < stop), 0)
        yield Piece(text[begin:end], owner, ends.get(end, 0))
