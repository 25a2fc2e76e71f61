"""A document is brought to people: who confirmed, who met, who is reminded."""

from datetime import date, datetime, timedelta

import pytest

from tests.documents.conftest import Registering
from vang.base.refusals import Refusal
from vang.documents import notices, services
from vang.documents.forms import CampaignForm
from vang.documents.models import Campaign, Document
from vang.documents.queries import missing, reached, reaching, total_of, unconfirmed, with_reach
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person

DUE = date(2026, 6, 20)


@pytest.fixture
def campaign(
    of_the_state: None, district: Unit, xa_a: Unit, xa_b: Unit, hoa: Person, now: datetime
) -> Campaign:
    law = Document.objects.get(number="49/2024/NĐ-CP")
    return services.start_campaign(
        document=law, unit=district, text="Tám loại hình thông tin", due_on=DUE,
        aims=[Aim(district, below=True)], by=hoa, now=now,
    )  # fmt: skip


def test_everybody_reached_confirms_for_themselves(
    campaign: Campaign, xa_a: Unit, xa_b: Unit, district: Unit, an: Person, binh: Person,
    now: datetime,
) -> None:  # fmt: skip
    today = now.date()
    assert set(missing(campaign, today)) == {xa_a, xa_b, district}
    services.confirm(campaign=campaign, unit=xa_a, by=an, now=now)
    services.confirm(campaign=campaign, unit=xa_a, by=an, now=now)
    services.confirm(campaign=campaign, unit=xa_a, by=binh, now=now)
    assert xa_a not in missing(campaign, today)
    found = with_reach(reached(campaign, today), campaign)
    assert {unit.name: unit.confirmed for unit in found} == {
        "Quế Phong": 0, "Quế Sơn": 0, "Quế Thuận": 2,
    }  # fmt: skip
    assert not unconfirmed(an, xa_a)


def test_sessions_count_the_people_who_came(
    campaign: Campaign, xa_a: Unit, an: Person, now: datetime
) -> None:
    held = services.Meeting(now.date(), "Nhà văn hóa thôn 1", 45, "Chủ tịch xã", "Hỏi về loa")
    services.note_session(campaign=campaign, unit=xa_a, meeting=held, by=an, now=now)
    assert total_of(campaign, now.date()).attended == 45
    tomorrow = services.Meeting(now.date() + timedelta(days=1), "Thôn 2", 10)
    with pytest.raises(Refusal) as refused:
        services.note_session(campaign=campaign, unit=xa_a, meeting=tomorrow, by=an, now=now)
    assert refused.value.code == "session-to-come"


def test_whom_it_does_not_reach_cannot_confirm(
    of_the_state: None, xa_a: Unit, xa_b: Unit, binh: Person, chi: Person, now: datetime
) -> None:
    law = Document.objects.get(number="49/2024/NĐ-CP")
    own = services.start_campaign(
        document=law, unit=xa_a, text="", due_on=DUE, aims=[Aim(xa_a)], by=binh, now=now
    )
    assert not reaching(xa_b).filter(pk=own.pk).exists()
    with pytest.raises(Refusal):
        services.confirm(campaign=own, unit=xa_b, by=chi, now=now)
    with pytest.raises(Refusal):
        services.confirm(campaign=own, unit=xa_a, by=chi, now=now)


def test_a_commune_does_not_command_the_district(
    of_the_state: None, xa_a: Unit, xa_b: Unit, district: Unit, binh: Person, now: datetime
) -> None:
    law = Document.objects.get(number="49/2024/NĐ-CP")
    elsewhere = Unit.objects.create(
        code="999", valid_from=date(2017, 1, 1), level="DISTRICT", kind="HUYEN", name="Khác"
    )
    for aim in (Aim(elsewhere, below=True), Aim(district, below=True), Aim(district), Aim(xa_b)):
        with pytest.raises(Refusal) as refused:
            services.start_campaign(
                document=law, unit=xa_a, text="", due_on=DUE, aims=[aim], by=binh, now=now
            )
        assert refused.value.code == "out-of-reach"
    form = CampaignForm(unit=xa_a, on=now.date())
    assert [key for key, _label in form.fields["whom"].choices] == ["chosen"]  # type: ignore[attr-defined]
    assert list(form.units) == [xa_a.pk]
    with pytest.raises(Refusal) as refused:
        services.start_campaign(
            document=law, unit=xa_a, text="", due_on=now.date() - timedelta(days=1),
            aims=[Aim(xa_a)], by=binh, now=now,
        )  # fmt: skip
    assert refused.value.code == "due-past"


def test_units_without_a_word_are_reminded_before_the_day_and_after(
    campaign: Campaign, xa_a: Unit, xa_b: Unit, an: Person, binh: Person, chi: Person,
    now: datetime,
) -> None:  # fmt: skip
    services.confirm(campaign=campaign, unit=xa_a, by=an, now=now)
    told = {}
    for day in range(1, 21):
        Notice.objects.all().delete()
        at = now + timedelta(days=day)
        notices.remind_due(now=at)
        notices.remind_due(now=at + timedelta(minutes=1))
        if Notice.objects.exists():
            told[(DUE - at.date()).days] = set(
                Notice.objects.values_list("person__username", flat=True)
            )
    assert set(told) == {7, 3, 1, 0, *range(-8 + 1, 0)}
    assert all("chi" in people and "an" not in people for people in told.values())


def test_nobody_is_reminded_once_it_is_closed(
    campaign: Campaign, hoa: Person, binh: Person, chi: Person, now: datetime
) -> None:
    with pytest.raises(Refusal):
        services.close_campaign(campaign=campaign, by=binh, now=now)
    services.close_campaign(campaign=campaign, by=hoa, now=now)
    assert notices.remind_due(now=now + timedelta(days=11)) == 0
    with pytest.raises(Refusal, match="kết thúc"):
        services.close_campaign(campaign=campaign, by=hoa, now=now)


def test_a_document_that_the_unit_does_not_see_is_not_made_known(
    registered: Registering, district: Unit, hoa: Person, xa_b: Unit, chi: Person, now: datetime
) -> None:
    kept = registered(district, hoa, number="91/KH-UBND")
    with pytest.raises(Refusal) as refused:
        services.start_campaign(
            document=kept, unit=xa_b, text="", due_on=DUE, aims=[Aim(xa_b)], by=chi, now=now
        )
    assert refused.value.code == "not-visible"
