"""Where recordings of the library serve as sounds of the station: told to the library's pages."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import StationSound
from vang.library.events import Use
from vang.library.models import Item


def uses_of(item: Item) -> Iterator[Use]:
    """Also those no longer in use: they may have been heard."""
    for sound in StationSound.objects.filter(item=item):
        lasting = sound.approved_at is not None
        yield Use(_("as a sound of the station"), sound.title, reverse("airtime:sounds"), lasting)
