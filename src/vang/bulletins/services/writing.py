"""Writing: every saved edit is a version of its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import fold
from vang.bulletins import companions
from vang.bulletins.attachments import add_attachments
from vang.bulletins.content import (
    Content,
    Words,
    check_content,
    cleaned,
    content_of,
    part_of,
    speech_of,
    with_part,
)
from vang.bulletins.models import Bulletin, Draft, Version, Wording
from vang.bulletins.reach import places_of
from vang.bulletins.services.guarding import guard, locked, newest, take_step
from vang.bulletins.services.leasing import end_lease, refuse_while_held
from vang.bulletins.wordings import wordings_of
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.people.access import roles
from vang.people.models import Person
from vang.review.facts import Facts
from vang.review.verbs import EDIT, Verb, why_not
from vang.voice.models import Rendition
from vang.voice.services import request_rendition


def create_bulletin(*, unit: Unit, content: Content, by: Person, now: datetime) -> Bulletin:
    """A draft with its first version. Raises Refusal."""
    _require_writer(by, unit, now)
    fit = _fit(content, unit, now)
    with transaction.atomic():
        bulletin = Bulletin.objects.create(
            unit=unit, created_by=by, created_at=now, changed_at=now, search_key=fold(fit.title)
        )
        bulletin.current = _add_version(bulletin, 1, fit, by=by, now=now)
        bulletin.save(update_fields=["current"])
        Draft.objects.filter(person=by, unit=unit, bulletin=None, part="").delete()
        record("create-bulletin", f"bulletin:{bulletin.pk}", by=by, unit=unit, now=now)
    return bulletin


def save_version(
    *,
    bulletin: Bulletin,
    content: Content,
    based_on: int,
    by: Person,
    now: datetime,
    part: str | None = None,
) -> Version:
    """The next version; an approval of an earlier one no longer counts.

    ``based_on`` is the number of the version that the writer had before them. With a ``part``
    only that part of ``content`` is taken, and only who changed the same part stands in the way:
    two people may write two languages at once. Saving what is there already adds nothing, unless
    it was returned: then it says "so be it".
    Raises Refusal, ``changed-meanwhile`` when somebody saved another version since.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(EDIT, fresh, by=by, now=now)
        old = newest(fresh)
        if part is not None:
            refuse_while_held(fresh, part, by, now)
        if collides(fresh, based_on, part):
            raise Refusal("changed-meanwhile", _CHANGED_MEANWHILE)
        whole = content if part is None else with_part(content_of(old), content, part)
        fit = _fit(whole, fresh.unit, now)
        companions.refuse_content(fresh, fit)
        version = old
        if fit != content_of(old) or fresh.state == Bulletin.State.RETURNED:
            version = next_version(fresh, fit, by=by, now=now)
        Draft.objects.filter(person=by, bulletin=fresh, part=part or "").delete()
        end_lease(bulletin=fresh, part=part or "", by=by)
    return version


def collides(bulletin: Bulletin, based_on: int, part: str | None = None) -> bool:
    """Whether what a writer began with, or that part of it, has been changed since."""
    now_there = newest(bulletin)
    if now_there.number == based_on:
        return False
    seen = bulletin.versions.filter(number=based_on).first()
    if part is None or seen is None:
        return True
    return part_of(content_of(seen), part) != part_of(content_of(now_there), part)


def make_sound(*, bulletin: Bulletin, by: Person, now: datetime) -> Rendition:
    """Ask for the sound of the newest version, or for it again when it failed. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(bulletin)
        _require_writer(by, fresh.unit, now)
        if fresh.state not in EDIT.sources - {Bulletin.State.APPROVED}:
            raise Refusal("wrong-state", EDIT.only_when)
        rendition = give_sound(fresh.unit, newest(fresh), now)
        record("make-sound", f"bulletin:{fresh.pk}", by=by, unit=fresh.unit, now=now)
    return rendition


def give_sound(unit: Unit, version: Version, now: datetime) -> Rendition:
    """Tie the version to its sounds, made already or about to be; returns the Vietnamese one."""
    sound = companions.brought_sound(version, now) or _made_sound(unit, version, now)
    _tie(version, sound)
    for wording in wordings_of(version):
        if wording.recording is not None:
            recorded = request_rendition(unit=unit, text="", recording=wording.recording, now=now)
            _tie(wording, recorded)
    return sound


def _made_sound(unit: Unit, version: Version, now: datetime) -> Rendition:
    text = speech_of(version)
    return request_rendition(unit=unit, text=text, recording=version.recording, now=now)


def _tie(row: Version | Wording, rendition: Rendition) -> None:
    if row.rendition_id != rendition.pk:
        row.rendition = rendition
        row.save(update_fields=["rendition"])


def _require_writer(by: Person, unit: Unit, now: datetime) -> None:
    reason = why_not(EDIT, Bulletin.State.DRAFT, roles(by, unit, local_date(now)), Facts())
    if reason is not None:
        raise Refusal(reason.code, reason.message)


def _fit(content: Content, unit: Unit, now: datetime) -> Content:
    fit = cleaned(content)
    codes = set(villages(unit, local_date(now)).values_list("code", flat=True))
    others = set(fit.audience) - codes
    check_content(fit, codes | (places_of(unit).keys() if others else set()))
    recordings = [fit.recording, *(words.recording for words in fit.wordings)]
    if any(one is not None and one.unit_id != unit.pk for one in recordings):
        raise Refusal("recording-of-another-unit", _RECORDING_ELSEWHERE)
    if any(one.item.unit_id != unit.pk for one in fit.attachments):
        raise Refusal("attachment-of-another-unit", _ATTACHMENT_ELSEWHERE)
    return fit


def next_version(
    bulletin: Bulletin, content: Content, *, by: Person, now: datetime, verb: Verb = EDIT
) -> Version:
    """Content that fits already as the newest version of the locked bulletin."""
    number = _highest(bulletin) + 1
    after = newest(bulletin)
    version = _add_version(bulletin, number, content, by=by, now=now, after=after)
    bulletin.current = version
    bulletin.submitted_by = None
    bulletin.search_key = fold(version.title)
    take_step(verb, bulletin, by=by, now=now)
    return version


def _highest(bulletin: Bulletin) -> int:
    """Above the present version when a correction was given up."""
    numbers = Version.objects.filter(bulletin=bulletin).order_by("-number")
    return numbers.values_list("number", flat=True)[0]


def _add_version(
    bulletin: Bulletin,
    number: int,
    content: Content,
    *,
    by: Person,
    now: datetime,
    after: Version | None = None,
) -> Version:
    version = Version.objects.create(
        bulletin=bulletin,
        number=number,
        title=content.title,
        text=content.text,
        category=content.category,
        priority=content.priority,
        audience=list(content.audience),
        valid_until=content.valid_until,
        advert=content.advert,
        advert_by=content.advert_by,
        fee=content.fee,
        recording=content.recording,
        edited_by=by,
        created_at=now,
    )
    _add_wordings(version, content, after)
    add_attachments(version, content.attachments)
    if content.recording is not None or any(words.recording for words in content.wordings):
        # Whether the file can be played to its end is worth knowing before it is submitted.
        give_sound(bulletin.unit, version, now)
    companions.tell_version(version, by=by, now=now)
    return version


def _add_wordings(version: Version, content: Content, after: Version | None) -> None:
    """Words that stay as they were keep the number of the version for which they were written."""
    before = {_words(row): row.written_for for row in wordings_of(after)} if after else {}
    Wording.objects.bulk_create(
        Wording(
            version=version,
            language=words.language,
            level=words.level,
            channel=words.channel,
            title=words.title,
            text=words.text,
            recording=words.recording,
            written_for=before.get(words, version.number),
        )
        for words in content.wordings
    )


def _words(row: Wording) -> Words:
    return Words(row.language, row.level, row.channel, row.title, row.text, row.recording)


_CHANGED_MEANWHILE = _(
    "Somebody saved another version while you were writing. Both texts are shown; "
    "nothing is lost. Compare them and save again."
)
_RECORDING_ELSEWHERE = _("The recording belongs to another commune. Attach it again.")
_ATTACHMENT_ELSEWHERE = _("A picture or document belongs to another commune. Attach it again.")
