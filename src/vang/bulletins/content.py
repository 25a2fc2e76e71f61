"""What a bulletin says: cleaned, and checked before it is stored."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import MAX_TEXT, Category, Priority, Version
from vang.library.models import Recording

MAX_TITLE = 200


@dataclass(frozen=True)
class Content:
    """One content: of a new bulletin, or of the next version of one.

    ``audience`` holds village codes; empty means the whole commune. With a ``recording`` the
    loudspeakers play it instead of speaking the text.
    """

    title: str
    text: str
    category: str = Category.DIRECTION
    priority: str = Priority.NORMAL
    audience: tuple[str, ...] = ()
    recording: Recording | None = None


@dataclass(frozen=True)
class Fault:
    """Something to be mended in one field of the content."""

    field: str
    code: str
    message: str | Promise


def content_of(version: Version) -> Content:
    """The content that a version holds."""
    return Content(
        title=version.title,
        text=version.text,
        category=version.category,
        priority=version.priority,
        audience=tuple(version.audience),
        recording=version.recording,
    )


def cleaned(content: Content) -> Content:
    """The same content as it is stored: NFC, nothing invisible, the audience sorted."""
    return replace(
        content,
        title=" ".join(clean_text(content.title).split()),
        text=clean_text(content.text).strip(),
        audience=tuple(sorted(set(content.audience))),
    )


def content_faults(content: Content, villages: Collection[str]) -> list[Fault]:
    """Everything to be mended; ``villages`` are the codes that may be chosen."""
    verdicts = (
        ("title", "title-missing", not content.title, TITLE_MISSING),
        ("title", "title-too-long", len(content.title) > MAX_TITLE, _TITLE_TOO_LONG),
        ("text", "text-missing", not content.text, TEXT_MISSING),
        ("text", "text-too-long", len(content.text) > MAX_TEXT, _TEXT_TOO_LONG),
        ("category", "category-unknown", content.category not in Category, CATEGORY_MISSING),
        ("priority", "priority-unknown", content.priority not in Priority, PRIORITY_MISSING),
        ("villages", "village-unknown", not set(content.audience) <= set(villages), _ELSEWHERE),
    )
    return [Fault(field, code, message) for field, code, wrong, message in verdicts if wrong]


def check_content(content: Content, villages: Collection[str]) -> None:
    """Raises Refusal naming the first thing that is to be mended."""
    for fault in content_faults(content, villages):
        raise Refusal(fault.code, fault.message)


def spoken_text(title: str, text: str) -> str:
    """What is read aloud: the title, then the text, which may begin with its title already."""
    return text if text.startswith(title) else f"{title}\n\n{text}"


_TITLE_TOO_LONG = _("The title is longer than 200 characters. Shorten it.")
_TEXT_TOO_LONG = _("The text is longer than 50,000 characters. Divide it into several bulletins.")
TITLE_MISSING = _("Give the bulletin a title.")
TEXT_MISSING = _("Write the text of the bulletin.")
CATEGORY_MISSING = _("Choose a category.")
PRIORITY_MISSING = _("Choose a priority.")
_ELSEWHERE = _("One of the chosen villages does not belong to this commune. Choose again.")
