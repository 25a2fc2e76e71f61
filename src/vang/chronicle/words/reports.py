"""Reports: their forms, rounds and moves between desks."""

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Group, named

_GROUP = Group.REPORTS

ACTS = (
    Act("report.begin", _("Begin a report"), _GROUP),
    Act("report.sign", _("Lay a report before the leader"), _GROUP),
    Act("report.submit", _("Sign and submit a report"), _GROUP),
    Act("report.return", _("Return a report"), _GROUP),
    Act("report.accept", _("Accept a report"), _GROUP),
    Act("report.reopen", _("Reopen a report"), _GROUP),
    Act("report.extend", _("Give more time for a report"), _GROUP),
    Act("report.consolidate", _("Put reports together"), _GROUP),
    Act("report.receive", _("Take a signed report from another server"), _GROUP),
    Act("report.hand-on", _("Hand a report on to the unit that follows"), _GROUP),
    Act("report.close", _("Close a report"), _GROUP),
    Act("report.send", _("Note that a report was sent"), _GROUP, named("to")),
    Act("report.receipt", _("Note that a report was received"), _GROUP),
    Act("report-round.open", _("Open a round of reports"), _GROUP, named()),
    Act("report-round.expect", _("Expect a report of a unit in an open round"), _GROUP),
    Act("report-regime.start", _("Ask for reports every year"), _GROUP, named()),
    Act("report-regime.end", _("End a reporting regime"), _GROUP),
    Act("report-key.pin", _("Pin the key of a unit below"), _GROUP),
    Act("report-form.create", _("Make a form for reports"), _GROUP),
    Act("report-form.begin-version", _("Begin a new version of a form"), _GROUP),
    Act("report-form.change", _("Change a form for reports"), _GROUP),
    Act("report-form.issue", _("Take a form into use"), _GROUP),
    Act("report-form.drop-version", _("Give up the draft of a form"), _GROUP),
)
