"""Work on a site that takes longer than a release may: old telephones' sound, the whole index."""

import logging
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from vang.base import clock
from vang.base.files import FileStore
from vang.bulletins.models import Delivery, Edition, EditionWording
from vang.channels.portal import paths, queries, searching, services, sites
from vang.channels.portal.facts import facts_of
from vang.channels.portal.sounds import SoundUnreadable, place_mp3
from vang.orgs.models import Unit

log = logging.getLogger(__name__)
_NEWEST = 200


@task(queue_name="channels")
def freeze_site_search(unit_id: int) -> None:
    """Make the frozen part of the search index anew."""
    unit = _unit(unit_id)
    facts = facts_of([unit], clock.now())[unit_id]
    searching.freeze_search(services.portal_folder(unit), sites.open_site(unit), facts)


@task(queue_name="channels")
def make_site_sounds(unit_id: int) -> int:
    """MP3 beside the Opus of what still holds; then the pages that lead to it. How many."""
    unit, made = _unit(unit_id), 0
    known = queries.standing(queries.editions([unit_id])).only("audio_sha256", "unit_id")
    for edition in known[:_NEWEST]:
        made += _made(edition, services.portal_folder(unit))
    return made


def _made(edition: Edition, root: Path) -> int:
    store, made, failure = FileStore(Path(settings.DATA) / "files"), 0, ""
    for sha256 in _hashes(edition):
        try:
            made += place_mp3(store, sha256, root / paths.audio_path(sha256, "mp3"))
        except (OSError, SoundUnreadable) as error:
            log.warning("mp3 of edition %s: %s", edition.pk, error)
            failure = str(error)
    if made:
        _again(edition)
    elif failure:
        _failed(edition)
    return made


def _hashes(edition: Edition) -> list[str]:
    further = EditionWording.objects.filter(edition=edition).exclude(audio_sha256="")
    return [edition.audio_sha256, *further.order_by("pk").values_list("audio_sha256", flat=True)]


def _pages(edition: Edition) -> QuerySet[Delivery]:
    """What leads to the sound, as far as it is out and stays out."""
    mine = Delivery.objects.filter(edition=edition, channel__in=["portal", "feed"])
    return mine.filter(delivered_at__isnull=False).exclude(act=Delivery.Act.WITHDRAW)


def _again(edition: Edition) -> None:
    _pages(edition).update(due_at=clock.now())


def _failed(edition: Edition) -> None:
    """Told to staff; tried again with the delivery."""
    with translation.override("vi"):
        words = _("The sound for older telephones could not be made.")
    _pages(edition).filter(channel="portal").update(detail=words)


def _unit(unit_id: int) -> Unit:
    return Unit.objects.select_related("parent__parent").get(pk=unit_id)
