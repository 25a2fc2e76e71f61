"""What a bulletin says: cleaned, and checked before it is stored."""

from collections.abc import Collection
from dataclasses import dataclass, replace

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


def check_content(content: Content, villages: Collection[str]) -> None:
    """``villages``: the codes that may be chosen. Raises Refusal naming what is to be mended."""
    for code, wrong, message in (
        ("title-missing", not content.title, _("Give the bulletin a title.")),
        ("title-too-long", len(content.title) > MAX_TITLE, _TITLE_TOO_LONG),
        ("text-missing", not content.text, _("Write the text of the bulletin.")),
        ("text-too-long", len(content.text) > MAX_TEXT, _TEXT_TOO_LONG),
        ("category-unknown", content.category not in Category.values, _("Choose a category.")),
        ("priority-unknown", content.priority not in Priority.values, _("Choose a priority.")),
        ("village-unknown", not set(content.audience) <= set(villages), _VILLAGE_UNKNOWN),
    ):
        if wrong:
            raise Refusal(code, message)


def spoken_text(title: str, text: str) -> str:
    """What is read aloud: the title, then the text, which may begin with its title already."""
    return text if text.startswith(title) else f"{title}\n\n{text}"


_TITLE_TOO_LONG = _("The title is longer than 200 characters. Shorten it.")
_TEXT_TOO_LONG = _("The text is longer than 50,000 characters. Divide it into several bulletins.")
_VILLAGE_UNKNOWN = _("One of the chosen villages does not belong to this commune. Choose again.")
