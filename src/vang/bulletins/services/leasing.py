"""Who is editing: a lease that renews while somebody types, ends by itself, and may be taken over.

It keeps two people from typing against each other and never keeps anybody from their work; that
nothing is lost when they do all the same is seen to by the number of the version.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_time
from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin, EditLease
from vang.bulletins.notices import tell_of_take_over
from vang.bulletins.present import has
from vang.journal.services import record
from vang.people.models import Person

LASTS = timedelta(minutes=10)


def hold_lease(*, bulletin: Bulletin, part: str, by: Person, now: datetime) -> EditLease | None:
    """Begin to edit, or go on: None. Somebody else's lease, while it lasts, is answered unchanged.

    Without a lock: each write finds nothing when somebody was faster.
    """
    there = has(bulletin, "leases")
    while True:
        if there and _went_on(bulletin, part, by, now):
            return None
        mine = EditLease(bulletin=bulletin, part=part, holder=by, begun_at=now)
        mine.renewed_at, mine.until = now, now + LASTS
        EditLease.objects.bulk_create([mine], ignore_conflicts=True)
        lease = _lease(bulletin, part)
        if lease is not None and lease.holder_id == by.pk:
            return None
        if lease is not None and lease.until > now:
            return lease
        there = True  # it ended between two looks


def _went_on(bulletin: Bulletin, part: str, by: Person, now: datetime) -> bool:
    """Whether the lease was the person's, or nobody's any more, and is renewed. One query."""
    lease = EditLease.objects.filter(bulletin=bulletin, part=part)
    still_mine = When(holder=by, until__gt=now, then=F("begun_at"))
    renewed = lease.filter(Q(holder=by) | Q(until__lte=now)).update(
        begun_at=Case(still_mine, default=Value(now)),
        holder=by,
        renewed_at=now,
        until=now + LASTS,
    )
    return renewed > 0


def _lease(bulletin: Bulletin, part: str) -> EditLease | None:
    found = EditLease.objects.filter(bulletin=bulletin, part=part).select_related("holder")
    lease = found.first()
    if lease is not None:
        lease.bulletin = bulletin  # known: not to be asked for again
    return lease


def take_over_lease(*, bulletin: Bulletin, part: str, by: Person, now: datetime) -> None:
    """Openly go on in another's place: they are told, and keep what they had typed."""
    with transaction.atomic():
        found = EditLease.objects.select_for_update(of=("self",))
        lease = found.filter(bulletin=bulletin, part=part).first()
        if lease is not None and lease.holder_id != by.pk and lease.until > now:
            before = lease.holder
            lease.holder, lease.begun_at = by, now
            lease.renewed_at, lease.until = now, now + LASTS
            lease.save()
            subject = f"bulletin:{bulletin.pk}"
            told = {"part": part, "holder": before.username}
            record("take-over-edit", subject, by=by, unit=bulletin.unit, now=now, **told)
            tell_of_take_over(bulletin, before, by=by, now=now)
        else:
            hold_lease(bulletin=bulletin, part=part, by=by, now=now)


def end_lease(*, bulletin: Bulletin, part: str, by: Person) -> None:
    """Somebody saved or went away: the next one need not wait."""
    EditLease.objects.filter(bulletin=bulletin, part=part, holder=by).delete()


def refuse_while_held(bulletin: Bulletin, part: str, by: Person, now: datetime) -> None:
    """Raises Refusal("held") while somebody else is editing this part."""
    others = EditLease.objects.filter(bulletin=bulletin, part=part, until__gt=now).exclude(
        holder=by
    )
    lease = others.select_related("holder").first()
    if lease is not None:
        since = vi_time(lease.begun_at)
        raise Refusal("held", format_lazy(_HELD, name=lease.holder.full_name, time=since))


_HELD = _(
    "{name} has been editing since {time}, so this was not saved. Your text is kept: wait until "
    "they are done, or take over."
)
