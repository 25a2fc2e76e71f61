"""Writing a report: begun with the figures of the records, changed figure by figure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.rewriting import rewrite
from vang.base.text import clean_text
from vang.library.attachments import keep_attachment
from vang.people.models import Person
from vang.reports.access import NEWSROOM, guard
from vang.reports.facts import Asked, figures
from vang.reports.lineage import formers_of
from vang.reports.models import Attachment, Filing, Indicator, Move, Passage, Report, Value
from vang.reports.narrative import drafts
from vang.reports.queries import last_values
from vang.reports.rules import Words, read_milli, words_of
from vang.reports.services.locking import State, locked, moved, open_filing, refuse_when_locked
from vang.search.services import refresh

Source = Value.Source
MOST_ATTACHMENTS = 10


@dataclass(frozen=True)
class Entry:
    """What somebody typed for one indicator, and what stood there when they began."""

    typed: str
    note: str = ""
    was: str | None = None
    note_was: str = ""


@dataclass
class Saved:
    """What became of it: complaints by code; what was typed there is not kept."""

    complaints: dict[str, Words] = field(default_factory=dict)
    changed: int = 0


def begin_report(*, report: Report, by: Person, now: datetime) -> Filing:
    """Start writing: system figures, carried figures and drafted texts are there. Raises Refusal.

    Begun already, the filing that is being written is answered.
    """
    with transaction.atomic():
        fresh = locked(report)
        guard(by, NEWSROOM, fresh.desk, now)
        if fresh.current is not None:
            return open_filing(fresh)
        refuse_when_locked(fresh, now)
        filing = Filing.objects.create(report=fresh, number=1, begun_by=by, begun_at=now)
        fresh.current, fresh.state = filing, State.DRAFT
        fresh.save(update_fields=["current", "state"])
        _prefill(fresh, filing, now)
        moved(Move.Kind.BEGIN, fresh, by=by, now=now)
    return filing


def asked_of(report: Report, now: datetime) -> Asked:
    """The question whose answers are the report's system figures."""
    formers = formers_of(report, local_date(now))
    return Asked(report.unit, report.round.covers_from, report.round.covers_to, now, formers)


def _prefill(report: Report, filing: Filing, now: datetime) -> None:
    indicators = list(report.round.version.indicators.all())
    told = _system_figures(report, indicators, now)
    before = last_values(report)
    rows = []
    for one in indicators:
        row = Value(filing=filing, indicator=one, system_milli=told.get(one.pk))
        if row.system_milli is not None:
            row.milli, row.source = row.system_milli, Source.SYSTEM
        elif one.carried and (last := before.get(one.code)) is not None:
            row.milli, row.text, row.source = last.milli, last.text, Source.CARRIED
        if report.consolidates:
            row.own_milli = row.milli
            row.source, row.system_milli = Source.SUM, None
        rows.append(row)
    Value.objects.bulk_create(rows)
    _draft_texts(report, filing, indicators)


def _system_figures(
    report: Report, indicators: Collection[Indicator], now: datetime
) -> dict[int, int]:
    """By key of the indicator. What stands above communes has no records of its own here."""
    if report.consolidates:
        return {}
    names = {one.formula for one in indicators if one.formula}
    told = figures(asked_of(report, now), sorted(names))
    return {
        one.pk: figure.milli
        for one in indicators
        if (figure := told.get(one.formula)) is not None and figure.milli is not None
    }


def _draft_texts(report: Report, filing: Filing, indicators: Collection[Indicator]) -> None:
    by_key = {one.pk: one for one in indicators}
    given = {
        by_key[row.indicator_id].code: row.milli
        for row in filing.values.all()
        if row.milli is not None
    }
    texts = drafts(report, given, last_values(report))
    sections = report.round.version.sections.all()
    Passage.objects.bulk_create(
        Passage(
            filing=filing, section=section, text=texts.get(section.code, ""),
            drafted=texts.get(section.code, ""),
        )
        for section in sections
    )  # fmt: skip


def refresh_figures(*, report: Report, by: Person, now: datetime) -> int:
    """Count the system figures anew; typed ones stay as they are. How many changed.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh, filing = _in_hand(report, by, now)
        told = _system_figures(fresh, list(fresh.round.version.indicators.all()), now)
        changed = []
        for row in filing.values.filter(indicator__in=told):
            if row.system_milli == told[row.indicator_id]:
                continue
            row.system_milli = told[row.indicator_id]
            if row.source == Source.SYSTEM:
                row.milli = row.system_milli
            elif row.source == Source.TYPED and not row.note and row.milli != row.system_milli:
                continue  # it was typed where there was no figure: the page says what differs
            changed.append(row)
        rewrite(changed, ["system_milli", "milli"])
        if changed:
            _unsigned(filing)
    return len(changed)


def take_figure(*, report: Report, code: str, by: Person, now: datetime) -> None:
    """Go back to the figure of the records. Raises Refusal."""
    with transaction.atomic():
        _fresh, filing = _in_hand(report, by, now)
        row = filing.values.filter(indicator__code=code, system_milli__isnull=False).first()
        if row is None:
            raise Refusal("no-system-figure", _NO_SYSTEM_FIGURE)
        row.milli, row.source, row.note = row.system_milli, Source.SYSTEM, ""
        row.save(update_fields=["milli", "source", "note"])
        _unsigned(filing)


def save_figures(
    *, report: Report, entries: Mapping[str, Entry], by: Person, now: datetime
) -> Saved:
    """Keep what can be kept, and tell of every other why not. Raises Refusal.

    Two people at once: a figure that somebody else changed since this person began is left as it
    is and both are told to them; whatever this person did not touch is not touched.
    """
    saved = Saved()
    with transaction.atomic():
        fresh, filing = _in_hand(report, by, now)
        rows = {row.indicator.code: row for row in filing.values.select_related("indicator")}
        changed = []
        for code, entry in entries.items():
            row = rows.get(code)
            if row is None:
                continue
            complaint, touched = _apply(fresh, row, entry)
            if complaint:
                saved.complaints[code] = complaint
            elif touched:
                changed.append(row)
        rewrite(changed, ["milli", "own_milli", "text", "note", "source"])
        saved.changed = len(changed)
        if changed:
            _unsigned(filing)
    return saved


def shown(row: Value, *, own: bool = False) -> str:
    """What the field of a figure or answer shows."""
    if row.indicator.counted:
        return words_of(row.own_milli if own else row.milli)
    return row.text


def _apply(report: Report, row: Value, entry: Entry) -> tuple[Words, bool]:
    """(complaint, whether the row is to be written)."""
    own = report.consolidates
    typed, note = clean_text(entry.typed).strip(), _line(entry.note)
    there = shown(row, own=own)
    if (typed, note) == (there, row.note) or _untouched(entry, typed, note):
        return "", False
    if entry.was is not None and there not in {entry.was, typed}:
        return format_lazy(_CONFLICT, theirs=there or "–", mine=typed or "–"), False
    if not row.indicator.counted:
        return _apply_text(row, typed, note)
    milli, complaint = read_milli(row.indicator, typed)
    if complaint:
        return complaint, False
    return _apply_own(row, milli, note) if own else _apply_figure(row, milli, note)


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())[:1000]


def _untouched(entry: Entry, typed: str, note: str) -> bool:
    return entry.was is not None and typed == entry.was and note == _line(entry.note_was)


def _apply_own(row: Value, milli: int | None, note: str) -> tuple[Words, bool]:
    """The part of the unit that consolidates, beside what came from below."""
    below = (row.milli or 0) - (row.own_milli or 0)
    known = row.milli is not None or milli is not None
    row.own_milli, row.note = milli, note
    row.milli = below + (milli or 0) if known else None
    return "", True


def _apply_figure(row: Value, milli: int | None, note: str) -> tuple[Words, bool]:
    differs = row.system_milli is not None and milli != row.system_milli
    if differs and not note:
        return format_lazy(_NOTE_NEEDED, figure=words_of(row.system_milli)), False
    row.milli, row.note = milli, note
    same = row.system_milli is not None and not differs
    row.source = Source.SYSTEM if same else Source.TYPED
    return "", True


def _apply_text(row: Value, typed: str, note: str) -> tuple[Words, bool]:
    choice = row.indicator.kind == Indicator.Kind.CHOICE
    if choice and typed and typed not in row.indicator.choices:
        return _NOT_OFFERED, False
    row.text, row.note, row.source = typed[:4000], note, Source.TYPED
    return "", True


def save_texts(
    *, report: Report, texts: Mapping[str, tuple[str, str | None]], by: Person, now: datetime
) -> Saved:
    """The narrative parts, by code of the section: (text, what stood there before).

    Raises Refusal.
    """
    saved = Saved()
    with transaction.atomic():
        _fresh, filing = _in_hand(report, by, now)
        for passage in filing.passages.select_related("section"):
            if passage.section.code not in texts:
                continue
            typed, was = texts[passage.section.code]
            text = clean_text(typed).strip()[:20_000]
            if text == passage.text or (was is not None and text == clean_text(was).strip()):
                continue
            if was is not None and clean_text(was).strip() != passage.text.strip():
                saved.complaints[passage.section.code] = _TEXT_CONFLICT
                continue
            passage.text = text
            passage.save(update_fields=["text"])
            saved.changed += 1
        if saved.changed:
            _unsigned(filing)
            refresh(f"report:{report.pk}")
    return saved


def attach(
    *, report: Report, file_name: str, content: bytes, by: Person, now: datetime
) -> Attachment:
    """Add a file to the filing that is being written. Raises Refusal."""
    with transaction.atomic():
        _fresh, filing = _in_hand(report, by, now)
        if filing.attachments.count() >= MOST_ATTACHMENTS:
            raise Refusal("too-many-files", _TOO_MANY_FILES)
        kept = keep_attachment(file_name, content)
        made, _created = Attachment.objects.get_or_create(
            filing=filing, sha256=kept.sha256,
            defaults={"name": kept.name, "size": kept.size, "added_by": by, "added_at": now},
        )  # fmt: skip
        _unsigned(filing)
    return made


def detach(*, report: Report, pk: int, by: Person, now: datetime) -> None:
    """Take a file away again. Raises Refusal."""
    with transaction.atomic():
        _fresh, filing = _in_hand(report, by, now)
        filing.attachments.filter(pk=pk).delete()
        _unsigned(filing)


def redraft(*, report: Report, by: Person, now: datetime) -> int:
    """Draft the texts from the present figures; a text that somebody changed stays. How many.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh, filing = _in_hand(report, by, now)
        changed = draft_again(fresh, filing)
        if changed:
            _unsigned(filing)
    return changed


def draft_again(report: Report, filing: Filing) -> int:
    """From the present figures. The caller holds the report."""
    rows = filing.values.select_related("indicator")
    given = {row.indicator.code: row.milli for row in rows if row.milli is not None}
    texts = drafts(report, given, last_values(report))
    changed = 0
    for passage in filing.passages.select_related("section"):
        text = texts.get(passage.section.code, "")
        if not text or text == passage.drafted:
            continue
        if passage.text == passage.drafted:
            passage.text = text
            changed += 1
        passage.drafted = text
        passage.save(update_fields=["text", "drafted"])
    return changed


def _in_hand(report: Report, by: Person, now: datetime) -> tuple[Report, Filing]:
    fresh = locked(report)
    guard(by, NEWSROOM, fresh.desk, now)
    refuse_when_locked(fresh, now)
    return fresh, open_filing(fresh)


def _unsigned(filing: Filing) -> None:
    """A signature holds for what was signed and nothing else."""
    if filing.signed_at is not None:
        filing.signed_by = filing.signed_at = None
        filing.save(update_fields=["signed_by", "signed_at"])


_NO_SYSTEM_FIGURE = _("The records give no figure for this.")
_TOO_MANY_FILES = _("A report has ten files at most.")
_NOT_OFFERED = _("Choose one of the offered answers.")
_NOTE_NEEDED = _("The records say {figure}. Say in the note why yours differs.")
_CONFLICT = _("Somebody else has changed this to “{theirs}” in the meantime; you typed “{mine}”. "
              "Type the right one again.")  # fmt: skip
_TEXT_CONFLICT = _("Somebody else has changed this part in the meantime. Yours is below; put the "
                   "two together and save again.")  # fmt: skip
