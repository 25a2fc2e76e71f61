"""Two people order, a real node far away sounds, and answers for it: by the link, and without."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.node.ordering import an_order, fresh, phases
from tests.node.pole import Pole, until
from tests.node.tape import noise
from tests.node.town import UNIT, Town, utc_now
from tests.protocol.province import signed
from vang_node.home import Home, HomeUnfit
from vang_node.resetting import reset
from vang_protocol.commands import Kind
from vang_protocol.links import POLICY_CHANGED, Hint, Order
from vang_protocol.policies import parse_policy
from vang_protocol.reasons import Reason
from vang_protocol.receipts import Phase
from vang_protocol.records import Boot, PlayStarted


def test_over_the_link_it_sounds_at_once_and_falls_silent_at_once(town: Town, pole: Pole) -> None:
    pole.switch_on()
    until(lambda: (pole.home.trust / "policy.json").exists() and "n1" in town.states, pole)
    until(pole.home.orders_file.exists, pole)
    town.pushed.append(an_order(town, seconds=20))
    until(lambda: phases(town)[-1:] == [Phase.SOUNDING], pole)
    cancel = fresh(
        id="c2", kind=Kind.CANCEL, manifest=None, repeat=1, max_play_ms=0, ends=("c1",), seq=2
    )
    town.pushed.append(Order(signed(cancel, "hanh").decode(), ""))
    until(lambda: phases(town, "c2") and phases(town)[-1:] == [Phase.INTERRUPTED], pole)
    assert phases(town, "c2") == [Phase.DONE]
    assert phases(town) == [Phase.ACCEPTED, Phase.SOUNDING, Phase.INTERRUPTED]
    until(lambda: town.events("n1", "play-ended"), pole)


def test_another_policy_is_taken_at_once_when_the_link_says_so(town: Town, pole: Pole) -> None:
    pole.switch_on()
    kept = pole.home.trust / "policy.json"
    until(lambda: kept.exists() and "n1" in town.states, pole)
    assert town.province is not None
    newer = replace(parse_policy(kept.read_bytes()), version=2)
    town.province.publish(newer, utc_now())
    town.pushed.append(Hint(POLICY_CHANGED))
    until(lambda: parse_policy(kept.read_bytes()).version == 2, pole)


def test_without_a_link_and_switched_off_when_it_was_ordered_it_is_still_heard(
    town: Town, pole: Pole
) -> None:
    town.without_link = True
    town.orders.append(an_order(town))
    pole.switch_on()
    until(lambda: phases(town)[-1:] == [Phase.PLAYED], pole)
    assert phases(town) == [Phase.ACCEPTED, Phase.SOUNDING, Phase.PLAYED]
    (started,) = town.events("n1", "play-started")
    assert started.item == "command-c1"


def test_sounds_for_whatever_may_come_are_fetched_beforehand(town: Town, pole: Pole) -> None:
    audio = town.add_audio(noise(1.0))
    town.ready.append(audio)
    pole.switch_on()
    until((pole.home.audio / f"{audio.sha256}.opus").exists, pole)


def test_what_it_has_to_say_waits_for_a_server_that_is_away(town: Town, pole: Pole) -> None:
    """The server dies while it sounds: it sounds on, and tells everything when it is back."""
    town.without_link = True
    town.orders.append(an_order(town, seconds=4.0))
    pole.switch_on()
    until(lambda: Phase.SOUNDING in phases(town), pole)
    town.down = True
    until(lambda: "Ended command-c1: done" in pole.log.read_text(), pole)
    assert phases(town)[-1] is Phase.SOUNDING
    town.down = False
    until(lambda: phases(town)[-1] is Phase.PLAYED, pole)


def test_a_node_killed_while_it_sounds_takes_it_up_once(town: Town, pole: Pole) -> None:
    town.without_link = True
    town.orders.append(an_order(town, seconds=6.0))
    pole.switch_on()
    until(lambda: Phase.SOUNDING in phases(town), pole)
    pole.kill()
    pole.switch_on()
    until(lambda: phases(town)[-1] is Phase.PLAYED, pole)
    assert len(pole.all_of(PlayStarted)) == 2
    pole.kill()
    pole.switch_on()
    until(lambda: len(pole.all_of(Boot)) == 3, pole)
    assert len(pole.all_of(PlayStarted)) == 2


def test_a3_a_node_that_the_office_suspends_falls_silent_and_stays_so(
    town: Town, pole: Pole
) -> None:
    """The office's no ends what sounds within seconds, holds over a boot, and can be taken back."""
    pole.switch_on()
    until(pole.home.orders_file.exists, pole)
    until((pole.home.trust / "policy.json").exists, pole)
    town.pushed.append(an_order(town, seconds=30))
    until(lambda: phases(town)[-1:] == [Phase.SOUNDING], pole)
    town.withdrawn = Reason.NODE_SUSPENDED
    until(pole.home.barred_file.exists, pole)
    until(lambda: "Ended command-c1: stopped" in pole.log.read_text(), pole)
    pole.kill()
    pole.switch_on()
    until(lambda: len(pole.all_of(Boot)) == 2, pole)
    assert pole.home.barred_file.exists()
    town.withdrawn = None
    until(lambda: not pole.home.barred_file.exists(), pole)
    assert len(pole.all_of(PlayStarted)) == 1


def test_a17_after_a_factory_reset_nothing_is_obeyed_before_its_own_question_is_answered(
    town: Town, pole: Pole
) -> None:
    """All that was ever carried comes again: before the beacon, and after it."""
    pole.switch_on()
    until(pole.home.orders_file.exists, pole)
    until((pole.home.trust / "policy.json").exists, pole)
    old = an_order(town, seconds=1.0)
    town.pushed.append(old)
    until(lambda: phases(town)[-1:] == [Phase.PLAYED], pole)
    pole.kill(signal.SIGTERM)
    assert pole.call("reset").returncode == 0
    assert (pole.home.root / "former" / "1" / "journal").exists()
    assert not pole.home.key_file.exists()
    town.without_beacons, town.codes["NEW1"] = True, "c1"
    answer = pole.call("enrol", "--server", town.url, "--code", "NEW1")
    assert answer.returncode == 0, answer.stderr
    town.pushed += [old, old]
    town.receipts.clear()
    pole.switch_on()
    until(lambda: any(one.phase is Phase.REFUSED for one in town.receipts), pole)
    assert {one.reason for one in town.receipts} <= {Reason.NOT_GREETED, Reason.NO_POLICY}
    town.counters, town.without_beacons = ((UNIT, 1, 1),), False
    until(pole.home.orders_file.exists, pole)
    until((pole.home.trust / "policy.json").exists, pole)
    town.receipts.clear()
    town.pushed.append(old)
    until(lambda: town.receipts, pole)
    assert {one.reason for one in town.receipts} == {Reason.SEQUENCE_USED}
    assert not town.events("n2", "play-started")
    town.pushed.append(an_order(town, seconds=1.0, id="c3", seq=2))
    until(lambda: phases(town, "c3")[-1:] == [Phase.PLAYED], pole)


def test_a_running_node_and_an_empty_folder_are_not_reset(pole: Pole, tmp_path: Path) -> None:
    pole.switch_on()
    until(pole.home.status_file.exists, pole)
    assert "running" in pole.call("reset").stderr
    assert pole.home.key_file.exists()
    with pytest.raises(HomeUnfit):
        reset(Home(tmp_path / "empty"))
