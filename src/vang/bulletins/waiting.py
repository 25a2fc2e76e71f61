"""What waits for somebody's decision."""

from django.db.models import Exists, OuterRef, QuerySet

from vang.bulletins.models import Bulletin, ReviewStep, Version
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.review.verbs import SUBMIT


def waiting_for(person: Person, unit: Unit) -> QuerySet[Bulletin]:
    """Bulletins in review that the person may approve, being an approver: those in which they
    had no part. Oldest first."""
    edited = Version.objects.filter(bulletin=OuterRef("pk"), edited_by=person)
    submitted = ReviewStep.objects.filter(bulletin=OuterRef("pk"), by=person, verb=SUBMIT.name)
    return (
        Bulletin.objects.filter(unit=unit, state=Bulletin.State.IN_REVIEW)
        .exclude(created_by=person)
        .exclude(submitted_by=person)
        .exclude(Exists(edited))
        .exclude(Exists(submitted))
        .select_related("current", "submitted_by")
        .order_by("changed_at", "id")
    )
