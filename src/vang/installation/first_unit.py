"""The first unit and administrator of a real installation, asked for at the terminal."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vang.base.clock import local_date
from vang.base.text import clean_text
from vang.installation.preflight import CannotStart
from vang.orgs.models import Unit
from vang.orgs.naming import (
    COMMUNE_KINDS,
    kind_and_name,
    province_kind_and_name,
    village_kind_and_name,
)
from vang.people.models import Membership, Person
from vang.people.services import create_person, grant_role, random_password

Ask = Callable[[str], str]


@dataclass(frozen=True)
class FirstAnswers:
    """What the terminal asked."""

    province: str
    code: str
    kind: str
    name: str
    villages: tuple[str, ...]
    full_name: str
    username: str


def needs_first_unit() -> bool:
    """Nobody can sign in yet."""
    return not Person.objects.exists()


def ask_first_unit(ask: Ask) -> FirstAnswers:
    """Ask until each answer is usable. Raises CannotStart when there is nobody to answer."""
    try:
        kind, name = _kind_and_name(ask)
        return FirstAnswers(
            province=_some(ask, "Tỉnh, thành phố (province): "),
            code=_some(ask, "Mã đơn vị cấp xã (code of the commune, such as 20641): "),
            kind=kind,
            name=name,
            villages=_villages(ask),
            full_name=_some(ask, "Họ tên người quản trị (administrator's full name): "),
            username=_username(ask),
        )
    except EOFError as error:
        raise CannotStart(
            "A real installation asks for its first unit and administrator: "
            "start it once from a terminal."
        ) from error


def _some(ask: Ask, question: str) -> str:
    while not (answer := clean_text(ask(question)).strip()):
        continue
    return answer


def _kind_and_name(ask: Ask) -> tuple[str, str]:
    while True:
        full = _some(ask, "Tên đơn vị (name of the commune, such as Xã Quế Sơn): ")
        if found := kind_and_name(full, COMMUNE_KINDS):
            return found
        _say("Hãy bắt đầu bằng Xã, Phường, Thị trấn hoặc Đặc khu.")


def _villages(ask: Ask) -> tuple[str, ...]:
    question = "Các thôn, tổ dân phố, cách nhau bằng dấu phẩy; để trống cũng được (villages): "
    answer = clean_text(ask(question))
    return tuple(name.strip() for name in answer.split(",") if name.strip())


def _username(ask: Ask) -> str:
    while True:
        name = _some(ask, "Tên đăng nhập (sign-in name, small letters): ").lower()
        if name.isascii() and name.replace(".", "").replace("-", "").isalnum():
            return name
        _say("Chỉ dùng chữ thường không dấu, số, dấu chấm, gạch nối.")


def _say(sentence: str) -> None:
    """What is printed is read by the supervisor; people are told on the other stream."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


@transaction.atomic
def create_first_unit(answers: FirstAnswers, *, now: datetime) -> str:
    """Province, commune, villages and the administrator. Returns the random password."""
    today = local_date(now)
    kind, name = province_kind_and_name(answers.province)
    province = Unit.objects.create(
        code=f"{answers.code[:2]}P",
        valid_from=today,
        level=Unit.Level.PROVINCE,
        kind=kind,
        name=name,
    )
    commune = Unit.objects.create(
        code=answers.code,
        valid_from=today,
        level=Unit.Level.COMMUNE,
        kind=answers.kind,
        name=answers.name,
        parent=province,
    )
    for number, full_name in enumerate(answers.villages, start=1):
        kind, name = village_kind_and_name(full_name)
        Unit.objects.create(
            code=f"{answers.code}.{number:02}",
            valid_from=today,
            level=Unit.Level.VILLAGE,
            kind=kind,
            name=name,
            parent=commune,
        )
    return _first_administrator(answers, commune, now)


def _first_administrator(answers: FirstAnswers, commune: Unit, now: datetime) -> str:
    password = random_password()
    person = create_person(
        username=answers.username,
        full_name=answers.full_name,
        password=password,
        by=None,
        unit=commune,
        now=now,
    )
    grant_role(
        person=person,
        unit=commune,
        role=Membership.Role.ADMINISTRATOR,
        since=local_date(now),
        by=None,
        now=now,
    )
    return password
