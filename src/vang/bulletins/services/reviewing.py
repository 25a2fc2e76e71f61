"""Submitting, returning and approving."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins import hashing
from vang.bulletins.attachments import refuse_unready
from vang.bulletins.models import Approval, Bulletin, Version
from vang.bulletins.queries import open_remarks
from vang.bulletins.services.guarding import comment_for, guard, locked, newest, take_step
from vang.bulletins.services.judging import confirm
from vang.bulletins.services.writing import give_sound
from vang.people.access import roles
from vang.people.models import Person
from vang.review.verbs import APPROVE, LEADER, RETURN, SUBMIT


def submit_bulletin(
    *, bulletin: Bulletin, by: Person, now: datetime, confirmed: Collection[str] = ()
) -> Bulletin:
    """Freeze the newest version, ask for its sound and for an approver. Raises Refusal.

    ``confirmed``, here and below: the sentences of the checklists that the person confirms.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(SUBMIT, fresh, by=by, now=now)
        refuse_unready(newest(fresh))
        confirm(SUBMIT, fresh, confirmed, by=by, now=now)
        give_sound(fresh.unit, newest(fresh), now)
        fresh.submitted_by = by
        take_step(SUBMIT, fresh, by=by, now=now)
    return fresh


def return_bulletin(*, bulletin: Bulletin, comment: str, by: Person, now: datetime) -> Bulletin:
    """Give it back to the writer with what is to be mended. Raises Refusal.

    Without a ``comment``, open remarks of the approver say what is to be mended.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(RETURN, fresh, by=by, now=now)
        said = clean_text(comment).strip() or _from_remarks(newest(fresh), by)
        take_step(RETURN, fresh, by=by, now=now, comment=comment_for(RETURN, said))
    return fresh


def approve_bulletin(
    *,
    bulletin: Bulletin,
    content_hash: str,
    by: Person,
    now: datetime,
    comment: str = "",
    confirmed: Collection[str] = (),
) -> Approval:
    """Approve exactly what the approver saw and heard, named by its hash.

    Raises Refusal: ``changed-meanwhile`` when that is no longer the newest content,
    ``already-approved`` when another approver was faster, and the reasons of the table.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        version = newest(fresh)
        if hashing.content_hash(version) != content_hash:
            raise Refusal("changed-meanwhile", _CHANGED_MEANWHILE)
        _refuse_a_second_approval(fresh, version)
        guard(APPROVE, fresh, by=by, now=now)
        confirm(APPROVE, fresh, confirmed, by=by, now=now)
        approval = Approval.objects.create(
            bulletin=fresh,
            version=version,
            content_hash=content_hash,
            as_leader=LEADER in roles(by, fresh.unit, local_date(now)),
            by=by,
            at=now,
            delegation=by.acting,
        )
        take_step(APPROVE, fresh, by=by, now=now, comment=comment_for(APPROVE, comment))
    return approval


def _from_remarks(version: Version, by: Person) -> str:
    remarks = open_remarks(version, by)
    told = [f"“{remark.quote}”: {remark.text}" for remark in remarks[:_MOST_TOLD]]
    if len(remarks) > _MOST_TOLD:
        told.append("…")
    return "\n".join(told)


def _refuse_a_second_approval(bulletin: Bulletin, version: Version) -> None:
    if bulletin.state != Bulletin.State.APPROVED:
        return
    first = Approval.objects.filter(version=version).select_related("by").latest("at")
    raise Refusal("already-approved", format_lazy(_ALREADY_APPROVED, name=str(first.by)))


_MOST_TOLD = 10
_CHANGED_MEANWHILE = _(
    "The bulletin was changed after you opened it, so your approval was not recorded. "
    "Read and listen to the new version, then decide."
)
_ALREADY_APPROVED = _("{name} has approved this bulletin already; one approval is enough.")
