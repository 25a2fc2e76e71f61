"""What the newsroom must know of a bulletin that was taken: its sound, and what may be changed."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from vang.bulletins.content import Content, cleaned, content_of, vietnamese_speech
from vang.bulletins.models import Bulletin, Version
from vang.pool.models import Taking
from vang.review.facts import Reason
from vang.voice.models import Rendition


def brought_sound(version: Version, _now: datetime) -> Rendition | None:
    """The origin's own sound, while what is spoken is the origin's; None to have one made."""
    taking = _taking(version.bulletin_id)
    if taking is None or not taking.offer.with_sound or version.recording_id:
        return None
    held = held_version(taking)
    if held is None or vietnamese_speech(content_of(held)) != vietnamese_speech(
        content_of(version)
    ):
        return None
    return held.rendition


def why_not_edit(bulletin: Bulletin, content: Content) -> Reason | None:
    """The words of an item that may not be adapted stay as they are; villages may be chosen."""
    taking = _taking(bulletin.pk)
    if taking is None or taking.offer.may_adapt:
        return None
    held = held_version(taking)
    same = held is not None and same_words(content_of(held), cleaned(content))
    return None if same else _NOT_TO_BE_ADAPTED


def same_words(one: Content, other: Content) -> bool:
    """Whether both tell the same in every language, whoever speaks it and to which villages."""
    return _words(one) == _words(other)


def _words(content: Content) -> tuple[object, ...]:
    further = {(w.key, w.title, w.text) for w in content.wordings}
    return content.title, content.text, frozenset(further)


def _taking(bulletin_pk: int) -> Taking | None:
    rows = Taking.objects.filter(bulletin=bulletin_pk).exclude(kind=Taking.Kind.DECLINED)
    return rows.select_related("offer").first()


def held_version(taking: Taking) -> Version | None:
    """The text of the offer that the bulletin holds."""
    rows = taking.offer.revisions.filter(number=taking.revision)
    revision = rows.select_related("version__rendition").first()
    return revision.version if revision else None


_NOT_TO_BE_ADAPTED = Reason(
    "not-to-be-adapted",
    _(
        "The unit that offered this item does not let its words be changed. Choose villages and "
        "hours as you like, or write a bulletin of your own."
    ),
)
