"""A document → rows to look at → a plan."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.library.documents import SENTENCES, check_document
from vang.library.formats.failures import Unreadable
from vang.library.formats.reading import Limits, read_bytes
from vang.library.services import clean_name, keep_item
from vang.orgs.models import Organisation, Unit
from vang.people.models import Person
from vang.plans.access import NEWSROOM, guard
from vang.plans.matching import organisation_named
from vang.plans.models import Draft, DraftRow, Objective, Plan, Recipient, Task
from vang.plans.queries import organisations_at
from vang.plans.recognition.plain import deadline_to_plain, to_plain
from vang.plans.recognition.recognition import draft_of, is_plan
from vang.plans.recognition.rows import Kind, Manner, PlanDraft, Row
from vang.plans.services.common import lines_of, names_of, one_line, read_deadlines, subject
from vang.plans.services.registering import recipients_of_lines

log = logging.getLogger(__name__)
LIMITS = Limits(wall_s=40, cpu_s=30, letters=1_000_000)
MOST_ROWS = 3_000
_SHOWN = {kind.value for kind in Kind} & set(DraftRow.Kind.values)
TAKEN = frozenset({DraftRow.Kind.OBJECTIVE, DraftRow.Kind.TASK, DraftRow.Kind.REPORTING})
"""Rows of these kinds go into the plan unless they are left out."""


@dataclass(frozen=True)
class Reading:
    """A row as a person corrects it. ``leads``, ``cooperating`` and ``deadlines``: one a line."""

    kind: str
    text: str
    leads: str = ""
    cooperating: str = ""
    deadlines: str = ""
    product: str = ""


def take_document(
    *, unit: Unit, file_name: str, content: bytes, by: Person, now: datetime
) -> Draft:
    """Read a plan into rows. Raises Refusal for a file that cannot be read or is no plan."""
    guard(by, NEWSROOM, unit, now)
    check_document(content)
    try:
        lines = read_bytes(content, LIMITS).lines
    except Unreadable as error:
        log.info("%s could not be read: %s", clean_name(file_name), error)
        raise Refusal(f"document-{error.code}", SENTENCES[error.code]) from error
    found = draft_of(lines)
    if not is_plan(found):
        words = _OTHER_KIND % {"kind": found.kind} if found.kind else _NO_PLAN
        raise Refusal("document-no-plan", words)
    with transaction.atomic():
        draft = Draft.objects.create(
            unit=unit,
            item=keep_item(unit=unit, file_name=file_name, content=content, by=by, now=now),
            file_name=clean_name(file_name),
            text=found.text,
            head=_head(found),
            made_by=by,
            made_at=now,
        )
        rows = [row for row in found.rows if row.kind.value in _SHOWN][:MOST_ROWS]
        DraftRow.objects.bulk_create(_row(draft, n, row) for n, row in enumerate(rows))
        record("read-plan", f"plan-draft:{draft.pk}", by=by, unit=unit, now=now)
    return draft


def _head(found: PlanDraft) -> dict[str, Any]:
    left_out = {"rows", "tasks", "objectives", "not_understood", "text"}
    return {name: value for name, value in to_plain(found).items() if name not in left_out}


def _row(draft: Draft, place: int, row: Row) -> DraftRow:
    return DraftRow(
        draft=draft,
        place=place,
        kind=row.kind.value,
        code=row.code[:60],
        section=[title[:200] for title in row.path],
        text=row.text,
        start=row.start,
        end=row.end,
        leads=list(row.leads),
        cooperating=list(row.cooperating),
        requested=row.manner == Manner.REQUESTED,
        deadlines=[deadline_to_plain(one) for one in row.deadlines],
        product=row.product[:1_000],
        targets=[{"text": t.text, "number": t.number, "unit": t.unit} for t in row.targets],
        doubts=[doubt.value for doubt in row.doubts],
    )


def change_row(*, row: DraftRow, reading: Reading, by: Person, now: datetime) -> DraftRow:
    """What the person makes of it. Raises Refusal."""
    with transaction.atomic():
        fresh = _open_row(row, by, now)
        text = one_line(reading.text)
        if not text:
            raise Refusal("text-missing", _TEXT_MISSING)
        if reading.kind not in DraftRow.Kind.values:
            raise Refusal("kind-unknown", _KIND_UNKNOWN)
        fresh.kind, fresh.text, fresh.state = reading.kind, text, DraftRow.State.EDITED
        fresh.leads, fresh.cooperating = lines_of(reading.leads), lines_of(reading.cooperating)
        fresh.deadlines = read_deadlines(reading.deadlines)
        fresh.product = one_line(reading.product)[:1_000]
        fresh.doubts = []
        fresh.save()
        _note_draft("edit-plan-row", fresh.draft, by, now)
    return fresh


def split_row(*, row: DraftRow, parts: Sequence[str], by: Person, now: datetime) -> list[DraftRow]:
    """One row for each of the duties that it holds. Raises Refusal."""
    wanted = [one_line(part) for part in parts if one_line(part)]
    if len(wanted) < 2:
        raise Refusal("nothing-to-split", _NOTHING_TO_SPLIT)
    with transaction.atomic():
        fresh = _open_row(row, by, now)
        later = list(fresh.draft.rows.filter(place__gt=fresh.place).order_by("-place"))
        for one in later:
            one.place += len(wanted) - 1
            one.save(update_fields=["place"])
        code, place = fresh.code, fresh.place
        made = []
        for n, part in enumerate(wanted):
            fresh.text, fresh.code, fresh.place = part, f"{code}.{chr(97 + n % 26)}"[:60], place + n
            fresh.state = DraftRow.State.EDITED
            if n:
                fresh.pk, fresh._state.adding = None, True
            fresh.save()
            made.append(DraftRow.objects.get(pk=fresh.pk))
        _note_draft("edit-plan-row", fresh.draft, by, now)
    return made


def set_taken(*, draft: Draft, taken: Collection[int], by: Person, now: datetime) -> None:
    """Which of the rows that would go into the plan do so: the others are left out; rows of other
    kinds that are taken become tasks. Raises Refusal."""
    with transaction.atomic():
        fresh = _open_draft(draft, by, now)
        for row in fresh.rows.select_for_update():
            goes = row.kind in TAKEN and row.state != DraftRow.State.DROPPED
            if row.pk in taken and not goes:
                row.state = DraftRow.State.EDITED
                row.kind = row.kind if row.kind in TAKEN else DraftRow.Kind.TASK
                row.save(update_fields=["state", "kind"])
            elif row.pk not in taken and goes:
                row.state = DraftRow.State.DROPPED
                row.save(update_fields=["state"])


def drop_draft(*, draft: Draft, by: Person, now: datetime) -> None:
    """Put it aside. Raises Refusal."""
    with transaction.atomic():
        fresh = _open_draft(draft, by, now)
        fresh.dropped_at = now
        fresh.save(update_fields=["dropped_at"])
        _note_draft("drop-plan-draft", fresh, by, now)


def make_plan(*, draft: Draft, by: Person, now: datetime) -> Plan:
    """A plan, still a draft itself, of the rows that were not left out. Raises Refusal."""
    with transaction.atomic():
        fresh = _open_draft(draft, by, now)
        rows = [r for r in fresh.rows.exclude(state=DraftRow.State.DROPPED) if r.kind in TAKEN]
        if not any(row.kind != DraftRow.Kind.OBJECTIVE for row in rows):
            raise Refusal("no-task", _NO_TASK)
        plan = _plan(fresh, by, now)
        known = list(organisations_at(fresh.unit, local_date(now)))
        Objective.objects.bulk_create(_objectives(plan, rows))
        tasks = [_task(plan, row, fresh.text, known) for row in rows if row.kind != "objective"]
        Task.objects.bulk_create(tasks)
        Recipient.objects.bulk_create(recipients_of_lines(plan, fresh.head["recipients"], now))
        fresh.plan = plan
        fresh.save(update_fields=["plan"])
        record("make-plan", subject(plan), by=by, unit=plan.unit, now=now)
    return plan


def _plan(draft: Draft, by: Person, now: datetime) -> Plan:
    head = draft.head
    issued = date.fromisoformat(head["issued_on"]) if head["issued_on"] else None
    today = local_date(now)
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    if head["period"]:
        first = date.fromisoformat(head["period"]["first"])
        last = date.fromisoformat(head["period"]["last"])
    return Plan.objects.create(
        unit=draft.unit,
        title=one_line(head["title"])[:500] or draft.file_name,
        number=head["number"][:60],
        issuer=head["issuer"][:300],
        issued_on=issued,
        starts_on=first,
        ends_on=last,
        bases=head["legal_bases"],
        signer=" ".join(filter(None, (head["signer_post"], head["signer"])))[:200],
        created_by=by,
        created_at=now,
    )


def _objectives(plan: Plan, rows: Sequence[DraftRow]) -> Iterator[Objective]:
    for row in rows:
        if row.kind != DraftRow.Kind.OBJECTIVE:
            continue
        target = row.targets[0] if len(row.targets) == 1 else None
        yield Objective(
            plan=plan,
            place=row.place,
            text=row.text,
            target=Decimal(str(target["number"])) if target else None,
            unit_word=target["unit"][:60] if target else "",
        )


def _task(plan: Plan, row: DraftRow, text: str, known: Sequence[Organisation]) -> Task:
    return Task(
        plan=plan,
        place=row.place,
        code=row.code,
        section=" › ".join(row.section)[:300],
        text=row.text,
        lead_name=names_of(row.leads),
        lead=organisation_named(row.leads, known),
        cooperating=row.cooperating,
        requested=row.requested,
        deadlines=row.deadlines,
        product=row.product,
        passage=clean_text(text[row.start : row.end]),
    )


def _open_draft(draft: Draft, by: Person, now: datetime) -> Draft:
    Draft.objects.select_for_update().only("pk").get(pk=draft.pk)
    fresh = Draft.objects.select_related("unit").get(pk=draft.pk)
    guard(by, NEWSROOM, fresh.unit, now)
    if fresh.plan_id is not None or fresh.dropped_at is not None:
        raise Refusal("draft-closed", _CLOSED)
    return fresh


def _open_row(row: DraftRow, by: Person, now: datetime) -> DraftRow:
    _open_draft(row.draft, by, now)
    return DraftRow.objects.select_related("draft__unit").get(pk=row.pk)


def _note_draft(action: str, draft: Draft, by: Person, now: datetime) -> None:
    record(action, f"plan-draft:{draft.pk}", by=by, unit=draft.unit, now=now)


_OTHER_KIND = _(
    "This is no plan: its head says “%(kind)s”. Choose a plan, or write its tasks by hand."
)
_NO_PLAN = _(
    "This is no plan: neither a head “KẾ HOẠCH” nor parts such as tasks and organisation are in it."
)
_TEXT_MISSING = _("Write what is to be done.")
_KIND_UNKNOWN = _("Choose one of the kinds offered.")
_NOTHING_TO_SPLIT = _("There is only one duty in this row.")
_NO_TASK = _("Nothing would go into the plan: take at least one task.")
_CLOSED = _("A plan was made of this document already, or it was put aside.")
