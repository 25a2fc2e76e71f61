"""Taking back what was done in the library."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.library import services
from vang.library.access import open_item
from vang.people.models import Person


def bring_back(*, facts: Mapping[str, Any], by: Person, now: datetime) -> str:
    """An item put into the archive comes back."""
    item = open_item(by, int(facts["item"]), local_date(now))
    services.restore_item(item=item, by=by, now=now)
    return _("Back from the archive: %(title)s.") % {"title": item.title}
