"""Builders: an edition that is out, and its correction on the way or out."""

from datetime import datetime

from tests.bulletins import newsroom
from tests.channels.portal.publishing import released
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Delivery, Edition
from vang.people.models import Person
from vang.voice.models import Rendition

WRONG = "Cắt điện ngày 13/6, không phải 12/6."
BECAUSE = "Điện lực dời ngày sau khi đã báo cho xã."
MENDED = "Từ 8 giờ ngày 13/6/2026 cắt điện thôn Thuận 1 để sửa đường dây."

__all__ = ["BECAUSE", "MENDED", "WRONG", "corrected", "correcting", "released", "row"]


def correcting(edition: Edition, writer: Person, approver: Person, now: datetime) -> Bulletin:
    """A correction written and approved, ready to be released."""
    bulletin = edition.bulletin
    services.start_correction(bulletin=bulletin, wrong=WRONG, because=BECAUSE, by=writer, now=now)
    content = Content(title=f"Đính chính: {edition.title}", text=MENDED)
    number = newsroom.current(bulletin).number
    services.save_version(bulletin=bulletin, content=content, based_on=number, by=writer, now=now)
    services.submit_bulletin(bulletin=bulletin, by=writer, now=now)
    newsroom.make_ready(bulletin, now)
    Rendition.objects.filter(versions__bulletin=bulletin).update(trial=False)
    newsroom.approved(bulletin, approver, now)
    return newsroom.reread(bulletin)


def corrected(edition: Edition, writer: Person, approver: Person, now: datetime) -> Edition:
    """The correction, released."""
    bulletin = correcting(edition, writer, approver, now)
    return services.release_bulletin(bulletin=bulletin, by=approver, now=now)


def row(edition: Edition, channel: str) -> Delivery:
    return Delivery.objects.get(edition=edition, channel=channel)
