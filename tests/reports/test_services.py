"""A report from the opening of its round to the consolidation, and every no on the way."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import person
from tests.refusals import refused
from tests.reports.conftest import JUNE
from tests.reports.reporting import accepted, figure, fill, fresh, submitted
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.models import Filing, Move, Regime, Remark, Report, Round, Value
from vang.reports.notices import remind
from vang.reports.services import (
    accept_report,
    begin_report,
    consolidate,
    extend_report,
    open_round,
    refresh_figures,
    reopen_report,
    return_report,
    save_figures,
    save_texts,
    submit_report,
    take_figure,
)
from vang.reports.services.filing import Entry
from vang.reports.services.opening import Days
from vang.reports.services.regimes import HALF_YEARS, days_of, open_due_rounds
from vang.stations.models import Cluster

MAY = datetime(2026, 5, 20, 3, 0).astimezone()
"""While the round is open and not yet due."""


def test_a_round_expects_one_report_of_each_unit(june: Round, district: Unit) -> None:
    told = {one.unit.name: one for one in june.reports.select_related("unit", "parent")}
    assert sorted(told) == ["Quế Phong", "Quế Sơn", "Quế Thuận"]
    assert told["Quế Sơn"].consolidates
    assert told["Quế Thuận"].parent == told["Quế Sơn"]
    assert {one.state for one in told.values()} == {"EXPECTED"}
    assert told["Quế Thuận"].above == district


def test_a_period_is_opened_once(regime: Regime, june: Round, dao: Person, now: datetime) -> None:
    with refused("round-known"):
        open_round(regime=regime, name="Lại", days=JUNE, by=dao, now=now)
    assert Round.objects.count() == 1


def test_days_follow_each_other(regime: Regime, xa_a: Unit, dao: Person, now: datetime) -> None:
    days = Days(JUNE.covers_from, JUNE.covers_to, JUNE.due_on, JUNE.opens_on, JUNE.locks_on)
    with refused("days-out-of-order"):
        open_round(regime=regime, name="Đợt", days=days, by=dao, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(
            regime=regime, version=regime.form.versions.get(), name="Đợt", opened_at=now,
            **vars(days),
        )  # fmt: skip


def test_rounds_open_by_themselves_on_their_day(regime: Regime, xa_a: Unit) -> None:
    before = datetime(2026, 5, 10, 3, 0).astimezone()
    assert open_due_rounds(now=before) == 0
    assert open_due_rounds(now=before + timedelta(days=1)) == 1
    assert open_due_rounds(now=before + timedelta(days=1)) == 0
    round_ = Round.objects.get()
    assert (round_.due_on, round_.covers_from) == (date(2026, 6, 10), date(2025, 11, 1))


def test_the_two_half_years_leave_out_no_day(regime: Regime) -> None:
    june, november = regime.terms.all()
    first, second = days_of(june, 2026), days_of(november, 2026)
    assert second.covers_from - first.covers_to == timedelta(days=1)
    assert days_of(june, 2027).covers_from - second.covers_to == timedelta(days=1)
    assert len(HALF_YEARS) == 2


def test_a_report_begins_with_the_figures_of_the_records(
    report: Report, xa_a: Unit, an: Person, chi: Person
) -> None:
    Cluster.objects.create(unit=xa_a, code="20662-a", name="Cụm 1")
    with refused("not-allowed"):
        begin_report(report=report, by=chi, now=MAY)
    filing = begin_report(report=report, by=an, now=MAY)
    value = filing.values.get(indicator__code="stations.clusters")
    assert (value.milli, value.system_milli, value.source) == (1000, 1000, "S")
    assert figure(report, "stations.villages") == 3000
    assert begin_report(report=report, by=an, now=MAY) == filing
    texts = {one.section.code: one.text for one in filing.passages.select_related("section")}
    assert texts["opening"].startswith("Xã Quế Thuận báo cáo kết quả")
    assert "cụm loa 1 cụm" in texts["results"]
    assert texts["tasks"] == ""


def test_a_figure_that_differs_from_the_records_needs_a_note(
    report: Report, xa_a: Unit, an: Person
) -> None:
    begin_report(report=report, by=an, now=MAY)
    saved = save_figures(
        report=report,
        entries={
            "stations.villages": Entry("4"),
            "stations.covered": Entry("2", "một thôn dùng loa tay"),
            "clusters.cost": Entry("1,250"),
            "training.hours": Entry("-3"),
            "training.classes": Entry("hai"),
            "channels.leaflets": Entry("1.250"),
            "money.spent": Entry("125.000.000 đồng"),
        },
        by=an,
        now=MAY,
    )
    assert sorted(saved.complaints) == [
        "clusters.cost", "stations.villages", "training.classes", "training.hours",
    ]  # fmt: skip
    assert "1.250" in str(saved.complaints["clusters.cost"])
    assert "1,25" in str(saved.complaints["clusters.cost"])
    assert figure(report, "stations.villages") == 3000
    assert figure(report, "stations.covered") == 2000
    assert figure(report, "channels.leaflets") == 1_250_000
    assert figure(report, "money.spent") == 125_000_000_000
    take_figure(report=report, code="stations.covered", by=an, now=MAY)
    assert figure(report, "stations.covered") == 0


def test_the_database_takes_no_differing_figure_without_a_note(report: Report, an: Person) -> None:
    filing = begin_report(report=report, by=an, now=MAY)
    row = filing.values.get(indicator__code="stations.villages")
    with pytest.raises(IntegrityError), transaction.atomic():
        Value.objects.filter(pk=row.pk).update(milli=7000, source="T")
    with pytest.raises(IntegrityError), transaction.atomic():
        Value.objects.filter(pk=row.pk).update(milli=7000)


def test_new_records_change_what_came_from_records_only(
    report: Report, xa_a: Unit, an: Person
) -> None:
    begin_report(report=report, by=an, now=MAY)
    entry = {"stations.covered": Entry("3", "đã kiểm tra tại chỗ")}
    save_figures(report=report, entries=entry, by=an, now=MAY)
    cluster = Cluster.objects.create(unit=xa_a, code="20662-a", name="Cụm 1")
    cluster.villages.set(Unit.objects.filter(parent=xa_a)[:2])
    assert refresh_figures(report=report, by=an, now=MAY) >= 2
    assert figure(report, "stations.clusters") == 1000
    assert figure(report, "stations.covered") == 3000


def test_two_people_in_one_report_lose_nothing(report: Report, an: Person, binh: Person) -> None:
    filing = begin_report(report=report, by=an, now=MAY)
    first = {"channels.talks": Entry("5", was=""), "channels.leaflets": Entry("", was="")}
    second = {"channels.talks": Entry("7", was=""), "channels.leaflets": Entry("90", was="")}
    assert save_figures(report=report, entries=first, by=an, now=MAY).complaints == {}
    saved = save_figures(report=report, entries=second, by=binh, now=MAY)
    assert list(saved.complaints) == ["channels.talks"]
    assert "5" in str(saved.complaints["channels.talks"])
    assert figure(report, "channels.talks") == 5000
    assert figure(report, "channels.leaflets") == 90_000
    texts = {"tasks": ("Của An", "")}
    assert save_texts(report=report, texts=texts, by=an, now=MAY).changed == 1
    saved = save_texts(report=report, texts={"tasks": ("Của Bình", "")}, by=binh, now=MAY)
    assert list(saved.complaints) == ["tasks"]
    assert filing.passages.get(section__code="tasks").text == "Của An"


def test_what_is_missing_is_not_submitted(
    report: Report, an: Person, binh: Person, now: datetime
) -> None:
    begin_report(report=report, by=an, now=MAY)
    entries = {"stations.wired": Entry("4")}
    save_figures(report=report, entries=entries, by=an, now=MAY)
    with refused("not-complete"):
        submit_report(report=report, by=binh, now=MAY)
    assert fresh(report).first_submitted_at is None


def test_the_leader_signs_and_what_is_changed_afterwards_is_not_signed(
    report: Report, an: Person, binh: Person
) -> None:
    fill(report, {}, by=an, now=MAY)
    with refused("not-allowed"):
        submit_report(report=report, by=an, now=MAY)
    filing = submit_report(report=report, by=binh, now=MAY)
    assert (filing.signed_by, filing.signer_name) == (binh, "Trần Thị Bình")
    with refused("not-being-written"):
        save_figures(report=report, entries={"channels.talks": Entry("5")}, by=an, now=MAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(signed_at=None)


def test_late_is_settled_by_the_first_submission_for_ever(
    report: Report, report_b: Report, an: Person, binh: Person, chi: Person, dao: Person
) -> None:
    july = MAY + timedelta(days=25)  # 14/06
    submitted(report, {}, writer=an, signer=binh, now=MAY)
    submitted(report_b, {}, writer=chi, signer=chi, now=july)
    assert (fresh(report).late, fresh(report_b).late) == (False, True)
    with refused("submitted-already"):
        extend_report(report=report_b, until=date(2026, 6, 20), reason="bão", by=dao, now=july)
    return_report(report=report, comment="Xem lại", remarks={}, by=dao, now=july)
    submit_report(report=report, by=binh, now=july)
    assert fresh(report).late is False
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(late=None)


def test_an_extension_has_a_reason_and_keeps_the_due_day(
    report: Report, an: Person, binh: Person, dao: Person
) -> None:
    june = MAY + timedelta(days=25)
    with refused("reason-missing"):
        extend_report(report=report, until=date(2026, 6, 20), reason=" ", by=dao, now=MAY)
    with refused("not-above"):
        extend_report(report=report, until=date(2026, 6, 20), reason="bão", by=binh, now=MAY)
    with refused("not-later"):
        extend_report(report=report, until=date(2026, 6, 10), reason="bão", by=dao, now=MAY)
    extend_report(report=report, until=date(2026, 6, 20), reason="bão số 3", by=dao, now=MAY)
    assert submitted(report, {}, writer=an, signer=binh, now=june).late is False
    assert fresh(report).due_on == date(2026, 6, 10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(extension_reason="")


def test_one_figure_is_returned_with_a_comment(
    report: Report, an: Person, binh: Person, dao: Person
) -> None:
    submitted(report, {"channels.talks": 5}, writer=an, signer=binh, now=MAY)
    with refused("comment-missing"):
        return_report(report=report, comment=" ", remarks={}, by=dao, now=MAY)
    with refused("not-above"):
        return_report(report=report, comment="Sai", remarks={}, by=binh, now=MAY)
    remarks = {"channels.talks": "Kế hoạch là 12 buổi: vì sao chỉ 5?", "no.such": "?"}
    return_report(report=report, comment="", remarks=remarks, by=dao, now=MAY)
    back = fresh(report)
    assert back.state == "RETURNED"
    assert back.current is not None
    assert back.current.number == 2
    remark = Remark.objects.get()
    assert remark.indicator is not None
    assert (remark.indicator.code, remark.filing.number) == ("channels.talks", 1)
    fill(report, {"channels.talks": 12}, by=an, now=MAY)
    submit_report(report=report, by=binh, now=MAY)
    first = Filing.objects.get(report=report, number=1)
    assert first.values.get(indicator__code="channels.talks").milli == 5000
    assert figure(report, "channels.talks") == 12_000
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.filter(kind="RETURN").update(comment="")


def test_a_locked_round_takes_nothing_until_it_is_reopened(
    report: Report, an: Person, binh: Person, dao: Person
) -> None:
    july = MAY + timedelta(days=60)
    with refused("not-open-yet"):
        begin_report(report=report, by=an, now=MAY - timedelta(days=20))
    with refused("round-locked"):
        begin_report(report=report, by=an, now=july)
    with refused("reason-missing"):
        reopen_report(report=report, reason="", by=dao, now=july)
    with refused("not-above"):
        reopen_report(report=report, reason="muộn", by=binh, now=july)
    reopen_report(report=report, reason="máy hỏng cả tháng", by=dao, now=july)
    assert submitted(report, {}, writer=an, signer=binh, now=july).late is True


def test_the_district_puts_together_and_is_told_when_something_changes(
    report: Report, report_b: Report, above: Report, an: Person, binh: Person, chi: Person,
    dao: Person,
) -> None:  # fmt: skip
    with refused("nothing-accepted"):
        consolidate(report=above, by=dao, now=MAY)
    both = {"writer": an, "signer": binh, "above": dao, "now": MAY}
    accepted(report, {"channels.talks": 5}, **both)  # type: ignore[arg-type]
    filing = consolidate(report=above, by=dao, now=MAY)
    assert figure(above, "channels.talks") == 5000
    told = filing.passages.get(section__code="results").text
    assert "buổi tuyên truyền trực tiếp 5 buổi" in told
    accepted(report_b, {"channels.talks": 7}, writer=chi, signer=chi, above=dao, now=MAY)
    assert fresh(above).stale
    own = {"channels.talks": Entry("2")}
    save_figures(report=above, entries=own, by=dao, now=MAY)
    consolidate(report=above, by=dao, now=MAY)
    assert figure(above, "channels.talks") == 14_000
    assert not fresh(above).stale
    submit_report(report=above, by=dao, now=MAY)
    assert fresh(above).state == "ACCEPTED"

    reopen_report(report=report, reason="đếm sót", by=binh, now=MAY)
    assert fresh(above).stale
    assert figure(above, "channels.talks") == 14_000
    fill(report, {"channels.talks": 6}, by=an, now=MAY)
    submit_report(report=report, by=binh, now=MAY)
    accept_report(report=report, by=dao, now=MAY)
    with refused("not-being-written"):
        consolidate(report=above, by=dao, now=MAY)
    reopen_report(report=above, reason="xã báo cáo lại", by=dao, now=MAY)
    consolidate(report=above, by=dao, now=MAY)
    assert figure(above, "channels.talks") == 15_000
    assert not fresh(above).stale
    frozen = Filing.objects.get(report=above, number=1)
    assert {one.child_filing.number for one in frozen.included.all()} == {1}
    assert frozen.values.get(indicator__code="channels.talks").milli == 14_000


def test_units_are_reminded_before_and_after_the_day(
    june: Round, report: Report, an: Person, chi: Person, binh: Person
) -> None:
    day = datetime(2026, 5, 27, 1, 0).astimezone()  # 14 days before
    assert remind(now=day) == 4
    assert remind(now=day) == 0
    assert remind(now=day + timedelta(days=1)) == 0
    submitted(report, {}, writer=an, signer=binh, now=day)
    assert remind(now=day + timedelta(days=7)) == 2
    Notice.objects.all().delete()
    assert remind(now=day + timedelta(days=15)) >= 1
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"chi", "dao"}


def test_nobody_elses_report_is_written(report: Report, xa_b: Unit, now: datetime) -> None:
    stranger = person("phuc", "Phúc", xa_b, "WRITER", "LEADER")
    with refused("not-allowed"):
        begin_report(report=report, by=stranger, now=MAY)
