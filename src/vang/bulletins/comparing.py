"""Two versions of a bulletin held against each other, part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.base.languages import language_name
from vang.bulletins.attachments import read_attachments
from vang.bulletins.content import Content, Words, content_of
from vang.bulletins.models import MAX_TEXT, Advert, Category, Level, Priority, Version
from vang.bulletins.queries import village_names
from vang.bulletins.reach import worded_channels
from vang.bulletins.wordings import read_wordings
from vang.review.differences import Kind, Row, Run, compare, count_changes, word_runs

_LEAST_FOLDED = 3
_SAME = frozenset({Kind.SAME, Kind.RESPELLED})


@dataclass(frozen=True)
class Block:
    """Paragraphs shown together; a long run of unchanged ones is folded."""

    rows: Sequence[Row]

    @property
    def folded(self) -> bool:
        return self.rows[0].kind in _SAME and len(self.rows) >= _LEAST_FOLDED


@dataclass(frozen=True)
class Section:
    """One text on both sides; ``title`` is told when it changed, as runs in one line."""

    label: str
    language: str
    titles: Sequence[Run]
    rows: Sequence[Row]

    @property
    def changes(self) -> int:
        renamed = any(run.kind in {Kind.ADDED, Kind.REMOVED} for run in self.titles)
        return count_changes(self.rows) + renamed

    @property
    def blocks(self) -> Iterator[Block]:
        for same, rows in groupby(self.rows, key=lambda row: row.kind in _SAME):
            found = list(rows)
            if same and len(found) >= _LEAST_FOLDED:
                yield Block(found)
            else:
                yield from (Block([row]) for row in found)

    @property
    def respelled(self) -> int:
        """Words that differ only in where the tone mark stands."""
        runs = (run for row in self.rows for run in row.right if run.kind is Kind.RESPELLED)
        return sum(len(run.text.split()) for run in runs)


@dataclass(frozen=True)
class Fact:
    """Something else that changed."""

    label: str
    before: str
    after: str


@dataclass
class Comparison:
    """``before`` and ``after`` are versions of one bulletin."""

    before: Version
    after: Version

    @cached_property
    def sections(self) -> list[Section]:
        """The main text, then every further wording that is on either side and differs."""
        old, new = self._contents
        main = section(_("Full text"), "vi", (old.title, old.text), (new.title, new.text))
        return [main, *_wordings(old, new)]

    @cached_property
    def facts(self) -> list[Fact]:
        old, new = self._contents
        pairs = [
            (_("Category"), _category(old), _category(new)),
            (_("Priority"), _priority(old), _priority(new)),
            (_("For"), *self._villages()),
            (_("Holds until"), vi_date(old.valid_until) or "–", vi_date(new.valid_until) or "–"),
            (_("Notice of an outside body"), _advert(old), _advert(new)),
            (_("Recording"), _recording(old), _recording(new)),
            (_("Pictures and documents"), _attachments(old), _attachments(new)),
        ]
        return [Fact(label, one, other) for label, one, other in pairs if one != other]

    @property
    def respelled(self) -> int:
        return sum(section.respelled for section in self.sections)

    @property
    def changes(self) -> int:
        return sum(section.changes for section in self.sections) + len(self.facts)

    @cached_property
    def _contents(self) -> tuple[Content, Content]:
        both = [self.before, self.after]
        read_wordings(both)
        read_attachments(both)
        return content_of(self.before), content_of(self.after)

    def _villages(self) -> tuple[str, str]:
        """Names are looked up only when they differ."""
        if self.before.audience == self.after.audience:
            return "", ""
        return _villages(self.before), _villages(self.after)


def section(label: str, language: str, old: tuple[str, str], new: tuple[str, str]) -> Section:
    """Title and text before, title and text after; what is typed may be longer than is taken."""
    titles = word_runs(old[0][:MAX_TEXT], new[0][:MAX_TEXT])
    return Section(label, language, titles, compare(old[1][:MAX_TEXT], new[1][:MAX_TEXT]))


def _wordings(old: Content, new: Content) -> Iterator[Section]:
    before = {words.key: words for words in old.wordings}
    after = {words.key: words for words in new.wordings}
    channels = worded_channels()
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        if _said(one) != _said(other):
            language, level, channel = key
            label = f"{capfirst(language_name(language))}: {Level(level).label}"
            label += f" ({channels.get(channel, channel)})" if channel else ""
            yield section(label, language, _said(one), _said(other))


def _said(words: Words | None) -> tuple[str, str]:
    return (words.title, words.text) if words else ("", "")


def _villages(version: Version) -> str:
    names = village_names(version.bulletin.unit, version.audience, local_date(version.created_at))
    return ", ".join(names) or _("the whole commune")


def _category(content: Content) -> str:
    return str(Category(content.category).label)


def _priority(content: Content) -> str:
    return str(Priority(content.priority).label)


def _advert(content: Content) -> str:
    """What it is, for whom, and whether for a fee."""
    if not content.advert:
        return _("no, our own")
    said = f"{capfirst(Advert(content.advert).label)}: {content.advert_by}"
    paid = _("for a fee")
    return f"{said} ({paid})" if content.fee else said


def _attachments(content: Content) -> str:
    return ", ".join(attached.caption for attached in content.attachments) or "–"


def _recording(content: Content) -> str:
    """Every recording by its file's name: of which language is told by its page."""
    recordings = [content.recording, *(words.recording for words in content.wordings)]
    names = [recording.file_name for recording in recordings if recording]
    return ", ".join(names) or "–"
