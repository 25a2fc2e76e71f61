"""One alert: what it says, where, how it is heard, and what may be done with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vang.alerts import services, trusting
from vang.alerts.access import Sight, open_alert
from vang.alerts.areas import audience_of, clusters_of, reach_of, unheard
from vang.alerts.binding import bar
from vang.alerts.forms import ReasonForm
from vang.alerts.households import size_in
from vang.alerts.models import Alert, AlertApproval, AlertOrder, Status
from vang.alerts.remarks import remarks_on
from vang.alerts.services.signing import BARS, past_of
from vang.alerts.states import STANDING, Act, State, possible
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.voice.models import Rendition


def sight_of(request: HttpRequest, pk: UUID) -> Sight:
    return open_alert(person_of(request), pk, local_date(now()))


@require_safe
@signed_in
def alert_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What it says, and the one next step for this person."""
    sight = sight_of(request, pk)
    return render(request, "alerts/alert.html", _context(sight, person_of(request)))


def _context(sight: Sight, person: Person) -> dict[str, Any]:
    alert, moment = sight.alert, now()
    acts = possible(alert.state)
    texts = list(alert.version.texts.select_related("rendition"))
    clusters = list(clusters_of(audience_of(alert.version)).prefetch_related("villages"))
    approvals = AlertApproval.objects.filter(order__alert=alert).select_related("person", "order")
    signed = [one for one in approvals if one.order.kind == AlertOrder.Kind.PLAY]
    counting = [one for one in signed if one.order.sent_at or one.order.is_open(moment)]
    asked = bool({Act.APPROVE_FIRST, Act.APPROVE_SECOND} & acts)
    barred = _barred(alert, person, counting) if asked and sight.approver else ""
    waiting = [t for t in texts if t.rendition and t.rendition.state != Rendition.State.READY]
    failed = [t for t in waiting if t.rendition and t.rendition.state == Rendition.State.FAILED]
    template = alert.version.template
    return {
        "sight": sight,
        "alert": alert,
        "version": alert.version,
        "texts": texts,
        "title": texts[0].headline if texts else alert.identifier,
        "remarks": remarks_on(alert, moment),
        "reach": reach_of(clusters, size_in(alert.unit)),
        "unheard": unheard(alert.version, clusters, local_date(moment)),
        "approvals": counting,
        "lapsed": len(signed) - len(counting),
        "waiting": waiting,
        "failed": failed,
        "may_edit": sight.writer and Act.EDIT in acts,
        "may_submit": sight.writer and Act.SUBMIT in acts,
        "may_sign": sight.approver and asked and not barred,
        "barred": barred,
        "may_send_back": sight.approver and Act.RETURN in acts,
        "may_alone": sight.approver
        and Act.SEND_ALONE in acts
        and alert.status == Status.ACTUAL
        and template is not None,
        "no_key": sight.approver and asked and not trusting.hand_of(person).signers,
        "standing": alert.state in STANDING and alert.msg_type != "CANCEL",
        "was_sent": alert.sent_at is not None and alert.msg_type != "CANCEL",
        "needs_review": alert.alone and alert.reviewed_at is None,
        "reason_form": ReasonForm(),
        "steps": _steps(alert),
        "statuses": [(value, label) for value, label in Status.choices],
    }


def _barred(alert: Alert, person: Person, counting: list[AlertApproval]) -> str:
    signed = tuple(one.person_id for one in counting)
    code = bar(person.pk, replace(past_of(alert), approvers=signed))
    return str(BARS[code]) if code else ""


def _steps(alert: Alert) -> list[tuple[str, str]]:
    names = [
        (_("Drafted"), {State.DRAFT, State.RETURNED}),
        (_("Submitted"), {State.SUBMITTED}),
        (_("First signature"), {State.APPROVED_ONCE}),
        (_("Sent"), {State.DISPATCHING, State.LIVE}),
        (_("Over"), {State.ENDED, State.CANCELLED, State.EXPIRED, State.REJECTED}),
    ]
    at = next(n for n, (_name, states) in enumerate(names) if alert.state in states)
    if alert.state in {State.EXPIRED, State.REJECTED}:
        return [(str(names[0][0]), "done"), (str(State(alert.state).label), "problem")]
    return [
        (str(name), "done" if n < at else "current" if n == at else "todo")
        for n, (name, _states) in enumerate(names)
    ]


def acted(
    request: HttpRequest, pk: UUID, act: Callable[[Sight], object], words: str
) -> HttpResponse:
    """Do it and come back to the alert, with what was done or why not."""
    sight = sight_of(request, pk)
    try:
        act(sight)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("alerts:alert", pk)


@require_POST
@signed_in
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for two signatures."""
    return acted(
        request,
        pk,
        lambda sight: services.submit_alert(alert=sight.alert, by=person_of(request), now=now()),
        _("Submitted. Two others must sign it now; they were told."),
    )


@require_POST
@signed_in
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Returned to be mended, or rejected for good."""
    service = services.reject_alert if "reject" in request.POST else services.return_alert
    return acted(
        request,
        pk,
        lambda sight: service(
            alert=sight.alert,
            reason=request.POST.get("reason", "")[:2000],
            by=person_of(request),
            now=now(),
        ),
        _("Sent back; its writer was told."),
    )


@require_POST
@signed_in
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What somebody else found about an alert sent alone."""
    return acted(
        request,
        pk,
        lambda sight: services.review_alone(
            alert=sight.alert,
            words=request.POST.get("review", "")[:4000],
            by=person_of(request),
            now=now(),
        ),
        _("The review is kept."),
    )
