"""What feeds the demonstration's newsroom: offices with desks, items, guidance, a plan, a claim.

The people and what they say are made up.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from vang.base.clock import VIETNAM, local_date
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin, Category
from vang.bulletins.services import (
    approve_bulletin,
    create_bulletin,
    release_bulletin,
    submit_bulletin,
)
from vang.claims.models import Claim
from vang.claims.services import Words, add_source, add_step, give_verdict, note_claim
from vang.editorial.services import (
    add_first_criteria,
    add_line,
    adopt_plan,
    copy_plan,
    place_bulletin,
    start_plan,
    start_series,
)
from vang.editorial.services.planning import Theme
from vang.editorial.services.series import Idea
from vang.guidance.services import Note, issue_guidance, write_guidance
from vang.orgs.models import Organisation, Unit
from vang.orgs.reach import Aim
from vang.people.models import Person
from vang.pool.services import ask_for_content, offer_bulletin
from vang.pool.services.offering import Terms
from vang.voice.making import make_rendition
from vang.voice.models import Rendition

STATION = "509-CQ01"
COMMITTEE = "509-CQ02"
_DESKS = {
    STATION: "Đài Truyền thanh – Truyền hình huyện",
    COMMITTEE: "Ban Tuyên giáo Huyện ủy",
}


def open_desks(district: Unit, since: date) -> None:
    """The station and the propaganda committee write and approve for themselves."""
    for code, name in _DESKS.items():
        desk = Unit.objects.create(
            code=code,
            valid_from=since,
            level=Unit.Level.OFFICE,
            kind=Unit.Kind.CO_QUAN,
            name=name,
            parent=district,
        )
        Organisation.objects.filter(unit=district, name=name).update(desk=desk)


def load_sources(
    district: Unit,
    home: Unit,
    people: Mapping[str, Person],
    storm: Content,
    farming: Content,
    *,
    now: datetime,
) -> None:
    """An item for every commune, guidance in force, requests in both directions, a plan of the
    year with progress, a series with its first bulletin, and a claim that waits for its answer."""
    _offer(district, people, storm, now)
    _guide(district, people, now)
    _plan(home, people, farming, now)
    _claim(home, people["an"], now)
    station = Unit.objects.get(code=STATION)
    ask_for_content(
        unit=station,
        title="Gương người tốt, việc tốt của xã",
        text="Mỗi xã gửi một bài khoảng hai phút về một gương người tốt, việc tốt trong tháng.",
        due_at=_afternoon(now, days=3),
        asked=[home],
        by=people["ha"],
        now=now,
    )
    ask_for_content(
        unit=home,
        title="Lịch trực phòng, chống lụt bão của huyện",
        text="Xã cần lịch trực và số điện thoại để phát vào buổi sáng thứ hai.",
        due_at=_afternoon(now, days=2),
        asked=[station],
        by=people["an"],
        now=now,
    )


def _afternoon(now: datetime, days: int) -> datetime:
    """17:00 some days ahead: when offices close."""
    return datetime.combine(local_date(now) + timedelta(days=days), time(17), VIETNAM)


def _offer(district: Unit, people: Mapping[str, Person], content: Content, now: datetime) -> None:
    bulletin = _approved(Unit.objects.get(code=STATION), content, people["ha"], people["lam"], now)
    terms = Terms(
        valid_from=local_date(now),
        valid_to=local_date(now) + timedelta(days=30),
        must_air=True,
        meant_for="Mọi hộ dân, nhất là hộ có nhà tạm, nhà ven sông",
        message="Đề nghị các xã phát vào buổi sáng và buổi chiều.",
    )
    aims = [Aim(district, below=True)]
    offer_bulletin(bulletin=bulletin, aims=aims, terms=terms, by=people["ha"], now=now)


def _approved(
    unit: Unit, content: Content, writer: Person, approver: Person, now: datetime
) -> Bulletin:
    """Written, spoken at once, and approved by a second person."""
    bulletin = create_bulletin(unit=unit, content=content, by=writer, now=now)
    submit_bulletin(bulletin=bulletin, by=writer, now=now)
    for rendition in Rendition.objects.filter(versions__bulletin=bulletin):
        make_rendition(rendition.pk, clock=lambda: now)
    fresh = Bulletin.objects.select_related("current__rendition").get(pk=bulletin.pk)
    if fresh.current is None:
        raise Bulletin.DoesNotExist
    seen = content_hash(fresh.current)
    approve_bulletin(bulletin=fresh, content_hash=seen, by=approver, now=now)
    return Bulletin.objects.get(pk=bulletin.pk)


def _guide(district: Unit, people: Mapping[str, Person], now: datetime) -> None:
    today = local_date(now)
    note = Note(
        title="Tuyên truyền phòng, chống thiên tai mùa mưa bão",
        number="12-HD/BTGHU",
        signed_on=today,
        starts_on=today,
        ends_on=today + timedelta(days=60),
        categories=("DISASTER",),
        topics="bão\nlũ\nsơ tán\nthiên tai",
        do=(
            "Nêu số điện thoại trực của xã, thôn\n"
            "Nhắc phương châm bốn tại chỗ\n"
            "Chỉ dẫn nơi sơ tán của từng thôn"
        ),
        avoid="Đưa tin chưa kiểm chứng\nDùng từ ngữ gây hoang mang",
    )
    committee = Unit.objects.get(code=COMMITTEE)
    draft = write_guidance(
        unit=committee, note=note, aims=[Aim(district, below=True)], by=people["hien"], now=now
    )
    issue_guidance(guidance=draft, by=people["hien"], now=now)


def _plan(home: Unit, people: Mapping[str, Person], farming: Content, now: datetime) -> None:
    """The committee's plan, the commune's own made from it, and one bulletin that counts."""
    year, writer, approver = local_date(now).year, people["an"], people["binh"]
    committee, by = Unit.objects.get(code=COMMITTEE), people["hien"]
    above = start_plan(
        unit=committee,
        year=year,
        title=f"Kế hoạch tuyên truyền của huyện năm {year}",
        number="15-KH/BTGHU",
        by=by,
        now=now,
    )
    for theme in _THEMES:
        add_line(plan=above, theme=theme, by=by, now=now)
    adopt_plan(plan=above, by=by, now=now)
    own = copy_plan(plan=above, unit=home, by=writer, now=now)
    idea = Idea(
        "Nhà nông cần biết",
        "WEEKLY",
        description="Lịch thời vụ, phòng trừ sâu bệnh, giá nông sản.",
        category=Category.SCIENCE,
        responsible=writer,
        target_s=180,
    )
    series = start_series(unit=home, idea=idea, by=writer, now=now)
    theme = Theme("Chuyên mục Nhà nông cần biết", series=series, items=48)
    add_line(plan=own, theme=theme, by=writer, now=now)
    adopt_plan(plan=own, by=approver, now=now)
    bulletin = _approved(home, farming, writer, approver, now)
    place_bulletin(bulletin=bulletin, series=series, line=None, by=writer, now=now)
    release_bulletin(bulletin=bulletin, by=writer, now=now)
    add_first_criteria(unit=home, by=approver, now=now)


def _claim(home: Unit, by: Person, now: datetime) -> None:
    """Noted yesterday evening, checked since, and still to be answered."""
    noted_at = now - timedelta(hours=14)
    words = Words(
        title="Thủy điện sẽ xả lũ toàn bộ trong đêm nay, cả xã phải đi ngay",
        where=Claim.Where.MESSAGES,
        place="Nhóm trò chuyện của mấy thôn ven sông",
        seen_at=noted_at - timedelta(hours=1),
    )
    claim = note_claim(unit=home, words=words, by=by, now=noted_at)
    add_step(
        claim=claim,
        text="Hỏi trực ban phòng, chống thiên tai của huyện: không có lệnh xả lũ nào.",
        by=by,
        now=noted_at + timedelta(hours=1),
    )
    add_source(
        claim=claim,
        name="Ban Chỉ huy phòng, chống thiên tai và tìm kiếm cứu nạn huyện",
        url="",
        by=by,
        now=noted_at + timedelta(hours=1),
    )
    give_verdict(
        claim=claim,
        verdict=Claim.Verdict.FALSE,
        finding=(
            "Hồ thủy điện đang vận hành bình thường, không xả lũ trong đêm nay. Khi phải xả lũ, "
            "xã báo trước trên loa ít nhất bốn giờ."
        ),
        by=by,
        now=noted_at + timedelta(hours=2),
    )


_THEMES = (
    Theme("Phòng, chống thiên tai mùa mưa bão", 9, 12, category=Category.DISASTER, items=12),
    Theme("Khuyến nông, lịch thời vụ", category=Category.SCIENCE, items=24),
    Theme("Chính sách, pháp luật mới", category=Category.POLICY_LAW, items=24, minutes=120),
    Theme("Người tốt, việc tốt", category=Category.ROLE_MODELS, source="OWN", items=12),
)
