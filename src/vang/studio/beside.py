"""What the studio shows beside a bulletin and on its writing page."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _

from vang.base.languages import VIETNAMESE, language_name
from vang.bulletins.companions import Fields, Part, Sight, Writing
from vang.bulletins.content import Content, content_of
from vang.bulletins.models import Bulletin
from vang.people.access import Role
from vang.review.verbs import EDIT
from vang.studio.listening import listening_to
from vang.studio.manner_services import manner_of
from vang.studio.readings import recording_in, text_to_read
from vang.takes.models import Take
from vang.takes.reading import text_sha256
from vang.voice.choices import installed_voices
from vang.voice.forms import PACES
from vang.voice.manners import USUAL, parse_marks, written_marks


def beside_bulletin(sight: Sight) -> Iterator[Part]:
    """A warning when a recording reads an older text; the way into the studio."""
    version = sight.bulletin.current
    if version is None:
        return
    content = content_of(version)
    takes = _takes(content)
    for language, take in takes.items():
        if take.text_sha256 != text_sha256(text_to_read(content, language)):
            shown = {"take": take, "language": _told(language)}
            yield Part("top", "studio/parts/stale.html", shown)
    listening = listening_to(sight.bulletin, newsroom=sight.newsroom)
    if listening is not None and listening.shown:
        yield Part("side", "studio/parts/listening_card.html", {"listening": listening})
    manner = manner_of(version)
    if manner != USUAL:
        yield Part("side", "studio/parts/manner_card.html", {"manner": manner})
    if not sight.deciding:
        yield Part("side", "studio/parts/beside.html", _ways(sight, content, takes))


def while_writing(page: Writing) -> Iterator[Part]:
    """The way into the studio, how the text is read, and what is hard to read in it."""
    yield Part("field", "studio/parts/writing.html", {"bulletin": page.bulletin})
    state = page.bulletin.state if page.bulletin else Bulletin.State.DRAFT
    yield Part("text", "studio/parts/manner.html", _manner_fields(page, state))


def saved_manner(bulletin: Bulletin | None) -> dict[str, str]:
    """As the newest version is read."""
    manner = manner_of(bulletin.current if bulletin else None)
    return {"marks": written_marks(manner.marks), "voice": manner.voice, "pace": str(manner.pace)}


FIELDS = Fields(("marks", "voice", "pace"), saved_manner)


def why_not_save(posted: QueryDict) -> Iterator[str]:
    """Lines that are no marks would be lost."""
    wrong = parse_marks(posted.get("marks", ""))[1] if "manner" in posted else []
    if wrong:
        lines = "; ".join(wrong[:3])
        yield _("Not saved yet: this is no mark: %(lines)s. Mend it or take it out.") % {
            "lines": lines
        }


def _manner_fields(page: Writing, state: str) -> dict[str, object]:
    """Typed just now, else as the newest version has it."""
    kept = saved_manner(page.bulletin)
    typed = {name: page.asked.get(name, kept[name]) for name in kept}
    return {
        **typed,
        "may_change": state in {Bulletin.State.DRAFT, Bulletin.State.RETURNED},
        "wrong": parse_marks(typed["marks"])[1],
        "voices": installed_voices(),
        "paces": [(str(percent), label) for percent, label in PACES],
        "open": any(typed[name] not in {"", "0"} for name in typed),
    }


def _ways(sight: Sight, content: Content, takes: dict[str, Take]) -> dict[str, object]:
    may_record = Role.WRITER in sight.roles and sight.bulletin.state in EDIT.sources
    return {
        "bulletin": sight.bulletin,
        "may_record": may_record,
        "ways": [
            {
                "query": "" if language == VIETNAMESE else f"?language={language}",
                "language": _told(language),
                "recorded": recording_in(content, language) is not None,
                "take": takes.get(language),
            }
            for language in _languages(content)
            if text_to_read(content, language)
        ],
    }


def _languages(content: Content) -> list[str]:
    others = sorted({words.language for words in content.wordings} - {VIETNAMESE})
    return [VIETNAMESE, *others]


def _takes(content: Content) -> dict[str, Take]:
    """The takes behind the recordings, by language: one query for all."""
    recordings = {
        recording.pk: language
        for language in _languages(content)
        if (recording := recording_in(content, language)) is not None
    }
    if not recordings:
        return {}
    found = Take.objects.filter(recording__in=recordings).select_related("by").order_by("pk")
    return {recordings[take.recording_id or 0]: take for take in found}


def _told(language: str) -> str:
    return "" if language == VIETNAMESE else str(language_name(language))
