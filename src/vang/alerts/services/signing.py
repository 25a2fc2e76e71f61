"""One person's signature: who may give it, what it must be for, and that it is right."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signature  # type: ignore[attr-defined]

from vang.alerts import trusting
from vang.alerts.areas import is_typed, typed_name
from vang.alerts.binding import Past, bar, content_sha256, order_sha256
from vang.alerts.contents import table_of
from vang.alerts.models import (
    Alert,
    AlertApproval,
    AlertOrder,
    AlertVersion,
)
from vang.alerts.shown import shown_of
from vang.base.refusals import Refusal
from vang.people.models import Person
from vang_protocol.commands import COMMAND_TYPE, parse_command
from vang_protocol.deciding import people_counted
from vang_protocol.policies import Policy
from vang_protocol.strict_json import canonical


@dataclass(frozen=True)
class Proof:
    """What a person brings: a signature made by their device, or with None their word (their
    password, checked before) that their demonstration key shall sign."""

    keyid: str = ""
    signature: bytes | None = None


def signed_envelope(order: AlertOrder) -> bytes:
    """The payload with every signature given so far, in the one encoding."""
    envelope = Envelope(bytes(order.payload), COMMAND_TYPE, {})
    for approval in order.approvals.order_by("at"):
        kept = Signature(approval.key_id, bytes(approval.signature).hex())
        envelope.signatures[approval.key_id] = kept
    return canonical(envelope.to_dict())


def to_be_signed(order: AlertOrder) -> bytes:
    """What a key signs: the pre-authentication encoding of the payload."""
    return bytes(Envelope(bytes(order.payload), COMMAND_TYPE, {}).pae())


def approve(
    alert: Alert, order: AlertOrder, proof: Proof, by: Person, now: datetime, *, independent: bool
) -> None:
    """Verify and keep one signature. Raises Refusal."""
    keyid, signature = _signature(order, proof, by)
    shown = shown_of(order)
    AlertApproval.objects.create(
        order=order,
        person=by,
        author=alert.created_by if independent else None,
        submitter=alert.submitted_by if independent else None,
        key_id=keyid,
        software_key=proof.signature is None,
        signature=signature,
        payload_sha256=order.sha256,
        displayed=shown.text,
        at=now,
    )


def _signature(order: AlertOrder, proof: Proof, by: Person) -> tuple[str, bytes]:
    """(key id, signature), verified by the very rule of the nodes. Raises Refusal."""
    data, hand = to_be_signed(order), trusting.hand_of(by)
    if hand.policy is None:
        raise Refusal("no-policy", _NO_POLICY)
    if proof.signature is None:
        key = trusting.demonstration_key(by)
        if key is None:
            raise Refusal("no-key", _NO_KEY)
        keyid, signature = key.public.keyid, key.sign(data)
    else:
        keyid, signature = proof.keyid, proof.signature
    named = hand.policy.key_named(keyid)
    if named is None and _acts_for_another(by):
        _check_counted(order, "", hand.policy)
    if named is None or keyid not in {one.keyid for one in hand.signers}:
        raise Refusal("no-key", _NO_KEY)
    _check_counted(order, named.person, hand.policy)
    if not named.key.verifies(signature, data, hand.policy.party):
        raise Refusal("bad-signature", _("The signature is not right. Try once more."))
    return keyid, signature


def check_counted(order: AlertOrder, by: Person) -> None:
    """Whoever has a key but is not counted is told so before they sign. Raises Refusal."""
    hand = trusting.hand_of(by)
    named = [hand.policy.key_named(one.keyid) for one in hand.signers] if hand.policy else []
    people = {one.person for one in named if one is not None}
    if not people and _acts_for_another(by):
        people.add("")
    for person in people:
        _check_counted(order, person, hand.policy)


def _acts_for_another(by: Person) -> bool:
    return getattr(by, "acting", None) is not None


def _check_counted(order: AlertOrder, person: str, policy: Policy | None) -> None:
    """A signature that no loudspeaker counts would leave a stopped alert sounding."""
    if policy is None:
        return
    counted = people_counted(parse_command(bytes(order.payload)), policy)
    if person in counted:
        return
    names = [one.name for one in policy.persons if one.person in counted][:_NAMED]
    raise Refusal("not-counted", str(_NOT_COUNTED).format(names=", ".join(names) or "–"))


def past_of(alert: Alert, order: AlertOrder | None = None) -> Past:
    """Whose hands it went through."""
    makers = [alert.version.made_by_id]
    if alert.version.number > 1:
        makers += alert.versions.values_list("made_by", flat=True)
    signed = order.approvals.values_list("person", flat=True) if order else ()
    return Past(alert.created_by_id, frozenset(makers), alert.submitted_by_id, tuple(signed))


def check_signer(alert: Alert, orders: Collection[AlertOrder], by: Person) -> None:
    order = next(iter(orders), None)
    if code := bar(by.pk, past_of(alert, order)):
        raise Refusal(code, BARS[code])


def check_open(alert: Alert, order: AlertOrder, now: datetime) -> None:
    check_unchanged(alert)
    if order.version_id != alert.version.pk or order.content_sha256 != alert.content_sha256:
        raise Refusal("changed", _CHANGED)
    if not order.is_open(now):
        raise Refusal("order-closed", LATE)
    bound = order_sha256(bytes(order.payload), order.manifest.encode())
    if bound != order.bound_sha256:
        raise Refusal("changed", _CHANGED)


def check_unchanged(alert: Alert) -> None:
    if alert.content_sha256 != hash_of(alert):
        raise Refusal("changed", _CHANGED)


def check_typed(alert: Alert, typed: str) -> None:
    wanted = typed_name(alert.unit, alert.version.area_words)
    if not is_typed(wanted, typed):
        raise Refusal("not-typed", str(_("Type the name of the area: {name}.")).format(name=wanted))


def hash_of(alert: Alert) -> str:
    rows = AlertVersion.objects.select_related("alert__unit", "template")
    version = rows.prefetch_related("texts__rendition").get(pk=alert.version.pk)
    return content_sha256(table_of(version))


BARS = {
    "creator": _("You made this alert: two others must sign it."),
    "editor": _("You edited this alert: two others must sign it."),
    "submitter": _("You submitted this alert: two others must sign it."),
    "approved-already": _("You have signed it. One more person is needed."),
}


LATE = _("The time for signing has run out. Open the command anew; both sign again.")


_CHANGED = _("The alert is not as it was submitted. It must be submitted and signed anew.")


_NO_KEY = _("You have no key that counts. Register one under “Personal keys”.")


_NAMED = 6
_NOT_COUNTED = _(
    "Loudspeakers do not count your signature here. They know the approvers and leaders of the "
    "unit itself and the leaders above it, by the policy signed last; not approvers from above, "
    "and not roles lent to somebody (KT., TL., TUQ.). These can sign: {names}."
)


_NO_POLICY = _("No policy of the province is in force: no loudspeaker would obey.")


NO_TEMPLATE = _("One person alone may send only a real alert from a template that two approved.")
