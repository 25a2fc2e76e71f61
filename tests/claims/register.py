"""Builders: a claim at each stage."""

from datetime import datetime, timedelta

from tests.bulletins import newsroom
from vang.bulletins import services as bulletins
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin, Edition
from vang.bulletins.queries import checklists_at
from vang.claims import services
from vang.claims.models import Claim
from vang.claims.services import Words
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.review.verbs import APPROVE, SUBMIT, Verb

TITLE = "Đêm nay thủy điện xả lũ toàn bộ"
TRUTH = "Hồ đang vận hành bình thường. Không có lệnh xả lũ."
OFFICE = "Ban Chỉ huy phòng, chống thiên tai huyện"


def words(now: datetime, **more: object) -> Words:
    said = {"title": TITLE, "where": "MESSAGES", "seen_at": now - timedelta(hours=1), **more}
    return Words(**said)  # type: ignore[arg-type]


def noted(unit: Unit, by: Person, now: datetime, **more: object) -> Claim:
    return services.note_claim(unit=unit, words=words(now, **more), by=by, now=now)


def judged(claim: Claim, by: Person, now: datetime, verdict: str = "FALSE") -> Claim:
    return services.give_verdict(claim=claim, verdict=verdict, finding=TRUTH, by=by, now=now)


def asked_at(verb: Verb, bulletin: Bulletin) -> list[str]:
    """What has to be confirmed by name."""
    lists = checklists_at(verb, newsroom.reread(bulletin), newsroom.current(bulletin))
    return [item.key for one in lists for item in one.items]


def in_review(claim: Claim, by: Person, now: datetime) -> Bulletin:
    """Its answer, found not sensitive, submitted, with its sound."""
    bulletin = services.begin_answer(claim=claim, by=by, now=now)
    bulletins.decide_sensitivity(bulletin=bulletin, sensitive=False, by=by, now=now)
    confirmed = asked_at(SUBMIT, bulletin)
    bulletins.submit_bulletin(bulletin=bulletin, by=by, now=now, confirmed=confirmed)
    newsroom.make_ready(bulletin, now)
    return newsroom.reread(bulletin)


def answered(claim: Claim, writer: Person, approver: Person, now: datetime) -> Edition:
    """Judged, answered, and the answer released."""
    services.add_source(claim=claim, name=OFFICE, url="https://quangnam.gov.vn", by=writer, now=now)
    judged(claim, writer, now)
    bulletin = in_review(claim, writer, now)
    newsroom.allow_trial_voice(claim.unit, now)
    bulletins.approve_bulletin(
        bulletin=bulletin,
        content_hash=content_hash(newsroom.current(bulletin)),
        by=approver,
        now=now,
        confirmed=asked_at(APPROVE, bulletin),
    )
    return bulletins.release_bulletin(bulletin=newsroom.reread(bulletin), by=approver, now=now)
