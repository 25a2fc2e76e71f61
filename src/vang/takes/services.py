"""Every write of the room: opening a take, placing and trimming clips, joining them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.library.models import Recording
from vang.orgs.models import Unit
from vang.people.access import may
from vang.people.models import Person
from vang.takes import jobs
from vang.takes.clips import RECORDERS, samples_of_clip
from vang.takes.models import Clip, Take
from vang.takes.reading import carried_over, reading_lines, text_sha256
from vang.voice.cutting import pauses, sentence_cuts

State = Take.State
LONGEST_TAKE_MS = 20 * 60 * 1000
JOINING_LASTS = timedelta(minutes=5)
"""After this long a joining is believed dead and may be begun again."""

_SHORTEST_MS = 100


def open_take(*, unit: Unit, subject: str, text: str, by: Person, now: datetime) -> Take:
    """The person's take of this subject that is being recorded, or a new one.

    When the text has changed meanwhile, what was read of sentences that stayed is kept.
    Raises Refusal.
    """
    _require(by, unit, now)
    with transaction.atomic():
        found = _open_one(subject, by)
        if found is None:
            return _created(unit, subject, text, by=by, now=now)
        if found.text_sha256 != text_sha256(text):
            _reword(found, text, now)
    return found


def place_clip(*, take: Take, line: int, clip: Clip, by: Person, now: datetime) -> Take:
    """Put a clip in the place of a sentence; one that was there before is replaced.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh = _locked(take, by)
        _check_clip(clip, fresh)
        if not 0 <= line < len(fresh.lines):
            raise Refusal("line-unknown", _LINE_UNKNOWN)
        fresh.pieces[str(line)] = _piece(clip, *_edges(clip))
        _save(fresh, now)
    return fresh


def place_whole(*, take: Take, clip: Clip, by: Person, now: datetime) -> Take:
    """One clip for the whole text, cut at its pauses so that a sentence can be read again.

    Where the cuts cannot be told the clip stands whole on the first sentence and the others are
    marked as being in it. Raises Refusal.
    """
    _check_clip(clip, take)
    places = _cuts(clip, take.lines)
    with transaction.atomic():
        fresh = _locked(take, by)
        first, last = _edges(clip)
        if places is None:
            fresh.pieces = {"0": {**_piece(clip, first, last), "through": len(fresh.lines) - 1}}
        else:
            borders = [first, *places, last]
            fresh.pieces = {
                str(at): _piece(clip, borders[at], borders[at + 1])
                for at in range(len(fresh.lines))
            }
        _save(fresh, now)
    return fresh


def trim_piece(
    *, take: Take, line: int, from_ms: int, to_ms: int, by: Person, now: datetime
) -> Take:
    """Let a piece begin and end elsewhere in its clip. Raises Refusal."""
    with transaction.atomic():
        fresh = _locked(take, by)
        piece = fresh.pieces.get(str(line))
        if piece is None:
            raise Refusal("line-unknown", _LINE_UNKNOWN)
        clip = Clip.objects.get(key=piece["clip"])
        if not 0 <= from_ms <= to_ms - _SHORTEST_MS or to_ms > (clip.duration_ms or 0):
            raise Refusal("trim-impossible", _TRIM)
        piece.update({"from": from_ms, "to": to_ms})
        _save(fresh, now)
    return fresh


def drop_piece(*, take: Take, line: int, by: Person, now: datetime) -> Take:
    """Forget what was read of one sentence. Raises Refusal."""
    with transaction.atomic():
        fresh = _locked(take, by)
        fresh.pieces.pop(str(line), None)
        _save(fresh, now)
    return fresh


def join_take(*, take: Take, by: Person, now: datetime) -> Take:
    """Have all sentences put together by the worker. Raises Refusal naming what is missing."""
    with transaction.atomic():
        fresh = _locked(take, by, joining_since=now - JOINING_LASTS)
        if missing := missing_lines(fresh):
            raise Refusal("lines-missing", _missing_words(missing))
        length = sum(piece["to"] - piece["from"] for piece in fresh.pieces.values())
        if length > LONGEST_TAKE_MS:
            raise Refusal("take-too-long", _TOO_LONG)
        fresh.state = State.JOINING
        fresh.failure = ""
        _save(fresh, now)
        jobs.join_take.enqueue(fresh.pk)
    return fresh


def reopen_take(*, take: Take, by: Person, now: datetime) -> Take:
    """Go on recording after a joining that failed. Raises Refusal."""
    with transaction.atomic():
        fresh = Take.objects.select_for_update().get(pk=take.pk)
        _require_reader(fresh, by)
        if fresh.state != State.FAILED:
            raise Refusal("take-not-open", _NOT_OPEN)
        fresh.state = State.OPEN
        _save(fresh, now)
    return fresh


def bind_file(
    *, unit: Unit, subject: str, text: str, recording: Recording, by: Person, now: datetime
) -> Take:
    """Say of an uploaded recording which text it reads. Raises Refusal.

    A recording that is bound already keeps its first text: what was recorded does not change.
    """
    _require(by, unit, now)
    if recording.unit_id != unit.pk:
        raise Refusal("recording-elsewhere", _ELSEWHERE)
    found = Take.objects.filter(recording=recording).first()
    return found or Take.objects.create(
        unit=unit,
        subject=subject,
        kind=Take.Kind.FILE,
        state=State.READY,
        text=text,
        text_sha256=text_sha256(text),
        lines=reading_lines(text),
        recording=recording,
        by=by,
        begun_at=now,
        changed_at=now,
        joined_at=now,
    )


def give_subject(*, take: Take, subject: str) -> None:
    """Say what a take that was made ahead is for; one that has a subject keeps it."""
    Take.objects.filter(pk=take.pk, subject="").update(subject=subject)


def missing_lines(take: Take) -> list[int]:
    """Sentences that nobody has read yet."""
    covered: set[int] = set()
    for place, piece in take.pieces.items():
        covered.update(range(int(place), int(piece.get("through", place)) + 1))
    return [at for at in range(len(take.lines)) if at not in covered]


def _open_one(subject: str, by: Person) -> Take | None:
    takes = Take.objects.select_for_update().filter(subject=subject, by=by)
    return takes.filter(state__in=[State.OPEN, State.JOINING]).first()


def _created(unit: Unit, subject: str, text: str, *, by: Person, now: datetime) -> Take:
    take = Take.objects.create(
        unit=unit,
        subject=subject,
        text=text,
        text_sha256=text_sha256(text),
        lines=reading_lines(text),
        by=by,
        begun_at=now,
        changed_at=now,
    )
    _carry_over_last(take)
    return take


def _carry_over_last(take: Take) -> None:
    """A new take begins with the sentences of the person's last one that read the same."""
    last = (
        Take.objects.filter(subject=take.subject, by=take.by, kind=Take.Kind.READ)
        .exclude(pk=take.pk)
        .first()
    )
    if last is not None:
        take.pieces = _kept_pieces(last, take.lines)
        take.save(update_fields=["pieces"])


def _kept_pieces(before: Take, lines: Sequence[str]) -> dict[str, object]:
    stayed = carried_over(before.lines, list(lines))
    if len(stayed) == len(lines) == len(before.lines):
        return dict(before.pieces)
    return {
        str(new): piece
        for new, old in stayed.items()
        if (piece := before.pieces.get(str(old))) and "through" not in piece
    }


def _reword(take: Take, text: str, now: datetime) -> None:
    lines = reading_lines(text)
    take.pieces = _kept_pieces(take, lines)
    take.text, take.text_sha256, take.lines = text, text_sha256(text), lines
    take.state = State.OPEN
    _save(take, now)


def _cuts(clip: Clip, lines: Sequence[str]) -> list[int] | None:
    """Where the sentences of a clip read in one go begin, after the first (ms)."""
    if len(lines) < 2:
        return []
    found = pauses(samples_of_clip(clip))
    first, last = clip.levels["speech_from_ms"], clip.levels["speech_to_ms"]
    return sentence_cuts(found, first, last, [_syllables(line) for line in lines])


def _syllables(line: str) -> int:
    """About how long a sentence takes: its words, and its figures as so many words."""
    return sum(max(1, sum(c.isdigit() for c in word)) for word in line.split()) or 1


def _piece(clip: Clip, from_ms: int, to_ms: int) -> dict[str, object]:
    return {"clip": clip.key.hex, "from": from_ms, "to": to_ms}


def _edges(clip: Clip) -> tuple[int, int]:
    return clip.levels["from_ms"], clip.levels["to_ms"]


def _check_clip(clip: Clip, take: Take) -> None:
    if clip.unit_id != take.unit_id or clip.kept_at is None:
        raise Refusal("clip-not-here", _NOT_HERE)
    if "silent" in clip.levels["faults"]:
        raise Refusal("clip-silent", _SILENT)


def _locked(take: Take, by: Person, joining_since: datetime | None = None) -> Take:
    fresh = Take.objects.select_for_update().get(pk=take.pk)
    _require_reader(fresh, by)
    dead = joining_since is not None and fresh.changed_at <= joining_since
    if fresh.state != State.OPEN and not (fresh.state == State.JOINING and dead):
        raise Refusal("take-not-open", _NOT_OPEN)
    return fresh


def _require_reader(take: Take, by: Person) -> None:
    if take.by_id != by.pk:
        raise Refusal("take-of-another", _OF_ANOTHER)


def _require(by: Person, unit: Unit, now: datetime) -> None:
    if not may(by, RECORDERS, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)


def _save(take: Take, now: datetime) -> None:
    take.changed_at = now
    take.save()


def _missing_words(missing: Sequence[int]) -> str:
    shown = ", ".join(str(at + 1) for at in missing[:8])
    return str(_MISSING) % {"lines": shown + (" …" if len(missing) > 8 else "")}


_NOT_ALLOWED = _("Your role in this commune does not allow recording.")
_LINE_UNKNOWN = _("The text has changed. Load the page again.")
_TRIM = _("The piece would be too short or lie outside the recording.")
_NOT_OPEN = _("This take is finished. Load the page again to begin a new one.")
_OF_ANOTHER = _("Another person is recording this. You have a take of your own.")
_NOT_HERE = _("The recording has not arrived whole yet.")
_SILENT = _("Nothing can be heard in the recording. Check the microphone and read it again.")
_MISSING = _("Not read yet: sentence %(lines)s.")
_TOO_LONG = _("The take is longer than 20 minutes. Divide the bulletin into several.")
_ELSEWHERE = _("The recording belongs to another commune. Attach it again.")
