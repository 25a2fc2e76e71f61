"""A real installation begins with the answers of the person at the terminal."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from vang.installation.first_unit import (
    ask_first_unit,
    create_first_unit,
    needs_first_unit,
)
from vang.installation.preflight import CannotStart
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.people.access import may
from vang.people.models import Person

ANSWERS = [
    "Quế Sơn",  # no kind: asked again
    "Xã Quế Sơn",
    "Đà Nẵng",
    "20641",
    "Thôn Một, Thôn Hai",
    "Nguyễn Thị Lan",
    "Lan Nguyễn",  # marks and space: asked again
    "lan.nguyen",
]


def answering(answers: list[str]) -> Iterator[str]:
    yield from answers


def ask_from(answers: list[str]):  # type: ignore[no-untyped-def]
    given = answering(answers)

    def ask(_question: str) -> str:
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    return ask


@pytest.mark.django_db
def test_unit_villages_and_administrator_are_made_from_the_answers(now: datetime) -> None:
    assert needs_first_unit()
    password = create_first_unit(ask_first_unit(ask_from(ANSWERS)), now=now)
    commune = Unit.objects.get(code="20641")
    lan = Person.objects.get(username="lan.nguyen")
    assert commune.full_name == "Xã Quế Sơn"
    assert commune.parent is not None
    assert commune.parent.full_name == "Thành phố Đà Nẵng"
    assert [v.name for v in villages(commune, now.date())] == ["Hai", "Một"]
    assert may(lan, "ADMINISTRATOR", commune, now.date())
    assert lan.check_password(password)
    assert not needs_first_unit()


def test_what_must_be_asked_again_is_said_beside_the_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ask_first_unit(ask_from(ANSWERS))
    told = capsys.readouterr()
    assert told.out == ""
    assert "Hãy bắt đầu bằng Xã" in told.err
    assert "Chỉ dùng chữ thường" in told.err


def test_nobody_at_the_terminal_is_said_clearly() -> None:
    with pytest.raises(CannotStart, match="from a terminal"):
        ask_first_unit(ask_from(["Xã Quế Sơn"]))
