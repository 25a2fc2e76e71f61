"""Who sees what is offered."""

from django.db.models import Exists, OuterRef, QuerySet

from vang.orgs.models import Unit
from vang.orgs.reach import reaches
from vang.pool.models import Offer, Target


def offered_to(unit: Unit) -> QuerySet[Offer]:
    """Every offer made to the unit, open or withdrawn; never its own."""
    meant = Target.objects.filter(reaches(unit), offer=OuterRef("pk"))
    return Offer.objects.filter(Exists(meant)).exclude(unit=unit)
