"""Full addresses of the public pages, for feeds, letters and other systems."""

from urllib.parse import quote

from django.conf import settings

from vang.bulletins.models import Edition
from vang.channels.portal import paths
from vang.orgs.models import Unit


def site_url(unit: Unit) -> str:
    """Where residents open the unit's pages, with a slash at its end."""
    return f"{settings.ENVIRONMENT.address}/pages/{quote(paths.folder_name(unit.code))}/"


def edition_url(edition: Edition) -> str:
    return site_url(edition.unit) + paths.edition_path(edition)


def audio_url(edition: Edition) -> str:
    return site_url(edition.unit) + paths.audio_path(edition.audio_sha256)
