"""The allowed hours: every change shows what it does before it is done.

A commune once woke at 3:15 by a relay set wrong after a repair.
"""

import hashlib
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.airtime import queries
from vang.airtime.access import RULERS
from vang.airtime.hours_forms import PolicyForm, QuietForm, policy_fields, quiet_fields
from vang.airtime.moments import local_day
from vang.airtime.policies import (
    BadPolicy,
    Policy,
    checked,
    checked_quiet,
    checked_volume,
    night_hours,
)
from vang.airtime.proposals import Change, Heard, heard_differently, policy_changes
from vang.airtime.quiet import ClusterRule
from vang.airtime.ready_sets import READY_SETS
from vang.airtime.services import change_quiet_zone, change_slot_policy
from vang.airtime.timeline import Schedule
from vang.airtime.words import REASONS, bad_policy
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.stations.access import readable_cluster
from vang.stations.models import Cluster


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy(request: HttpRequest) -> HttpResponse:
    """The commune's hours; first the difference, then the confirmation."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    before = queries.policy_of(unit)
    may_rule = may(person, RULERS, unit, today)
    chosen = READY_SETS.get(request.GET.get("set", ""))
    initial = policy_fields(chosen.applied(before) if chosen else before)
    form = PolicyForm(request.POST or None, initial=initial)
    context: dict[str, object] = {
        "unit": unit,
        "form": form,
        "may_rule": may_rule,
        "now": before,
        "sets": READY_SETS.values(),
        "chosen": chosen,
        "ready": READY_SETS.get(before.based_on),
        "clusters": _clusters(unit),
    }
    if request.method == "POST":
        require(person, RULERS, unit, today)
        if form.is_valid() and _asked(request, unit, before, form, context):
            messages.success(request, _("The broadcasting hours are changed."))
            return redirect("airtime:policy")
    return render(request, "airtime/policy.html", context)


def _clusters(unit: Unit) -> list[Cluster]:
    rows = Cluster.objects.filter(unit=unit, active=True).select_related("quiet_zone")
    return list(rows.order_by("name", "code"))


def _asked(
    request: HttpRequest, unit: Unit, before: Policy, form: PolicyForm, context: dict[str, object]
) -> bool:
    """True when the change was confirmed and made; else the difference is in the context."""
    try:
        wanted = checked(form.policy(before.zone))
        if "confirm" in request.POST:
            _change(request, unit, before, wanted, form.cleaned_data["expected"])
            return True
    except BadPolicy as error:
        form.add_error("hours", str(bad_policy(error)))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    else:
        context |= _difference(unit, before, wanted)
    return False


def _change(
    request: HttpRequest, unit: Unit, before: Policy, wanted: Policy, expected: str
) -> None:
    if expected != fingerprint(before):
        raise Refusal("policy-changed", _("Somebody else changed the hours. Look again."))
    change_slot_policy(
        unit=unit,
        hours=wanted.hours,
        longest_session_s=wanted.longest_session_s,
        sessions_a_day=wanted.sessions_a_day,
        weekend=wanted.weekend,
        volume=wanted.volume,
        based_on=wanted.based_on,
        note=wanted.note,
        by=person_of(request),
        now=now(),
        expected=before,
    )


def fingerprint(one: Policy) -> str:
    """Tells whether the policy that was shown is still the one in force."""
    return hashlib.sha256(repr(one).encode()).hexdigest()


def _difference(unit: Unit, before: Policy, wanted: Policy) -> dict[str, object]:
    moment = now()
    today = local_day(moment, before.zone)
    air = queries.airtime_of(unit, today, today + queries.SHOWN_AHEAD)
    changes = policy_changes(air, wanted, moment, today)
    ready = READY_SETS.get(wanted.based_on)
    return {
        "wanted_set": ready,
        "exceeded": ready.exceeded_by(wanted) if ready else [],
        "wanted": wanted,
        "night": night_hours(wanted),
        "changes": [(change, _why(change)) for change in changes],
        "fingerprint": fingerprint(before),
    }


def _why(change: Change) -> str:
    return str(REASONS[change.reason]) if change.reason else ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def quiet_zone(request: HttpRequest, pk: int) -> HttpResponse:
    """The quiet hours of one cluster; first what it would no longer play, then the confirmation."""
    person, today = person_of(request), local_date(now())
    cluster = readable_cluster(pk, person, today)
    require(person, RULERS, cluster.unit, today)
    rules = queries.cluster_rules(cluster.unit)
    rule = rules.get(cluster.code, ClusterRule())
    form = QuietForm(request.POST or None, initial=quiet_fields(rule))
    context: dict[str, object] = {"cluster": cluster, "unit": cluster.unit, "form": form}
    if request.method == "POST" and form.is_valid():
        wanted = form.rule(rule.ceiling_db)
        try:
            heard = _heard(cluster, wanted)
            if "confirm" in request.POST or not heard:
                change_quiet_zone(
                    cluster=cluster,
                    quiet=wanted.quiet,
                    volume=wanted.volume,
                    because=wanted.because,
                    by=person,
                    now=now(),
                )
                messages.success(request, _("The quiet hours are changed."))
                return redirect("airtime:policy")
            context["heard"] = heard
        except BadPolicy as error:
            form.add_error("quiet", str(bad_policy(error)))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "airtime/quiet_zone.html", context)


def _heard(cluster: Cluster, wanted: ClusterRule) -> list[Heard]:
    """What the cluster would play otherwise in the next two weeks. Raises BadPolicy."""
    quiet = checked_quiet(wanted.quiet)
    checked_volume(wanted.volume)
    moment = now()
    air = queries.airtime_of(cluster.unit, today := local_date(moment), today + queries.SHOWN_AHEAD)
    rules = {**air.rules, cluster.code: replace(wanted, quiet=quiet)}
    before = Schedule(air, look_ahead_days=0)
    after = Schedule(replace(air, rules=rules), look_ahead_days=0)
    return heard_differently(before, after, cluster.code, moment, today)
