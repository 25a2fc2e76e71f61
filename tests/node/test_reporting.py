"""How often ``status.json`` is written: at once when something changes, else hardly ever."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.node.speaker import Speaker, audio_of, set_up
from tests.node.tape import noise
from tests.node.town import a_plan, an_item, opus_file
from vang_node.reporting import QUIET_EVERY_US


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    made = set_up(tmp_path)
    made.ask_server()
    made.run(2)
    yield made
    made.switch_off()


def told(speaker: Speaker) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(speaker.home.status_file.read_bytes())
    return found


def writes(speaker: Speaker, seconds: int) -> list[str]:
    """The instants of which a status was written meanwhile."""
    seen = [told(speaker)["at"]]
    for _second in range(seconds):
        speaker.run(1)
        seen.append(told(speaker)["at"])
    return list(dict.fromkeys(seen))[1:]


def test_nothing_is_written_while_nothing_happens(speaker: Speaker) -> None:
    assert writes(speaker, 20) == []
    speaker.card.now_us += QUIET_EVERY_US  # five minutes later
    assert len(writes(speaker, 5)) == 1


def test_what_changes_is_written_at_once(speaker: Speaker) -> None:
    speaker.agent.link_is_up = lambda: True
    assert len(writes(speaker, 3)) == 1
    assert told(speaker)["link"]
    speaker.agent.sink_failure = "unplugged"
    assert len(writes(speaker, 3)) == 1
    assert told(speaker)["sink_failure"] == "unplugged"


def test_what_could_not_be_written_is_tried_again_at_once(speaker: Speaker) -> None:
    """As on a full disk: here a folder stands where the new status would be written."""
    in_the_way = speaker.home.root / "status.new"
    in_the_way.mkdir()
    speaker.agent.sink_failure = "unplugged"
    assert writes(speaker, 3) == []
    in_the_way.rmdir()
    assert len(writes(speaker, 3)) == 1
    assert told(speaker)["sink_failure"] == "unplugged"


def test_while_something_sounds_the_launcher_finds_it_fresh(speaker: Speaker) -> None:
    """It goes by a status of the last twenty seconds."""
    long = opus_file(noise(14.0, head_s=0))
    speaker.stock(long)
    begun = speaker.true_now
    item = an_item(audio_of(long, 14), begun + timedelta(seconds=12))
    speaker.offer(a_plan(item, issued=begun, covers_from=begun))
    speaker.run(13)
    assert told(speaker)["state"]["playing"] == item.id
    assert len(writes(speaker, 12)) == 2
    speaker.run(3)
    assert told(speaker)["state"]["playing"] is None
