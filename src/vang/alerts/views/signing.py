"""The last step: what the bytes say, whom they reach, the area's name, and a signature."""

import base64
import binascii
import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vang.alerts import services, trusting
from vang.alerts.access import Sight, open_order
from vang.alerts.areas import clusters_of, reach_of, typed_name
from vang.alerts.binding import NEEDED
from vang.alerts.commanding import foresee_signed
from vang.alerts.households import size_in
from vang.alerts.models import AlertOrder
from vang.alerts.services import Proof
from vang.alerts.services.signing import to_be_signed
from vang.alerts.shown import shown_of
from vang.alerts.trusting import Hand, Signer
from vang.alerts.views.showing import sight_of
from vang.alerts.words import reason_words
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import DECIDE, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang_protocol.personal_keys import Assertion, encode_assertion

CREDENTIAL_CHARS = 8_000
Kind = AlertOrder.Kind


@require_POST
@signed_in
def open_signing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the command that is to be signed, or find the one that another has signed."""
    return _opened(request, pk, services.open_order)


@require_POST
@signed_in
def open_alone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The command of one officer alone."""
    return _opened(request, pk, services.open_alone)


@require_POST
@signed_in
def open_retraction(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The retraction that lies ready."""
    return _opened(request, pk, services.open_retraction)


def _opened(request: HttpRequest, pk: UUID, opening: Any) -> HttpResponse:
    sight = _deciding(request, pk)
    try:
        order = opening(alert=sight.alert, by=person_of(request), now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("alerts:alert", pk)
    return redirect("alerts:sign", pk, order.pk)


def _deciding(request: HttpRequest, pk: UUID) -> Sight:
    sight = sight_of(request, pk)
    require(person_of(request), DECIDE, sight.alert.unit, local_date(now()))
    return sight


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sign(request: HttpRequest, pk: UUID, order_pk: UUID) -> HttpResponse:
    """Read, type the area's name, sign."""
    person, today = person_of(request), local_date(now())
    sight, order = open_order(person, pk, order_pk, today)
    require(person, DECIDE, sight.alert.unit, today)
    if request.method != "POST":
        return _page(request, sight, order)
    try:
        _signed(request, order)
    except Refusal as refusal:
        return _page(request, sight, order, str(refusal))
    sight.alert.refresh_from_db()
    if sight.alert.sent_at is None:
        messages.success(request, _("Signed. One more person is needed; they were told."))
        return redirect("alerts:alert", pk)
    return redirect("alerts:live", pk)


def _signed(request: HttpRequest, order: AlertOrder) -> None:
    """Raises Refusal."""
    person, moment = person_of(request), now()
    proof = proof_of(request, person)
    typed = request.POST.get("typed", "")[:300]
    if order.kind == Kind.RETRACT:
        services.retract(order=order, proof=proof, by=person, now=moment)
    elif order.alone:
        services.send_alone(order=order, proof=proof, typed=typed, by=person, now=moment)
    else:
        services.sign(order=order, proof=proof, typed=typed, by=person, now=moment)


def proof_of(request: HttpRequest, person: Person, *, silence: bool = False) -> Proof:
    """What the browser's passkey answered, or the password in a demonstration.

    ``silence``: to be silent no password is asked. Raises Refusal.
    """
    sent = request.POST.get("credential", "")
    if sent:
        return read_credential(sent, trusting.hand_of(person).signers)
    if trusting.demonstration_key(person) is None:
        raise Refusal("no-key", _("Sign with your passkey: press the button and touch the key."))
    if not silence:
        _check_password(request, person)
    return Proof()


def _check_password(request: HttpRequest, person: Person) -> None:
    slow = not ratelimit.consume(request, action="reauthenticate", user=person)
    if slow or not person.check_password(request.POST.get("password", "")):
        raise Refusal("password", _("The password is not right."))


def read_credential(sent: str, signers: Iterable[Signer]) -> Proof:
    """Raises Refusal for what is no answer of a known passkey."""
    wrong = Refusal("bad-credential", _("The passkey's answer cannot be read. Try once more."))
    if len(sent) > CREDENTIAL_CHARS:
        raise wrong
    try:
        told = json.loads(sent)
        answer = told["response"]
        assertion = Assertion(
            _raw(answer["authenticatorData"]),
            _raw(answer["clientDataJSON"]),
            _raw(answer["signature"]),
        )
        credential = str(told["id"]).rstrip("=")
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        raise wrong from None
    known = {one.credential.rstrip("="): one.keyid for one in signers if one.credential}
    if credential not in known:
        raise Refusal("no-key", _("This passkey is not one of yours that count here."))
    return Proof(known[credential], encode_assertion(assertion))


def _raw(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def passkey_options(order: AlertOrder, hand: Hand) -> dict[str, Any] | None:
    """What the browser asks the passkey: to sign exactly this command. None without a passkey."""
    usable = [one for one in hand.signers if one.credential]
    if hand.policy is None or hand.policy.party is None or not usable:
        return None
    challenge = sha256(to_be_signed(order)).digest()
    return {
        "publicKey": {
            "challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "rpId": hand.policy.party.id,
            "allowCredentials": [{"type": "public-key", "id": one.credential} for one in usable],
            "userVerification": "required",
            "timeout": 120_000,
        }
    }


def _page(request: HttpRequest, sight: Sight, order: AlertOrder, refusal: str = "") -> HttpResponse:
    person, moment = person_of(request), now()
    try:
        shown = shown_of(order)
    except Refusal as error:
        messages.error(request, str(error))
        return redirect("alerts:alert", sight.alert.pk)
    hand = trusting.hand_of(person)
    signed = list(order.approvals.select_related("person"))
    keyids = [*(one.key_id for one in signed), *(one.keyid for one in hand.signers[:1])]
    needed = 1 if order.alone or order.kind == Kind.RETRACT else NEEDED
    found = foresee_signed(bytes(order.payload), keyids, hand.policy, needed=needed, now=moment)
    clusters = list(clusters_of(shown.command.audience).prefetch_related("villages"))
    reached = {node.cluster_id for node in found.accepted}
    refused = {node.cluster_id for node, _reason in found.refused}
    context = {
        "alert": sight.alert,
        "order": order,
        "shown": shown,
        "refusal": refusal,
        "signed": signed,
        "last": len({one.person_id for one in signed}) + 1 >= needed,
        "closed": not order.is_open(moment),
        "typed_name": typed_name(sight.alert.unit, sight.alert.version.area_words),
        "types": order.kind == Kind.PLAY,
        "reach": reach_of(
            [one for one in clusters if one.pk in reached], size_in(sight.alert.unit)
        ),
        "accepted": len(found.accepted),
        "refused": [(node, reason_words(reason.value)) for node, reason in found.refused],
        "bare": [one for one in clusters if one.pk not in reached | refused],
        "options": passkey_options(order, hand),
        "software": hand.software,
        "no_key": not hand.signers,
    }
    return render(request, "alerts/sign.html", context, status=409 if refusal else 200)
