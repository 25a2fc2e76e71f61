"""The allowed hours: every change shows what it does before it is done.

A commune once woke at 3:15 by a relay set wrong after a repair.
"""

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.airtime import queries
from vang.airtime.access import RULERS
from vang.airtime.forms import PolicyForm, policy_fields
from vang.airtime.moments import local_day
from vang.airtime.policies import BadPolicy, Policy, checked, night_hours
from vang.airtime.proposals import Change, policy_changes
from vang.airtime.services import change_slot_policy
from vang.airtime.words import REASONS, bad_policy
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy(request: HttpRequest) -> HttpResponse:
    """The commune's hours; first the difference, then the confirmation."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    before = queries.policy_of(unit)
    may_rule = may(person, RULERS, unit, today)
    form = PolicyForm(request.POST or None, initial=policy_fields(before))
    context: dict[str, object] = {"unit": unit, "form": form, "may_rule": may_rule, "now": before}
    if request.method == "POST":
        require(person, RULERS, unit, today)
        if form.is_valid() and _asked(request, unit, before, form, context):
            messages.success(request, _("The broadcasting hours are changed."))
            return redirect("airtime:policy")
    return render(request, "airtime/policy.html", context)


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
    return {
        "wanted": wanted,
        "night": night_hours(wanted),
        "changes": [(change, _why(change)) for change in changes],
        "fingerprint": fingerprint(before),
    }


def _why(change: Change) -> str:
    return str(REASONS[change.reason]) if change.reason else ""
