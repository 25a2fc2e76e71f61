"""Whoever has put together what changed below is told: their figures are no longer all there is."""

from vang.reports.models import Inclusion, Report


def mark_stale(report: Report) -> None:
    """Every report above that was put together from another filing of this one.

    Whoever is putting it together at this moment is waited for, or waits and then finds this one.
    """
    below = report
    while (above := _parent(below)) is not None:
        put_together = above.current is not None and above.current.consolidated_at is not None
        if not put_together or _holds(above, below):
            return
        above.stale = True
        above.save(update_fields=["stale"])
        below = above


def _parent(report: Report) -> Report | None:
    if report.parent_id is None:
        return None
    Report.objects.select_for_update(of=("self",)).only("pk").get(pk=report.parent_id)
    return Report.objects.select_related("current").get(pk=report.parent_id)


def _holds(above: Report, child: Report) -> bool:
    """Whether its present filing was made from what the child says now, and nothing is open."""
    if child.stale or child.accepted_id is None or child.accepted_id != child.current_id:
        return False
    return Inclusion.objects.filter(
        filing=above.current, child=child, child_filing=child.accepted_id
    ).exists()
