"""Files sent with a page of the library: each taken in by itself, each refusal named."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vang.base.refusals import Refusal
from vang.library import services
from vang.library.models import Item
from vang.library.uploads import dropped_uploads
from vang.orgs.models import Unit
from vang.people.models import Person

FIELDS = ("material", "photo")
MOST = 10
WHOLE = "whole"
"""The last field of the form: without it the line broke before everything had arrived."""


@dataclass
class Taken:
    """What came in, and what was wrong with the rest."""

    items: list[Item] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def take_material(request: HttpRequest, unit: Unit, *, by: Person, now: datetime) -> Taken:
    """Keep every file that can be kept. Of a broken upload nothing is kept."""
    taken = Taken()
    if WHOLE not in request.POST:
        taken.problems.append(str(_BROKEN))
        return taken
    if dropped_uploads(request) & set(FIELDS):
        taken.problems.append(str(TOO_LARGE))
    files = [file for name in FIELDS for file in request.FILES.getlist(name)]
    for file in files[:MOST]:
        try:
            item = services.keep_item(
                unit=unit, file_name=file.name or "", content=file.read(), by=by, now=now
            )
            taken.items.append(item)
        except Refusal as refusal:
            taken.problems.append(f"{file.name}: {refusal}")
    if not files and not taken.problems:
        taken.problems.append(_("Choose the file first."))
    return taken


TOO_LARGE = gettext_lazy(
    "A file was too large and was not taken: pictures up to 30 MB, recordings up to 50 MB, "
    "documents up to 25 MB."
)
_BROKEN = gettext_lazy(
    "The line broke before everything had arrived; nothing was kept. Send it again."
)
