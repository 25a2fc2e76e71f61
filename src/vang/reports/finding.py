"""Reports as they are found (vang.search): by round, unit and the words of what was written."""

from collections.abc import Collection, Iterator

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.reports.models import Passage, Report
from vang.search.kinds import Item, Kind
from vang.search.kinds import register as register_kinds

_CHUNK = 200
_MOST_LETTERS = 20_000


def items(keys: Collection[str] | None) -> Iterator[Item]:
    """Those that were begun, for whoever writes them and for everybody above: of one that is only
    expected nothing can be found yet."""
    rows = Report.objects.exclude(current=None).order_by("pk")
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    words = Prefetch("current__passages", Passage.objects.order_by("section__place"))
    found = rows.select_related(
        "round__version__form", "unit", "current",
        "unit__parent__parent__parent", "keeper__parent__parent__parent",
    )  # fmt: skip
    for report in found.prefetch_related(words).iterator(chunk_size=_CHUNK):
        yield _item(report)


def _item(report: Report) -> Item:
    filing, round_ = report.current, report.round
    told = [passage.text for passage in filing.passages.all()] if filing else []
    return Item(
        key=str(report.pk),
        unit=report.desk,
        title=f"{round_.name}: {report.unit.full_name}",
        text="\n".join([str(round_.version.form), *told])[:_MOST_LETTERS],
        url=reverse("reports:report", args=[report.pk]),
        note=report.unit.full_name,
        at=report.first_submitted_at or round_.opened_at,
        state=f"report_{report.state.lower()}",
    )


def register() -> None:
    """Called when the process starts."""
    kind = Kind("report", _("Reports"), "clipboard-check", items, order=36, view="reports:report")
    register_kinds(kind)
