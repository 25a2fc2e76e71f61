"""Clusters, devices and the voice."""

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Group, named

_GROUP = Group.EQUIPMENT

ACTS = (
    Act("cluster.created", _("Set up a cluster"), _GROUP),
    Act("cluster.changed", _("Change a cluster"), _GROUP),
    Act("cluster.serves-again", _("Put a cluster back into service"), _GROUP),
    Act("node.code-issued", _("Make a code for a device"), _GROUP),
    Act("node.enrolled", _("Connect a device"), _GROUP),
    Act("node.confirmed", _("Confirm a device after maintenance"), _GROUP),
    Act("node.doubted", _("Notice one device in two places"), _GROUP),
    Act("node.suspended", _("Suspend a device"), _GROUP),
    Act("node.trusted-again", _("Trust a device again"), _GROUP),
    Act("node.retired", _("Take a device out of service"), _GROUP),
    Act("rollout.propose", _("Propose a roll-out"), _GROUP, named("version")),
    Act("rollout.approve", _("Approve a roll-out"), _GROUP),
    Act("rollout.refuse", _("Refuse a roll-out"), _GROUP),
    Act("rollout.pause", _("Pause a roll-out"), _GROUP),
    Act("rollout.resume", _("Let a roll-out go on"), _GROUP),
    Act("rollout.end", _("End a roll-out"), _GROUP),
    Act("rollout.go-back", _("Let devices go back to their former version"), _GROUP),
    Act("rollout.try-again", _("Offer a device its version once more"), _GROUP),
    Act("rollout.halted", _("A roll-out stopped by itself"), _GROUP),
    Act("rollout.done", _("A roll-out is done"), _GROUP),
    Act("rollout.returned", _("Devices have gone back to their former version"), _GROUP),
    Act("choose-voice", _("Choose the reading voice"), _GROUP, named("voice")),
    Act("save-pronunciation", _("Change the pronunciation of a word"), _GROUP),
    Act("remove-pronunciation", _("Remove a pronunciation"), _GROUP, named("spoken")),
    Act("add-phrase", _("Add a phrase"), _GROUP),
    Act("remove-phrase", _("Remove a phrase"), _GROUP),
    Act("record-phrase", _("Record a phrase"), _GROUP),
    Act("pin-phrases", _("Pin the recordings of an urgent notice"), _GROUP),
    Act("splice-notice", _("Join an urgent notice from recordings"), _GROUP),
)
