"""Calling a topic sensitive, and the unit's list of such topics."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.access import open_bulletin
from vang.bulletins.models import Category
from vang.bulletins.queries import topics_of
from vang.bulletins.views.reviewing import show_refused
from vang.people.access import Role, current_unit, roles, signed_in
from vang.people.people import person_of
from vang.review.sensitive import CATEGORIES, common_topics


@require_POST
@signed_in
def sensitive(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a leader must approve it."""
    person = person_of(request)
    bulletin = open_bulletin(person, pk, local_date(now())).bulletin
    page = "review" if "/review" in request.META.get("HTTP_REFERER", "") else "detail"
    called = request.POST.get("sensitive") == "yes"
    try:
        services.decide_sensitivity(bulletin=bulletin, sensitive=called, by=person, now=now())
    except Refusal as refusal:
        return show_refused(request, pk, str(refusal), page)
    if called:
        messages.success(request, _("A leader of the unit decides about it now."))
    else:
        messages.success(request, _("It is no sensitive topic, as you say."))
    return redirect(f"bulletins:{page}", pk)


@require_http_methods(["GET", "POST"])
@signed_in
def topics(request: HttpRequest) -> HttpResponse:
    """The words with which a leader decides."""
    unit, person, refusal = current_unit(request), person_of(request), ""
    words = request.POST.get("words", "")
    if request.method == "POST":
        leaves_out = request.POST.get("act") == "leave-out"
        act = services.leave_out_topic if leaves_out else services.add_topic
        try:
            act(unit=unit, words=words, by=person, now=now())
        except Refusal as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("bulletins:topics")
    listed, common = topics_of(unit), common_topics()
    held = roles(person, unit, local_date(now()))
    context = {
        "topics": [(topic, topic in common) for topic in listed],
        "left_out": sorted(set(common) - set(listed)),
        "categories": [Category(name).label for name in sorted(CATEGORIES)],
        "may_judge": not held.isdisjoint({Role.APPROVER, Role.LEADER}),
        "refusal": refusal,
        "words": words if refusal else "",
    }
    status = 409 if refusal else 200
    return render(request, "bulletins/topics.html", context, status=status)
