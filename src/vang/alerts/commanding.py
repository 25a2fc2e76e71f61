"""From an approved version to the bytes that people sign: manifest and command. Reads only."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from vang.alerts.areas import as_devices_know, audience_of
from vang.alerts.models import Alert, AlertText, AlertVersion, Status, TemplateText, Way
from vang.alerts.trusting import Signer
from vang.base.refusals import Refusal
from vang.dispatch.commands import Foreseen, foresee
from vang.orgs.models import Unit
from vang.voice.choices import trial_may_air
from vang.voice.models import Rendition
from vang_protocol.commands import (
    COMMAND_TYPE,
    STARTS_WITHIN,
    Audience,
    Command,
    Kind,
    Mode,
    Named,
    encode_command,
    parse_command,
)
from vang_protocol.envelopes import SigningKey, sign_envelope
from vang_protocol.grants import Grant
from vang_protocol.limits import TITLE_CHARS
from vang_protocol.manifests import Manifest, Part, Piece, encode_manifest
from vang_protocol.personal_keys import KeyKind, PersonalKey
from vang_protocol.plans import Audio, Priority
from vang_protocol.policies import Key, Policy
from vang_protocol.strict_json import digest

TONE_MS = 8_000
REPEATS = 3
GAP_MS = 4_000
"""Left between two soundings, and for what a node says of itself in a test."""
MOST_MS = 600_000
ANNOUNCED_MS = 20_000
MODES = {Status.ACTUAL: Mode.ACTUAL, Status.EXERCISE: Mode.EXERCISE, Status.TEST: Mode.TEST}
CANCELLABLE = timedelta(hours=1)
"""So long after an alert has run out its cancelling still counts."""


@dataclass(frozen=True)
class Heard:
    """One thing that is said: its words, its sound, and whether every node has it already."""

    language: str
    headline: str
    words: str
    rendition: Rendition
    ready: bool = False
    way: str = Way.VOICE


def heard_of(texts: Iterable[AlertText]) -> list[Heard]:
    """Of a version, Vietnamese first as it was written."""
    return [
        Heard(one.language, one.headline, one.spoken, one.rendition, way=one.way)
        for one in texts
        if one.rendition is not None
    ]


def ready_of(texts: Iterable[TemplateText]) -> list[Heard]:
    """Of a template: what two people approved word for word, in every language with a sound."""
    return [
        Heard(
            one.language,
            one.headline,
            f"{one.headline}\n{one.ready}",
            one.rendition,
            ready=True,
            way=one.way,
        )
        for one in texts
        if one.rendition is not None
    ]


def once_ms(heard: Iterable[Heard], *, retraction: bool) -> int:
    """How long it sounds once at the most: an alert with the siren, a retraction in a test."""
    said = sum(one.rendition.duration_ms for one in heard)
    return said + GAP_MS + (ANNOUNCED_MS if retraction else TONE_MS)


def manifest_of(heard: Sequence[Heard], mode: Mode, *, tone: bool) -> Manifest:
    """Every language one after the other. The siren only where it is meant.

    Raises Refusal while a sound is being made, or could not be.
    """
    if not heard:
        raise Refusal("nothing-heard", _("Nothing of it can be heard: no language has a sound."))
    for one in heard:
        _check_ready(one.rendition)
    pieces = [Piece(Part.TONE, TONE_MS)] if tone and mode is Mode.ACTUAL else []
    pieces += [_piece(one) for one in heard]
    voices = dict.fromkeys(_maker(one) for one in heard)
    words = "\n\n".join(one.words for one in heard)
    return Manifest(
        mode=mode,
        language=heard[0].language,
        title=heard[0].headline[:TITLE_CHARS],
        text_sha256=digest(words.encode()),
        made_by=", ".join(voices)[:120],
        pieces=tuple(pieces),
    )


def check_voice(unit: Unit, heard: Iterable[Heard], status: str) -> None:
    """The trial voice is understood too badly to be trusted with the real thing."""
    tried = any(one.rendition.trial for one in heard)
    if tried and status == Status.ACTUAL and not trial_may_air(unit):
        raise Refusal("trial-voice", _TRIAL)


def _piece(heard: Heard) -> Piece:
    made = heard.rendition
    audio = Audio(made.sha256, made.size, "opus", made.duration_ms)
    return Piece(Part.READY if heard.ready else Part.SPEECH, made.duration_ms, audio)


def _maker(heard: Heard) -> str:
    return "recordings" if heard.way == Way.SPLICED else heard.rendition.voice


def _check_ready(rendition: Rendition) -> None:
    if rendition.state == Rendition.State.FAILED:
        raise Refusal("sound-failed", _FAILED)
    if rendition.state != Rendition.State.READY:
        raise Refusal("sound-waits", _WAITS)


@dataclass(frozen=True)
class Made:
    """``manifest`` is "" for what makes silence."""

    payload: bytes
    manifest: bytes

    @property
    def command(self) -> Command:
        return parse_command(self.payload)


def play_command(
    alert: Alert,
    manifest: Manifest,
    number: tuple[int, int],
    *,
    policy: Policy | None,
    ends: Collection[str],
    template: Named | None,
    most_ms: int,
    now: datetime,
) -> Made:
    """To sound, within a quarter of an hour from ``now``, as often as the limits allow."""
    encoded = encode_manifest(manifest)
    base = Command(
        **_head(alert, alert.version, number, now, now + STARTS_WITHIN),
        kind=Kind.PLAY,
        manifest=digest(encoded),
        template=template,
        ends=tuple(ends),
        max_play_ms=1,
    )
    grants = grants_for(policy, base)
    most = min(most_ms, max((grant.max_play_ms for grant in grants), default=most_ms))
    extra = 0 if manifest.mode is Mode.ACTUAL else ANNOUNCED_MS
    once = manifest.duration_ms + GAP_MS
    repeat = max(1, min(REPEATS, (most - extra) // once))
    # A lone pass that is longer than allowed is cut off by the node rather than never begun.
    longest = min(most, repeat * once + extra)
    ceiling = max((grant.ceiling_db for grant in grants), default=0)
    command = replace(base, repeat=repeat, max_play_ms=longest, volume_db=min(0, ceiling))
    return Made(encode_command(command), encoded)


def cancel_command(
    alert: Alert, version: AlertVersion, number: tuple[int, int], ends: Collection[str], *,
    now: datetime, until: datetime,
) -> Made:  # fmt: skip
    """To be silent, whatever sounds of ``ends``; good from now until the alert is long over."""
    head = _head(alert, version, number, now, until + CANCELLABLE)
    return Made(encode_command(Command(**head, kind=Kind.CANCEL, ends=tuple(ends))), b"")


def _head(
    alert: Alert, version: AlertVersion, number: tuple[int, int], now: datetime, until: datetime
) -> dict[str, Any]:
    issued = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return {
        "id": str(uuid.uuid4()),
        "mode": MODES[Status(alert.status)],
        "priority": Priority.EMERGENCY,
        "issuer": alert.unit.code,
        "audience": as_devices_know(audience_of(version)),
        "issued": issued,
        "not_before": issued,
        "expires": issued + (until - now),
        "epoch": number[0],
        "seq": number[1],
    }


def grants_for(policy: Policy | None, command: Command) -> list[Grant]:
    """Those that speak of such a command."""
    if policy is None:
        return []
    return [
        grant
        for grant in policy.grants
        if grant.issuer == command.issuer
        and command.kind in grant.kinds
        and command.mode in grant.modes
        and command.priority in grant.priorities
        and command.audience.communes <= grant.communes
        and (grant.templates is None or command.template in grant.templates)
    ]


def foresee_signed(
    payload: bytes, keyids: Collection[str], policy: Policy | None, *, needed: int, now: datetime
) -> Foreseen:
    """What every node will answer once the holders of ``keyids`` have signed, by its own rule.

    Nobody has signed yet, so each key is stood in for by one of the same person, use and age;
    where fewer than ``needed`` people are known, others whom the policy allows stand for them.
    """
    command = parse_command(payload)
    known = [key for key in policy.keys if key.key.keyid in set(keyids)] if policy else []
    signers = _with_others(known, command, policy, needed)
    stand_ins = [SigningKey.generate() for _key in signers] or [SigningKey.generate()]
    shadow = _shadow(policy, signers, stand_ins)
    envelope = sign_envelope(payload, COMMAND_TYPE, *stand_ins)
    return foresee(envelope, policy=shadow, now=now)


def _with_others(
    known: list[Key], command: Command, policy: Policy | None, needed: int
) -> list[Key]:
    people = {key.person for key in known}
    allowed = {one for grant in grants_for(policy, command) for one in grant.persons}
    found = list(known)
    for key in policy.keys if policy else ():
        if len(people) >= needed:
            break
        if key.person in allowed - people and key.counts_from <= command.issued:
            found.append(key)
            people.add(key.person)
    return found


def _shadow(
    policy: Policy | None, signers: Sequence[Key], stand_ins: Sequence[SigningKey]
) -> Policy | None:
    if policy is None:
        return None
    instead = {
        key.key.keyid: replace(key, key=PersonalKey(KeyKind.ED25519, one.public.public))
        for key, one in zip(signers, stand_ins, strict=False)
    }
    return replace(policy, keys=tuple(instead.get(k.key.keyid, k) for k in policy.keys))


def first_key(signers: Iterable[Signer], policy: Policy | None) -> Signer | None:
    """The first key of a person that the policy names."""
    named = {key.key.keyid for key in policy.keys} if policy else set()
    return next((one for one in signers if one.keyid in named), None)


def audience_in(payload: bytes) -> Audience:
    return parse_command(payload).audience


_WAITS = _("The sound is still being made. It takes a few seconds; then sign.")
_FAILED = _("The sound could not be made. Edit the words, or bring a recording.")
_TRIAL = _(
    "The trial voice is not clear enough for a real alert. Record the words, use recorded phrases, "
    "or have the administrator let the trial voice air."
)
