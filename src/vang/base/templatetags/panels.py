"""The larger components: things side by side, talks, matrices, calendars, charts, filters.

Built into every template like ``vang``. docs/en/interface.md shows each with an example.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vang.base import display
from vang.base.calendars import Day
from vang.base.charts import Chart
from vang.base.difference import word_changes
from vang.base.maps import Map
from vang.base.matrices import Matrix
from vang.base.threads import Remark

register = template.Library()


@register.inclusion_tag("base/components/side_by_side.html")
def side_by_side(before: str, after: str, *, before_title: str, after_title: str) -> dict[str, Any]:
    """Two texts beside each other: left what goes is struck out, right what comes is marked."""
    changes = word_changes(before, after)
    return {
        "left": [change for change in changes if change.kind != "added"],
        "right": [change for change in changes if change.kind != "removed"],
        "before_title": before_title,
        "after_title": after_title,
    }


@register.inclusion_tag("base/components/thread.html", takes_context=True)
def thread(context: Context, remarks: Iterable[Remark]) -> dict[str, Any]:
    """Comments with their replies, the passage they speak of, and the ways to answer."""
    return {"remarks": list(remarks), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("base/components/matrix.html")
def matrix(table: Matrix) -> dict[str, Any]:
    """Kinds by kinds; the first column and the head stay in sight."""
    return {"table": table}


@register.simple_block_tag
def calendar(
    content: str,
    *,
    title: str,
    before: str,
    after: str,
    today: str,
    views: Sequence[dict[str, Any]] = (),
) -> SafeString:
    """The shell of a calendar: period, ways back and forth, other views, then what is between."""
    return SafeString(
        render_to_string(
            "base/components/calendar.html",
            {
                "content": content,
                "title": title,
                "before": before,
                "after": after,
                "today": today,
                "views": views,
            },
        )
    )


@register.inclusion_tag("base/components/month.html")
def month(weeks: Sequence[Sequence[Day]]) -> dict[str, Any]:
    """A month of :func:`vang.base.calendars.month_of`; on a telephone a list of its days."""
    return {"weeks": weeks, "weekdays": list(WEEKDAYS.values())}


@register.inclusion_tag("base/components/week.html")
def week(days: Sequence[Day]) -> dict[str, Any]:
    """A week of :func:`vang.base.calendars.week_of`, each day a list."""
    return {"days": days}


@register.filter
def weekday(day: Any) -> str:
    """``Thứ 2``."""
    return str(WEEKDAYS[day.weekday()])


@register.inclusion_tag("base/components/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A chart with its table and downloads; ``{% chart_assets %}`` is in the block scripts."""
    return {"chart": chart}


@register.inclusion_tag("base/components/map.html")
def place_map(
    picture: Map, *, heading: str, title: str, measure: str = "", decimals: int = 0
) -> dict[str, Any]:
    """Places on a map, the figures beside it: ``title`` says what they are, ``heading`` of whom."""
    return {
        "map": picture,
        "heading": heading,
        "title": title,
        "measure": measure,
        "decimals": decimals,
    }


@register.simple_tag
def chart_assets() -> SafeString:
    """Style and script of charts, for the page's ``scripts`` block."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script src="{}" defer></script>',
        static("base/charts.css"),
        static("base/charts.js"),
    )


@register.filter
def figure(value: float | None, decimals: int = 0) -> str:
    """A number of a chart's table; None gives a dash."""
    return "–" if value is None else display.vi_number(value, decimals)


@register.inclusion_tag("base/components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: forms.BaseForm, *, fold: bool = False) -> dict[str, Any]:
    """A GET form in one line, and below it what is being filtered, each with a way to drop it.

    ``fold``: on a telephone all but the first field are folded.
    """
    query: QueryDict = context["request"].GET
    fields = form.visible_fields()
    return {
        "form": form,
        "shown": fields[:1] if fold else fields,
        "folded": fields[1:] if fold else [],
        "chips": chips_of(form, query),
        "anything": bool(form.is_bound),
    }


def chips_of(form: forms.BaseForm, query: QueryDict) -> list[dict[str, str]]:
    """What the filters say: words, and the address without that one."""
    found = []
    for bound in form.visible_fields():
        for value in query.getlist(bound.html_name):
            if value and (words := _words_of(bound, value)):
                url = _without(query, bound.html_name, value)
                found.append({"label": str(bound.label), "words": words, "url": url})
    return found


def _words_of(bound: forms.BoundField, value: str) -> str:
    """The choice's label, a date as people write it, else the text itself; "" if no choice."""
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        flat = {str(key): str(label) for key, label in choices}
        return flat.get(value, "")
    if isinstance(bound.field, forms.DateField):
        try:
            return display.vi_date(bound.field.to_python(value))
        except forms.ValidationError:
            return ""
    return str(bound.label) if isinstance(bound.field, forms.BooleanField) else value


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.pop("page", None)
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    return f"?{rest.urlencode()}"
