"""Keeping what is being typed."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.bulletins.models import Bulletin, Draft
from vang.orgs.models import Unit
from vang.people.models import Person


def save_draft(
    *,
    unit: Unit,
    bulletin: Bulletin | None,
    fields: Mapping[str, object],
    based_on: int,
    by: Person,
    now: datetime,
    part: str = "",
) -> Draft:
    """Keep the fields as typed, unchecked. One draft a person, bulletin (or new one) and part."""
    draft, _created = Draft.objects.update_or_create(
        person=by,
        unit=unit,
        bulletin=bulletin,
        part=part,
        defaults={"fields": dict(fields), "based_on": based_on, "saved_at": now},
    )
    return draft


def restore_draft(
    *,
    unit: Unit,
    bulletin: Bulletin | None,
    fields: Mapping[str, object],
    based_on: int,
    by: Person,
    now: datetime,
    part: str = "",
) -> Draft:
    """What was thrown away is there again. Raises Refusal when something newer was typed."""
    if Draft.objects.filter(person=by, unit=unit, bulletin=bulletin, part=part).exists():
        raise Refusal("draft-there", _NEWER)
    return save_draft(
        unit=unit, bulletin=bulletin, fields=fields, based_on=based_on, by=by, now=now, part=part
    )


def discard_draft(*, unit: Unit, bulletin: Bulletin | None, by: Person, part: str = "") -> None:
    """Forget what was typed, as its writer asked."""
    Draft.objects.filter(person=by, unit=unit, bulletin=bulletin, part=part).delete()


_NEWER = _("Something newer has been typed since; it stays, and the old text does not come back.")
