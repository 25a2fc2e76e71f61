"""Reading bulletins."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from vang.base.languages import VIETNAMESE
from vang.bulletins.content import recording_missing, words_of
from vang.bulletins.models import (
    Approval,
    Bulletin,
    Category,
    Confirmation,
    Correction,
    Draft,
    Edition,
    EditLease,
    Priority,
    Remark,
    ReviewStep,
    SensitiveTopic,
    Version,
)
from vang.bulletins.present import has
from vang.bulletins.reach import places_of
from vang.bulletins.wordings import wordings_of
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.people.models import Person
from vang.review.checklists import Checklist, checklists_for
from vang.review.facts import Facts, Sound
from vang.review.sensitive import CATEGORIES as SENSITIVE_CATEGORIES
from vang.review.sensitive import common_topics, topics_in
from vang.review.verbs import LEADER, RETURN, SUBMIT, Verb
from vang.voice.choices import trial_may_air
from vang.voice.models import Rendition

SYLLABLES_A_SECOND = 3.0
_SOUNDS = {
    Rendition.State.QUEUED: Sound.BEING_MADE,
    Rendition.State.WORKING: Sound.BEING_MADE,
    Rendition.State.READY: Sound.READY,
    Rendition.State.FAILED: Sound.FAILED,
}
_BEING_WRITTEN = frozenset({Bulletin.State.DRAFT, Bulletin.State.RETURNED})
_WORST_FIRST = (Sound.FAILED, Sound.ABSENT, Sound.BEING_MADE, Sound.READY)


def took_part(bulletin: Bulletin, person: Person) -> bool:
    """Whether the person created it, edited any version, or ever submitted it."""
    if person.pk in {bulletin.created_by_id, bulletin.submitted_by_id}:
        return True
    if getattr(bulletin, "read_for", None) == person.pk:  # open_bulletin asked already
        return bool(bulletin.with_part_of)  # type: ignore[attr-defined]
    return Bulletin.objects.filter(took_part_in(person), pk=bulletin.pk).exists()


def took_part_in(person: Person) -> Q:
    """The same as a condition, but for who created it and submitted it last."""
    edited = Version.objects.filter(bulletin=OuterRef("pk"), edited_by=person)
    submitted = ReviewStep.objects.filter(bulletin=OuterRef("pk"), by=person, verb=SUBMIT.name)
    return Q(Exists(edited) | Exists(submitted))


def being_corrected() -> Exists:
    """Whether a correction is being prepared."""
    return Exists(Correction.objects.filter(bulletin=OuterRef("pk"), closed_at=None))


def facts_for(bulletin: Bulletin, person: Person, held: Collection[str]) -> Facts:
    """What the table of verbs must know of this bulletin and this person of these roles."""
    version = bulletin.current
    renditions = [rendition for _name, rendition in sounds_of(version)] if version else [None]
    trial = any(rendition is not None and rendition.trial for rendition in renditions)
    return Facts(
        took_part=took_part(bulletin, person),
        emergency=version is not None and version.priority == Priority.EMERGENCY,
        sound=min(map(_sound, renditions), key=_WORST_FIRST.index),
        trial_voice=trial,
        trial_may_air=trial and has(bulletin, "voice") and trial_may_air(bulletin.unit),
        unspoken=tuple(recording_missing(words_of(version))) if version else (),
        correcting=_is_being_corrected(bulletin),
        sensitive=bool(bulletin.sensitive),
        leader=LEADER in held,
        approved_by_leader=_approved_by_leader(bulletin),
        undecided=tuple(proposals(bulletin, version)) if version else (),
    )


def _is_being_corrected(bulletin: Bulletin) -> bool:
    known: bool | None = getattr(bulletin, "correcting", None)  # as open_bulletin read it
    return open_correction(bulletin) is not None if known is None else known


def _approved_by_leader(bulletin: Bulletin) -> bool:
    """Asked only when it counts."""
    if not bulletin.sensitive or bulletin.state != Bulletin.State.APPROVED:
        return False
    given = Approval.objects.filter(version=bulletin.current_id, as_leader=True)
    return given.exists()


def proposals(bulletin: Bulletin, version: Version) -> list[str]:
    """What proposes that the topic is sensitive, while nobody has said whether it is."""
    if bulletin.sensitive is not None or bulletin.state not in _BEING_WRITTEN:
        return []
    return proposed_by(bulletin, version)


def proposed_by(bulletin: Bulletin, version: Version) -> list[str]:
    """:func:`proposed` for a saved version."""
    text, own = f"{version.title}\n{version.text}", has(bulletin, "topics")
    return proposed(bulletin.unit, version.category, text, own_topics=own)


def proposed(unit: Unit, category: str, text: str, *, own_topics: bool = True) -> list[str]:
    """The category, and the words of the unit's list, that propose a leader's decision.

    Without ``own_topics`` the unit is known to keep to the common list.
    """
    by_category = [str(Category(category).label)] if category in SENSITIVE_CATEGORIES else []
    topics = topics_of(unit) if own_topics else common_topics()
    return by_category + topics_in(text, topics)


def topics_of(unit: Unit) -> list[str]:
    """The unit's list of sensitive topics: the common one, with what it added and left out."""
    own = dict(SensitiveTopic.objects.filter(unit=unit).values_list("words", "left_out"))
    return sorted(words for words in {*common_topics(), *own} if not own.get(words, False))


def checklists_at(verb: Verb, bulletin: Bulletin, version: Version) -> list[Checklist]:
    """What is confirmed by name before the verb is done to this version."""
    return checklists_for(
        verb.name, version.category, version.advert, sensitive=bool(bulletin.sensitive)
    )


def confirmed_by(version: Version, verb: Verb, person: Person) -> set[str]:
    """What the person confirmed for this version already."""
    own = Confirmation.objects.filter(version=version, verb=verb.name, by=person)
    return set(own.values_list("item", flat=True))


def sounds_of(version: Version) -> list[tuple[str, Rendition | None]]:
    """By language, Vietnamese first: every sound of the version; None for one not asked for."""
    further = [(one.language, one.rendition) for one in wordings_of(version) if one.recording_id]
    return [(VIETNAMESE, version.rendition), *further]


def _sound(rendition: Rendition | None) -> Sound:
    return _SOUNDS[Rendition.State(rendition.state)] if rendition else Sound.ABSENT


def open_correction(bulletin: Bulletin) -> Correction | None:
    """The correction being prepared, with the edition that it concerns."""
    found = Correction.objects.filter(bulletin=bulletin, closed_at=None)
    return found.select_related("edition", "opened_by").first()


def live_edition(bulletin: Bulletin) -> Edition | None:
    """The edition that counts for residents: neither withdrawn nor corrected."""
    standing = Edition.objects.filter(bulletin=bulletin, withdrawn_at=None, corrected_by=None)
    return standing.select_related("unit").order_by("-released_at").first()


def draft_of(person: Person, unit: Unit, bulletin: Bulletin | None, part: str = "") -> Draft | None:
    """What the person was typing there, if it was not saved."""
    mine = Draft.objects.filter(person=person, unit=unit, bulletin=bulletin, part=part)
    return mine.first()


def open_remarks(version: Version, by: Person | None = None) -> list[Remark]:
    """What is not settled about this bulletin, oldest first; only one person's if asked for."""
    found = Remark.objects.filter(
        bulletin=version.bulletin_id, answers=None, settled_at=None
    ).select_related("by")
    return list(found.filter(by=by) if by else found)


def editing_now(bulletin: Bulletin, now: datetime, but: Person) -> list[EditLease]:
    """Other people's leases that last, the longest held first."""
    lasting = EditLease.objects.filter(bulletin=bulletin, until__gt=now).exclude(holder=but)
    return list(lasting.select_related("holder").order_by("begun_at"))


def return_step_of(bulletin: Bulletin) -> ReviewStep | None:
    """Why it was returned, while it is."""
    if bulletin.state != Bulletin.State.RETURNED:
        return None
    returned = ReviewStep.objects.filter(bulletin=bulletin, verb=RETURN.name)
    return returned.select_related("by").order_by("at", "id").last()


def reading_seconds(speakable: str) -> int:
    """About how long reading it aloud takes, as an announcer reads: 3 syllables a second."""
    return round(len(speakable.split()) / SYLLABLES_A_SECOND)


def village_names(unit: Unit, codes: Collection[str], on: date) -> list[str]:
    """The villages' names in their order; a code that is gone stands for itself."""
    if not codes:
        return []
    named = {village.code: village.full_name for village in villages(unit, on)}
    if any(code not in named for code in codes):
        named |= places_of(unit)
    return [named.get(code, code) for code in sorted(codes)]
