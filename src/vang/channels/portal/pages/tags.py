"""The few words beside a title that a reader must know before the rest."""

from django.utils.translation import pgettext

from vang.bulletins.models import Edition, Priority

_URGENT = "tag tag-urgent"


def tags_of(edition: Edition, *, corrected: bool, voice: bool = True) -> list[tuple[str, str]]:
    """(class, words) in the language in force. ``voice``: tell of a trial voice too."""
    found = []
    if edition.withdrawn_at is not None:
        found.append((_URGENT, pgettext("public page", "Withdrawn")))
    elif corrected:
        found.append((_URGENT, pgettext("public page", "Corrected")))
    elif edition.corrects_id is not None:
        found.append(("tag tag-right", pgettext("public page", "Correction")))
    if edition.priority == Priority.EMERGENCY:
        found.append((_URGENT, pgettext("public page", "Emergency")))
    elif edition.priority == Priority.PRIORITY:
        found.append(("tag", pgettext("public page", "Priority")))
    if voice and edition.trial_voice and edition.withdrawn_at is None and not corrected:
        found.append(("tag tag-trial", pgettext("public page", "Trial voice")))
    return found
