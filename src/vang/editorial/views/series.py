"""Series: the list, one with its episodes and scores, and where a bulletin belongs."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.access import open_bulletin
from vang.editorial import services
from vang.editorial.access import NEWSROOM, open_series, see_series
from vang.editorial.beside import form_for
from vang.editorial.forms import PlaceForm, SeriesForm, known_series
from vang.editorial.queries import episodes_of, series_of, standings, trend
from vang.people.access import current_unit, here, require, signed_in
from vang.people.people import person_of

_PER_PAGE = 20


@require_safe
@signed_in
def series_list(request: HttpRequest) -> HttpResponse:
    """The unit's series, how regularly they come and how well they are scored."""
    unit, today = current_unit(request), local_date(now())
    ended = request.GET.get("view") == "ended"
    page = Paginator(series_of(unit, ended=ended), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "ended": ended,
        "page": page,
        "rows": standings(list(page.object_list), today),
        "newsroom": not here(request).roles.isdisjoint(NEWSROOM),
    }
    return render(request, "editorial/series_list.html", context)


@require_safe
@signed_in
def series_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One series: what it is, its episodes, its scores by month."""
    person, today = person_of(request), local_date(now())
    series, held = see_series(person, pk, today)
    page = Paginator(episodes_of(series), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "series": series,
        "standing": standings([series], today)[0],
        "page": page,
        "months": trend(series),
        "newsroom": not held.isdisjoint(NEWSROOM),
    }
    return render(request, "editorial/series.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Begin a series."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    require(person, NEWSROOM, unit, today)
    form = SeriesForm(request.POST or None, unit=unit, on=today, initial={"frequency": "WEEKLY"})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_series(unit=unit, idea=form.idea(), by=person, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Begun."), "editorial:series", made.pk)
    context = {"form": form, "unit": unit, "series": None}
    return render(request, "editorial/series_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What the series is from now on."""
    person, today = person_of(request), local_date(now())
    series = open_series(person, pk, today)
    require(person, NEWSROOM, series.unit, today)
    form = SeriesForm(
        request.POST or None, unit=series.unit, on=today, initial=known_series(series)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_series(series=series, idea=form.idea(), by=person, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, lambda: None, _("Saved."), "editorial:series", pk)
    context = {"form": form, "unit": series.unit, "series": series}
    return render(request, "editorial/series_form.html", context)


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more is put into it."""
    person, today = person_of(request), local_date(now())
    series = open_series(person, pk, today)
    require(person, NEWSROOM, series.unit, today)
    return done(
        request,
        lambda: services.end_series(series=series, by=person, now=now()),
        _("The series has ended. What is in it stays."),
        "editorial:series",
        pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def place(request: HttpRequest, bulletin_pk: int) -> HttpResponse:
    """The series and the theme of a bulletin, whatever its state."""
    person, today = person_of(request), local_date(now())
    bulletin = open_bulletin(person, bulletin_pk, today).bulletin
    require(person, NEWSROOM, bulletin.unit, today)
    form = form_for(bulletin.unit_id, bulletin, {}, on=now())
    if request.method == "POST":
        form = PlaceForm(request.POST, unit_pk=bulletin.unit_id, year=today.year)
        if form.is_valid():
            fields = form.cleaned_data
            return done(
                request,
                lambda: services.place_bulletin(
                    bulletin=bulletin,
                    series=fields["series"],
                    line=fields["line"],
                    by=person,
                    now=now(),
                ),
                _("Saved."),
                "bulletins:detail",
                bulletin_pk,
            )
    return render(request, "editorial/place.html", {"form": form, "bulletin": bulletin})
