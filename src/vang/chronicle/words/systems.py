"""Other systems, keys and plans for the devices."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Detail, Group, named

_GROUP = Group.SYSTEMS


def _plan(detail: Detail) -> str:
    return gettext("Version %(number)s") % {"number": detail["version"]}


def _policy(detail: Detail) -> str:
    return str(detail["sha256"])[:16]


def _key(detail: Detail) -> str:
    return f"{detail['label']} ({detail['keyid'][:16]})"


ACTS = (
    Act("token.issue", _("Let another system in"), _GROUP, named()),
    Act("token.revoke", _("Lock another system out"), _GROUP, named()),
    Act("key.made", _("Make a key that signs the schedule"), _GROUP),
    Act("plan.published", _("Send the schedule to the devices"), _GROUP, _plan),
    Act("key.ask", _("Register a personal key"), _GROUP, _key),
    Act("key.approve", _("Confirm somebody's personal key"), _GROUP, _key),
    Act("key.revoke", _("Revoke a personal key"), _GROUP, _key),
    Act("policy.make", _("Make a policy of who may order alerts"), _GROUP, _policy),
    Act("policy.publish", _("Put a signed policy in force"), _GROUP, _policy),
)
