"""Other systems, keys and plans for the devices."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Detail, Group, named

_GROUP = Group.SYSTEMS


def _plan(detail: Detail) -> str:
    return gettext("Version %(number)s") % {"number": detail["version"]}


ACTS = (
    Act("token.issue", _("Let another system in"), _GROUP, named()),
    Act("token.revoke", _("Lock another system out"), _GROUP, named()),
    Act("key.made", _("Make a key that signs the schedule"), _GROUP),
    Act("plan.published", _("Send the schedule to the devices"), _GROUP, _plan),
)
