"""While it sounds: each loudspeaker, whom to telephone, and the way to silence."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from vang.alerts import services, trusting
from vang.alerts.access import Sight
from vang.alerts.board import board_of, contacts
from vang.alerts.models import AlertOrder
from vang.alerts.remarks import remarks_on
from vang.alerts.states import STANDING, State
from vang.alerts.views.showing import sight_of
from vang.alerts.views.signing import passkey_options, proof_of
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import DECIDE, require, signed_in
from vang.people.people import person_of
from vang_protocol.manifests import parse_manifest

Kind = AlertOrder.Kind


@never_cache
@require_safe
@signed_in
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The board, with the button that stops it."""
    sight, person = _sent(request, pk), person_of(request)
    orders = _orders(sight)
    context = _part(sight, orders)
    hand = trusting.hand_of(person)
    stopping = (one for one in orders if one.kind == Kind.CANCEL and one.sent_at is None)
    order = next(stopping, None)
    context |= {
        "title": _title(orders),
        "remarks": remarks_on(sight.alert, now()),
        "options": passkey_options(order, hand) if order else None,
        "may_stop": sight.approver and context["standing"] and order is not None,
        "may_retract": _may_retract(sight, orders),
        "software": hand.software,
    }
    return render(request, "alerts/live.html", context)


@never_cache
@require_safe
@signed_in
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What changes, asked for every two seconds."""
    sight = _sent(request, pk)
    return render(request, "alerts/parts/board.html", _part(sight, _orders(sight)))


def _sent(request: HttpRequest, pk: UUID) -> Sight:
    sight = sight_of(request, pk)
    if sight.alert.sent_at is None:
        raise Http404
    return sight


def _orders(sight: Sight) -> list[AlertOrder]:
    return list(sight.alert.orders.order_by("issued_at"))


def _may_retract(sight: Sight, orders: list[AlertOrder]) -> bool:
    """Once it was stopped, and only once."""
    said = any(one.kind == Kind.RETRACT and one.sent_at is not None for one in orders)
    stopped = sight.alert.state == State.CANCELLED
    return sight.approver and stopped and sight.alert.version.template_id is not None and not said


def _title(orders: list[AlertOrder]) -> str:
    """As the loudspeakers were told it."""
    spoken = next((one for one in orders if one.manifest), None)
    return parse_manifest(spoken.manifest.encode()).title if spoken else ""


def _part(sight: Sight, orders: list[AlertOrder]) -> dict[str, Any]:
    alert, moment = sight.alert, now()
    board = board_of(alert, orders, now=moment)
    standing = alert.state in STANDING
    return {
        "sight": sight,
        "alert": alert,
        "board": board,
        "standing": standing,
        "polls": board.open or standing,
        "contacts": contacts(alert, now=moment) if board.missed else [],
    }


@require_POST
@signed_in
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """DỪNG NGAY: one person, one tap."""
    sight, person, moment = _sent(request, pk), person_of(request), now()
    require(person, DECIDE, sight.alert.unit, local_date(moment))
    try:
        proof = proof_of(request, person, silence=True)
        services.stop(alert=sight.alert, proof=proof, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Stopped. Everybody who may sign was told."))
    return redirect("alerts:live", pk)
