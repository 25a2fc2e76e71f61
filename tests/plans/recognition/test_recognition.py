# ruff: noqa: E501 - quotes
"""Plans of other offices: in every form that people keep them, and spoilt."""

import random

import pytest

from tests.plans.making import ASIDE, FORMS, Made, Score, made_plans, scores
from vang.library.formats.lines import Line
from vang.library.formats.process import read_content
from vang.plans.recognition.plain import deadline_from_plain, deadline_to_plain, to_plain
from vang.plans.recognition.recognition import draft_of, is_plan
from vang.plans.recognition.rows import Kind, PlanDraft

MADE = made_plans()
# What a form may cost: tasks with the right leads, found and not invented.
FLOORS = {"portal": 0.98, "wrapped": 0.98}


def read(made: Made, form: str) -> PlanDraft:
    return draft_of(read_content(FORMS[form](made), lambda _done, _total: None).lines)


def whole(draft: PlanDraft) -> None:
    """Every letter of the document is in exactly one row, and every place is where it says."""
    seen = [0] * len(draft.text)
    for row in draft.rows:
        for start, end in ((row.start, row.end), *row.also):
            assert 0 <= start <= end <= len(draft.text)
            for place in range(start, end):
                seen[place] += 1
        for duty in row.duties:
            assert row.start <= duty.start <= duty.end <= row.end
        for deadline in row.deadlines:
            told = draft.text[deadline.start : deadline.end].replace("\n", " ")
            broken = deadline.start == deadline.end  # over the lines of a cell
            assert told == deadline.text or (broken and row.start <= deadline.start <= row.end)
    for place, letter in enumerate(draft.text):
        assert seen[place] <= 1
        assert seen[place] or not letter.isalnum(), draft.text[max(0, place - 60) : place + 60]


@pytest.mark.parametrize("form", FORMS)
def test_plans_are_read_in_this_form(form: str) -> None:
    total = measured([made for made in MADE if form in made.forms], form)
    assert total["tasks"].right > 200
    for name, score in total.items():
        assert score.precision >= FLOORS.get(form, 0.99), name
        assert score.recall >= FLOORS.get(form, 0.99), name


def measured(plans: list[Made], form: str) -> dict[str, Score]:
    total: dict[str, Score] = {}
    for made in plans:
        draft = read(made, form)
        assert is_plan(draft), made.name
        whole(draft)
        for name, score, _faults in scores(made, draft):
            total.setdefault(name, Score()).join(score)
    return total


def test_plans_that_nobody_looked_at_are_read_nearly_as_well() -> None:
    """They say what to expect of other provinces' plans; `./bench import_plan` prints how well."""
    total = measured(made_plans(ASIDE), "typed")
    assert total["tasks"].precision >= 0.95
    assert total["tasks"].recall >= 0.95
    for name in ("rows", "leads", "cooperating", "deadlines"):
        assert total[name].precision >= 0.85, name
        assert total[name].recall >= 0.85, name


def spoilt(lines: list[Line], chance: random.Random) -> list[Line]:
    """Lines lost, doubled, cut, joined, swapped, filled with what does not belong there."""
    told = list(lines)
    for _time in range(chance.randrange(1, 12)):
        place = chance.randrange(len(told))
        text = told[place].text
        cut = chance.randrange(len(text) + 1)
        told[place : place + 1] = chance.choice(
            [
                [],
                [told[place], told[place]],
                [Line(text[:cut]), Line(text[cut:])],
                [Line(text + " | " + text + "\t\t|")],
                [Line(chance.choice(["", "|||", "a)", "1.", "IV.", "- - -", "(((", "trước ngày 99/99", "\u0301\u0309", "Đề nghị", "phối hợp với", "Giao:", "PHỤ LỤC", "Nơi nhận:"]))],
                [Line(text, begins=False)],
                [Line(text[::-1]), told[place]],
            ]
        ) or [Line("")]  # fmt: skip
    return told


@pytest.mark.parametrize("seed", range(40))
def test_a_spoilt_plan_is_read_without_a_loss(seed: int) -> None:
    chance = random.Random(seed)
    made = chance.choice(MADE)
    form = chance.choice(
        [f for f in made.forms if f in {"typed", "wrapped", "laid_out", "word_file"}]
    )
    lines = read_content(FORMS[form](made), lambda _done, _total: None).lines
    draft = draft_of(spoilt(lines, chance))
    whole(draft)
    to_plain(draft)


@pytest.mark.parametrize("text", ["", "\n\n\n", "|", "a\tb\tc", "1.", "-", "Đề nghị", "É" * 9000])
def test_a_text_that_says_nothing_is_no_plan(text: str) -> None:
    draft = draft_of([Line(line) for line in text.split("\n")])
    whole(draft)
    assert not is_plan(draft)


def test_a_notice_is_no_plan() -> None:
    head = "UBND XÃ QUẾ PHÚ\nSố: 12/TB-UBND\nQuế Phú, ngày 02 tháng 3 năm 2026\nTHÔNG BÁO\n"
    body = "Về lịch tiêm chủng\nI. NỘI DUNG\n1. Tiêm vắc xin.\nII. TỔ CHỨC THỰC HIỆN\nCác thôn thông báo."
    draft = draft_of([Line(line) for line in (head + body).split("\n")])
    assert draft.kind == "Thông báo"
    assert not is_plan(draft)


def test_a_plan_that_a_decision_issues_is_read_from_behind_it() -> None:
    draft = read(next(made for made in MADE if made.name == "quyet-dinh-kem-ke-hoach"), "typed")
    assert draft.number == "745/QĐ-UBND"
    assert draft.kind == "Kế hoạch"
    assert draft.period is not None
    assert (draft.period.first.year, draft.period.last.year) == (2026, 2030)


def test_a_long_plan_stays_quick() -> None:
    """Twenty times the paragraphs take about twenty times as long, not four hundred times."""
    made = next(made for made in MADE if made.name == "tinh-song-lam")
    lines = read_content(FORMS["typed"](made), lambda _done, _total: None).lines
    draft = draft_of([*lines[:-6], *(lines[7:-6] * 20), *lines[-6:]])
    assert len(draft.of(Kind.TASK)) > 200
    whole(draft)


def test_deadlines_survive_being_kept() -> None:
    for made in MADE:
        for row in read(made, "typed").rows:
            for deadline in row.deadlines:
                assert deadline_from_plain(deadline_to_plain(deadline)) == deadline
