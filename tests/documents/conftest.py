"""A district that registers its plan, and a commune whose plan rests on a decision that ended."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from tests.conftest import person
from vang.documents.models import Document
from vang.documents.services import Entry, register_document
from vang.documents.state import load_state_documents
from vang.orgs.models import Unit
from vang.people.models import Person

QD52 = "Quyết định số 52/2016/QĐ-TTg ngày 06/12/2016 của Thủ tướng Chính phủ"
ND49 = "Nghị định số 49/2024/NĐ-CP ngày 10/5/2024 của Chính phủ"


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def hoa(district: Unit) -> Person:
    return person("hoa", "Đỗ Thị Hoa", district, "WRITER", "APPROVER")


@pytest.fixture
def of_the_state(db: None, now: datetime) -> None:
    load_state_documents(now=now)


Registering = Callable[..., Document]


@pytest.fixture
def registered(xa_a: Unit, an: Person, now: datetime, of_the_state: None) -> Registering:
    """``registered(bases=[…])``: a plan in the register of the commune."""

    def register(unit: Unit = xa_a, by: Person = an, **changed: Any) -> Document:
        return register_document(unit=unit, entry=entry(**changed), by=by, now=now)

    return register


def entry(**changed: Any) -> Entry:
    usual: dict[str, Any] = {
        "kind": "Kế hoạch",
        "number": "12/KH-UBND",
        "issuer": "UBND xã Quế Thuận",
        "abstract": "Công tác thông tin cơ sở năm 2026",
        "issued_on": date(2026, 1, 12),
        "way": "OUT",
    }
    return Entry(**{**usual, **changed})
