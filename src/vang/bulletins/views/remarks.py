"""Saying something about a passage, answering, settling."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.access import Reading, open_bulletin
from vang.bulletins.models import Remark
from vang.bulletins.talk import wording_of
from vang.bulletins.views.reviewing import show_refused
from vang.people.access import signed_in
from vang.people.people import person_of


@require_POST
@signed_in
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """About words of the newest version. What was typed comes back with a refusal."""
    reading = _open(request, pk)
    near = request.POST.get("near", "")
    return _done(
        request,
        reading,
        lambda: services.add_remark(
            bulletin=reading.bulletin,
            quote=request.POST.get("quote", ""),
            text=request.POST.get("text", ""),
            near=int(near) if near.isdecimal() and len(near) < 7 else 0,
            wording=wording_of(request.POST.get("wording", "")),
            by=person_of(request),
            now=now(),
        ),
    )


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """Below a remark."""
    reading = _open(request, pk)
    found = _remark(reading, remark)
    text, by = request.POST.get("text", ""), person_of(request)
    return _done(
        request,
        reading,
        lambda: services.answer_remark(remark=found, text=text, by=by, now=now()),
    )


@require_POST
@signed_in
def settle(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """Done with, or open again."""
    reading = _open(request, pk)
    found, by = _remark(reading, remark), person_of(request)
    return _done(request, reading, lambda: services.settle_remark(remark=found, by=by, now=now()))


def _open(request: HttpRequest, pk: int) -> Reading:
    return open_bulletin(person_of(request), pk, local_date(now()))


def _remark(reading: Reading, pk: int) -> Remark:
    found = Remark.objects.filter(bulletin=reading.bulletin, pk=pk)
    remark = found.select_related("bulletin", "answers").first()
    if remark is None:
        raise Http404
    return remark


def _done(request: HttpRequest, reading: Reading, act: Callable[[], Remark]) -> HttpResponse:
    """Back to the page that was left, at the remark."""
    deciding = request.POST.get("from") == "review" or "/review" in request.META.get(
        "HTTP_REFERER", ""
    )
    page = "review" if deciding else "detail"
    try:
        remark = act()
    except Refusal as refusal:
        return show_refused(request, reading.bulletin.pk, str(refusal), page)
    address = reverse(f"bulletins:{page}", args=[reading.bulletin.pk])
    return redirect(f"{address}#remark-{remark.answers_id or remark.pk}")
