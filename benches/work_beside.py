"""What a commune has besides bulletins: a plan and series, claims, media, offers, requests."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from vang.airtime.models import Programme
from vang.alerts import services as alerts
from vang.alerts.areas import Area
from vang.alerts.contents import Contents, Words
from vang.alerts.models import Alert as AlertRow
from vang.alerts.starters import STARTERS
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin
from vang.cap.model import Alert, Category, Certainty, Info, MsgType, Severity, Status, Urgency
from vang.cap.places import area_of_units
from vang.cap.writing import to_xml
from vang.channels.portal.telling import save_section
from vang.claims import services as claims
from vang.documents import services as documents
from vang.editorial import services as editorial
from vang.editorial.services.planning import Theme
from vang.editorial.services.series import Idea
from vang.guidance import services as guidance
from vang.library import services as library
from vang.live.models import Session as LiveSession
from vang.orgs.models import Organisation, Unit
from vang.orgs.reach import Aim
from vang.people.models import Person
from vang.plans import services as plans
from vang.plans.models import Plan
from vang.pool import services as pool
from vang.pool.models import Offer
from vang.pool.services.offering import Terms
from vang.upstream.receiving import receive
from vang.voice.decisions import save_pronunciation
from vang.voice.models import Rendition

FOUNDING = Path(__file__).resolve().parent.parent / "samples" / "ke-hoach-90.txt"
A_DOZEN = 12
OFFERS = 60
NOTES = 20

Approve = Callable[[Unit, Person, Person, Content, datetime], Bulletin]


def station(district: Unit, since: date) -> Unit:
    """The desk of the district's broadcasting station."""
    name = "Đài Truyền thanh – Truyền hình huyện"
    desk = Unit.objects.create(
        code=f"{district.code}-CQ01",
        valid_from=since,
        level="OFFICE",
        kind="CO_QUAN",
        name=name,
        parent=district,
    )
    Organisation.objects.create(
        unit=district, kind="STATION", name=name, desk=desk, valid_from=since
    )
    return desk


def share(desk: Unit, writer: Person, approver: Person, approve: Approve, now: datetime) -> None:
    """What the station offers to every commune, and how it asks them to tell it."""
    everybody = [Aim(desk.parent or desk, below=True)]
    day = now.date()
    for number in range(OFFERS):
        content = Content(
            title=f"Chằng chống nhà cửa trước bão số {number}",
            text="Bà con chằng chống mái tôn, chặt tỉa cành cây và dự trữ nước sạch. " * 5,
            category="DISASTER",
        )
        pool.offer_bulletin(
            bulletin=approve(desk, writer, approver, content, now),
            aims=everybody,
            terms=Terms(valid_from=day),
            by=writer,
            now=now,
        )
    for number in range(NOTES):
        draft = guidance.write_guidance(
            unit=desk,
            note=guidance.Note(
                title=f"Tuyên truyền phòng, chống bão, đợt {number}",
                starts_on=day,
                ends_on=day + timedelta(days=14),
                categories=("DISASTER",),
                topics="bão, sơ tán",
                do="- Nêu số điện thoại trực",
            ),
            aims=everybody,
            by=writer,
            now=now,
        )
        guidance.issue_guidance(guidance=draft, by=approver, now=now)


def work_beside(unit: Unit, writer: Person, everybody: Person, desk: Unit, now: datetime) -> None:
    _planned(unit, everybody, now)
    _followed(unit, everybody, now)
    _claimed(unit, writer, everybody, now)
    _kept(unit, writer, now)
    _warned(unit, now)
    _alarmed(unit, writer, everybody, now)
    _spoke(unit, everybody, now)
    _registered(unit, everybody, now)
    for number in range(A_DOZEN):
        pool.ask_for_content(
            unit=unit,
            title=f"Lịch tiêm phòng dại cho chó, đợt {number}",
            text="Cần lịch theo từng thôn để phát từ thứ hai.",
            due_at=now + timedelta(days=3),
            asked=[desk],
            by=writer,
            now=now,
        )
    for offer in Offer.objects.order_by("pk")[:A_DOZEN]:
        pool.adapt_offer(offer=offer, unit=unit, by=writer, now=now)
    for number in range(A_DOZEN):
        save_pronunciation(unit=unit, written=f"Từ {number}", spoken="từ lạ", by=everybody, now=now)
    save_section(
        unit=unit,
        section=None,
        fields={"name": "Ban biên tập", "duties": "Biên tập và duyệt tin."},
        by=everybody,
        now=now,
    )


def _registered(unit: Unit, by: Person, now: datetime) -> None:
    """A dozen documents that rest on one another, and one that everybody must know."""
    for number in range(A_DOZEN):
        made = documents.register_document(
            unit=unit,
            entry=documents.Entry(
                kind="Kế hoạch",
                number=f"{number + 1}/KH-UBND",
                issuer=f"UBND {unit.full_name}",
                abstract="Công tác thông tin cơ sở trên địa bàn xã, đợt " + str(number),
                issued_on=now.date(),
                bases=[f"Căn cứ Kế hoạch số {number}/KH-UBND", "Căn cứ Luật Báo chí"],
                recipients=["Đảng ủy", "Trưởng các thôn", "Lưu: VT"],
            ),
            by=by,
            now=now,
        )
    documents.start_campaign(
        document=made, unit=unit, text="Nêu rõ việc của từng thôn.",
        due_on=now.date() + timedelta(days=5), aims=[Aim(unit)], by=by, now=now,
    )  # fmt: skip


def _planned(unit: Unit, by: Person, now: datetime) -> None:
    editorial.add_first_criteria(unit=unit, by=by, now=now)
    plan = editorial.start_plan(
        unit=unit, year=now.year, title="Kế hoạch tuyên truyền năm", by=by, now=now
    )
    programme = Programme.objects.filter(unit=unit).first()
    for number in range(A_DOZEN):
        idea = Idea(f"Chuyên mục {number}", "WEEKLY", programme=programme, responsible=by)
        series = editorial.start_series(unit=unit, idea=idea, by=by, now=now)
        theme = Theme(f"Chủ đề {number}", category="DISASTER", series=series, items=8, minutes=120)
        line = editorial.add_line(plan=plan, theme=theme, by=by, now=now)
        for bulletin in Bulletin.objects.filter(unit=unit)[number * 5 : number * 5 + 5]:
            editorial.place_bulletin(bulletin=bulletin, series=series, line=line, by=by, now=now)


def _followed(unit: Unit, by: Person, now: datetime) -> None:
    """A plan read from its document and adopted, one still being read, and a review."""
    for _time in range(2):
        draft = plans.take_document(
            unit=unit, file_name=FOUNDING.name, content=FOUNDING.read_bytes(), by=by, now=now
        )
        if not Plan.objects.filter(unit=unit).exists():
            plans.adopt_plan(plan=plans.make_plan(draft=draft, by=by, now=now), by=by, now=now)
    plan = Plan.objects.get(unit=unit)
    first, last = plan.starts_on, plan.ends_on
    plans.start_review(plan=plan, kind="FINAL", first_on=first, last_on=last, by=by, now=now)


def _claimed(unit: Unit, writer: Person, approver: Person, now: datetime) -> None:
    for number in range(A_DOZEN):
        words = claims.Words(
            title=f"Đêm nay thủy điện xả lũ toàn bộ ({number})",
            where="MESSAGES",
            seen_at=now - timedelta(hours=1),
        )
        claim = claims.note_claim(unit=unit, words=words, by=writer, now=now)
        if number % 2:
            claims.give_verdict(
                claim=claim,
                verdict="FALSE",
                finding="Không có lệnh xả lũ.",
                by=approver,
                now=now,
            )


def _alarmed(unit: Unit, writer: Person, approver: Person, now: datetime) -> None:
    """A template in force, an alert that is sounding, and one that waits for its signatures."""
    version = alerts.template_from_starter(unit=unit, starter=STARTERS[0], by=writer, now=now)
    version.template.approved = version
    version.template.save()
    said = (Words("vi", "Cảnh báo bão", "Bão đang đến gần, bà con ở trong nhà."),)
    contents = Contents("STORM", Area(units=(unit.code,), words=unit.full_name), said)
    made = []
    for _turn in range(2):
        alert = alerts.create_alert(unit=unit, contents=contents, by=writer, now=now)
        Rendition.objects.filter(alert_texts__version__alert=alert).update(
            state="READY", sha256="ab" * 32, size=24_000, duration_ms=8_000
        )
        made.append(alerts.submit_alert(alert=alert, by=writer, now=now))
        alerts.open_order(alert=alert, by=approver, now=now)
    AlertRow.objects.filter(pk=made[0].pk).update(
        state="LIVE", sent_at=now, expires_at=now + timedelta(hours=6)
    )
    made[0].orders.update(sent_at=now)


def _spoke(unit: Unit, by: Person, now: datetime) -> None:
    """One is being prepared, some were spoken."""
    for number in range(A_DOZEN):
        over = number < A_DOZEN - 1
        session = LiveSession.objects.create(
            name=f"{unit.pk:08x}{number:08x}",
            unit=unit,
            person=by,
            subject=f"Họp thôn {number}",
            state="ENDED" if over else "PREPARED",
            payload=b"{}",
            prepared_at=now,
            until=now + timedelta(minutes=4),
            ended_at=now if over else None,
            frames=1_000 if over else 0,
        )
        session.clusters.set(unit.clusters.all()[:3])


def _kept(unit: Unit, by: Person, now: datetime) -> None:
    for number in range(A_DOZEN):
        content = io.BytesIO()
        Image.new("RGB", (60 + number, 40), "green").save(content, "JPEG")
        library.keep_item(
            unit=unit, file_name=f"anh-{number}.jpg", content=content.getvalue(), by=by, now=now
        )


def _warned(unit: Unit, now: datetime) -> None:
    """Of the weather service."""
    for number in range(A_DOZEN):
        info = Info(
            language="vi-VN",
            categories=(Category.MET,),
            event="Mưa lớn",
            urgency=Urgency.EXPECTED,
            severity=Severity.SEVERE,
            certainty=Certainty.LIKELY,
            expires=now + timedelta(hours=number + 1),
            headline=f"Mưa lớn, tin số {number}",
            description="Mưa 200–300 mm trong đêm. " * 10,
            areas=(area_of_units(unit.full_name, [unit.code]),),
        )
        alert = Alert(
            *(f"mua-{number}", "kttv@example.vn", now, Status.ACTUAL, MsgType.ALERT),
            infos=(info,),
        )
        receive(content=to_xml(alert), unit=unit, now=now)


def own(model: Any, unit: Unit) -> int:
    """The key of the unit's newest row of a model."""
    return int(model.objects.filter(unit=unit).latest("pk").pk)
