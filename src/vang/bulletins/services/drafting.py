"""Keeping what is being typed."""

from collections.abc import Mapping
from datetime import datetime

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
) -> Draft:
    """Keep the fields as typed, unchecked. One draft a person and bulletin (or new one)."""
    draft, _created = Draft.objects.update_or_create(
        person=by,
        unit=unit,
        bulletin=bulletin,
        defaults={"fields": dict(fields), "based_on": based_on, "saved_at": now},
    )
    return draft


def discard_draft(*, unit: Unit, bulletin: Bulletin | None, by: Person) -> None:
    """Forget what was typed, as its writer asked."""
    Draft.objects.filter(person=by, unit=unit, bulletin=bulletin).delete()
