"""The versions of one bulletin by language and level: what is there, and what is still missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vang.base.display import seconds
from vang.base.languages import VIETNAMESE, language_name, languages
from vang.base.matrices import Cell, Matrix, MatrixRow
from vang.bulletins.models import Level, Version, Wording
from vang.bulletins.present import has
from vang.bulletins.reach import FURTHER, languages_wanted, worded_channels
from vang.bulletins.wordings import spoken_level, wordings_of
from vang.voice.models import Rendition

State = Rendition.State


@dataclass(frozen=True)
class Row:
    """One language. ``clusters`` wait for it; ``general`` are its words by level, ``own`` those
    for single channels; ``fresh`` are the versions whose main text is that of the newest."""

    language: str
    clusters: Sequence[str]
    general: Mapping[str, Wording]
    own: Sequence[Wording]
    fresh: frozenset[int]
    version: Version

    @property
    def name(self) -> str:
        return language_name(self.language)

    @property
    def sounding(self) -> Wording | None:
        """The words on which the language's recording hangs, or would."""
        return self.general.get(spoken_level(self.general))

    @property
    def is_spoken(self) -> bool:
        if self.language == VIETNAMESE:
            return True
        return self.sounding is not None and self.sounding.recording_id is not None

    @property
    def is_missing(self) -> bool:
        """Somebody waits to hear it, or it has words to be spoken, but nobody speaks it."""
        waiting = bool(self.clusters) or Level.SPOKEN in self.general
        return waiting and not self.is_spoken

    @property
    def stale(self) -> list[Wording]:
        """Words written for an earlier main text."""
        words = (*self.general.values(), *self.own)
        return [one for one in words if one.written_for not in self.fresh]

    @property
    def own_labelled(self) -> list[tuple[Wording, str]]:
        """Its words for single channels, with the channel as people call it."""
        labels = worded_channels()
        return [(words, labels.get(words.channel, words.channel)) for words in self.own]

    @property
    def rendition(self) -> Rendition | None:
        if self.language == VIETNAMESE:
            return self.version.rendition
        return self.sounding.rendition if self.sounding else None


def rows_of(version: Version) -> list[Row]:
    """Vietnamese, then every language that is there or that some cluster waits for."""
    wordings = wordings_of(version)
    asked = has(version, FURTHER)
    wanted = languages_wanted(version.bulletin.unit, version.audience) if asked else {}
    fresh = _fresh_numbers(version, wordings)
    shown = {VIETNAMESE, *wanted, *(words.language for words in wordings)}
    return [
        Row(
            code,
            wanted.get(code, ()),
            {w.level: w for w in wordings if w.language == code and not w.channel},
            [w for w in wordings if w.language == code and w.channel],
            fresh,
            version,
        )
        for code in languages()
        if code in shown
    ]


def _fresh_numbers(version: Version, wordings: Sequence[Wording]) -> frozenset[int]:
    numbers = {words.written_for for words in wordings} - {version.number}
    if not numbers:
        return frozenset({version.number})
    same = version.bulletin.versions.filter(
        number__in=numbers, title=version.title, text=version.text
    )
    return frozenset({version.number, *same.values_list("number", flat=True)})


def matrix_of(rows: Sequence[Row], *, may_edit: bool) -> Matrix:
    """As the pages draw it; with ``may_edit`` each cell leads to where it is written."""
    levels = [_("Full text"), _("Short form to be spoken"), _("One line"), _("Sound")]
    return Matrix(
        caption=_("Versions by language and level"),
        corner=_("Language"),
        columns=levels,
        rows=[_line(row, may_edit=may_edit) for row in rows],
    )


def _line(row: Row, *, may_edit: bool) -> MatrixRow:
    cells = [_cell(row, level, may_edit=may_edit) for level in Level]
    note = ", ".join(row.clusters) if row.language != VIETNAMESE else ""
    return MatrixRow(capfirst(row.name), [*cells, _sound_cell(row)], note)


def _cell(row: Row, level: Level, *, may_edit: bool) -> Cell:
    url = _address(row, level) if may_edit else ""
    words = row.general.get(level)
    if words is not None and words.written_for not in row.fresh:
        said = _("for version %(number)s, the text has changed since")
        return Cell(said % {"number": words.written_for}, "part", url)
    if words is not None:
        return Cell("" if words.text else _("recording alone"), "yes", url)
    if row.language == VIETNAMESE and level == Level.FULL:
        return Cell("", "yes", url)
    if level == Level.SPOKEN and row.is_spoken:
        return Cell(_("the full text is read"), "", url)
    wanted = row.clusters and row.language != VIETNAMESE
    return Cell(pgettext("version", "still missing"), "part" if wanted else "no", url)


def _address(row: Row, level: Level) -> str:
    pk = row.version.bulletin_id
    if row.language == VIETNAMESE and level == Level.FULL:
        return reverse("bulletins:edit", args=[pk])
    address = reverse("bulletins:wording", args=[pk, row.language])
    return f"{address}#id_{level.lower()}"


def _sound_cell(row: Row) -> Cell:
    if not row.is_spoken:
        missing = _("still missing: a recording") if row.is_missing else _("to be read only")
        return Cell(missing, "part" if row.is_missing else "no")
    made = row.rendition
    if made is None:
        return Cell(_("made when submitted"), "")
    if made.state == State.READY:
        return Cell(seconds(made.duration_ms / 1000), "yes")
    return Cell("", "failed" if made.state == State.FAILED else "working")
