"""Notices with blanks: choosing one, filling it in, seeing what is said, making the bulletin."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.people import person_of
from vang.phrases.access import open_notice
from vang.phrases.notices import Notice, filled, notices
from vang.phrases.queries import bank_of, fragments_missing
from vang.studio.forms import NoticeForm
from vang.studio.making import Outlook, Way, make_notice, outlook
from vang.voice.choices import choice_of, voice_of
from vang.voice.queries import dictionary_of


@require_safe
@signed_in
def notice_list(request: HttpRequest) -> HttpResponse:
    """The notices to choose from."""
    unit = _writers_unit(request)
    bank, dictionary = bank_of(unit), dictionary_of(unit)
    rows = [
        {"notice": notice, "lacking": len(fragments_missing(notice, dictionary, bank))}
        for notice in notices().values()
    ]
    return render(request, "studio/notices.html", {"rows": rows, "unit": unit})


@require_http_methods(["GET", "POST"])
@signed_in
def notice_page(request: HttpRequest, name: str) -> HttpResponse:
    """Fill in a notice; POST shows what it says, and with ``way`` makes the bulletin."""
    unit, notice = _writers_unit(request), open_notice(name)
    on = local_date(now())
    form = NoticeForm(request.POST or None, notice=notice, unit=unit, on=on)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _show(request, unit, notice, form, None, status=status)
    seen = outlook(unit, notice, filled(notice, form.values()), form.audience(), on)
    if "way" not in request.POST:
        return _show(request, unit, notice, form, seen)
    return _make(request, unit, notice, form, seen)


def _make(
    request: HttpRequest, unit: Unit, notice: Notice, form: NoticeForm, seen: Outlook
) -> HttpResponse:
    if request.POST["way"] not in set(Way):
        raise Http404
    way = Way(request.POST["way"])
    try:
        bulletin = make_notice(unit=unit, seen=seen, way=way, by=person_of(request), now=now())
    except Refusal as refusal:
        return _show(request, unit, notice, form, seen, problem=str(refusal), status=409)
    if way == Way.RECORD:
        return redirect("studio:studio", bulletin.pk)
    messages.success(request, _("The bulletin is written. Listen, then submit it for approval."))
    return redirect("bulletins:detail", bulletin.pk)


def _writers_unit(request: HttpRequest) -> Unit:
    unit = current_unit(request)
    require(person_of(request), Role.WRITER, unit, local_date(now()))
    return unit


def _show(
    request: HttpRequest,
    unit: Unit,
    notice: Notice,
    form: NoticeForm,
    seen: Outlook | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    choice = choice_of(unit)
    shown: dict[str, Any] = {
        "unit": unit,
        "notice": notice,
        "form": form,
        "seen": seen,
        "problem": problem,
        "voice": voice_of(unit),
        "trial_may_air": choice is not None and choice.trial_may_air,
    }
    return render(request, "studio/notice.html", shown, status=status)
