"""Bulletins that somebody should act on."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from vang.bulletins.models import Bulletin, ReviewStep, Version
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.review.verbs import RETURN, SUBMIT
from vang.voice.models import Rendition

State = Bulletin.State


def waiting_for(person: Person, unit: Unit) -> QuerySet[Bulletin]:
    """In review, and not of the person's own making: the law of two pairs of eyes."""
    edited = Version.objects.filter(bulletin=OuterRef("pk"), edited_by=person)
    submitted = ReviewStep.objects.filter(bulletin=OuterRef("pk"), by=person, verb=SUBMIT.name)
    own = Q(created_by=person) | Exists(edited) | Exists(submitted)
    return _of(unit).filter(~own, state=State.IN_REVIEW)


def returned(unit: Unit) -> list[tuple[Bulletin, str]]:
    """Sent back, each with the approver's latest comment."""
    found = list(_of(unit).filter(state=State.RETURNED))
    steps = ReviewStep.objects.filter(bulletin__in=found, verb=RETURN.name).order_by("at", "pk")
    comments = dict(steps.values_list("bulletin", "comment"))
    return [(bulletin, comments.get(bulletin.pk, "")) for bulletin in found]


def approved_unaired(unit: Unit) -> QuerySet[Bulletin]:
    """Approved, and no time chosen yet."""
    return _of(unit).filter(state=State.APPROVED)


def soundless(unit: Unit) -> QuerySet[Bulletin]:
    """Their sound could not be made; nobody can approve or hear them until it is."""
    open_states = [State.DRAFT, State.IN_REVIEW, State.APPROVED, State.RETURNED]
    failed = Rendition.State.FAILED
    found = _of(unit).filter(state__in=open_states, current__rendition__state=failed)
    return found.select_related("current__rendition")


def _of(unit: Unit) -> QuerySet[Bulletin]:
    """Oldest first: who waited longest comes first. Texts stay in the database."""
    found = Bulletin.objects.filter(unit=unit).select_related("current", "created_by")
    return found.defer("current__text").order_by("changed_at", "pk")
