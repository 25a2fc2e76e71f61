"""What changed between two texts: nothing is lost, and what people see is what changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang.review.differences import Kind, Row, compare, count_changes, paragraphs, word_runs
from vang.review.shortest import Step, steps
from vang.review.tones import same_spelling

WORD = st.sampled_from(["hòa", "hoà", "quý", "qúy", "thôn", "Thuận", "12/6", "điện", ".", "a"])
LINE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
TEXT = st.lists(LINE, max_size=8).map("\n".join)


def side(rows: list[Row], *, right: bool) -> list[str]:
    """The paragraphs of one side, in their order."""
    numbered = [(r.after, r.right) if right else (r.before, r.left) for r in rows]
    return [
        "".join(run.text for run in runs) for number, runs in sorted(numbered, key=first) if number
    ]


def first(pair: tuple[int, object]) -> int:
    return pair[0]


def shown(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.kind.value, run.text) for run in word_runs(before, after)]


# properties


@given(TEXT, TEXT)
def test_each_side_is_whole(before: str, after: str) -> None:
    rows = compare(before, after)
    assert side(rows, right=True) == paragraphs(after)
    assert side(rows, right=False) == paragraphs(before)
    assert [r.after for r in rows if r.after] == list(range(1, len(paragraphs(after)) + 1))
    assert [r.before for r in rows if r.before] == list(range(1, len(paragraphs(before)) + 1))


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert count_changes(compare(text, text)) == 0
    decomposed = unicodedata.normalize("NFD", text)
    assert {row.kind for row in compare(text, decomposed)} <= {Kind.SAME}


@given(TEXT, TEXT)
def test_what_is_removed_one_way_is_added_the_other(before: str, after: str) -> None:
    def changed(rows: list[Row]) -> int:
        return sum(r.kind in {Kind.ADDED, Kind.REMOVED} for r in rows)

    assert bool(count_changes(compare(before, after))) == bool(
        count_changes(compare(after, before))
    )
    assert changed(compare(before, before)) == 0


@given(TEXT, TEXT)
def test_a_moved_paragraph_has_its_other_end(before: str, after: str) -> None:
    rows = compare(before, after)
    away = {(r.before, r.other) for r in rows if r.kind is Kind.MOVED_AWAY}
    here = {(r.other, r.after) for r in rows if r.kind is Kind.MOVED_HERE}
    assert away == here


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_the_steps_lead_from_the_one_to_the_other_and_are_the_fewest(
    old: list[str], new: list[str]
) -> None:
    found = steps(old, new)
    i, built = 0, []
    for step in found:
        if step is Step.ADD:
            built.append(new[len(built)])
        else:
            if step is Step.KEEP:
                built.append(old[i])
            i += 1
    assert (built, i) == (new, len(old))
    assert sum(step is not Step.KEEP for step in found) == distance(old, new)


def distance(old: list[str], new: list[str]) -> int:
    """Changes needed, by the plain table."""
    row = list(range(len(new) + 1))
    for i, one in enumerate(old, start=1):
        above, row = row, [i]
        for j, other in enumerate(new, start=1):
            row.append(above[j - 1] if one == other else 1 + min(above[j], row[j - 1]))
    return row[-1]


@given(st.text(alphabet="hoaàáảãạeèuùyỳqQđĐ̣̀ ", max_size=30))
def test_spelling_twice_changes_nothing_more(text: str) -> None:
    assert same_spelling(same_spelling(text)) == same_spelling(text)


# what people see


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("uỷ", "ủy"),
        ("thuỷ", "thủy"),
        ("qúy", "quý"),
        ("HOÀ", "HÒA"),
    ],
)
def test_the_place_of_the_tone_mark_does_not_count(one: str, other: str) -> None:
    assert same_spelling(one) == same_spelling(other)
    assert shown(f"xã {one} a", f"xã {other} a") == [
        ("same", "xã"),
        ("respelled", f" {other}"),
        ("same", " a"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoạt", "họat"), ("quê", "que"), ("ma", "mà"), ("Hòa", "hòa"), ("toán", "tóan")],
)
def test_other_letters_and_marks_count(one: str, other: str) -> None:
    assert same_spelling(one) != same_spelling(other)


def test_dates_and_document_numbers_stay_whole() -> None:
    assert shown("ngày 12/6/2026 theo 15/KH-UBND", "ngày 13/6/2026 theo 15/KH-UBND") == [
        ("same", "ngày"),
        ("removed", " 12/6/2026"),
        ("added", " 13/6/2026"),
        ("same", " theo 15/KH-UBND"),
    ]


def test_what_goes_stands_before_what_comes() -> None:
    kinds = [kind for kind, _text in shown("a b c d", "a x y d")]
    assert kinds == ["same", "removed", "added", "same"]


def test_an_edited_paragraph_stands_beside_what_it_became() -> None:
    rows = compare(
        "Mở đầu.\nTừ 8 giờ cắt điện thôn 1.",
        "Mở đầu.\nThêm một dòng mới.\nTừ 9 giờ cắt điện thôn 1.",
    )
    assert [(r.kind, r.before, r.after) for r in rows] == [
        (Kind.SAME, 1, 1),
        (Kind.ADDED, 0, 2),
        (Kind.CHANGED, 2, 3),
    ]


def test_a_moved_paragraph_is_told_as_moved() -> None:
    one, two, three = "Đoạn một nói về điện.", "Đoạn hai nói về nước sạch.", "Đoạn ba nói về họp."
    rows = compare("\n".join([one, two, three]), "\n".join([two, three, one]))
    assert [(r.kind, r.before, r.after, r.other) for r in rows if r.kind is not Kind.SAME] == [
        (Kind.MOVED_AWAY, 1, 0, 3),
        (Kind.MOVED_HERE, 0, 3, 1),
    ]
    assert count_changes(rows) == 1


def test_spaces_do_not_count_and_are_kept() -> None:
    rows = compare("Từ 8 giờ", "Từ  8\tgiờ")
    assert rows[0].kind is Kind.SAME
    assert rows[0].right[0].text == "Từ  8\tgiờ"


# size


LONG = [
    f"Đoạn {n}: từ 8 giờ cắt điện thôn Thuận {n % 3} để sửa đường dây trung thế."
    for n in range(700)
]
HOSTILE = {
    "edited here and there": (
        "\n".join(LONG),
        "\n".join(p.replace("8", "9") if n % 5 else p for n, p in enumerate(LONG)),
    ),
    "turned round": ("\n".join(LONG), "\n".join(reversed(LONG))),
    "one line": (" ".join(LONG), " ".join(p.replace("8", "9") for p in LONG)),
    "one word": ("a " * 25_000, "a " * 24_000 + "b " * 900),
    "the same line": ("dòng\n" * 10_000, "dòng\n" * 5_000 + "khác\n" * 5_000),
    "nothing alike": ("\n".join(LONG), "x y z " * 8_000),
    "no spaces": ("đ" * 50_000, "d" * 50_000),
    "signs alone": ("." * 50_000, "!." * 25_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_fifty_thousand_characters_takes_a_moment(name: str) -> None:
    before, after = HOSTILE[name]
    rows = compare(before, after)  # all words with all words would take minutes
    assert side(rows, right=True) == paragraphs(after)
    assert side(rows, right=False) == paragraphs(before)
