"""Roll-outs: which there are, a new one, and one with its groups and devices."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import current_unit, readable_unit, require, signed_in
from vang.people.people import person_of
from vang.rollouts import services
from vang.rollouts.access import KEEPERS, kept_rollout, may_keep, readable_rollout
from vang.rollouts.demonstration import is_broken
from vang.rollouts.devices import in_territory, taking, versions_in_use, wanting
from vang.rollouts.forms import RefusalForm, RolloutForm
from vang.rollouts.models import Release, Rollout, Turn
from vang.rollouts.shown import (
    rollout_look,
    rollouts_of,
    steps,
    turns_shown,
    with_looks,
)
from vang.trust.software import named_signers

PAGE = 50


@require_safe
@signed_in
def rollout_list(request: HttpRequest) -> HttpResponse:
    """What was brought to the devices of this unit, and what may be."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    releases = Release.objects.order_by("-listed_at", "-pk")[:20]
    page = Paginator(rollouts_of(unit), 20).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "page": page,
        "rows": [(one, rollout_look(one)) for one in page],
        "releases": [(one, is_broken(one)) for one in releases],
        "versions": versions_in_use(unit, now=moment),
        "may_keep": may_keep(person, unit, local_date(moment)),
    }
    return render(request, "rollouts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Propose one; nothing happens before a second person approves it."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    standing = list(Release.objects.filter(withdrawn_at=None))
    usual = next((one for one in standing if not is_broken(one)), None)
    form = RolloutForm(request.POST or None, initial={"release": usual})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = services.propose_rollout(
                release=told["release"],
                unit=unit,
                shape=form.shape(),
                why=told["why"],
                by=person,
                now=moment,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The roll-out waits for a second person now."))
            return redirect("rollouts:detail", made.pk)
    return render(
        request, "rollouts/form.html", {"unit": unit, "form": form, **_outlook(unit, standing)}
    )


def _outlook(unit: Any, standing: list[Release]) -> dict[str, Any]:
    moment = now()
    nodes = in_territory(unit, now=moment)
    return {
        "devices": nodes.count(),
        "able": taking(nodes).count(),
        "standing": standing,
        "lacking": [(one, len(wanting(unit, one, now=moment))) for one in standing[:3]],
        "broken": [one for one in standing if is_broken(one)],
        "has_signers": bool(named_signers()),
    }


@require_safe
@signed_in
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Groups, progress, and devices that went back."""
    moment, person = now(), person_of(request)
    rollout = readable_rollout(pk, person, local_date(moment))
    on = local_date(moment)
    only = request.GET.get("show") == "failed"
    turns = turns_shown(rollout, person, on, failed=only)
    page = Paginator(turns, PAGE).get_page(request.GET.get("page"))
    own = readable_unit(person, rollout.unit, on)
    keeps = own and may_keep(person, rollout.unit, on)
    found = steps(rollout)
    context = {
        "rollout": rollout,
        "look": rollout_look(rollout),
        "steps": found,
        "total": sum(one.total for one in found),
        "done": sum(one.done for one in found),
        "failed": sum(one.failed for one in found),
        "page": page,
        "rows": with_looks(page),
        "only_failed": only,
        "may_keep": keeps,
        "may_decide": keeps and rollout.made_by_id != person.pk,
        "refusal": RefusalForm(),
        "acts": _acts(rollout),
    }
    return render(request, "rollouts/detail.html", context)


def _acts(rollout: Rollout) -> dict[str, bool]:
    state = rollout.state
    names = Rollout.State
    running = {names.RUNNING, names.PAUSED, names.HALTED}
    return {
        "decide": state == names.WAITING,
        "pause": state == names.RUNNING,
        "resume": state in {names.PAUSED, names.HALTED},
        "end": state in running | {names.WAITING},
        "back": state in running | {names.DONE, names.ENDED},
        "again": state in running,
    }


def _act(
    request: HttpRequest, pk: int, do: Callable[..., object], words: str, **told: Any
) -> HttpResponse:
    moment, person = now(), person_of(request)
    rollout = kept_rollout(pk, person, local_date(moment))
    try:
        do(rollout=rollout, by=person, now=moment, **told)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("rollouts:detail", pk)


@require_POST
@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person lets it begin."""
    return _act(request, pk, services.approve_rollout, _("The first group gets the version now."))


@require_POST
@signed_in
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person says why not."""
    why = request.POST.get("why", "")
    return _act(request, pk, services.refuse_rollout, _("The roll-out is refused."), why=why)


@require_POST
@signed_in
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """No further device begins."""
    return _act(request, pk, services.pause_rollout, _("The roll-out stands still."))


@require_POST
@signed_in
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on."""
    return _act(request, pk, services.resume_rollout, _("The roll-out goes on."))


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """For good."""
    return _act(request, pk, services.end_rollout, _("The roll-out has ended."))


@require_POST
@signed_in
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Devices get their former release."""
    return _act(request, pk, services.go_back, _("The devices go back to their former version."))


@require_POST
@signed_in
def again(request: HttpRequest, pk: int, turn_pk: int) -> HttpResponse:
    """Offer it once more to one device."""
    turn = get_object_or_404(Turn.objects.select_related("rollout"), pk=turn_pk, rollout=pk)

    def do(*, rollout: Rollout, **told: Any) -> None:  # noqa: ARG001 - the turn names it
        services.try_again(turn=turn, **told)

    return _act(request, pk, do, _("The device is offered the version once more."))
