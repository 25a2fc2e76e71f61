"""Every write of a repair, from its notice to its proof."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.notices.recipients import Holders
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Person
from vang.repairs.access import KEEPERS, OFFICE, guard
from vang.repairs.models import MAX_NOTE, Fault, Part, PartUsed, Photo, TestCall, Ticket
from vang.repairs.notices import TEST, settle_ticket, tell_technician
from vang.repairs.pictures import keep_photo
from vang.repairs.proving import proof_of
from vang.stations.models import Cluster, Node
from vang.trials.services import start_trial

MOST_PHOTOS = 12
MOST_PARTS = 30
MOST_COST = 10**12


def open_ticket(
    *,
    cluster: Cluster,
    about: str,
    text: str = "",
    fault: Fault | None = None,
    by: Person,
    now: datetime,
) -> Ticket:
    """Report that something is wrong at a cluster. Raises Refusal."""
    if about not in Ticket.About:
        raise Refusal("about-unknown", _("Choose what is wrong."))
    guard(by, OFFICE, cluster.unit, now)
    node = Node.objects.filter(cluster=cluster, retired_at=None).first()
    try:
        with transaction.atomic():
            made = Ticket.objects.create(
                cluster=cluster,
                node=node,
                fault=fault,
                about=about,
                text=_text(text),
                opened_by=by,
                opened_at=now,
            )
            _record("repair.opened", made, by, now)
    except IntegrityError:
        raise Refusal("ticket-open", _("A repair of this fault is open already.")) from None
    return made


def send_technician(*, ticket: Ticket, to: Person, by: Person, now: datetime) -> Ticket:
    """Give the repair to a technician, oneself perhaps. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(ticket, by, now)
        if not may(to, Role.TECHNICIAN, fresh.cluster.unit, local_date(now)):
            raise Refusal("not-a-technician", _("Choose a technician of this unit."))
        if fresh.technician_id != to.pk:
            fresh.technician, fresh.sent_at = to, now
            fresh.on_way_at = fresh.there_at = None
            fresh.save()
            settle_ticket(fresh, now=now)
            _record("repair.sent", fresh, by, now, name=to.full_name)
            if to.pk != by.pk:
                tell_technician(fresh, now=now)
    return fresh


def set_out(*, ticket: Ticket, by: Person, now: datetime) -> Ticket:
    """On the way. Raises Refusal."""
    with transaction.atomic():
        fresh = _mine(ticket, by, now)
        if fresh.on_way_at is None and fresh.there_at is None:
            fresh.on_way_at = now
            fresh.save(update_fields=["on_way_at"])
            _record("repair.on-way", fresh, by, now)
    return fresh


def arrive(*, ticket: Ticket, by: Person, now: datetime) -> Ticket:
    """At the place. Raises Refusal."""
    with transaction.atomic():
        fresh = _mine(ticket, by, now)
        if fresh.there_at is None:
            fresh.there_at = now
            fresh.save(update_fields=["there_at"])
            _record("repair.there", fresh, by, now)
    return fresh


def note_cause(*, ticket: Ticket, cause: str, done: str, by: Person, now: datetime) -> Ticket:
    """What was found and done. Raises Refusal."""
    if cause not in Ticket.Cause:
        raise Refusal("cause-unknown", _("Choose the cause."))
    with transaction.atomic():
        fresh = _there(ticket, by, now)
        fresh.cause, fresh.done = cause, _text(done)
        fresh.save(update_fields=["cause", "done"])
        _record("repair.cause", fresh, by, now, cause=cause)
    return fresh


def use_part(
    *,
    ticket: Ticket,
    part: Part | None,
    name: str,
    amount: int,
    cost: int | None,
    by: Person,
    now: datetime,
) -> PartUsed:
    """A part that the repair took: from the store, or bought for it. ``cost`` đồng a piece; of a
    part of the store its own price unless told. Raises Refusal."""
    with transaction.atomic():
        fresh = _there(ticket, by, now)
        if fresh.parts.count() >= MOST_PARTS:
            raise Refusal("too-many-parts", _("A repair has thirty parts at most."))
        if part is not None:
            name = _from_store(part, fresh, amount)
            cost = part.cost if cost is None else cost
        clean = " ".join(clean_text(name).split())[:120]
        if not clean or not 1 <= amount <= 10_000 or not 0 <= (cost or 0) <= MOST_COST:
            raise Refusal("part-wrong", _("Say which part, how many, and what one costs."))
        used = PartUsed.objects.create(
            ticket=fresh, part=part, name=clean, amount=amount, cost=cost or 0,
            added_by=by, added_at=now,
        )  # fmt: skip
        _record("repair.part", fresh, by, now, name=clean, amount=amount)
    return used


def _from_store(part: Part, ticket: Ticket, amount: int) -> str:
    """Its name; one taken off the shelf in the same transaction, never below nothing."""
    if part.unit_id not in _line(ticket):
        raise Refusal("foreign-part", _("Choose a part of your own store."))
    taken = Part.objects.filter(pk=part.pk, on_hand__gte=max(1, amount)).update(
        on_hand=F("on_hand") - amount
    )
    if not taken:
        raise Refusal("part-short", _("There are not so many in the store."))
    return part.name


def _line(ticket: Ticket) -> set[int]:
    """The units whose stores serve the place: its own and those above."""
    found: set[int] = set()
    unit: Unit | None = ticket.cluster.unit
    while unit is not None and len(found) < 5:
        found.add(unit.pk)
        unit = unit.parent
    return found


def give_part_back(*, used: PartUsed, by: Person, now: datetime) -> None:
    """It was not needed after all. Raises Refusal."""
    with transaction.atomic():
        fresh = _there(used.ticket, by, now)
        gone, _all = PartUsed.objects.filter(pk=used.pk).delete()
        if gone and used.part_id:
            Part.objects.filter(pk=used.part_id).update(on_hand=F("on_hand") + used.amount)
        if gone:
            _record("repair.part-back", fresh, by, now, name=used.name)


def add_photo(*, ticket: Ticket, content: bytes, by: Person, now: datetime) -> Photo:
    """Keep a picture; nothing of the camera or the place goes along. Raises Refusal."""
    with transaction.atomic():
        fresh = _there(ticket, by, now)
        if fresh.photos.count() >= MOST_PHOTOS:
            raise Refusal("too-many-photos", _("A repair has twelve pictures at most."))
    kept = keep_photo(content)
    with transaction.atomic():
        fresh = _there(ticket, by, now)
        photo, _made = Photo.objects.get_or_create(
            ticket=fresh,
            sha256=kept.sha256,
            defaults={"name": kept.name, "size": kept.size, "added_by": by, "added_at": now},
        )
        _record("repair.photo", fresh, by, now, sha256=kept.sha256)
    return photo


def ask_test(*, ticket: Ticket, by: Person, now: datetime) -> TestCall:
    """Ask for a test broadcast at the place: begun at once by whoever writes there, else the
    writers are told. Raises Refusal."""
    with transaction.atomic():
        fresh = _there(ticket, by, now)
        waiting = fresh.tests.filter(bulletin=None).first()
        if waiting is None:
            waiting = TestCall.objects.create(ticket=fresh, asked_by=by, asked_at=now)
            _record("repair.test-asked", fresh, by, now)
    unit = ticket.cluster.unit
    if may(by, Role.WRITER, unit, local_date(now)):
        return begin_test(call=waiting, by=by, now=now)
    notify(
        kind=TEST,
        to=Holders(Role.WRITER, unit),
        unit=unit,
        subject=f"ticket:{ticket.pk}",
        title=format_lazy(_("Test broadcast wanted: {cluster}"), cluster=ticket.cluster.name),
        text=_("A technician stands there. Begin it, so that an approver can release it."),
        url=reverse("repairs:ticket", args=[ticket.pk]),
        now=now,
        by=by,
        once=f"{TEST}:{waiting.pk}",
    )
    return waiting


def begin_test(*, call: TestCall, by: Person, now: datetime) -> TestCall:
    """The announced test for this cluster alone, submitted for approval. Raises Refusal."""
    with transaction.atomic():
        fresh = TestCall.objects.select_for_update().get(pk=call.pk)
        ticket = fresh.ticket
        if fresh.bulletin_id is not None or ticket.closed_at is not None:
            raise Refusal("test-begun", _("The test broadcast has been begun already."))
        fresh.bulletin = start_trial(cluster=ticket.cluster, words="", by=by, now=now)
        fresh.save(update_fields=["bulletin"])
        about = [f"bulletin:{fresh.bulletin.pk}"]
        record(
            "repair.test-begun", f"ticket:{ticket.pk}", by=by, unit=ticket.cluster.unit, now=now,
            about=about,
        )  # fmt: skip
    return fresh


def close_ticket(
    *, ticket: Ticket, outcome: str = "", reason: str = "", by: Person, now: datetime
) -> Ticket:
    """With a broadcast that proves that it sounds, or with a stated reason. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(ticket, by, now)
        clean = _text(reason)
        if outcome in {"", Ticket.Outcome.PROVEN}:
            proof = proof_of(fresh)
            if proof is None or not proof.sounds:
                raise Refusal("no-proof", _NO_PROOF)
            if not fresh.cause:
                raise Refusal("cause-missing", _("Say first what was found and done."))
            outcome, fresh.proof = Ticket.Outcome.PROVEN, proof.table()
        elif outcome not in Ticket.Outcome or not clean:
            raise Refusal("reason-missing", _("Say why it is closed without a proof."))
        elif outcome == Ticket.Outcome.SAID and not fresh.cause:
            raise Refusal("cause-missing", _("Say first what was found and done."))
        fresh.outcome, fresh.reason = outcome, clean
        fresh.closed_at, fresh.closed_by = now, by
        fresh.save()
        settle_ticket(fresh, now=now)
        _record("repair.closed", fresh, by, now, outcome=str(outcome))
    return fresh


def _open(ticket: Ticket, by: Person, now: datetime) -> Ticket:
    fresh = Ticket.objects.select_for_update(of=("self",)).select_related(
        "cluster__unit__parent__parent"
    ).get(pk=ticket.pk)  # fmt: skip
    guard(by, KEEPERS, fresh.cluster.unit, now)
    if fresh.closed_at is not None:
        raise Refusal("ticket-closed", _("This repair is closed."))
    return fresh


def _mine(ticket: Ticket, by: Person, now: datetime) -> Ticket:
    """Whoever sets out to an open repair takes it."""
    fresh = _open(ticket, by, now)
    if fresh.technician_id is None:
        if not may(by, Role.TECHNICIAN, fresh.cluster.unit, local_date(now)):
            raise Refusal("not-a-technician", _("Choose a technician of this unit."))
        fresh.technician, fresh.sent_at = by, now
        fresh.save(update_fields=["technician", "sent_at"])
        _record("repair.sent", fresh, by, now, name=by.full_name)
    elif fresh.technician_id != by.pk:
        raise Refusal("not-yours", _("This repair is another technician's."))
    return fresh


def _there(ticket: Ticket, by: Person, now: datetime) -> Ticket:
    fresh = _open(ticket, by, now)
    if fresh.there_at is None:
        raise Refusal("not-there", _("Say first that you are at the place."))
    return fresh


def _text(given: str) -> str:
    return clean_text(given).strip()[:MAX_NOTE]


def _record(action: str, ticket: Ticket, by: Person, now: datetime, **detail: object) -> None:
    record(
        action, f"ticket:{ticket.pk}", by=by, unit=ticket.cluster.unit, now=now,
        about=[f"cluster:{ticket.cluster_id}"], **detail,
    )  # fmt: skip


_NO_PROOF = _(
    "No broadcast since you arrived proves that it sounds. Wait for one, or close it with a reason."
)
