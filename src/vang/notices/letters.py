"""The words of the letters: what the person has not read meanwhile."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vang.base.display import vi_date
from vang.letters.message import Content, Part
from vang.letters.models import Letter
from vang.notices.models import Notice


def words_of(letter: Letter) -> Content | None:
    """None when everything was read on the page before the letter left."""
    unread = letter.notices.filter(read_at=None).select_related("unit").order_by("created_at", "pk")
    notices = list(unread)
    if not notices:
        return None
    name = letter.person.full_name if letter.person else ""
    return Content(
        subject=_subject(notices),
        greeting=_("Dear %(name)s,") % {"name": name},
        parts=[_part(notice) for notice in notices],
        why=_("You receive this letter because you work with Vang."),
        settings_url=reverse("notices:preferences"),
    )


def words_of_the_day(letter: Letter) -> Content | None:
    """As :func:`words_of`, under a title of its own."""
    content = words_of(letter)
    if content is None:
        return None
    count = len(content.parts)
    subject = ngettext("%(day)s: %(n)d notice for you", "%(day)s: %(n)d notices for you", count) % {
        "day": vi_date(letter.created_at),
        "n": count,
    }
    return Content(
        subject=subject,
        greeting=content.greeting,
        parts=content.parts,
        why=content.why,
        settings_url=content.settings_url,
    )


def _subject(notices: list[Notice]) -> str:
    if len(notices) == 1:
        return notices[0].title
    more = len(notices) - 1
    return ngettext("%(title)s, and %(n)d more", "%(title)s, and %(n)d more", more) % {
        "title": notices[0].title,
        "n": more,
    }


def _part(notice: Notice) -> Part:
    where = notice.unit.full_name if notice.unit else ""
    text = "\n".join(line for line in (notice.text, where) if line)
    return Part(title=notice.title, text=text, url=notice.url, action=_("Open"))
