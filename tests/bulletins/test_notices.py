"""Writers and approvers are told how their bulletins stand."""

from datetime import datetime

from tests.bulletins.newsroom import NOTICE, approved, draft, reread, submitted
from tests.conftest import BEGIN, person
from vang.bulletins import services
from vang.bulletins.models import Bulletin
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Membership, Person


def unread(someone: Person) -> list[tuple[str, str]]:
    mine = Notice.objects.filter(person=someone, read_at=None).order_by("pk")
    return list(mine.values_list("kind", "title"))


def returned(bulletin: Bulletin, by: Person, now: datetime) -> Bulletin:
    services.return_bulletin(bulletin=bulletin, comment="Thiếu giờ.", by=by, now=now)
    return reread(bulletin)


def test_approvers_are_told_what_waits_and_no_more_once_it_is_decided(
    an: Person, binh: Person, hanh: Person, chi: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    waits = ("bulletin-waits", "Chờ bạn duyệt: Lịch cắt điện")
    assert unread(binh) == unread(hanh) == [waits]
    assert unread(chi) == unread(an) == []
    notice = Notice.objects.get(person=binh)
    assert notice.url == f"/bulletins/{bulletin.pk}/review"
    assert notice.text == "Người soạn: Nguyễn Văn An."
    approved(bulletin, binh, now)
    assert unread(binh) == unread(hanh) == []
    assert unread(an) == [("bulletin-approved", "Đã duyệt: Lịch cắt điện")]


def test_the_writer_is_told_why_it_came_back_until_it_is_sent_again(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = returned(submitted(xa_a, an, now), binh, now)
    assert unread(an) == [("bulletin-returned", "Trả lại để sửa: Lịch cắt điện")]
    assert Notice.objects.get(person=an).text == "Trần Thị Bình: “Thiếu giờ.”"
    version = bulletin.current
    assert version is not None
    services.save_version(
        bulletin=bulletin,
        content=NOTICE,
        based_on=version.number,
        by=an,
        now=now,
    )
    services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    assert unread(an) == []
    assert unread(binh) == [("bulletin-waits", "Chờ bạn duyệt: Lịch cắt điện")]


def test_both_who_began_and_who_submitted_are_told(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    bulletin = draft(xa_a, an, now)
    services.submit_bulletin(bulletin=bulletin, by=lan, now=now)
    returned(bulletin, binh, now)
    assert unread(an) == unread(lan) != []


def test_whoever_took_part_is_not_asked_and_then_the_level_above_is(
    an: Person, binh: Person, district: Unit, xa_a: Unit, now: datetime
) -> None:
    head = person("huyen", "Trưởng phòng", district, "APPROVER")
    Membership.objects.create(person=binh, unit=xa_a, role="WRITER", valid_from=BEGIN)
    submitted(xa_a, binh, now)
    assert unread(binh) == []
    assert [kind for kind, _title in unread(head)] == ["bulletin-waits"]
