"""Changes of administrative units, and what moves with them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Detail, Group, day, named

_GROUP = Group.UNITS


def _on(detail: Detail) -> str:
    return gettext("from %(day)s") % {"day": day(detail["on"])}


ACTS = (
    Act("units.change-announced", _("Announce a change of units"), _GROUP, _on),
    Act("units.change-cancelled", _("Cancel a change of units"), _GROUP),
    Act("units.change-decided", _("Decide what moves with a change of units"), _GROUP),
    Act("units.change-in-force", _("Carry out a change of units"), _GROUP, _on),
    Act("units.list-taken-over", _("Take over a list of units"), _GROUP, named("file")),
    Act("cluster.handed-over", _("Hand a cluster over to another unit"), _GROUP),
    Act("bulletin.handed-over", _("Hand a draft over to another unit"), _GROUP),
    Act("organisation.handed-over", _("Hand an organisation over to another unit"), _GROUP),
    Act("take-over-programme", _("Take over a programme of an earlier unit"), _GROUP, named()),
    Act("take-over-hours", _("Take over the allowed hours of an earlier unit"), _GROUP),
    Act("unit.belongings", _("Take over belongings of an earlier unit"), _GROUP),
)
