"""A take becomes the sound of a bulletin."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.languages import VIETNAMESE
from vang.base.refusals import Refusal
from vang.bulletins.content import content_of
from vang.bulletins.models import Bulletin, Version
from vang.bulletins.services import save_version
from vang.library.models import Recording
from vang.people.models import Person
from vang.studio.readings import text_to_read, with_recording
from vang.takes.models import Take
from vang.takes.reading import text_sha256
from vang.takes.services import bind_file, open_take


def subject_of(bulletin: Bulletin, language: str = VIETNAMESE) -> str:
    """The name under which the takes of a bulletin in a language are kept."""
    own = "" if language == VIETNAMESE else f":{language}"
    return f"bulletin:{bulletin.pk}{own}"


def begin_take(
    *, bulletin: Bulletin, by: Person, now: datetime, language: str = VIETNAMESE
) -> Take:
    """The person's take of the bulletin's newest text. Raises Refusal."""
    text = text_to_read(content_of(_newest(bulletin)), language)
    if not text:
        raise Refusal("nothing-to-read", NOTHING_TO_READ)
    subject = subject_of(bulletin, language)
    return open_take(unit=bulletin.unit, subject=subject, text=text, by=by, now=now)


def use_take(
    *, bulletin: Bulletin, take: Take, by: Person, now: datetime, language: str = VIETNAMESE
) -> Version:
    """The next version, played from this take. Raises Refusal.

    Only a take of exactly the newest text: what residents hear and what they read is one thing.
    """
    with transaction.atomic():
        version = _newest(bulletin)
        content = content_of(version)
        if take.subject != subject_of(bulletin, language) or take.recording is None:
            raise Refusal("take-not-ready", _NOT_READY)
        if take.text_sha256 != text_sha256(text_to_read(content, language)):
            raise Refusal("text-changed", _TEXT_CHANGED)
        content = with_recording(content, language, take.recording)
        return save_version(
            bulletin=bulletin, content=content, based_on=version.number, by=by, now=now
        )


def use_file(
    *,
    bulletin: Bulletin,
    recording: Recording,
    by: Person,
    now: datetime,
    language: str = VIETNAMESE,
) -> Version:
    """The next version, played from an uploaded file that reads the newest text. Raises Refusal."""
    with transaction.atomic():
        version = _newest(bulletin)
        content = content_of(version)
        bind_file(
            unit=bulletin.unit,
            subject=subject_of(bulletin, language),
            text=text_to_read(content, language),
            recording=recording,
            by=by,
            now=now,
        )
        content = with_recording(content, language, recording)
        return save_version(
            bulletin=bulletin, content=content, based_on=version.number, by=by, now=now
        )


def _newest(bulletin: Bulletin) -> Version:
    """The version that counts now; never one read before the transaction."""
    return Version.objects.filter(bulletin=bulletin).order_by("-number")[:1].get()


NOTHING_TO_READ = _("There is no text in this language yet. Write it first, then record it.")
_NOT_READY = _("The take is not ready yet.")
_TEXT_CHANGED = _(
    "The text was changed after this take was begun. Read the changed sentences again: "
    "sentences that stayed are kept."
)
