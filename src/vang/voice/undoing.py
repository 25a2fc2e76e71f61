"""How acts on the dictionary are taken back (vang.base.undo)."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import readable_unit
from vang.people.models import Person
from vang.voice.models import Pronunciation
from vang.voice.services import save_pronunciation


def put_back(*, facts: dict[str, Any], by: Person, now: datetime) -> str:
    """``unit``, ``written``, ``spoken``: the word stands in the dictionary again."""
    unit = Unit.objects.filter(pk=facts["unit"]).first()
    if unit is None or not readable_unit(by, unit, local_date(now)):
        raise Http404
    written = facts["written"]
    if Pronunciation.objects.filter(unit=unit, written=written).exists():
        raise Refusal("word-there", _("This word is in the dictionary again already."))
    save_pronunciation(unit=unit, written=written, spoken=facts["spoken"], by=by, now=now)
    return _("In the dictionary again: %(word)s.") % {"word": written}
