"""Bulletins and what was released of them; bringing one as a draft."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from vang.base import clock
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Edition, Version
from vang.connections.api.authentication import needs, token_of, unit_for
from vang.connections.api.paging import Instant, Part, part
from vang.connections.api.shapes import (
    BulletinBrought,
    BulletinLine,
    BulletinShape,
    EditionShape,
    No,
    Page,
)
from vang.connections.scopes import Scope
from vang.connections.services import bring_bulletin
from vang.orgs.models import Unit
from vang.orgs.queries import communes_below

router = Router(tags=["bulletins"])
_NOES = {401: No, 403: No, 404: No, 422: No, 429: No}


class Wanted(Part):
    """Which rows."""

    unit: str | None = Field(None, max_length=16, description="Unit code")
    since: Instant | None = Field(None, description="Only what changed from then on")


@router.get("/bulletins", response={200: Page[BulletinLine], **_NOES})
@needs(Scope.BULLETINS_READ)
def list_bulletins(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, object]:
    """Bulletins by the time of their last change, oldest first."""
    rows = Bulletin.objects.filter(unit__in=_reach(unit_for(request, wanted.unit)))
    rows = rows.filter(current__isnull=False, **_from(wanted.since, "changed_at"))
    rows = rows.select_related("unit", "current").defer("current__text")
    found, following = part(rows, "changed_at", wanted)
    return {
        "items": [_line(one, version) for one in found if (version := one.current)],
        "next": following,
    }


@router.get("/bulletins/{key}", response={200: BulletinShape, **_NOES})
@needs(Scope.BULLETINS_READ)
def get_bulletin(request: HttpRequest, key: int) -> BulletinShape:
    """One bulletin with its newest text."""
    rows = Bulletin.objects.filter(unit__in=_reach(token_of(request).unit))
    found = rows.select_related("unit", "current").filter(pk=_storable(key)).first()
    if found is None:
        raise Http404
    return _shape(found)


@router.post(
    "/bulletins",
    response={200: BulletinShape, 201: BulletinShape, 400: No, 409: No, 413: No, **_NOES},
)
@needs(Scope.BULLETINS_WRITE)
def bring(request: HttpRequest, body: BulletinBrought) -> Status[BulletinShape]:
    """Bring a bulletin as a draft of the person who made the token.

    201 when it is new; 200 when the same was brought under this key before.
    """
    content = Content(
        title=body.title,
        text=body.text,
        category=body.category,
        priority=body.priority,
        audience=tuple(body.audience),
    )
    bulletin, is_new = bring_bulletin(
        token=token_of(request),
        unit=unit_for(request, body.unit),
        key=body.key,
        content=content,
        now=clock.now(),
    )
    return Status(201 if is_new else 200, _shape(bulletin))


@router.get("/editions", response={200: Page[EditionShape], **_NOES})
@needs(Scope.BULLETINS_READ)
def list_editions(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, object]:
    """What was released, by time of release, oldest first; withdrawn ones say so."""
    rows = Edition.objects.filter(
        unit__in=_reach(unit_for(request, wanted.unit)), **_from(wanted.since, "released_at")
    )
    found, following = part(rows.select_related("unit"), "released_at", wanted, key=UUID)
    return {"items": [_edition(edition) for edition in found], "next": following}


@router.get("/editions/{key}", response={200: EditionShape, **_NOES})
@needs(Scope.BULLETINS_READ)
def get_edition(request: HttpRequest, key: UUID) -> EditionShape:
    """One released edition."""
    rows = Edition.objects.filter(unit__in=_reach(token_of(request).unit))
    found = rows.select_related("unit").filter(pk=key).first()
    if found is None:
        raise Http404
    return _edition(found)


def _reach(unit: Unit) -> QuerySet[Unit]:
    return communes_below(unit, clock.local_date(clock.now())).order_by() | Unit.objects.filter(
        pk=unit.pk
    )


def _from(since: datetime | None, column: str) -> dict[str, datetime]:
    return {} if since is None else {f"{column}__gte": since}


def _storable(key: int) -> int:
    """Databases keep 63 bits: no row has a larger key. Raises Http404."""
    if key >= 1 << 63:
        raise Http404
    return key


def _line(bulletin: Bulletin, version: Version) -> BulletinLine:
    return BulletinLine(
        id=bulletin.pk,
        unit=bulletin.unit.code,
        state=bulletin.state,
        title=version.title,
        category=version.category,
        priority=version.priority,
        changed_at=bulletin.changed_at,
    )


def _shape(bulletin: Bulletin) -> BulletinShape:
    """Raises Http404 for a bulletin without content, which no service makes."""
    version = bulletin.current
    if version is None:
        raise Http404
    editions = Edition.objects.filter(bulletin=bulletin).order_by("released_at")
    return BulletinShape(
        **_line(bulletin, version).dict(),
        text=version.text,
        audience=version.audience,
        version=version.number,
        editions=list(editions.values_list("pk", flat=True)),
    )


def _edition(edition: Edition) -> EditionShape:
    return EditionShape(
        id=edition.pk,
        bulletin=edition.bulletin_id,
        unit=edition.unit.code,
        title=edition.title,
        text=edition.text,
        category=edition.category,
        priority=edition.priority,
        audience=edition.audience,
        audio_sha256=edition.audio_sha256,
        duration_ms=edition.duration_ms,
        trial_voice=edition.trial_voice,
        released_at=edition.released_at,
        withdrawn_at=edition.withdrawn_at,
    )
