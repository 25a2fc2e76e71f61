"""Where material of the library is used in bulletins: told to the library's pages."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Bulletin, Edition, Version
from vang.library.events import Use
from vang.library.models import Item


def uses_of(item: Item) -> Iterator[Use]:
    """Each bulletin once, newest change first."""
    versions = Version.objects.filter(_with(item), bulletin=OuterRef("pk"))
    released = Edition.objects.filter(bulletin=OuterRef("pk"))
    found = (
        Bulletin.objects.filter(Exists(versions))
        .annotate(was_released=Exists(released))
        .select_related("current")
    )
    for bulletin in found[:100]:
        title = bulletin.current.title if bulletin.current else ""
        url = reverse("bulletins:detail", args=[bulletin.pk])
        label = (
            _("in a bulletin that was released") if bulletin.was_released else _("in a bulletin")
        )
        yield Use(label, title, url, bulletin.was_released, bulletin.state)


def _with(item: Item) -> Q:
    if item.recording_id is None:
        return Q(attachments__item=item)
    return Q(recording=item.recording_id) | Q(wordings__recording=item.recording_id)


_RELEASED = _("in a bulletin that was released")
_WRITTEN = _("in a bulletin")
