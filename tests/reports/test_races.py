"""Two people in one report, on a real database with real threads."""

from datetime import datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from tests.bulletins.test_races import at_once
from tests.conftest import person
from tests.reports.reporting import accepted, figure, fill, fresh, submitted
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.models import Filing, Inclusion, Report
from vang.reports.services import (
    accept_report,
    begin_report,
    consolidate,
    return_report,
    save_figures,
    submit_report,
)
from vang.reports.services.filing import Entry

MAY = datetime(2026, 5, 20, 3, 0).astimezone()
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_begin_at_once_write_in_the_same_filing(
    report: Report, an: Person, xa_a: Unit
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    outcomes = at_once(
        *(lambda by=by: begin_report(report=report, by=by, now=MAY) for by in (an, lan))
    )
    assert outcomes == ["done", "done"]
    filing = Filing.objects.get(report=report)
    assert filing.values.count() == 106


def test_two_who_write_at_once_lose_nothing_and_the_slower_is_told(
    report: Report, an: Person, xa_a: Unit
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    begin_report(report=report, by=an, now=MAY)
    told: dict[str, list[str]] = {}

    def save(by: Person, own: str, figure: str) -> None:
        entries = {"channels.talks": Entry(figure, was=""), own: Entry("9", was="")}
        saved = save_figures(report=report, entries=entries, by=by, now=MAY)
        told[figure] = list(saved.complaints)

    outcomes = at_once(
        lambda: save(an, "channels.leaflets", "5"), lambda: save(lan, "training.classes", "7")
    )
    assert outcomes == ["done", "done"]
    assert sorted(told.values()) == [[], ["channels.talks"]]
    won = next(typed for typed, complaints in told.items() if not complaints)
    assert figure(report, "channels.talks") == int(won) * 1000
    assert figure(report, "channels.leaflets") == figure(report, "training.classes") == 9_000


def test_a_figure_saved_while_the_leader_signs_is_signed_or_refused(
    report: Report, an: Person, binh: Person
) -> None:
    fill(report, {"channels.talks": 5}, by=an, now=MAY)
    entries = {"channels.talks": Entry("6", "theo sổ")}
    saved, signed = at_once(
        lambda: save_figures(report=report, entries=entries, by=an, now=MAY),
        lambda: submit_report(report=report, by=binh, now=MAY),
    )
    assert signed == "done"
    assert fresh(report).state == "SUBMITTED"
    assert (saved, figure(report, "channels.talks")) in {
        ("done", 6_000), ("not-being-written", 5_000),
    }  # fmt: skip


def test_of_accepting_and_returning_at_once_one_happens(
    report: Report, an: Person, binh: Person, dao: Person
) -> None:
    submitted(report, {"channels.talks": 5}, writer=an, signer=binh, now=MAY)
    outcomes = at_once(
        lambda: accept_report(report=report, by=dao, now=MAY),
        lambda: return_report(report=report, comment="Xem lại", remarks={}, by=dao, now=MAY),
    )
    assert sorted(outcomes) == ["done", "not-submitted"]
    state = {"done": "ACCEPTED", "not-submitted": "RETURNED"}[outcomes[0]]
    assert fresh(report).state == state


def test_two_who_put_together_at_once_count_everything_once(
    report: Report, above: Report, an: Person, binh: Person, dao: Person, district: Unit
) -> None:
    lan = person("lan", "Đỗ Thị Lan", district, "WRITER")
    accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    outcomes = at_once(
        *(lambda by=by: consolidate(report=above, by=by, now=MAY) for by in (dao, lan))
    )
    assert outcomes == ["done", "done"]
    assert figure(above, "channels.talks") == 5_000
    assert Inclusion.objects.count() == 1


def test_a_report_accepted_while_others_are_put_together_is_in_it_or_marks_it(
    report: Report, report_b: Report, above: Report, an: Person, binh: Person, chi: Person,
    dao: Person,
) -> None:  # fmt: skip
    """The consolidation has counted and not ended when the other report is accepted."""
    accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    submitted(report_b, {"channels.talks": 7}, writer=chi, signer=chi, now=MAY)
    outcome: list[str] = []
    meanwhile = Thread(
        target=lambda: outcome.extend(
            at_once(lambda: accept_report(report=report_b, by=dao, now=MAY))
        )
    )
    with transaction.atomic():
        consolidate(report=above, by=dao, now=MAY)
        meanwhile.start()
        meanwhile.join(timeout=0.5)
    meanwhile.join(timeout=60)
    assert outcome == ["done"]
    assert fresh(report_b).state == "ACCEPTED"
    assert figure(above, "channels.talks") == 5_000
    assert fresh(above).stale
    connection.close()
