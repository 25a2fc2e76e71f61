"""What ``vang-node status`` says, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.node.speaker import LOUD, Speaker, audio_of, set_up
from tests.node.town import a_plan, an_item
from vang_node.status import status_lines


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    """It knows the time and has one thing to play."""
    made = set_up(tmp_path)
    made.ask_server()
    item = an_item(audio_of(LOUD, 1.5), made.true_now)
    item = replace(item, start=made.true_now.replace(hour=10), title="Lịch cắt điện")
    made.offer(a_plan(item, issued=made.true_now, covers_from=made.true_now))
    made.agent.turn(0.0)
    made.agent.reporter.write_status()
    yield made
    made.switch_off()


def lines(speaker: Speaker) -> dict[str, str]:
    """By the first word or words."""
    told = [line.partition("  ") for line in status_lines(speaker.home)]
    return {label.strip(): words.strip() for label, _gap, words in told}


def test_in_vietnamese_every_line_is(speaker: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANG_NODE_LANGUAGE", "vi")
    told = lines(speaker)
    clock = "theo máy chủ, sai số tối đa 5,0 ms, đồng hồ của máy lệch 0,0 ms"
    assert told["đồng hồ"] == clock
    assert told["thiết bị"] == "n1   đơn vị 20641   cụm c1"
    assert told["đầu ra"] == "hand: tốt"
    assert "sẵn sàng" in told["sắp tới"]
    assert told["sắp tới"].endswith("Lịch cắt điện")


def test_in_english_too(speaker: Speaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANG_NODE_LANGUAGE", "en")
    told = lines(speaker)
    assert told["clock"] == "by the server, error at most 5.0 ms, system clock off by 0.0 ms"
    assert told["node"] == "n1   unit 20641   cluster c1"
    assert "verified" in told["next"]


def test_without_a_server_the_clock_is_the_devices_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANG_NODE_LANGUAGE", "vi")
    alone = set_up(tmp_path)
    alone.agent.turn(0.0)
    alone.agent.reporter.write_status()
    alone.switch_off()
    assert lines(alone)["đồng hồ"].startswith("theo đồng hồ của máy, chưa rõ sai số")
