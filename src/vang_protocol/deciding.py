"""Whether a command is obeyed: one rule, on the node and, to show it beforehand, on the server.

In this order, each with one reason: size and form, payload type, audience (cheap, before any
cryptography), id, policy and its age, who signed, what they may order, times, number. A command
with one bad signature is refused whole: nothing is gained by guessing which part was meant.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from securesystemslib.dsse import Envelope

from vang_protocol.commands import COMMAND_TYPE, Command, Kind, Mode, parse_command
from vang_protocol.counters import Counter
from vang_protocol.envelopes import read_envelope
from vang_protocol.grants import Grant
from vang_protocol.instants import format_instant
from vang_protocol.limits import COMMAND_BYTES, ISSUED_AHEAD, SIGNATURE_BYTES
from vang_protocol.plans import Priority
from vang_protocol.policies import Key, Policy, Use
from vang_protocol.reasons import Reason, Refused
from vang_protocol.strict_json import digest

Read = tuple[Envelope, Command]
"""An envelope and what stands in it: form and type are right, nothing is verified."""
Signers = Callable[[Envelope, Policy], list[Key]]
"""Whoever says whose signatures an envelope bears (signers_of)."""
_SIG_CHARS = (SIGNATURE_BYTES + 2) // 3 * 4
LIFTED = {Kind.CANCEL, Kind.STOP}
"""What makes silence is never too late for the policy, too long or too loud, nor too far behind:
a cancel is prepared with its alert, and its id and its end keep it from being used twice."""


@dataclass(frozen=True)
class Listener:
    """What one loudspeaker knows as it decides.

    ``now`` None: the time is not known well enough; then only a command that answers one of
    ``nonces`` is obeyed. ``seen``: ids decided before; ``ended``: ids that were cancelled, known
    or not. ``greeted`` False: after a reset nobody has told it yet which numbers are used.
    """

    unit: str
    cluster: str
    policy: Policy | None
    now: datetime | None
    seen: Collection[str] = frozenset()
    ended: Collection[str] = frozenset()
    counters: Mapping[str, Counter] = field(default_factory=dict)
    nonces: Collection[str] = frozenset()
    greeted: bool = True
    hours: Callable[[Command], Reason | None] = lambda _command: None
    """Why a microphone may not be open then, by the hours that the node's plan allows."""


@dataclass(frozen=True)
class Accepted:
    """A command to be obeyed. ``people`` signed it; ``counter`` is the issuer's from now on."""

    command: Command
    sha256: str
    people: tuple[str, ...]
    grant: str
    counter: Counter


def signers_of(envelope: Envelope, policy: Policy) -> list[Key]:
    """Whose signatures these are: all of them by keys of the policy, all of them right.

    Raises Refused(UNKNOWN_KEY, BAD_SIGNATURE).
    """
    known = policy.keys_by_id
    if not envelope.signatures or not all(keyid in known for keyid in envelope.signatures):
        raise Refused(Reason.UNKNOWN_KEY)
    data = envelope.pae()
    for keyid, signature in envelope.signatures.items():
        raw = bytes.fromhex(signature.signature)
        if not known[keyid].key.verifies(raw, data, policy.party):
            raise Refused(Reason.BAD_SIGNATURE, keyid)
    return [known[keyid] for keyid in envelope.signatures]


def decide(data: bytes, listener: Listener) -> Accepted:
    """The command in the envelope ``data`` as ``listener`` must take it; raises Refused(reason)."""
    return decide_read(read_command(data), listener)


def decide_read(read: Read, listener: Listener, *, signers: Signers = signers_of) -> Accepted:
    """The same for a command that has been read already.

    ``signers`` is another than the rule itself only where one envelope is shown for many nodes
    at once: then it is the rule's own answer, kept. A node never gives it.
    """
    envelope, command = read
    if not command.audience.includes(listener.unit, listener.cluster):
        raise Refused(Reason.NOT_FOR_ME)
    _check_new(command, listener)
    policy = _standing(command, listener)
    signed = signers(envelope, policy)
    grant = _grant(command, policy, signed)
    _check_times(command, listener)
    _check_hours(command, listener)
    counter = _counted(command, policy, listener)
    people = sorted({one.person for one in signed} & grant.persons)
    return Accepted(command, digest(envelope.payload), tuple(people), grant.id, counter)


def people_counted(command: Command, policy: Policy) -> frozenset[str]:
    """Everybody whose signature counts for it by some grant, alone or with others'."""
    covering = (grant for grant in policy.grants if _covers(grant, command))
    return frozenset(person for grant in covering for person in grant.persons)


def read_command(data: bytes) -> Read:
    """Form and type alone, nothing verified. Raises Refused."""
    envelope = read_envelope(data, COMMAND_BYTES, sig_chars=_SIG_CHARS)
    if envelope.payload_type != COMMAND_TYPE:
        raise Refused(Reason.WRONG_TYPE, envelope.payload_type[:80])
    return envelope, parse_command(bytes(envelope.payload))


def _check_new(command: Command, listener: Listener) -> None:
    if command.id in listener.seen:
        raise Refused(Reason.ALREADY_SEEN)
    if command.id in listener.ended:
        raise Refused(Reason.CANCELLED)


def _standing(command: Command, listener: Listener) -> Policy:
    """The policy, in force or within its grace. Silence may be ordered by any policy."""
    policy = listener.policy
    if policy is None:
        raise Refused(Reason.NO_POLICY)
    if not listener.greeted:
        raise Refused(Reason.NOT_GREETED)
    urgent = command.priority is Priority.EMERGENCY
    grace = policy.grace.emergency if urgent else policy.grace.routine
    late = listener.now is not None and listener.now >= policy.expires + grace
    if late and command.kind not in LIFTED:
        raise Refused(Reason.POLICY_TOO_OLD, format_instant(policy.expires))
    return policy


def _grant(command: Command, policy: Policy, signers: Iterable[Key]) -> Grant:
    """A grant that covers the command and that enough different people fulfil.

    Where several fail, the one that came closest says why.
    """
    covering = [one for one in policy.grants if _covers(one, command)]
    if not covering:
        raise Refused(Reason.NOT_ALLOWED)
    keys = list(signers)
    failures: list[Refused] = []
    for grant in covering:
        try:
            _fulfil(grant, command, policy, keys)
        except Refused as error:
            failures.append(error)
        else:
            return grant
    raise max(failures, key=lambda error: _CLOSENESS.index(error.reason))


_CLOSENESS = [
    Reason.TOO_FEW_PEOPLE,
    Reason.KEY_TOO_NEW,
    Reason.WRONG_TEMPLATE,
    Reason.OVER_LIMIT,
]


def _covers(grant: Grant, command: Command) -> bool:
    return (
        grant.issuer == command.issuer
        and command.kind in grant.kinds
        and command.mode in grant.modes
        and command.priority in grant.priorities
        and command.audience.communes <= grant.communes
        and (not _is_bound(grant, command) or command.template in (grant.templates or ()))
        and (grant.clusters is None or _within(grant.clusters, command))
        and (grant.until is None or command.issued < grant.until)
    )


def _within(clusters: frozenset[tuple[str, str]], command: Command) -> bool:
    """Only places of the grant, named one by one; a whole commune is more than that."""
    return not command.audience.units and clusters.issuperset(command.audience.clusters)


def _is_bound(grant: Grant, command: Command) -> bool:
    """Only sounds of certain templates; what makes no sound has none."""
    return grant.templates is not None and command.kind is Kind.PLAY


def _fulfil(grant: Grant, command: Command, policy: Policy, keys: list[Key]) -> None:
    """Raises Refused(TOO_FEW_PEOPLE, KEY_TOO_NEW, WRONG_TEMPLATE, OVER_LIMIT)."""
    trusted = [one for one in keys if one.person in grant.persons and _may(one, command)]
    if len({one.person for one in trusted}) < grant.threshold:
        raise Refused(Reason.TOO_FEW_PEOPLE, f"of {grant.threshold}")
    counting = {one.person for one in trusted if _counts(one, command)}
    if len(counting) < grant.threshold:
        raise Refused(Reason.KEY_TOO_NEW)
    _check_template(command, policy)
    _check_limits(grant, command, policy)


def _may(key: Key, command: Command) -> bool:
    return command.mode is not Mode.ACTUAL or key.use is Use.ACTUAL


def _counts(key: Key, command: Command) -> bool:
    """A key made today counts for routine; for an emergency only after its delay."""
    if command.priority is not Priority.EMERGENCY or command.kind in LIFTED:
        return key.since <= command.issued
    return key.counts_from <= command.issued


def _check_template(command: Command, policy: Policy) -> None:
    """The sound of a template is one of those that two people approved beforehand."""
    if command.template is None:
        return
    approved = policy.approved(command.template)
    if approved is None or command.manifest not in approved.manifests:
        raise Refused(Reason.WRONG_TEMPLATE)


def _check_limits(grant: Grant, command: Command, policy: Policy) -> None:
    if command.kind in LIFTED:
        return
    most = grant.max_play_ms
    if command.template is not None and (approved := policy.approved(command.template)):
        most = min(most, approved.max_play_ms)
    if command.max_play_ms > most:
        raise Refused(Reason.OVER_LIMIT, f"{command.max_play_ms} ms, allowed {most}")
    if command.volume_db > grant.ceiling_db:
        raise Refused(Reason.OVER_LIMIT, f"{command.volume_db} dB, allowed {grant.ceiling_db}")


def _check_times(command: Command, listener: Listener) -> None:
    if command.nonce is not None:
        if command.nonce not in listener.nonces:
            raise Refused(Reason.NONCE_UNKNOWN)
        return
    now = listener.now
    if now is None:
        raise Refused(Reason.CLOCK_UNTRUSTED)
    if now >= command.expires:
        raise Refused(Reason.EXPIRED, format_instant(command.expires))
    if command.issued > now + ISSUED_AHEAD:
        raise Refused(Reason.ISSUED_IN_FUTURE, format_instant(command.issued))


def _check_hours(command: Command, listener: Listener) -> None:
    """What is spoken keeps to the hours in which the plan may sound."""
    if command.kind is Kind.OPEN_LIVE and (reason := listener.hours(command)) is not None:
        raise Refused(reason)


def _counted(command: Command, policy: Policy, listener: Listener) -> Counter:
    valid = policy.epoch_of(command.issuer)
    if command.epoch != valid:
        raise Refused(Reason.WRONG_EPOCH, f"{command.epoch}, valid {valid}")
    counter = listener.counters.get(command.issuer, Counter(command.epoch))
    if command.kind in LIFTED and counter.epoch == command.epoch and counter.is_past(command.seq):
        return counter
    return counter.after(command.epoch, command.seq)


def keep_id_until(command: Command) -> datetime:
    """How long an id is remembered: until nobody's clock could let it in again."""
    return command.expires + timedelta(hours=24)
