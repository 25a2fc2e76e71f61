"""Opening and closing microphones, and giving leave to speak. Each writes its journal row."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signature  # type: ignore[attr-defined]

from vang.alerts import trusting
from vang.alerts.areas import as_devices_know
from vang.alerts.services import Proof
from vang.alerts.words import reason_words
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.dispatch.commands import audience_nodes, dispatch, foresee, next_number
from vang.journal.services import record
from vang.live import airing
from vang.live.access import Standing, check_may_speak, may_write_words
from vang.live.models import Permission, Session
from vang.orgs.models import Unit
from vang.people.access import DECIDE, may, roles
from vang.people.models import Person
from vang.stations.models import Cluster
from vang_protocol.commands import (
    COMMAND_TYPE,
    LIVE_MS,
    Audience,
    Command,
    Kind,
    Live,
    Mode,
    encode_command,
    parse_command,
)
from vang_protocol.deciding import people_counted
from vang_protocol.plans import Priority
from vang_protocol.policies import Policy
from vang_protocol.strict_json import canonical, digest

TO_SIGN = timedelta(minutes=1)
"""Added to the minutes wanted, for reading and signing."""
RECORDINGS = "live"
MOST_WORDS = 20_000
OF_THE_WORDS = frozenset({"too-long", "changed-meanwhile"})
"""Refusals that the person answers by writing differently."""


@dataclass(frozen=True)
class Wanted:
    """What a person wants to say, where, and for how many minutes."""

    subject: str
    clusters: tuple[Cluster, ...]
    minutes: int


def recordings() -> Path:
    """The folder in which the link keeps what was aired."""
    return Path(settings.DATA) / RECORDINGS


def prepare_session(*, standing: Standing, wanted: Wanted, by: Person, now: datetime) -> Session:
    """The order to be signed, with a key that only the link has. Raises Refusal."""
    issued = now.replace(microsecond=now.microsecond // 1000 * 1000)
    length = min(timedelta(minutes=wanted.minutes) + TO_SIGN, timedelta(milliseconds=LIVE_MS))
    check_may_speak(standing, wanted.clusters, issued, issued + length)
    made = airing.make(standing.unit.code)
    if made is None:
        raise Refusal("no-link", _NO_LINK)
    with transaction.atomic():
        command = _command(standing.unit, wanted.clusters, made, issued, length)
        payload = encode_command(command)
        session = Session.objects.create(
            name=made.name,
            unit=standing.unit,
            person=by,
            subject=wanted.subject,
            public_key=made.public_key,
            payload=payload,
            sha256=digest(payload),
            prepared_at=now,
            until=command.expires,
        )
        session.clusters.set(wanted.clusters)
        _record("prepare-live", session, by, now, clusters=len(wanted.clusters))
    return session


def _command(
    unit: Unit, clusters: Collection[Cluster], made: airing.Made, issued: datetime,
    length: timedelta,
) -> Command:  # fmt: skip
    epoch, seq = next_number(unit)
    pairs = tuple(sorted((unit.code, one.code) for one in clusters))
    until = issued + length
    return Command(
        id=str(uuid.uuid4()),
        kind=Kind.OPEN_LIVE,
        mode=Mode.ACTUAL,
        priority=Priority.PRIORITY,
        issuer=unit.code,
        audience=as_devices_know(Audience(clusters=pairs)),
        issued=issued,
        not_before=issued,
        expires=until,
        epoch=epoch,
        seq=seq,
        max_play_ms=length // timedelta(milliseconds=1),
        live=Live(made.name, made.public_key, until, airing.BUFFER_MS),
    )


def open_session(
    *, session: Session, standing: Standing, proof: Proof, by: Person, now: datetime
) -> Session:
    """The person signs; the loudspeakers are told and the link takes the microphone.

    Raises Refusal; then nothing was opened.
    """
    with transaction.atomic():
        fresh = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if fresh.state != Session.State.PREPARED or fresh.person_id != by.pk:
            raise Refusal("opened-already", _("This microphone was opened before, or is closed."))
        clusters = list(fresh.clusters.all())
        check_may_speak(standing, clusters, now, fresh.until)
        envelope = _signed(fresh, proof, by)
        _check_obeyed(envelope, now)
        fresh.command = dispatch(envelope, None, issuer=fresh.unit, now=now)
        fresh.state, fresh.opened_at = Session.State.OPEN, now
        fresh.software_key = proof.signature is None
        nodes = [one.pk for one in audience_nodes(parse_command(bytes(fresh.payload)).audience)]
        if not airing.start(fresh.unit.code, fresh.name, nodes, fresh.until):
            raise Refusal("no-link", _NO_LINK)
        fresh.save()
        _record("open-live", fresh, by, now, sha256=fresh.sha256, clusters=len(clusters))
    return fresh


def to_be_signed(session: Session) -> bytes:
    """What a key signs: the pre-authentication encoding of the payload."""
    return bytes(Envelope(bytes(session.payload), COMMAND_TYPE, {}).pae())


def _signed(session: Session, proof: Proof, by: Person) -> bytes:
    """The envelope with the person's signature, verified by the nodes' own rule."""
    data, hand = to_be_signed(session), trusting.hand_of(by)
    if hand.policy is None:
        raise Refusal("no-policy", _NO_POLICY)
    keyid, signature = proof.keyid, proof.signature
    if signature is None:
        key = trusting.demonstration_key(by)
        if key is None:
            raise Refusal("no-key", _NO_KEY)
        keyid, signature = key.public.keyid, key.sign(data)
    if keyid not in {one.keyid for one in hand.signers}:
        raise Refusal("no-key", _NO_KEY)
    _check_counted(session, keyid, signature, hand.policy)
    session.key_id = keyid
    envelope = Envelope(bytes(session.payload), COMMAND_TYPE, {})
    envelope.signatures[keyid] = Signature(keyid, signature.hex())
    return canonical(envelope.to_dict())


def _check_counted(session: Session, keyid: str, signature: bytes, policy: Policy) -> None:
    named = policy.key_named(keyid)
    if named is None:
        raise Refusal("no-key", _NO_KEY)
    if named.person not in people_counted(parse_command(bytes(session.payload)), policy):
        raise Refusal("not-counted", _NOT_COUNTED)
    if not named.key.verifies(signature, to_be_signed(session), policy.party):
        raise Refusal("bad-signature", _("The signature is not right. Try once more."))


def _check_obeyed(envelope: bytes, now: datetime) -> None:
    """What every node would refuse is not sent: the reason is told instead."""
    found = foresee(envelope, policy=trusting.current_policy(), now=now)
    if not found.accepted:
        why = reason_words(found.refused[0][1].value) if found.refused else _("there is no device")
        raise Refusal("nodes-refuse", str(_ALL_REFUSE).format(reason=why))


@transaction.atomic
def close_session(*, session: Session, by: Person, why: str, now: datetime) -> Session:
    """Silence: by the speaker, or by whoever decides for the commune. Raises Refusal."""
    fresh = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    own = fresh.person_id == by.pk
    if not own and not may(by, DECIDE, fresh.unit, local_date(now)):
        raise Refusal("not-allowed", _("Only the speaker, an approver or a leader closes it."))
    if fresh.state == Session.State.ENDED:
        return fresh
    if fresh.state == Session.State.OPEN:
        airing.stop(fresh.unit.code, fresh.name, why)
    return _ended(fresh, why, by, now)


@transaction.atomic
def session_over(*, name: str, why: str, frames: int, file: str, now: datetime) -> bool:
    """The link says that it is over and what it recorded; whether the session is known."""
    found = Session.objects.select_for_update(of=("self",)).filter(name=name).first()
    if found is None:
        return False
    found.frames = frames
    path = recordings() / file
    if file and path.is_file():
        found.recording, found.recording_sha256 = file, sha256(path.read_bytes()).hexdigest()
    if found.state == Session.State.ENDED:
        found.save(update_fields=["frames", "recording", "recording_sha256"])
        return True
    _ended(found, why, None, now)
    return True


@transaction.atomic
def end_overdue(*, now: datetime) -> int:
    """What was prepared and never signed, or whose end nobody told; how many were ended."""
    late = Session.objects.exclude(state=Session.State.ENDED).filter(until__lt=now)
    rows = list(late.select_for_update(of=("self",))[:100])
    for one in rows:
        never = one.state == Session.State.PREPARED
        _ended(one, "unsigned" if never else "time", None, now)
    return len(rows)


def _ended(session: Session, why: str, by: Person | None, now: datetime) -> Session:
    session.state, session.ended_at, session.ended_why = Session.State.ENDED, now, why[:40]
    session.save()
    _record("close-live", session, by, now, why=why[:40], seconds=session.spoken_ms // 1000)
    return session


@transaction.atomic
def write_words(*, session: Session, words: str, seen: str, by: Person, now: datetime) -> Session:
    """What was said, for those who could not hear it; also changed later. Raises Refusal.

    ``seen``: ``words_sha256`` of what stood there before the person wrote.
    """
    fresh = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not may_write_words(fresh, by, local_date(now)):
        raise Refusal("not-allowed", _("Only the speaker, an approver or a leader writes it down."))
    if fresh.state != Session.State.ENDED or fresh.opened_at is None:
        raise Refusal("not-spoken", _("Only what was spoken and is over is written down."))
    clean = clean_text(words).strip()
    if len(clean) > MOST_WORDS:
        raise Refusal("too-long", _TOO_LONG)
    if clean == fresh.words:
        return fresh
    if fresh.words_sha256 != seen:
        raise Refusal("changed-meanwhile", _CHANGED_MEANWHILE)
    anew = fresh.words_at is None and not fresh.words
    fresh.words, fresh.words_by, fresh.words_at = clean, by, now
    fresh.save(update_fields=["words", "words_by", "words_at"])
    _record(
        "write-live-words" if anew else "change-live-words", fresh, by, now,
        characters=len(clean), sha256=fresh.words_sha256,
    )  # fmt: skip
    return fresh


@dataclass(frozen=True)
class Leave:
    """What a permission says."""

    person: Person
    clusters: tuple[Cluster, ...]
    valid_from: date
    valid_to: date
    hours_from: time
    hours_to: time


@transaction.atomic
def give_permission(*, unit: Unit, leave: Leave, by: Person, now: datetime) -> Permission:
    """Only to somebody with a role in the commune, never to oneself. Raises Refusal."""
    today = local_date(now)
    if not may(by, DECIDE, unit, today):
        raise Refusal("not-allowed", _("Only an approver or a leader of the unit may do this."))
    if leave.person.pk == by.pk:
        raise Refusal("own-leave", _("Nobody gives leave to themselves."))
    if not roles(leave.person, unit, today):
        raise Refusal("stranger", _("This person has no role in the commune."))
    if not leave.clusters or any(one.unit_id != unit.pk for one in leave.clusters):
        raise Refusal("no-clusters", _("Choose loudspeakers of this commune."))
    if leave.valid_to < max(leave.valid_from, today) or leave.hours_to <= leave.hours_from:
        raise Refusal("no-time", _("The last day or the last hour lies before the first."))
    given = Permission.objects.create(
        unit=unit,
        person=leave.person,
        valid_from=leave.valid_from,
        valid_to=leave.valid_to,
        hours_from=leave.hours_from,
        hours_to=leave.hours_to,
        given_by=by,
        given_at=now,
    )
    given.clusters.set(leave.clusters)
    _record_leave("give-live-leave", given, by, now)
    return given


@transaction.atomic
def withdraw_permission(*, permission: Permission, by: Person, now: datetime) -> None:
    """From now on. Raises Refusal."""
    if not may(by, DECIDE, permission.unit, local_date(now)):
        raise Refusal("not-allowed", _("Only an approver or a leader of the unit may do this."))
    fresh = Permission.objects.select_for_update(of=("self",)).get(pk=permission.pk)
    if fresh.withdrawn_at is None:
        fresh.withdrawn_at, fresh.withdrawn_by = now, by
        fresh.save()
        _record_leave("withdraw-live-leave", fresh, by, now)


def _record(action: str, session: Session, by: Person | None, now: datetime, **detail: Any) -> None:
    record(action, f"live-session:{session.pk}", by=by, unit=session.unit, now=now, **detail)


def _record_leave(action: str, given: Permission, by: Person, now: datetime) -> None:
    record(
        action, f"person:{given.person_id}", by=by, unit=given.unit, now=now,
        until=given.valid_to.isoformat(), clusters=given.clusters.count(),
    )  # fmt: skip


_TOO_LONG = _("At most 20,000 characters can be kept. Shorten it.")
_CHANGED_MEANWHILE = _(
    "Somebody else wrote it down meanwhile; their text stands above. Nothing of yours was kept: "
    "compare both, then keep yours if it is the better one."
)
_NO_LINK = _("The process that reaches the loudspeakers does not answer. Try again in a minute.")
_NO_KEY = _("You have no key that counts. Register one under “Personal keys”.")
_NO_POLICY = _("No policy of the province is in force: no loudspeaker would obey.")
_NOT_COUNTED = _(
    "The loudspeakers do not know yet that you may speak here: the policy that the province signed "
    "last does not name you for these places."
)
_ALL_REFUSE = _("Every loudspeaker would refuse it: {reason}.")
