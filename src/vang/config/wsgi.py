"""The WSGI application that granian serves: public pages from their files, the rest by Django."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vang.config.settings")
django = get_wsgi_application()

from vang.channels.portal.wsgi import PublicPages  # noqa: E402 - its room knows models

application = PublicPages(django, Path(settings.DATA) / "portal")
# Load every page's code now, so that the first visitor does not wait for it.
get_resolver().url_patterns  # noqa: B018
