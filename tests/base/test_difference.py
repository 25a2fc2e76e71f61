"""What changed between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from vang.base.difference import word_changes


def test_a_changed_hour_is_one_word_out_and_one_in() -> None:
    changes = word_changes("từ 6h30 đến 17h00", "từ 7h00 đến 17h00")
    assert [(c.kind, c.text) for c in changes] == [
        ("same", "từ "),
        ("removed", "6h30"),
        ("added", "7h00"),
        ("same", " đến 17h00"),
    ]


def test_a_date_or_document_number_stays_whole() -> None:
    changes = word_changes("Số 90/KH-UBND ngày 05/9/2016", "Số 91/KH-UBND ngày 05/9/2017")
    assert [c.text for c in changes if c.kind == "added"] == ["91/KH-UBND", "05/9/2017"]


@given(st.text(), st.text())
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    changes = word_changes(before, after)
    assert "".join(c.text for c in changes if c.kind != "removed") == after
    assert "".join(c.text for c in changes if c.kind != "added") == before
