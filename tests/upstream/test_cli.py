"""``vang cap``: exit codes and words for whoever stands at a shell."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.cap.messages import EXAMPLES
from tests.cap.test_styles import STYLES
from vang.base.clock import now
from vang.cap.signing import CERTIFICATE_FILE, KEY_FILE, make_signer, sign, signer_in
from vang.cli import main
from vang.orgs.models import Unit
from vang.upstream.models import Received


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.xml").write_bytes(EXAMPLES["example2"])
    return str(tmp_path / "good.xml")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    text = EXAMPLES["example2"].replace(b"<polygon>38.47", b"<polygon>138.47")
    (tmp_path / "bad.xml").write_bytes(text)
    return str(tmp_path / "bad.xml")


def test_a_file_is_taken_in_for_the_unit_above_all_or_for_the_one_named(
    good: str, xa_a: Unit, district: Unit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cap", "import", good]) == 0
    row = Received.objects.get(unit=district)
    assert (row.signature, row.brought_by, row.feed) == ("UNSIGNED", None, None)
    assert "SEVERE THUNDERSTORM WARNING" in capsys.readouterr().out
    assert main(["cap", "import", good, "--unit", "20662"]) == 0
    assert main(["cap", "import", good]) == 1
    assert "already-received" in capsys.readouterr().err


def test_a_refusal_says_why_and_where(
    bad: str, district: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cap", "import", bad]) == 1
    assert capsys.readouterr().err.startswith("refused: coordinates-swapped, line 28: ") is False
    assert main(["cap", "check", bad]) == 1
    assert "line 28" in capsys.readouterr().err
    assert main(["cap", "import", str(tmp_path / "nowhere.xml")]) == 1
    assert "unreadable" in capsys.readouterr().err
    assert not Received.objects.exists()


def test_without_a_clear_unit_nothing_is_taken_in(
    good: str, district: Unit, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cap", "import", good, "--unit", "1"]) == 1
    assert "unit-unknown" in capsys.readouterr().err
    Unit.objects.create(
        code="510", valid_from=district.valid_from, level="DISTRICT", kind="HUYEN", name="Khác"
    )
    assert main(["cap", "import", good]) == 1
    assert "unit-unclear" in capsys.readouterr().err


def test_a_file_can_be_checked_alone(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cap", "check", good]) == 0
    out = capsys.readouterr().out
    assert out.startswith("taken: Actual Alert KSTO1055887203")
    assert "caution outside-vietnam" in out


def test_keys_are_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["cap", "keys", "--name", "UBND xã Quế Thuận", "--data", str(tmp_path)]
    assert main(words) == 0
    assert signer_in(tmp_path) is not None
    assert CERTIFICATE_FILE in capsys.readouterr().out
    before = (tmp_path / KEY_FILE).read_bytes()
    assert main(words) == 1
    assert (tmp_path / KEY_FILE).read_bytes() == before


def test_warnings_of_other_services_are_taken_and_spoiled_ones_are_not(
    district: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in STYLES.items():
        file = tmp_path / f"{name}.xml"
        file.write_bytes(content)
        assert main(["cap", "check", str(file)]) == 0, name
        assert main(["cap", "import", str(file)]) == 0, name
        file.write_bytes(content.replace(b"identifier>", b"identifier> "))
        assert main(["cap", "check", str(file)]) == 1, name
        assert main(["cap", "import", str(file)]) == 1, name
    assert "refused: identifier-characters, line 2: " in capsys.readouterr().err
    assert Received.objects.filter(unit=district).count() == len(STYLES)


def test_with_a_certificate_only_what_it_signed_is_taken(
    good: str, district: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, other = make_signer("Đài", now=now()), make_signer("Kẻ khác", now=now())
    signed = tmp_path / "signed.xml"
    signed.write_bytes(sign(Path(good).read_bytes(), office, now=now()))
    for name, signer in (("office", office), ("other", other)):
        (tmp_path / f"{name}.pem").write_text(signer.pem)
    by, not_by = (["--certificate", str(tmp_path / f"{name}.pem")] for name in ("office", "other"))

    def refused(words: list[str]) -> str:
        assert [main(["cap", act, *words]) for act in ("check", "import")] == [1, 1]
        return capsys.readouterr().err

    assert "refused: no-signature: " in refused([good, *by])
    assert "refused: signature-wrong: " in refused([str(signed), *not_by])
    assert "refused: bad-certificate: " in refused([str(signed), "--certificate", good])
    altered = tmp_path / "altered.xml"
    altered.write_bytes(signed.read_bytes().replace(b">Severe<", b">Minor<"))
    assert "refused: signature-wrong: " in refused([str(altered), *by])
    assert main(["cap", "check", str(altered)]) == 0
    assert "signature: there, but not checked" in capsys.readouterr().out
    assert main(["cap", "check", str(signed), *by]) == 0
    assert "signature: verified" in capsys.readouterr().out
    assert main(["cap", "import", str(signed), *by]) == 0
    assert Received.objects.get().signature == "VERIFIED"
