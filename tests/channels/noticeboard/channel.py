"""A board in front of the commune's office: one paper a bulletin, here a text file each."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from vang.bulletins.models import Delivery, Edition
from vang.channels.channel import Channel, Done, NotDelivered, Outcome


class Noticeboard(Channel):
    name = "noticeboard"
    label = "Bảng tin trước trụ sở"
    about = "One paper a bulletin."
    icon = "clipboard-list"
    on_at_first = True

    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        _pin(delivery.edition, delivery.edition.text)
        return Done()

    def correct(self, delivery: Delivery, *, now: datetime) -> Outcome:
        if delivery.edition.corrects is not None:
            _paper(delivery.edition.corrects).unlink(missing_ok=True)
        _pin(delivery.edition, f"ĐÍNH CHÍNH: {delivery.edition.wrong}\n{delivery.edition.text}")
        return Done()

    def withdraw(self, delivery: Delivery, *, now: datetime) -> Outcome:
        _paper(delivery.edition).unlink(missing_ok=True)
        return Done()


def _paper(edition: Edition) -> Path:
    return Path(settings.DATA) / "noticeboard" / f"{edition.pk}.txt"


def _pin(edition: Edition, words: str) -> None:
    try:
        _paper(edition).write_text(words, encoding="utf-8")
    except FileNotFoundError as error:
        raise NotDelivered("Bảng tin đã bị gỡ.") from error
