"""The longest text that is taken goes its whole way through the pages, every character of it."""

from datetime import datetime
from html import unescape

from django.urls import reverse

from tests.bulletins.newsroom import allow_trial_voice, current, make_ready, reread
from tests.conftest import SignedIn
from vang.bulletins import services
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import MAX_TEXT, Bulletin, Edition
from vang.orgs.models import Unit
from vang.people.models import Person


def long_text(hour: int) -> str:
    """Exactly as long as is taken: paragraphs, dates and numbers to be spoken, signs of HTML."""
    lines: list[str] = []
    while sum(map(len, lines)) + len(lines) < MAX_TEXT:
        n = len(lines)
        at = hour if n % 7 == 0 else 7
        lines.append(f"Đoạn {n}: từ {at} giờ ngày 12/6/2026, hộ <số {n}> & tổ {n % 9} họp thôn.")
    return "\n".join(lines)[: MAX_TEXT - 1].rstrip() + "."


def test_fifty_thousand_characters_go_the_whole_way(
    an: Person, binh: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    writer, approver = signed_in(an), signed_in(binh)

    def page(name: str, *more: int) -> str:
        keys = [Bulletin.objects.get().pk, *more]
        answer = approver.get(reverse(f"bulletins:{name}", args=keys))
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    first, second = long_text(8), long_text(9)
    assert len(first) <= MAX_TEXT < len(first) + 100
    fields = {"title": "Rất dài", "category": "DIRECTION", "priority": "NORMAL"}
    answer = writer.post(reverse("bulletins:new"), {**fields, "text": first, "version": "0"})
    bulletin = Bulletin.objects.get()
    edit = reverse("bulletins:edit", args=[bulletin.pk])
    assert answer.status_code == 302
    assert first[-40:] in unescape(writer.get(edit).content.decode())
    kept = {**fields, "text": second.replace("\n", "\r\n"), "version": "1"}
    autosave = reverse("bulletins:autosave", args=[bulletin.pk])
    assert writer.post(autosave, kept).status_code == 204
    assert writer.post(edit, {**kept, "act": "submit"}).status_code == 302
    assert current(bulletin).text == second

    make_ready(bulletin, now)
    assert second[-40:] in page("review")
    assert page("version", 2).count("<ins>") > 50
    allow_trial_voice(xa_a, now)
    seen = {"content_hash": content_hash(current(bulletin))}
    assert approver.post(reverse("bulletins:approve", args=[bulletin.pk]), seen).status_code == 302
    services.release_bulletin(bulletin=reread(bulletin), by=binh, now=now)
    assert Edition.objects.get().text == second
    assert second[-40:] in page("detail")

    over = {**fields, "text": f"{second}{'x' * 100}", "version": "0"}
    assert writer.post(reverse("bulletins:new"), over).status_code == 422
    assert Bulletin.objects.count() == 1
