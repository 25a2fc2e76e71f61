"""What a bulletin says: cleaned, and checked before it is stored."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.languages import VIETNAMESE, language_name, languages
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.attachments import Attached, attached_to
from vang.bulletins.models import (
    MAX_ATTACHMENTS,
    MAX_ONE_LINE,
    MAX_SPOKEN,
    MAX_TEXT,
    Advert,
    Category,
    Level,
    Priority,
    Version,
)
from vang.bulletins.wordings import spoken_level, wordings_of
from vang.library.models import Recording

MAX_TITLE = 200
LIMITS = {Level.FULL: MAX_TEXT, Level.SPOKEN: MAX_SPOKEN, Level.ONE_LINE: MAX_ONE_LINE}
"""The longest text of each level, in characters."""


@dataclass(frozen=True)
class Words:
    """One further wording. With a ``recording`` and no text, the recording alone tells it."""

    language: str
    level: str
    channel: str = ""
    title: str = ""
    text: str = ""
    recording: Recording | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.language, self.level, self.channel


@dataclass(frozen=True)
class Content:
    """One content: of a new bulletin, or of the next version of one.

    ``audience`` holds village codes; empty means the whole commune. With a ``recording`` the
    loudspeakers play it instead of speaking the text. ``valid_until`` is the last day on which it
    holds. ``advert`` and what follows are for the notice of an outside body. ``wordings`` holds
    what is told besides the main, Vietnamese and full, text; their order does not matter.
    """

    title: str
    text: str
    category: str = Category.DIRECTION
    priority: str = Priority.NORMAL
    audience: tuple[str, ...] = ()
    recording: Recording | None = None
    wordings: tuple[Words, ...] = ()
    attachments: tuple[Attached, ...] = ()
    valid_until: date | None = None
    advert: str = ""
    advert_by: str = ""
    fee: bool = False


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
        wordings=words_of(version),
        attachments=attached_to(version),
        valid_until=version.valid_until,
        advert=version.advert,
        advert_by=version.advert_by,
        fee=version.fee,
    )


def words_of(version: Version) -> tuple[Words, ...]:
    """The further wordings that a version holds, in the order of their keys."""
    rows = [
        Words(row.language, row.level, row.channel, row.title, row.text, row.recording)
        for row in wordings_of(version)
    ]
    return tuple(sorted(rows, key=lambda words: words.key))


def cleaned(content: Content) -> Content:
    """The same content as it is stored: NFC, nothing invisible, audience and wordings sorted."""
    return replace(
        content,
        title=_one_line(content.title),
        text=clean_text(content.text).strip(),
        audience=tuple(sorted(set(content.audience))),
        wordings=cleaned_words(content.wordings),
        advert_by=_one_line(content.advert_by) if content.advert else "",
        fee=content.fee and bool(content.advert),
    )


def cleaned_words(wordings: Iterable[Words]) -> tuple[Words, ...]:
    """As they are stored; what says nothing is left out."""
    clean = [replace(w, title=_one_line(w.title), text=_text(w)) for w in wordings]
    told = [words for words in clean if words.text or words.recording]
    return tuple(sorted(told, key=lambda words: words.key))


def content_faults(content: Content, villages: Collection[str]) -> list[Fault]:
    """Everything to be mended; ``villages`` are the codes that may be chosen."""
    verdicts = (
        ("title", "title-missing", not content.title, TITLE_MISSING),
        ("title", "title-too-long", len(content.title) > MAX_TITLE, _TITLE_TOO_LONG),
        ("text", "text-missing", not content.text, TEXT_MISSING),
        ("text", "text-too-long", len(content.text) > MAX_TEXT, _TEXT_TOO_LONG),
        ("category", "category-unknown", content.category not in Category, CATEGORY_MISSING),
        ("priority", "priority-unknown", content.priority not in Priority, PRIORITY_MISSING),
        ("attachments", "attachments-many", len(content.attachments) > MAX_ATTACHMENTS, _MANY),
        ("villages", "village-unknown", not set(content.audience) <= set(villages), _ELSEWHERE),
        ("advert", "advert-unknown", content.advert not in {"", *Advert}, _ADVERT_UNKNOWN),
        ("advert_by", "body-missing", bool(content.advert) and not content.advert_by, _NO_BODY),
        ("advert_by", "body-too-long", len(content.advert_by) > MAX_TITLE, _BODY_TOO_LONG),
    )
    found = [Fault(field, code, message) for field, code, wrong, message in verdicts if wrong]
    return found + words_faults(content.wordings)


def words_faults(wordings: Collection[Words]) -> list[Fault]:
    """Everything to be mended in the further wordings; ``field`` is the level, or "title"."""
    found: list[Fault] = []
    seen: set[tuple[str, str, str]] = set()
    for words in wordings:
        found += [
            Fault(field, code, message) for field, code, wrong, message in _verdicts(words) if wrong
        ]
        if words.key in seen:
            found.append(Fault(words.level.lower(), "wording-twice", _TWICE))
        seen.add(words.key)
    return found + [_ON_ANOTHER_LEVEL for words in wordings if _is_misplaced(words, seen)]


def _is_misplaced(words: Words, seen: Collection[tuple[str, str, str]]) -> bool:
    """One language has one sound: that of its short spoken form, else of its full text."""
    levels = [level for language, level, channel in seen if (language, channel) == words.key[::2]]
    return words.recording is not None and words.level != spoken_level(levels)


def _verdicts(words: Words) -> Iterator[tuple[str, str, bool, str | Promise]]:
    field = words.level.lower()
    main = words.key == (VIETNAMESE, Level.FULL, "")
    spoken_by_person = words.language != VIETNAMESE and words.channel == ""
    yield field, "language-unknown", words.language not in languages(), _LANGUAGE_UNKNOWN
    yield field, "level-unknown", words.level not in Level or main, _LEVEL_UNKNOWN
    limit = LIMITS.get(Level(words.level), 0) if words.level in Level else 0
    yield field, "wording-too-long", len(words.text) > limit, _too_long(limit)
    yield "title", "title-too-long", len(words.title) > MAX_TITLE, _TITLE_TOO_LONG
    untitled = words.level == Level.FULL and bool(words.text) and not words.title
    yield "title", "title-missing", untitled, TITLE_MISSING
    misplaced = words.recording is not None and not spoken_by_person
    yield "recording", "recording-misplaced", misplaced, _MISPLACED


def check_content(content: Content, villages: Collection[str]) -> None:
    """Raises Refusal naming the first thing that is to be mended."""
    for fault in content_faults(content, villages):
        raise Refusal(fault.code, fault.message)


def spoken_text(title: str, text: str) -> str:
    """What is read aloud: the title, then the text, which may begin with its title already."""
    return text if text.startswith(title) else f"{title}\n\n{text}"


def vietnamese_speech(content: Content) -> str:
    """What the loudspeakers say in Vietnamese: the short form as it stands, else title and text."""
    for words in content.wordings:
        if words.key == (VIETNAMESE, Level.SPOKEN, "") and words.text:
            return words.text
    return spoken_text(content.title, content.text)


def speech_of(version: Version) -> str:
    """:func:`vietnamese_speech` of a saved version."""
    return vietnamese_speech(content_of(version))


def part_of(content: Content, part: str) -> object:
    """What one page edits, to be compared: part "" is everything but the further wordings,
    "ktv" the words in Cơ Tu, "vi portal" the Vietnamese ones for that channel."""
    if not part:
        return replace(content, wordings=())
    return tuple(words for words in content.wordings if part_name(words) == part)


def with_part(content: Content, ours: Content, part: str) -> Content:
    """``content`` with one part of it as in ``ours``."""
    if not part:
        return replace(ours, wordings=content.wordings)
    others = [words for words in content.wordings if part_name(words) != part]
    mine = [words for words in ours.wordings if part_name(words) == part]
    return replace(content, wordings=(*others, *mine))


def part_name(words: Words) -> str:
    """The part that these words belong to."""
    return f"{words.language} {words.channel}".strip()


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _text(words: Words) -> str:
    if words.level == Level.ONE_LINE:
        return _one_line(words.text)
    return clean_text(words.text).strip()


def _too_long(limit: int) -> Promise:
    return format_lazy(_LONGER_THAN, limit=f"{limit:,}".replace(",", "."))


def recording_missing(wordings: Iterable[Words]) -> list[str]:
    """Names of the languages that have words to be spoken but nobody who speaks them."""
    return [
        language_name(words.language)
        for words in wordings
        if words.level == Level.SPOKEN
        and words.channel == ""
        and words.recording is None
        and not languages()[words.language].has_computer_voice
    ]


_TITLE_TOO_LONG = _("The title is longer than 200 characters. Shorten it.")
_TEXT_TOO_LONG = _("The text is longer than 50,000 characters. Divide it into several bulletins.")
TITLE_MISSING = _("Give the bulletin a title.")
TEXT_MISSING = _("Write the text of the bulletin.")
CATEGORY_MISSING = _("Choose a category.")
PRIORITY_MISSING = _("Choose a priority.")
_MANY = _("A bulletin shows at most ten pictures and documents. Leave some out.")
_ELSEWHERE = _("One of the chosen villages does not belong to this commune. Choose again.")
_ADVERT_UNKNOWN = _(
    "Outside bodies may have announced school enrolment, recruitment, welfare and charity only."
)
_NO_BODY = _("Name the outside body that asked for this notice.")
_BODY_TOO_LONG = _("The name of the body is longer than 200 characters. Shorten it.")
_LANGUAGE_UNKNOWN = _("This language is not in the list. Choose again.")
_LEVEL_UNKNOWN = _("There is no such version. Choose again.")
_TWICE = _("The same version was given twice.")
_LONGER_THAN = _("This is longer than {limit} characters. Shorten it.")
_MISPLACED = _("A recording is attached to the bulletin itself, or once to each other language.")
_ON_ANOTHER_LEVEL = Fault(
    "recording",
    "recording-on-another-level",
    _("A language has one recording: of its short spoken form or, without one, of its full text."),
)
