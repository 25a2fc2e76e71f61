"""The map: the same places as the list, drawn; and what lies under it."""

from functools import partial
from typing import Any

from csp.decorators import csp_update
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.states import LOOKS
from vang.equipment import fleet, services
from vang.equipment.access import keeps
from vang.equipment.forms.finding import FindForm
from vang.equipment.forms.ground import GroundForm, known_ground
from vang.equipment.grouping import MOST_ZOOM, Box, Dot, box_around, dots
from vang.equipment.models import Ground
from vang.equipment.tiles import origin_of
from vang.equipment.views.register import PER_PAGE, tabs, tiles
from vang.library.uploads import dropped_uploads
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.access import current_unit, require, signed_in
from vang.people.people import person_of
from vang.stations.access import KEEPERS

_WORLD, _AFAR = "-90,-180,90,180", "5"


def ground_of(unit: Unit) -> Ground | None:
    """The unit's own, else the nearest above it. One query."""
    line = {one.pk: depth for depth, one in enumerate(ancestors(unit))}
    rows = Ground.objects.filter(unit__in=list(line)).defer("boundary")
    return min(rows, key=lambda one: line[one.unit_id], default=None)


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponseBase:
    """The map and, below it, the same places as a list.

    The page's policy lets pictures come from the server of the tiles, if one was entered.
    """
    ground = ground_of(current_unit(request))
    if ground is None or not ground.tiles:
        return _page(request, ground)
    allowing = csp_update({"img-src": [origin_of(ground.tiles)]})
    return allowing(partial(_page, ground=ground))(request)


def _page(request: HttpRequest, ground: Ground | None) -> HttpResponse:
    unit, moment = current_unit(request), now()
    form = FindForm(request.GET, unit=unit, on=local_date(moment))
    wish = form.wish()
    spots = fleet.spots(fleet.places(unit, wish, local_date(moment)), moment)
    found = [one for one in spots if not wish.state or one.look == wish.state]
    box = box_around(found)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "unit": unit,
        "form": form,
        "tabs": tabs("map"),
        "tiles": tiles(spots),
        "page": shown,
        "ground": ground,
        "box": f"{box.south},{box.west},{box.north},{box.east}" if box else "",
        "nowhere": sum(1 for one in found if one.latitude is None),
        "points": f"{reverse('equipment:points')}?{query.urlencode()}",
        "may_keep": keeps(person_of(request), unit, local_date(moment)),
    }
    return render(request, "equipment/map.html", context)


@never_cache
@require_safe
@signed_in
def points(request: HttpRequest) -> HttpResponse:
    """What to draw in a box at a zoom: single places and groups."""
    unit, moment = current_unit(request), now()
    asked = _asked(request)
    if asked is None:
        return JsonResponse({"error": "box"}, status=400)
    box, zoom = asked
    wish = FindForm(request.GET, unit=unit, on=local_date(moment)).wish()
    spots = fleet.spots(fleet.places(unit, wish, local_date(moment)), moment)
    found = [one for one in spots if not wish.state or one.look == wish.state]
    return JsonResponse({"dots": [_dot(one) for one in dots(found, box, zoom)]})


def _asked(request: HttpRequest) -> tuple[Box, int] | None:
    """Without a box: everything, from afar."""
    try:
        south, west, north, east = map(float, request.GET.get("box", _WORLD).split(","))
        zoom = int(request.GET.get("z", _AFAR))
    except ValueError:
        return None
    if not 0 <= zoom <= MOST_ZOOM or not (-90 <= south <= north <= 90) or not west <= east:
        return None
    return Box(south, west, north, east), zoom


def _dot(one: Dot) -> dict[str, Any]:
    look = LOOKS[one.look]
    told: dict[str, Any] = {
        "at": [round(one.latitude, 5), round(one.longitude, 5)],
        "tone": look.tone,
        "words": str(look.label),
    }
    if one.spot is None:
        return {**told, "n": one.count}
    return {**told, "name": one.spot.name, "url": reverse("equipment:place", args=[one.spot.pk])}


@require_safe
@signed_in
def boundary(request: HttpRequest) -> HttpResponse:
    """The boundaries under the map, as they were checked when they came."""
    line = {one.pk: depth for depth, one in enumerate(ancestors(current_unit(request)))}
    rows = Ground.objects.filter(unit__in=list(line)).exclude(boundary="")
    nearest = min(rows, key=lambda one: line[one.unit_id], default=None)
    text = nearest.boundary if nearest else '{"type":"FeatureCollection","features":[]}'
    answer = HttpResponse(text, content_type="application/geo+json")
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settings(request: HttpRequest) -> HttpResponse:
    """Boundaries and tiles."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    ground = Ground.objects.filter(unit=unit).first()
    form = GroundForm(request.POST or None, request.FILES or None, initial=known_ground(ground))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            services.change_ground(
                unit=unit,
                boundary=_sent(request),
                drop_boundary=told["drop_boundary"],
                tiles=told["tiles"],
                credit=told["credit"],
                by=person,
                now=moment,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("equipment:map")
    context = {"form": form, "unit": unit, "ground": ground}
    status = 422 if form.errors else 200
    return render(request, "equipment/ground.html", context, status=status)


def _sent(request: HttpRequest) -> bytes | None:
    """The file's bytes, None without one. Raises Refusal for one that was dropped on its way."""
    if "boundary" in dropped_uploads(request):
        raise Refusal("boundary-too-large", _("The file is larger than 2 MB. Simplify it first."))
    file = request.FILES.get("boundary")
    return file.read() if file is not None else None
