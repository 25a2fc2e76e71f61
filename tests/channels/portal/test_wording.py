"""Reasons in words that residents understand."""

from datetime import date, timedelta

from django.utils import translation
from django.utils.dateformat import format as date_format

from vang.channels.portal.wording import REASONS, WEEKDAYS, outcome_words
from vang.evidence.models import AsRun
from vang.evidence.outcomes import Doubt
from vang_protocol.reasons import Reason

# What a node can say of an item that it did not play.
ITEM_REASONS = {
    Reason.OUTSIDE_HOURS,
    Reason.LATE,
    Reason.NOT_FETCHED,
    Reason.CLOCK_UNTRUSTED,
    Reason.PLAN_EXPIRED,
    Reason.NODE_OFF,
    Reason.LEARNT_LATE,
    Reason.STOPPED,
    Reason.PRE_EMPTED,
    Reason.BUSY,
    Reason.SINK_FAILED,
    Reason.DECODE_FAILED,
    Reason.DISK_FULL,
}


def test_every_reason_has_words() -> None:
    codes = {reason.value for reason in ITEM_REASONS} | {doubt.value for doubt in Doubt}
    assert codes <= REASONS.keys()


def test_every_state_has_words() -> None:
    with translation.override("vi"):
        assert all(outcome_words(state, "") for state in AsRun.State)


def test_an_unknown_reason_is_shown_not_hidden() -> None:
    with translation.override("vi"):
        assert outcome_words("MISSED", "new-code") == "không phát được: mã lý do new-code"
        assert outcome_words("MISSED", "node-off") == "không phát được: cụm loa không có điện"


def test_weekdays_are_written_as_offices_write_them() -> None:
    monday = date(2026, 6, 8)
    with translation.override("vi"):
        written = [date_format(monday + timedelta(days=n), "l") for n in range(7)]
        assert written == [str(day) for day in WEEKDAYS]
        assert written[2] == "Thứ Tư"
