"""The lock and the guard that every verb passes."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import Bulletin, ReviewStep, Version
from vang.bulletins.notices import tell_of_step
from vang.bulletins.queries import facts_for, took_part
from vang.journal.services import record
from vang.people.access import act
from vang.people.models import Person
from vang.review.facts import independent
from vang.review.verbs import COMMENT_MISSING, Verb, why_not


def locked(bulletin: Bulletin) -> Bulletin:
    """The bulletin read anew; others who would change it wait until this transaction ends.

    Two queries: PostgreSQL joins a row that it waited for with neighbours as they were before
    the wait, so a version saved meanwhile would be missing.
    """
    Bulletin.objects.select_for_update().only("pk").get(pk=bulletin.pk)
    joined = Bulletin.objects.select_related("unit", "current__rendition", "current__recording")
    return joined.get(pk=bulletin.pk)


def newest(bulletin: Bulletin) -> Version:
    """The version that counts. A bulletin without one was never saved by a service."""
    if bulletin.current is None:
        raise Version.DoesNotExist
    return bulletin.current


def guard(verb: Verb, bulletin: Bulletin, *, by: Person, now: datetime) -> None:
    """Raises Refusal with the reason of the table of verbs.

    Notes in whose name it is done: nobody approves a text in the name of somebody who took part.
    """
    own_work = independent in verb.conditions
    held = act(
        by,
        verb.roles,
        bulletin.unit,
        local_date(now),
        unless=(lambda principal: took_part(bulletin, principal)) if own_work else None,
    )
    reason = why_not(verb, bulletin.state, held.roles, facts_for(bulletin, by, held.roles))
    if reason is not None:
        raise Refusal(reason.code, reason.message)
    if by.acting is None and not held.covers(verb.roles):
        raise Refusal("principal-took-part", _PRINCIPAL_TOOK_PART)


def comment_for(verb: Verb, comment: str) -> str:
    """The comment as stored. Raises Refusal when the verb needs one and there is none."""
    clean = clean_text(comment).strip()
    if verb.needs_comment and not clean:
        raise Refusal(COMMENT_MISSING.code, COMMENT_MISSING.message)
    return clean


def take_step(
    verb: Verb, bulletin: Bulletin, *, by: Person | None, now: datetime, comment: str = ""
) -> None:
    """Move the locked bulletin to the verb's target; remember the step and journal it.

    ``by`` is None for what happens by itself.
    """
    version = newest(bulletin)
    bulletin.state = verb.target
    bulletin.changed_at = now
    bulletin.save()
    ReviewStep.objects.create(
        bulletin=bulletin,
        version=version,
        verb=verb.name,
        by=by,
        at=now,
        comment=comment,
        delegation=by.acting if by else None,
    )
    record(
        f"{verb.name}-bulletin",
        f"bulletin:{bulletin.pk}",
        by=by,
        unit=bulletin.unit,
        now=now,
        version=version.number,
    )
    if by is not None:
        tell_of_step(verb, bulletin, by=by, now=now, comment=comment)


_PRINCIPAL_TOOK_PART = _(
    "The person in whose name you would approve wrote, edited or submitted this bulletin. "
    "Somebody independent must approve it."
)
