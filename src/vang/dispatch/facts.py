"""What this room tells the pages of stations."""

from collections.abc import Collection

from vang.dispatch.models import PlannedItem, PlanVersion
from vang.orgs.models import Unit


class Facts:
    """Answers for stations.plan_facts."""

    def newest_version(self, unit: Unit) -> int | None:
        versions = PlanVersion.objects.filter(unit=unit).order_by("-version")
        return versions.values_list("version", flat=True).first()

    def titles(self, unit: Unit, items: Collection[str]) -> dict[str, str]:
        if not items:
            return {}
        planned = PlannedItem.objects.filter(unit=unit, item__in=items).order_by()
        return dict(planned.values_list("item", "title"))
