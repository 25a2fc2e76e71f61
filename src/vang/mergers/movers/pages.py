"""Public pages: the old address leads to the new unit, old notices stay where they were."""

from django.utils.translation import gettext_lazy as _

from vang.channels.portal.leading import lead_on
from vang.channels.portal.services import has_page
from vang.channels.portal.sites import mark_due, open_site
from vang.mergers.movers.common import END, goal, goals, sole, steps
from vang.orgs.models import Unit, UnitChange
from vang.orgs.movers import Act, Thing


class Pages:
    """What was released stays under the old unit's name and address, whatever is chosen."""

    name = "pages"
    title = _("Public pages")
    icon = "world"

    def things(self, change: UnitChange) -> list[Thing]:
        return [
            Thing(
                str(old.pk),
                old.full_name,
                _("The first page leads on; each old notice keeps its address."),
                (*goals(after), (END, _("it stays as it is"))),
                sole(after),
            )
            for old, after in steps(change).items()
            if has_page(old)
        ]

    def move(self, act: Act, key: str, choice: str) -> None:
        if choice == END:
            return
        old, to = Unit.objects.select_related("parent").get(pk=key), goal(act.change, choice)
        lead_on(old, to, since=act.change.effective_on)
        open_site(to)
        mark_due([to.pk], act.now)
