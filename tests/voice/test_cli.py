import hashlib
import io
from pathlib import Path

import pytest

from vang.cli import main
from vang.voice import opus
from vang.voice.loudness import measure


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def test_prints_one_speakable_line_for_each_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("\ufeffHọp ngày 10/6\n\nGọi 115", "utf-8")
    assert main(["speech", "text", str(path)]) == 0
    assert capsys.readouterr().out == "Họp ngày mười tháng sáu\n\nGọi một một năm\n"


def test_reads_standard_input_and_a_dictionary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = tmp_path / "words.tsv"
    entries.write_text("# đường\nABC9\tan bình chín\n\n", "utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Đường ABC9".encode())))
    assert main(["speech", "text", "-", "--dictionary", str(entries)]) == 0
    assert capsys.readouterr().out == "Đường an bình chín\n"


def test_writes_the_sound_and_prints_what_was_measured(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, out = tmp_path / "notice.txt", tmp_path / "out.opus"
    text.write_text("Họp lúc 7h30.", "utf-8")
    assert main(["speech", "file", str(text), "-o", str(out), "--data", str(data)]) == 0
    told = capsys.readouterr().out
    assert hashlib.sha256(out.read_bytes()).hexdigest() in told
    loudness = measure(opus.decode(out.read_bytes()))
    assert loudness.is_acceptable()
    assert f"{loudness.lufs:.1f} LUFS, {loudness.true_peak_dbtp:.1f} dBTP" in told
    assert "giọng thử" in told


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["speech", "text", "no-such-file"], "no-such-file"),
        (["speech", "file", "LATIN", "-o", "x.opus"], "utf-8"),
        (["speech", "file", "EMPTY", "-o", "x.opus"], "nothing to say"),
        (["speech", "file", "LONG", "-o", "x.opus"], "longer than 50000"),
        (["speech", "file", "EMPTY", "-o", "x.opus", "--voice", "nix"], "no voice of the name"),
        (["speech", "text", "EMPTY", "--dictionary", "LATIN"], "utf-8"),
        (["speech", "text", "EMPTY", "--dictionary", "LONG"], "line 1"),
        (["voices", "install", "no-such-voice"], "neither a file nor one of"),
        (["voices", "install", "no-such.zip"], "is not there"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    words: list[str],
    reason: str,
    tmp_path: Path,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("LATIN").write_bytes(b"thong b\xe1o")
    Path("EMPTY").write_bytes(b"")
    Path("LONG").write_text("a" * 50_001)
    given = [*words, "--data", str(data)] if words[1] != "text" else words
    assert main(given) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("vang: ")
    assert reason in errors
    assert errors.count("\n") == 1
    assert not Path("x.opus").exists()


def test_lists_what_is_here_and_what_can_be_had(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["voices", "list", "--data", str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["installed", "espeak-vi"]
    assert any(line.startswith("public     vi_VN-vais1000-medium") for line in lines)
