"""What a node pins is private, whole and strictly read."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vang_node.backoff import Backoff
from vang_node.cli import main
from vang_node.home import Home, HomeUnfit, Local, Pinned, write_private
from vang_node.plain import plain
from vang_protocol.enrolments import EnrolAnswer
from vang_protocol.envelopes import SigningKey

ANSWER = EnrolAnswer(
    "n1", "20641", "c1", (SigningKey.generate().public,), "", 30,
    datetime(2026, 11, 23, 9, 0, tzinfo=UTC), -3,
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_what_is_pinned_is_read_back_and_private(home: Home) -> None:
    home.pin(Pinned("https://vang.example", ANSWER))
    assert home.pinned() == Pinned("https://vang.example", ANSWER)
    assert stat.S_IMODE(home.server_file.stat().st_mode) == 0o600


def test_a_key_is_kept_private(home: Home) -> None:
    key = SigningKey.generate()
    write_private(home.key_file, key.to_pem())
    assert home.key().public == key.public
    assert stat.S_IMODE(home.key_file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{}", b'{"server":1}', b"\xff"])
def test_a_damaged_pin_is_said_and_not_guessed(home: Home, content: bytes) -> None:
    home.server_file.write_bytes(content)
    with pytest.raises(HomeUnfit, match="server"):
        home.pinned()


def test_a_folder_that_is_not_enrolled_says_what_to_do(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--home", str(home.root)]) == 1
    assert "vang-node enrol" in capsys.readouterr().err


def test_the_technician_may_lower_but_not_mistype(home: Home) -> None:
    assert home.local() == Local()
    home.local_file.write_text('{"volume_ceiling_db":-9,"device_delay_ms":12}')
    assert home.local().volume_ceiling_db == -9
    for wrong in ('{"volume":-9}', '{"volume_ceiling_db":6}', '{"volume_ceiling_db":-9.5}', "[]"):
        home.local_file.write_text(wrong)
        with pytest.raises(HomeUnfit, match="local"):
            home.local()


def test_a_write_that_fails_leaves_the_old_file(home: Home) -> None:
    write_private(home.plan_file, b"old")
    home.plan_file.with_name(".plan.dsse.x").write_bytes(b"")
    with pytest.raises(TypeError):
        write_private(home.plan_file, "text")  # type: ignore[arg-type]
    assert home.plan_file.read_bytes() == b"old"


def test_waits_grow_to_their_bound_and_begin_anew_after_success() -> None:
    backoff = Backoff(first=1.0, most=8.0, choose=lambda low, high: high)
    assert [backoff.failed() for _ in range(6)] == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    backoff.succeeded()
    assert backoff.failed() == 1.0


def test_waits_are_spread_over_the_whole_span() -> None:
    waits = [Backoff(first=60.0).failed() for _ in range(200)]
    assert min(waits) < 20 < 45 < max(waits) <= 60


@pytest.mark.parametrize("sink", ["mp3", "wav", "wav:", ""])
def test_an_unknown_sink_is_refused(
    home: Home, sink: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test-tone", "--home", str(home.root), "--sink", sink]) == 1
    assert "alsa" in capsys.readouterr().err


def test_the_test_tone_is_heard_at_the_level_asked_for(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home.root / "capture"
    arguments = ["--home", str(home.root), "--sink", f"wav:{folder}", "--volume-db", "-20"]
    assert main(["test-tone", *arguments]) == 0
    (path,) = folder.glob("*.wav")
    samples = memoryview(path.read_bytes()[44:]).cast("h")
    assert max(samples) == pytest.approx(3277, abs=3)


def test_a_title_cannot_draw_on_the_technicians_terminal() -> None:
    assert plain("Thông báo\n\x1b[2Jđã \u202edừng") == "Thông báo  [2Jđã  dừng"


def test_a_node_enrolled_before_there_was_a_province_still_starts(home: Home) -> None:
    home.pin(Pinned("https://vang.example", ANSWER))
    told = json.loads(home.server_file.read_bytes())
    del told["answer"]["trust_root"]
    home.server_file.write_text(json.dumps(told))
    assert home.pinned().answer == ANSWER
