"""One numbered section of an official document can be taken out by its number."""

import pytest

from vang.installation.sections import NoSuchSection, section

PLAN = """KẾ HOẠCH
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Nâng cao nhận thức.
2. Yêu cầu
- Rõ việc.
II. NỘI DUNG
1. Nội dung
V. TỔ CHỨC
"""


def test_section_runs_to_the_next_heading_of_its_kind() -> None:
    first = section(PLAN, "I")
    assert first.startswith("I. MỤC ĐÍCH")
    assert first.endswith("- Rõ việc.")


def test_last_section_runs_to_the_end() -> None:
    assert section(PLAN, "v.") == "V. TỔ CHỨC"


def test_unknown_section_names_those_that_exist() -> None:
    with pytest.raises(NoSuchSection, match=r"no section IV; the file has: I, II, V"):
        section(PLAN, "IV")
