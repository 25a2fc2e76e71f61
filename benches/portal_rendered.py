"""The product's settings with one more address: ``/rendered/CODE/``, the first page of a unit
rendered from the database for each reader: what the files are held against."""

import os
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path

from vang.config.settings import *  # noqa: F403

ROOT_URLCONF = "portal_rendered"


def rendered(_request: HttpRequest, code: str) -> HttpResponse:
    from vang.channels.portal import services
    from vang.channels.portal.facts import facts_of
    from vang.channels.portal.pages import lists
    from vang.orgs.models import Unit

    now = datetime.fromisoformat(os.environ["VANG_BENCH_NOW"])
    unit = Unit.objects.select_related("parent__parent").get(code=code)
    facts = facts_of([unit], now)[unit.pk]
    front = services.fronts_of([facts], now)[unit.pk]
    return HttpResponse(lists.front_page(services.frame_of(facts, now), front))


urlpatterns = [path("rendered/<str:code>/", rendered)]
