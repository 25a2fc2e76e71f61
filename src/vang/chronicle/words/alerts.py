"""Emergency alerts: drafted, signed, sent, stopped."""

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Group

_GROUP = Group.AIR

ACTS = (
    Act("create-alert", _("Draft an emergency alert"), _GROUP),
    Act("edit-alert", _("Edit an emergency alert"), _GROUP),
    Act("submit-alert", _("Submit an emergency alert for signatures"), _GROUP),
    Act("return-alert", _("Return an emergency alert"), _GROUP),
    Act("reject-alert", _("Reject an emergency alert"), _GROUP),
    Act("sign-alert", _("Sign an emergency alert"), _GROUP),
    Act("lapse-alert", _("The time for signing an emergency alert ran out"), _GROUP),
    Act("send-alert", _("Send an emergency alert"), _GROUP),
    Act("send-alert-alone", _("Send an emergency alert alone, from a template"), _GROUP),
    Act("review-alert", _("Review an emergency alert sent alone"), _GROUP),
    Act("cancel-alert", _("Stop an emergency alert"), _GROUP),
    Act("retract-alert", _("Say the retraction of an emergency alert"), _GROUP),
    Act("end-alert", _("An emergency alert ended"), _GROUP),
    Act("give-up-alert", _("An emergency alert was never sent"), _GROUP),
    Act("make-template", _("Write a template for emergency alerts"), _GROUP),
    Act("set-household-size", _("Set how many people a household has"), _GROUP),
    Act("approve-template", _("Approve a template for emergency alerts"), _GROUP),
    Act("retire-template", _("Take a template for emergency alerts out of service"), _GROUP),
)
