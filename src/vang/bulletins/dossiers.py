"""Everything that the pages of one bulletin show to one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vang.base.clock import local_date, now
from vang.base.languages import VIETNAMESE, language_choices, language_name
from vang.base.matrices import Matrix
from vang.bulletins import hashing
from vang.bulletins.access import Reading
from vang.bulletins.attachments import attachments_of
from vang.bulletins.content import speech_of
from vang.bulletins.matrix import Row, matrix_of, rows_of
from vang.bulletins.models import (
    Attachment,
    Bulletin,
    Confirmation,
    Correction,
    Edition,
    EditLease,
    ReviewStep,
    Version,
    WithdrawalReason,
)
from vang.bulletins.present import has
from vang.bulletins.queries import (
    checklists_at,
    editing_now,
    facts_for,
    open_correction,
    proposed_by,
    reading_seconds,
    return_step_of,
    sounds_of,
    village_names,
)
from vang.bulletins.reach import worded_channels
from vang.people.boards import board_words
from vang.people.models import Person
from vang.review.adverts import beyond
from vang.review.checklists import Checklist
from vang.review.facts import Facts, Sound
from vang.review.verbs import (
    APPROVE,
    EDIT,
    GIVE_UP,
    NEWSROOM,
    RELEASE,
    RETURN,
    SUBMIT,
    VERBS,
    Offer,
    offers,
)
from vang.voice.failure_words import failure_sentence
from vang.voice.models import Rendition
from vang.voice.queries import speakable_text

State = Bulletin.State
READY = Rendition.State.READY


@dataclass
class Dossier:
    """One bulletin before one person."""

    reading: Reading
    person: Person
    version: Version
    facts: Facts
    offers: dict[str, Offer]

    @property
    def bulletin(self) -> Bulletin:
        return self.reading.bulletin

    @property
    def rendition(self) -> Rendition | None:
        return self.version.rendition

    @property
    def dead_offers(self) -> list[Offer]:
        """Verbs that would fit but for a reason, which is shown."""
        return [offer for offer in self.offers.values() if not offer.allowed]

    @cached_property
    def content_hash(self) -> str:
        return hashing.content_hash(self.version)

    @cached_property
    def board(self) -> str:
        """The editorial board that answers for it, in one line; "" where none is set up."""
        if not has(self.bulletin, "board"):
            return ""
        return board_words(self.bulletin.unit, local_date(self.version.created_at))

    @cached_property
    def speakable(self) -> str:
        """As the sound says it, or would say it; empty when a person's recording is played."""
        if self.version.recording_id:
            return ""
        if self.rendition is not None:
            return self.rendition.speakable
        unit, known = self.bulletin.unit, has(self.bulletin, "dictionary")
        return speakable_text(unit, speech_of(self.version), dictionary=None if known else {})

    @cached_property
    def asked_at_submit(self) -> list[Checklist]:
        """What the writer confirms by name."""
        return checklists_at(SUBMIT, self.bulletin, self.version)

    @cached_property
    def asked_at_approval(self) -> list[Checklist]:
        """What the approver confirms by name."""
        return checklists_at(APPROVE, self.bulletin, self.version)

    @cached_property
    def confirmations(self) -> list[Confirmation]:
        """What was confirmed for this version; nothing is asked of most bulletins."""
        if not self.asked_at_submit or not has(self.bulletin, "confirmations"):
            return []
        return list(self.version.confirmations.select_related("by"))

    @property
    def may_judge(self) -> bool:
        """Say whether the topic is sensitive."""
        return not self.reading.roles.isdisjoint(NEWSROOM) and self.bulletin.state in EDIT.sources

    @cached_property
    def proposed(self) -> Sequence[str]:
        """What proposes that it is, while nobody has said; in review the approver sees it too."""
        if self.bulletin.sensitive is not None or self.bulletin.state != State.IN_REVIEW:
            return self.facts.undecided
        return proposed_by(self.bulletin, self.version)

    @cached_property
    def beyond(self) -> list[str]:
        """Words that the notice of an outside body may not hold."""
        return beyond(self.version.advert, f"{self.version.title}\n{self.version.text}")

    @cached_property
    def editing(self) -> list[EditLease]:
        """Who else has it, or a part of it, open to write."""
        if self.bulletin.state not in EDIT.sources or not has(self.bulletin, "leases"):
            return []
        return editing_now(self.bulletin, now(), self.person)

    @cached_property
    def rows(self) -> list[Row]:
        """Language by language: what is there and what is missing."""
        return rows_of(self.version)

    @cached_property
    def matrix(self) -> Matrix:
        edit = self.offers.get(EDIT.name)
        return matrix_of(self.rows, may_edit=edit is not None and edit.allowed)

    @property
    def further_rows(self) -> list[Row]:
        """The languages and levels that are told besides the main text."""
        return [row for row in self.rows if row.general or row.own]

    @property
    def further_sounds(self) -> list[Row]:
        """Languages other than Vietnamese whose sound is ready to be heard."""
        ready = [row for row in self.rows if row.rendition and row.language != VIETNAMESE]
        return [row for row in ready if row.rendition and row.rendition.state == READY]

    @property
    def missing_languages(self) -> list[Row]:
        """Some loudspeaker waits for them and nobody speaks them."""
        return [row for row in self.rows if row.is_missing]

    @cached_property
    def languages_to_add(self) -> list[tuple[str, str]]:
        return language_choices()

    @cached_property
    def channels_to_add(self) -> list[tuple[str, str]]:
        return list(worded_channels().items())

    @cached_property
    def attachments(self) -> list[Attachment]:
        return attachments_of(self.version)

    @cached_property
    def reading_s(self) -> int:
        return reading_seconds(self.speakable)

    @cached_property
    def villages(self) -> list[str]:
        on = local_date(self.version.created_at)
        return village_names(self.bulletin.unit, self.version.audience, on)

    @cached_property
    def versions(self) -> list[Version]:
        if self.version.number == 1:
            return [self.version]
        newest_first = self.bulletin.versions.order_by("-number")
        return list(newest_first.select_related("edited_by").defer("text"))

    @cached_property
    def taken_steps(self) -> list[ReviewStep]:
        if not has(self.bulletin, "steps"):
            return []
        people = ("by", "delegation__principal", "delegation__delegate")
        steps = self.bulletin.steps.select_related("version", *people).defer("version__text")
        return list(steps.order_by("-at", "-id"))

    @cached_property
    def history(self) -> list[tuple[ReviewStep, str | Promise]]:
        """Steps, newest first, with the verb in words."""
        labels = {verb.name: verb.label for verb in VERBS}
        return [(step, labels.get(step.verb, step.verb)) for step in self.taken_steps]

    @property
    def decided_before(self) -> ReviewStep | None:
        """The newest decision on an earlier version: what changed since is worth seeing first."""
        decisions = {APPROVE.name, RETURN.name}
        earlier = (step for step in self.taken_steps if step.verb in decisions)
        return next((s for s in earlier if s.version.number < self.version.number), None)

    @cached_property
    def return_step(self) -> ReviewStep | None:
        return return_step_of(self.bulletin)

    @cached_property
    def correction(self) -> Correction | None:
        """The correction being prepared, if there is one."""
        return open_correction(self.bulletin) if self.facts.correcting else None

    @property
    def may_give_up(self) -> bool:
        return GIVE_UP.name in self.offers

    @property
    def withdrawal_reasons(self) -> list[tuple[str, str]]:
        """What residents may be told, for the form."""
        return [(str(one.value), str(one.label)) for one in WithdrawalReason]

    @cached_property
    def was_released(self) -> bool:
        return has(self.bulletin, "editions") and self.bulletin.editions.exists()

    @cached_property
    def edition(self) -> Edition | None:
        released = {State.RELEASED, State.WITHDRAWN, State.EXPIRED}
        if self.bulletin.state not in released:
            return None
        newest_first = self.bulletin.editions.order_by("-released_at")
        return newest_first.select_related("released_by").first()

    @property
    def sound(self) -> str:
        return self.facts.sound.value

    @property
    def percent(self) -> int | None:
        made = self.rendition
        if made is None or not made.sentences_total:
            return None
        return 100 * made.sentences_done // made.sentences_total

    @property
    def failed(self) -> tuple[str, Rendition] | None:
        """The first sound that could not be made, with the name of its language."""
        for language, made in sounds_of(self.version):
            if made is not None and made.state == Rendition.State.FAILED:
                return language_name(language), made
        return None

    @property
    def failure(self) -> str | Promise:
        return failure_sentence(self.failed[1].failure) if self.failed else ""

    @property
    def may_make_sound(self) -> bool:
        open_states = {State.DRAFT, State.RETURNED, State.IN_REVIEW}
        asked_for = self.facts.sound in {Sound.ABSENT, Sound.FAILED}
        return self.reading.is_writer and self.bulletin.state in open_states and asked_for

    @property
    def _place(self) -> int:
        """How many steps are behind it; of a withdrawn one, how far it had come."""
        if self.bulletin.state != State.WITHDRAWN:
            return _PLACES[State(self.bulletin.state)]
        done = {step.verb for step in self.taken_steps if step.version_id == self.version.pk}
        return sum(verb.name in done for verb in (SUBMIT, APPROVE, RELEASE))

    @property
    def way(self) -> list[tuple[str, str]]:
        """Where the bulletin stands, for ``{% steps %}``."""
        words = [
            pgettext("step", "Written"),
            _("In review"),
            _("Approved"),
            pgettext("verb", "Broadcast"),
        ]
        place = self._place
        mark = "problem" if self.bulletin.state in _PROBLEMS else "current"
        marks = ["done"] * place + [mark] + ["todo"] * (len(words) - place - 1)
        if self.bulletin.state == State.RELEASED:
            marks = ["done"] * len(words)
        return list(zip(words, marks, strict=True))


_PLACES = {
    State.DRAFT: 0,
    State.RETURNED: 0,
    State.IN_REVIEW: 1,
    State.APPROVED: 2,
    State.RELEASED: 3,
    State.EXPIRED: 3,
}
_PROBLEMS = {State.RETURNED, State.WITHDRAWN}


def dossier_of(reading: Reading, person: Person) -> Dossier:
    """Raises Version.DoesNotExist for a bulletin that no service made."""
    version = reading.bulletin.current
    if version is None:
        raise Version.DoesNotExist
    facts = facts_for(reading.bulletin, person, reading.roles)
    return Dossier(
        reading, person, version, facts, offers(reading.bulletin.state, reading.roles, facts)
    )
