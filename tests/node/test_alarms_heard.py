"""What is really in the air: a real node's recording of drills, of one officer's alarm from a
template, of its retraction and of its cancel, listened to."""

import io
from array import array

import av
import numpy as np

from tests.node.ordering import (
    a_sound,
    an_order,
    fresh,
    order_of,
    phases,
    policy_of_town,
    with_templates,
)
from tests.node.pole import RATE, Pole, best_match, until
from tests.node.tape import noise
from tests.node.town import Town, utc_now
from tests.protocol.province import signed
from vang_node.announcements import announcement
from vang_node.sinks import Block
from vang_protocol.commands import Kind, Mode, Named
from vang_protocol.grants import Approved
from vang_protocol.links import POLICY_CHANGED, Hint, Order
from vang_protocol.receipts import Phase
from vang_protocol.strict_json import digest

FLOOD, SORRY = Named("flood", 1), Named("flood-retraction", 1)
LOUD = 400
NOISE_ALIKE = 0.6
"""Opus keeps of noise what the ear needs; another noise is alike by less than a tenth."""
LEAD = RATE // 2


def heard(pole: Pole, command: str) -> tuple[Block, float]:
    """What was recorded of it, from LEAD before its first audible sample to its last, and when
    that first one was heard, in seconds since 1970."""
    samples, begun_us = pole.recording(f"command-{command}")
    loud = np.flatnonzero(np.abs(np.array(samples)) > LOUD)
    first, last = int(loud[0]), int(loud[-1])
    return samples[max(0, first - LEAD) : last + 1], begun_us / 1e6 + first / RATE


def own_words(pole: Pole, mode: Mode) -> Block:
    """The announcement that is part of the node's software, without the silence around it."""
    with announcement(mode, pole.home.sounds) as file, av.open(io.BytesIO(file.read())) as opus:
        frames = [frame.to_ndarray() for frame in opus.decode(audio=0)]
    samples = np.concatenate([frame.flatten() for frame in frames])
    if samples.dtype != np.int16:
        samples = (samples * 32767).astype(np.int16)
    loud = np.flatnonzero(np.abs(samples) > LOUD)
    return array("h", samples[loud[0] : loud[-1] + 1].tobytes())


def ready(pole: Pole) -> None:
    """Switched on, with the province's policy, and told where it stands."""
    pole.switch_on()
    until((pole.home.trust / "policy.json").exists, pole)
    until(pole.home.orders_file.exists, pole)
    until(lambda: "n1" in pole.town.states, pole)


def test_a14_a_drill_begins_and_ends_with_the_nodes_own_announcement(
    town: Town, pole: Pole
) -> None:
    """In the recorded sound itself, whatever the server ordered."""
    words, mode = noise(2.0, seed=5), Mode.EXERCISE
    ready(pole)
    drill = order_of(a_sound(town, words, mode), mode=mode, volume_db=-10, max_play_ms=60_000)
    town.pushed.append(drill)
    until(lambda: phases(town)[-1:] == [Phase.PLAYED], pole)
    sound, _begun = heard(pole, "c1")
    said = own_words(pole, mode)
    span = len(said)
    at_first, alike_first = best_match(sound[: span + RATE], said)
    _at_last, alike_last = best_match(sound[-span - RATE :], said)
    assert at_first <= LEAD
    assert min(alike_first, alike_last) > 0.9
    other = own_words(pole, Mode.TEST)
    assert best_match(sound[: len(other) + RATE], other)[1] < 0.7
    at_words, alike = best_match(sound, words[RATE // 2 :])
    assert alike > NOISE_ALIKE
    assert span <= at_words <= len(sound) - span


def test_one_officers_alarm_from_a_template_is_heard_and_its_retraction_replaces_it(
    town: Town, pole: Pole
) -> None:
    """The template is approved while the node is up: told of the new policy, it obeys at once."""
    ready(pole)
    alarm_words, sorry_words = noise(20, seed=21), noise(3, seed=22)
    alarm, sorry = a_sound(town, alarm_words), a_sound(town, sorry_words, tone_ms=1)
    approved = [
        Approved(FLOOD, frozenset({digest(alarm)}), 180_000),
        Approved(SORRY, frozenset({digest(sorry)}), 180_000),
    ]
    assert town.province is not None
    town.province.publish(with_templates(policy_of_town(), *approved), utc_now())
    town.pushed.append(Hint(POLICY_CHANGED))
    kept = pole.home.trust / "policy.json"
    until(lambda: b'"version":2' in kept.read_bytes(), pole)
    town.pushed.append(order_of(alarm, "binh", template=FLOOD, max_play_ms=180_000))
    until(lambda: phases(town)[-1:] == [Phase.SOUNDING], pole)
    begun = utc_now().timestamp()
    until(lambda: utc_now().timestamp() > begun + 4, pole)
    town.pushed.append(
        order_of(sorry, "binh", id="c2", seq=2, template=SORRY, ends=("c1",), max_play_ms=180_000)
    )
    until(lambda: phases(town, "c2")[-1:] == [Phase.PLAYED], pole)
    assert phases(town) == [Phase.ACCEPTED, Phase.SOUNDING, Phase.INTERRUPTED]
    sound, _begun = heard(pole, "c1")  # one recording: the second followed the first at once
    at_alarm, alike_alarm = best_match(sound, alarm_words[RATE // 2 : RATE])
    at_sorry, alike_sorry = best_match(sound, sorry_words[RATE // 2 :])
    assert min(alike_alarm, alike_sorry) > NOISE_ALIKE
    assert at_alarm < at_sorry < 15 * RATE
    assert len(sound) < at_sorry + 4 * RATE


def test_the_alarm_from_a_template_that_the_node_has_not_heard_of_is_heard_when_asked_again(
    town: Town, pole: Pole
) -> None:
    """The word of the new policy was lost: refusing makes the node look, and then it obeys."""
    ready(pole)
    alarm = a_sound(town, noise(2, seed=23))
    assert town.province is not None
    approved = Approved(FLOOD, frozenset({digest(alarm)}), 180_000)
    town.province.publish(with_templates(policy_of_town(), approved), utc_now())
    order = order_of(alarm, "binh", template=FLOOD, max_play_ms=180_000)
    town.pushed.append(order)
    until(lambda: phases(town)[-1:] == [Phase.REFUSED], pole)
    until(lambda: b'"version":2' in (pole.home.trust / "policy.json").read_bytes(), pole)
    town.pushed.append(order)
    until(lambda: phases(town)[-1:] == [Phase.PLAYED], pole)


def test_p1_p2_an_order_is_in_the_air_within_five_seconds_and_silent_within_three(
    town: Town, pole: Pole
) -> None:
    """On the recording, from the signed bytes on the link to the sound, and to silence. The real
    thing is announced as nothing else."""
    ready(pole)
    sent = utc_now().timestamp()
    town.pushed.append(an_order(town, seconds=40))
    until(lambda: phases(town)[-1:] == [Phase.SOUNDING], pole)
    until(lambda: utc_now().timestamp() > sent + 4, pole)
    cancel = fresh(
        id="c2", kind=Kind.CANCEL, manifest=None, repeat=1, max_play_ms=0, ends=("c1",), seq=2
    )
    cancelled = utc_now().timestamp()
    town.pushed.append(Order(signed(cancel, "hanh").decode(), ""))
    until(lambda: phases(town)[-1:] == [Phase.INTERRUPTED], pole)
    until(lambda: utc_now().timestamp() > cancelled + 2, pole)
    sound, begun = heard(pole, "c1")
    assert 0 < begun - sent < 5
    for mode in (Mode.TEST, Mode.EXERCISE):
        assert best_match(sound, own_words(pole, mode))[1] < 0.5
    assert begun + len(sound) / RATE - cancelled < 3
