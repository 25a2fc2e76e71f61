"""What belongs to a bulletin, of the many things that may: asked all together.

Most bulletins have no remarks, no further languages, no series … A page that shows everything
about one asks in the very query that reads it what there is, and then looks only for that. Other
rooms bring their questions when they start.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from vang.bulletins.models import (
    Attachment,
    Bulletin,
    Confirmation,
    Correction,
    Draft,
    Edition,
    EditLease,
    Remark,
    ReviewStep,
    SensitiveTopic,
    Version,
    Wording,
)
from vang.people.models import Board
from vang.voice.models import Pronunciation, VoiceChoice

Question = Callable[[], Exists]
"""Of a row of bulletins: OuterRef("pk"), OuterRef("current"), OuterRef("unit") …"""

questions: dict[str, Question] = {
    "wordings": lambda: Exists(Wording.objects.filter(version=OuterRef("current"))),
    "attachments": lambda: Exists(Attachment.objects.filter(version=OuterRef("current"))),
    "confirmations": lambda: Exists(Confirmation.objects.filter(version=OuterRef("current"))),
    "remarks": lambda: Exists(Remark.objects.filter(bulletin=OuterRef("pk"))),
    "steps": lambda: Exists(ReviewStep.objects.filter(bulletin=OuterRef("pk"))),
    "editions": lambda: Exists(Edition.objects.filter(bulletin=OuterRef("pk"))),
    "corrections": lambda: Exists(Correction.objects.filter(bulletin=OuterRef("pk"))),
    "drafts": lambda: Exists(Draft.objects.filter(bulletin=OuterRef("pk"))),
    "leases": lambda: Exists(EditLease.objects.filter(bulletin=OuterRef("pk"))),
    "topics": lambda: Exists(SensitiveTopic.objects.filter(unit=OuterRef("unit"))),
    "board": lambda: Exists(Board.objects.filter(unit=OuterRef("unit"))),
    "dictionary": lambda: Exists(Pronunciation.objects.filter(unit=OuterRef("unit"))),
    "voice": lambda: Exists(VoiceChoice.objects.filter(unit=OuterRef("unit"))),
}
"""By name."""


def all_questions() -> dict[str, Exists]:
    """To be annotated to the query that reads a bulletin."""
    return some_questions(*questions)


def some_questions(*names: str) -> dict[str, Exists]:
    """Only those of these names."""
    return {_column(name): questions[name]() for name in names}


def note_answers(bulletin: Bulletin) -> None:
    """Keep what an annotated bulletin was found to have, as far as it was asked.

    What hangs on its newest version never changes: an empty list of it needs no query.
    """
    columns = {name: _column(name) for name in questions}
    answers = {
        name: bool(getattr(bulletin, column))
        for name, column in columns.items()
        if hasattr(bulletin, column)
    }
    bulletin.present = answers  # type: ignore[attr-defined]
    if bulletin.current is None:
        return
    bulletin.current.present = answers  # type: ignore[attr-defined]
    for name, model in (("wordings", Wording), ("attachments", Attachment)):
        if not answers.get(name, True):
            none: Prefetch[str] = Prefetch(name, model.objects.none())
            prefetch_related_objects([bulletin.current], none)


def has(asked: Bulletin | Version, name: str) -> bool:
    """Whether it is worth looking for; True as well when nobody asked."""
    answers: dict[str, bool] = getattr(asked, "present", {})
    return answers.get(name, True)


def _column(name: str) -> str:
    return "has_" + name.replace(".", "_").replace("-", "_")
