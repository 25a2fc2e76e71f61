"""Accounts, roles, delegations, the editorial board."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Detail, Group, day
from vang.people.models import BoardMember, Delegation, Membership

_GROUP = Group.PEOPLE


def _role(detail: Detail) -> str:
    return str(Membership.Role(detail["role"]).label)


def _invited(detail: Detail) -> str:
    roles = ", ".join(str(Membership.Role(role).label) for role in detail["roles"])
    return gettext("%(name)s: %(roles)s") % {"name": detail["name"], "roles": roles}


def _delegated(detail: Detail) -> str:
    form = str(Delegation.Form(detail["form"]).value)
    words = {"form": f"{form}.", "principal": detail["principal"], "deputy": detail["deputy"]}
    return gettext("%(deputy)s for %(principal)s (%(form)s)") % words


def _seat(detail: Detail) -> str:
    duty = BoardMember.Duty(detail["duty"]).label
    return gettext("%(name)s: %(roles)s") % {"name": detail["name"], "roles": duty}


def _decision(detail: Detail) -> str:
    return gettext("Decision %(number)s") % {"number": detail["number"]}


def _from(detail: Detail) -> str:
    return gettext("from %(day)s") % {"day": day(detail["since"])}


ACTS = (
    Act("person.create", _("Open an account"), _GROUP),
    Act("invitation.make", _("Invite a colleague"), _GROUP, _invited),
    Act("invitation.renew", _("Make an invitation anew"), _GROUP),
    Act("invitation.withdraw", _("Withdraw an invitation"), _GROUP),
    Act("invitation.accept", _("Accept an invitation"), _GROUP),
    Act("role.grant", _("Give a role"), _GROUP, _role),
    Act("role.end", _("End a role"), _GROUP, _role),
    Act("role.restore", _("Give an ended role back"), _GROUP, _role),
    Act("person.sign-in", _("Sign in"), _GROUP),
    Act("person.change-password", _("Change one's password"), _GROUP),
    Act("person.reset-password", _("Make a new password for somebody"), _GROUP),
    Act("person.reset-own-password", _("Set a new password by e-mail"), _GROUP),
    Act("person.change-address", _("Change one's e-mail address"), _GROUP),
    Act("person.remove-address", _("Remove one's e-mail address"), _GROUP),
    Act("person.choose-mail", _("Choose what one is written about"), _GROUP),
    Act("second-factor.totp-added", _("Add an app of codes"), _GROUP),
    Act("second-factor.totp-removed", _("Remove the app of codes"), _GROUP),
    Act("second-factor.key-added", _("Add a passkey"), _GROUP),
    Act("second-factor.key-removed", _("Remove a passkey"), _GROUP),
    Act("second-factor.codes-made", _("Make recovery codes"), _GROUP),
    Act("second-factor.remove", _("Remove somebody's second proof"), _GROUP),
    Act("second-factor.require", _("Require a second proof"), _GROUP, _from),
    Act("second-factor.release", _("Require a second proof no more"), _GROUP),
    Act("delegation.give", _("Delegate"), _GROUP, _delegated),
    Act("delegation.end", _("End a delegation"), _GROUP, _delegated),
    Act("board.set-up", _("Set up the editorial board"), _GROUP, _decision),
    Act("board.join", _("Take into the editorial board"), _GROUP, _seat),
    Act("board.leave", _("Leave the editorial board"), _GROUP, _seat),
    Act("add-villages", _("Enter villages"), _GROUP),
    Act("open-desk", _("Open the desk of an office"), _GROUP),
)
