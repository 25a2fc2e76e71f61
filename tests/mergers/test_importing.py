"""The list of units brought up to date from a file."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import BEGIN, NOON
from tests.refusals import refused
from vang.journal.models import Entry
from vang.mergers.importing import bring_list, confirm_list, preview_of
from vang.mergers.models import BroughtList
from vang.orgs.models import Unit, UnitChange
from vang.orgs.national import REFORM
from vang.orgs.queries import communes_below, valid_on, villages
from vang.orgs.succession import standing
from vang.people.models import Person

TODAY = date(2026, 6, 10)
LATER = date(2026, 7, 1)
HEAD = "Mã,Tên,Mã cấp trên,Hợp thành từ,Số hộ\n"


def brought(
    text: str, *, unit: Unit | None = None, by: Person | None = None, **more: object
) -> BroughtList:
    fields: dict[str, object] = {
        "content": (HEAD + text).encode(),
        "name": "danh-muc.csv",
        "complete": False,
        "effective_on": TODAY,
        "legal_basis": "Quyết định số 19/2025/QĐ-TTg",
        **more,
    }
    return bring_list(unit=unit, by=by, now=NOON, **fields)  # type: ignore[arg-type]


def test_a_preview_says_what_a_list_would_do_and_does_nothing(xa_a: Unit, xa_b: Unit) -> None:
    units = Unit.objects.count()
    preview = preview_of(
        brought(
            "509,Huyện Quế Sơn,,,\n"
            "20662,Xã Quế Thuận Mới,509,,\n"
            "20699,Xã Quế Tân,509,,\n"
            "20683,Xã Quế Phong,509,,\n"
            "20683,Xã Quế Phong,509,,\n"
            "abc def,Xã Không,509,,\n"
            "20700,Quế Không Loại,509,,\n"
            "20701,Xã Không Ai,999,,\n"
            "20702,,509,,\n"
            "20703,Xã Hộ,509,,nhiều\n"
        )
    )
    assert preview.counts == {
        "new": 1, "merged": 0, "changed": 1, "ended": 0, "counted": 0, "same": 1, "wrong": 7,
    }  # fmt: skip
    assert [row.line for row in preview.wrong] == [5, 6, 7, 8, 9, 10, 11]
    assert (Unit.objects.count(), UnitChange.objects.count()) == (units, 0)


def test_confirmed_the_list_is_in_force(xa_a: Unit, xa_b: Unit, district: Unit) -> None:
    told = brought(
        "20662,Xã Quế Sơn Trung,509,20662; 20683,\n"
        "20699,Xã Quế Tân,509,,1.250\n"
        "20662.09,Thôn Chín,20662,,\n"
    )
    preview = confirm_list(told, by=None, now=NOON)
    assert preview.counts["merged"] == 1
    assert [unit.name for unit in communes_below(district, TODAY)] == ["Quế Sơn Trung", "Quế Tân"]
    merged, new = communes_below(district, TODAY)
    assert standing([xa_a.pk, xa_b.pk]) == {xa_a.pk: {merged.pk: 1}, xa_b.pk: {merged.pk: 1}}
    assert new.households == 1250
    assert "Chín" in [village.name for village in villages(merged, TODAY)]
    assert Entry.objects.filter(action="units.list-taken-over").count() == 1
    with refused("list-done"):
        confirm_list(told, by=None, now=NOON)


def test_for_a_later_day_it_is_only_announced(xa_a: Unit, district: Unit) -> None:
    told = brought("20662,Phường Quế Thuận,509,,\n", effective_on=LATER)
    confirm_list(told, by=None, now=NOON)
    change = UnitChange.objects.get()
    assert (change.kind, change.applied_at) == ("RETYPE", None)
    (one,) = communes_below(district, LATER)
    assert one.full_name == "Phường Quế Thuận"
    assert len(villages(one, LATER)) == 3


def test_a_complete_list_ends_what_it_does_not_have(xa_a: Unit, xa_b: Unit, district: Unit) -> None:
    told = brought("20662,Xã Quế Thuận,509,,555\n", complete=True)
    preview = confirm_list(told, by=None, now=NOON)
    assert preview.counts["ended"] == 1
    assert communes_below(district, TODAY).get() == xa_a
    assert Unit.objects.get(pk=xa_a.pk).households == 555


def test_nothing_in_the_list_is_new(xa_a: Unit) -> None:
    with refused("list-says-nothing"):
        confirm_list(brought("20662,Xã Quế Thuận,509,,\n"), by=None, now=NOON)


def test_half_of_a_list_is_never_taken_over(xa_a: Unit, xa_b: Unit, district: Unit) -> None:
    told = brought("20699,Xã Quế Tân,509,,\n20662,Xã Quế Sơn Trung,509,20662 20683,\n")
    Unit.objects.filter(pk=xa_b.pk).update(valid_from=TODAY)  # meanwhile
    with refused("unit-too-young"):
        confirm_list(told, by=None, now=NOON)
    assert not Unit.objects.filter(code="20699")
    assert Unit.objects.get(pk=xa_a.pk).valid_to is None


def test_an_administrator_brings_what_lies_below(
    xa_a: Unit, xa_b: Unit, quan: Person, chi: Person
) -> None:
    told = brought("20662.05,Thôn Năm,20662,,\n20683.01,Thôn Một,20683,,\n", unit=xa_a, by=quan)
    preview = preview_of(told)
    assert [one.line for one in preview.wrong] == [3]
    with refused("not-allowed"):
        confirm_list(told, by=chi, now=NOON)
    confirm_list(told, by=quan, now=NOON)
    assert Unit.objects.filter(code="20662.05").exists()
    assert not Unit.objects.filter(code="20683.01").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"\xd0\xcf\x11\xe0 old", "table-old-excel"),
        ("Tên,Loại\nX,xã\n".encode(), "list-without-heads"),
        (b"a\n" * 30_000, "table-too-many-rows"),
    ],
)
def test_files_that_are_no_list(db: None, content: bytes, code: str) -> None:
    with refused(code):
        brought("", content=content)


def test_a_list_rests_on_a_decision(db: None) -> None:
    with refused("no-legal-basis"):
        brought("", legal_basis=" ")


def test_zeros_that_a_spreadsheet_ate_are_put_back(db: None) -> None:
    told = brought("1,Thành phố Hà Nội,,,\n4,Phường Ba Đình,1,,\n")
    confirm_list(told, by=None, now=NOON)
    assert Unit.objects.get(code="00004").parent == Unit.objects.get(code="01")


def test_the_shipped_list_carries_old_communes_over(db: None) -> None:
    old = Unit.objects.create(
        code="49", valid_from=BEGIN, level="PROVINCE", kind="TINH", name="Quảng Nam"
    )
    fields = {"valid_from": BEGIN, "level": "COMMUNE", "parent": old}
    dong_phu = Unit.objects.create(code="20641", kind="THI_TRAN", name="Đông Phú", **fields)
    que_an = Unit.objects.create(code="20686", kind="XA", name="Quế An", **fields)
    told = brought("", content=None, effective_on=REFORM)
    preview = preview_of(told)
    assert preview.counts["merged"] == 1
    assert not preview.wrong
    confirm_list(told, by=None, now=NOON)
    assert Unit.objects.filter(valid_on(TODAY), level="COMMUNE").count() == 3321
    new = Unit.objects.get(valid_on(TODAY), code="20641")
    assert (new.full_name, new.parent) == ("Xã Quế Sơn", Unit.objects.get(code="48"))
    assert standing([dong_phu.pk, que_an.pk]) == {dong_phu.pk: {new.pk: 1}, que_an.pk: {new.pk: 1}}


def test_from_the_command_line(
    xa_a: Unit, district: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from vang.cli import main

    file = tmp_path / "xa.csv"
    file.write_text(HEAD + "20662,Xã Quế Thuận Mới,509,,\n", "utf-8")
    assert main(["units", "import", str(file), "--preview", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["done"], told["counts"]["changed"]) == (False, 1)
    assert not UnitChange.objects.exists()
    assert main(["units", "import", str(file)]) == 0
    assert "Xã Quế Thuận Mới" in capsys.readouterr().out
    assert main(["units", "show", "20662", "--json"]) == 0
    here = json.loads(capsys.readouterr().out)["here"]
    assert [one["name"] for one in here] == ["Xã Quế Thuận", "Xã Quế Thuận Mới"]
    assert here[1]["was"] == ["Xã Quế Thuận"]
    assert main(["units", "show"]) == 0
    assert main(["units", "import", str(tmp_path / "none.csv")]) == 1
    assert main(["units", "show", "00000"]) == 1
