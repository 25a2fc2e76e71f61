"""Reports are found by round, unit and words, and only by those who may open them."""

from datetime import datetime

import pytest

from tests.conftest import SignedIn
from vang.base.clock import local_date
from vang.people.models import Person
from vang.people.searching import scopes_of
from vang.reports.models import Report
from vang.reports.services import begin_report, save_texts
from vang.search.queries import find

pytestmark = pytest.mark.usefixtures("office_hours")


def found(typed: str, someone: Person, now: datetime) -> list[str]:
    groups = find(typed, scopes_of(someone, local_date(now)), a_group=50)
    return [hit.entry.url for group in groups for hit in group.hits if group.kind.name == "report"]


def test_a_report_is_found_by_its_words_by_those_who_may_open_it(
    report: Report, an: Person, chi: Person, dao: Person, dung: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    assert found("Báo cáo", an, now) == []
    begin_report(report=report, by=an, now=now)
    section = report.round.version.sections.first()
    assert section is not None
    texts = {section.code: ("Loa thôn Thuận Lợi hỏng vì sét đánh", None)}
    save_texts(report=report, texts=texts, by=an, now=now)
    address = f"/reports/{report.pk}"
    for someone in (an, dao, dung):
        assert found("set danh", someone, now) == [address]
        assert signed_in(someone).get(address).status_code == 200
    assert found("set danh", chi, now) == []
    assert signed_in(chi).get(address).status_code == 404
    assert found("10/6", an, now) == [address]
