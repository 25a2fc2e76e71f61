"""``vang plans import``."""

import json
from pathlib import Path

import pytest

from vang.cli import main

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_a_plan_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plans", "import", str(SAMPLES / "ke-hoach-90.txt"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["number"] == "90/KH-UBND"
    assert len(told["tasks"]) == 28
    assert told["not_understood"] == []
    assert all(told["text"][row["start"] : row["end"]] for row in told["rows"])


def test_a_plan_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plans", "import", str(SAMPLES / "ke-hoach-90.txt")]) == 0
    told = capsys.readouterr().out
    assert "chủ trì: Phòng Văn hóa và Thông tin huyện" in told
    assert "hạn: định kỳ trước ngày 10/6 và 10/11 hàng năm" in told
    assert "0 đoạn chưa hiểu" in told


def test_a_file_that_is_no_plan_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["plans", "import", str(SAMPLES / "thong-bao-lich-cat-dien.txt")]) == 1
    assert "this is a Thông báo" in capsys.readouterr().err
    assert main(["plans", "import", str(tmp_path / "nothing.txt")]) == 1
    assert "No such file" in capsys.readouterr().err
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    assert main(["plans", "import", str(broken)]) == 1
    assert "broken.docx: " in capsys.readouterr().err
