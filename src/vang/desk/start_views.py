"""The screens of the first steps."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.airtime.queries import policy_of
from vang.airtime.silence import Reach, silent_until
from vang.base import clock
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.base.virtual_nodes import can_start_nodes
from vang.bulletins.models import Bulletin
from vang.desk.forms import TrialForm, VillagesForm
from vang.desk.start import Start, close_start, start_at
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.people.access import Role, current_unit, here, signed_in
from vang.people.due import Desk, looked
from vang.people.models import Person
from vang.people.people import person_of
from vang.people.services import grant_role
from vang.people.villages import add_villages
from vang.stations.access import kept_cluster
from vang.stations.forms import ClusterForm
from vang.stations.models import Cluster
from vang.stations.queries import stations
from vang.stations.services import create_cluster
from vang.stations.virtual import try_virtual_node
from vang.trials.models import Trial
from vang.trials.services import start_trial


def _administered(request: HttpRequest) -> tuple[Person, Unit, datetime]:
    """The person, the commune and the moment. Raises PermissionDenied."""
    unit = current_unit(request)
    if Role.ADMINISTRATOR not in here(request).roles or unit.level != Unit.Level.COMMUNE:
        raise PermissionDenied
    return person_of(request), unit, clock.now()


def _start(request: HttpRequest) -> Start:
    person, unit, now = _administered(request)
    return start_at(looked(Desk(person, unit, here(request).roles, now)))


@never_cache
@require_safe
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """All steps; the ticks renew themselves."""
    return render(request, "desk/start.html", {"start": _start(request)})


@never_cache
@require_safe
@signed_in
def steps(request: HttpRequest) -> HttpResponse:
    """The list alone, asked for again and again."""
    return render(request, "desk/start_steps.html", {"start": _start(request)})


@require_POST
@signed_in
def close(request: HttpRequest) -> HttpResponse:
    """Lead me no longer."""
    person, unit, now = _administered(request)
    close_start(unit=unit, by=person, now=now)
    words = _("The first steps are no longer shown here.")
    offer(request, "desk.close-start", words, by=person, now=now, unit=unit.pk)
    return redirect("desk:home")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def name_villages(request: HttpRequest) -> HttpResponse:
    """The villages there are, and a field for more."""
    person, unit, now = _administered(request)
    form = VillagesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_villages(unit=unit, names=form.cleaned_data["names"], by=person, now=now)
        except Refusal as refusal:
            form.add_error("names", str(refusal))
        else:
            messages.success(request, _("Villages added: %(n)d.") % {"n": len(made)})
            return redirect("desk:start")
    there = villages(unit, clock.local_date(now))
    context = {"form": form, "unit": unit, "villages": there}
    return render(request, "desk/start_villages.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def loudspeaker(request: HttpRequest) -> HttpResponse:
    """Open the first cluster, then connect its device; the page waits for it."""
    person, unit, now = _administered(request)
    form = ClusterForm(request.POST or None, unit=unit, on=clock.local_date(now))
    if request.method == "POST" and form.is_valid():
        try:
            create_cluster(unit=unit, **form.cleaned_data, by=person, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk:start-loudspeaker")
    context = {
        "form": form,
        "unit": unit,
        "stations": stations(unit, now=now),
        "may_try": can_start_nodes(),
    }
    template = "desk/start_devices.html" if request.htmx else "desk/start_loudspeaker.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_POST
@signed_in
def virtual(request: HttpRequest, pk: int) -> HttpResponse:
    """A virtual speaker on this computer, to try things out."""
    person, _unit, now = _administered(request)
    cluster = kept_cluster(pk, person, clock.local_date(now))
    try:
        try_virtual_node(cluster, by=person, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The virtual loudspeaker is starting; it appears in seconds."))
    return redirect("desk:start-loudspeaker")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def trial(request: HttpRequest) -> HttpResponse:
    """Start a trial; then the way of the newest one: approved, placed, heard."""
    person, unit, now = _administered(request)
    form = TrialForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            bulletin = start_trial(**form.cleaned_data, by=person, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The trial waits for its approver."))
            return redirect("bulletins:detail", bulletin.pk)
    context = {
        "form": form,
        "unit": unit,
        "writes": Role.WRITER in here(request).roles,
        "has_cluster": Cluster.objects.filter(unit=unit, active=True).exists(),
        "trials": _trials(unit),
        "until": silent_until(policy_of(unit), now, Reach.WINDOW),
        "hours": policy_of(unit).hours,
    }
    return render(request, "desk/start_trial.html", context)


def _trials(unit: Unit) -> list[Bulletin]:
    rows = Trial.objects.filter(bulletin__unit=unit).select_related("bulletin__current")
    return [row.bulletin for row in rows.order_by("-pk")[:5]]


@require_POST
@signed_in
def write_too(request: HttpRequest) -> HttpResponse:
    """The administrator writes as well: in a small office one does both."""
    person, unit, now = _administered(request)
    since = clock.local_date(now)
    grant_role(person=person, unit=unit, role=Role.WRITER, since=since, by=person, now=now)
    messages.success(request, _("You may write bulletins now. Somebody else approves them."))
    return redirect("desk:start-trial" if request.POST.get("then") == "trial" else "desk:start")
