"""Full addresses of the public pages, for feeds, letters and other systems."""

from urllib.parse import quote

from django.conf import settings

from vang.bulletins.models import Edition
from vang.channels.portal import paths
from vang.channels.portal.models import Profile
from vang.orgs.models import Unit


def site_url(unit: Unit, profile: Profile | None = None) -> str:
    """Where residents open the unit's pages, with a slash at its end."""
    told = profile or Profile.objects.filter(unit=unit).only("site_address").first()
    if told is not None and told.site_address:
        return told.site_address.rstrip("/") + "/"
    return served_url(unit)


def served_url(unit: Unit) -> str:
    """Where this installation itself hands the pages out."""
    return f"{settings.ENVIRONMENT.address}/pages/{quote(paths.folder_name(unit.code))}/"


def edition_url(edition: Edition) -> str:
    return site_url(edition.unit) + paths.edition_path(edition)
