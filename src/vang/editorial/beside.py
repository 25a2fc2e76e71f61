"""Beside a bulletin: its series and theme, and its scores."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.companions import Fields, Part, Sight, Writing
from vang.bulletins.models import Bulletin
from vang.bulletins.present import Question, has
from vang.bulletins.selecting import Filter
from vang.editorial.forms import PlaceForm
from vang.editorial.models import Place, Plan, Series
from vang.editorial.services import place_bulletin
from vang.orgs.models import Unit
from vang.people.models import Person

QUESTIONS: Mapping[str, Question] = {
    "editorial.place": lambda: Exists(Place.objects.filter(bulletin=OuterRef("pk"))),
    "editorial.choices": lambda: Exists(
        Unit.objects.filter(
            Exists(Series.objects.filter(unit=OuterRef("pk")))
            | Exists(Plan.objects.filter(unit=OuterRef("pk"))),
            pk=OuterRef("unit"),
        )
    ),
}
SERIES = Filter(
    "series",
    _("Series"),
    lambda unit: [(str(key), name) for key, name in _series_of(unit)],
    lambda key: Q(Exists(Place.objects.filter(bulletin=OuterRef("pk"), series=int(key)))),
)
_MOST_SERIES = 100
_RELEASED = {Bulletin.State.RELEASED, Bulletin.State.EXPIRED}


def _series_of(unit: Unit) -> Iterable[tuple[int, str]]:
    """Those that still run first."""
    rows = Series.objects.filter(unit=unit).order_by(F("ended_on").desc(nulls_first=True), "name")
    return rows.values_list("pk", "name")[:_MOST_SERIES]


def beside_bulletin(sight: Sight) -> list[Part]:
    """Where it belongs; once it is released, how it was scored."""
    place = _place(sight.bulletin)
    released = sight.bulletin.state in _RELEASED
    if sight.deciding and place is None:
        return []
    shows = {
        "place": place,
        "bulletin": sight.bulletin,
        "newsroom": sight.newsroom and not sight.deciding,
        "released": released,
        "length_s": _length_s(sight.bulletin),
    }
    return [Part("side", "editorial/parts/place.html", shows)]


def _place(bulletin: Bulletin) -> Place | None:
    if not has(bulletin, "editorial.place"):
        return None
    rows = Place.objects.filter(bulletin=bulletin)
    return rows.select_related("series__programme", "line").first()


def _length_s(bulletin: Bulletin) -> int | None:
    """The length of the sound in seconds, once it is made."""
    sound = bulletin.current.rendition if bulletin.current else None
    return round(sound.duration_ms / 1000) if sound and sound.duration_ms else None


def while_writing(writing: Writing) -> list[Part]:
    """A series and a theme may be chosen while it is written."""
    if writing.bulletin is not None and not has(writing.bulletin, "editorial.choices"):
        return []
    form = form_for(writing.unit.pk, writing.bulletin, writing.asked, on=now())
    if not form.has_choices:
        return []
    return [Part("field", "editorial/parts/choose.html", {"form": form})]


def saved_place(bulletin: Bulletin | None) -> dict[str, str]:
    place = _place(bulletin) if bulletin else None
    series, line = (place.series_id, place.line_id) if place else (None, None)
    return {"series": str(series or ""), "line": str(line or "")}


FIELDS = Fields(("series", "line"), saved_place)


def form_for(unit_pk: int, bulletin: Bulletin | None, asked: Any, *, on: datetime) -> PlaceForm:
    place = _place(bulletin) if bulletin else None
    initial = {
        "series": asked.get("series") or (place.series_id if place else None),
        "line": asked.get("line") or (place.line_id if place else None),
    }
    return PlaceForm(initial=initial, unit_pk=unit_pk, year=local_date(on).year)


def after_saving(bulletin: Bulletin, posted: QueryDict, by: Person, at: datetime) -> None:
    """What was chosen; a form without these fields changes nothing."""
    if "series" not in posted and "line" not in posted:
        return
    form = PlaceForm(posted, unit_pk=bulletin.unit_id, year=local_date(at).year)
    if not form.is_valid():
        return
    fields = form.cleaned_data
    try:
        place_bulletin(
            bulletin=bulletin, series=fields["series"], line=fields["line"], by=by, now=at
        )
    except Refusal:
        # The text is saved; where it belongs can be chosen again on its page.
        return
