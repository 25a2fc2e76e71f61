"""CAP's own words and codes of problems, as an office says them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.cap.reasons import Caution, Reason

Words = str | Promise

SEVERITY: dict[str, tuple[str, Words]] = {
    "Extreme": ("bad", pgettext_lazy("severity", "extreme")),
    "Severe": ("bad", pgettext_lazy("severity", "severe")),
    "Moderate": ("warn", pgettext_lazy("severity", "moderate")),
    "Minor": ("note", pgettext_lazy("severity", "minor")),
    "Unknown": ("plain", pgettext_lazy("severity", "unknown")),
}
URGENCY: dict[str, Words] = {
    "Immediate": pgettext_lazy("urgency", "act at once"),
    "Expected": pgettext_lazy("urgency", "within the hour"),
    "Future": pgettext_lazy("urgency", "later"),
    "Past": pgettext_lazy("urgency", "over"),
    "Unknown": pgettext_lazy("urgency", "unknown"),
}
CERTAINTY: dict[str, Words] = {
    "Observed": pgettext_lazy("certainty", "observed"),
    "Likely": pgettext_lazy("certainty", "likely"),
    "Possible": pgettext_lazy("certainty", "possible"),
    "Unlikely": pgettext_lazy("certainty", "unlikely"),
    "Unknown": pgettext_lazy("certainty", "unknown"),
}
STATUS: dict[str, Words] = {
    "Actual": pgettext_lazy("warning", "real"),
    "Exercise": pgettext_lazy("warning", "exercise"),
    "System": pgettext_lazy("warning", "between systems"),
    "Test": pgettext_lazy("warning", "test"),
    "Draft": pgettext_lazy("warning", "draft"),
}
MSG_TYPE: dict[str, Words] = {
    "Alert": pgettext_lazy("warning", "first message"),
    "Update": pgettext_lazy("warning", "update"),
    "Cancel": pgettext_lazy("warning", "cancellation"),
    "Ack": pgettext_lazy("warning", "acknowledgement"),
    "Error": pgettext_lazy("warning", "rejection"),
}
_PROBLEMS: dict[str, Words] = {
    "inside": _("This address lies inside the server's own network and is not allowed."),
    "not-https": _("The address must begin with https://"),
    "bad-port": _("This port is not allowed. Use 443, 8443 or one above 1023."),
    "bad-address": _("The address cannot be read."),
    "timeout": _("The server did not answer in time."),
    "unreachable": _("The server cannot be reached."),
    "redirect": _("The server answers with another address, which is not followed."),
    "identifier-reused": _("Another message of the same sender and identifier was received before."),  # noqa: E501
    "name-too-long": _("Its identifier or sender is longer than 400 characters."),
}  # fmt: skip


def problem_words(code: str) -> str:
    """Of a code that a feed or an entry keeps; the code itself when nobody knows it any more."""
    if code in _PROBLEMS:
        return str(_PROBLEMS[code])
    if code.startswith("status-"):
        return str(_("The server answered %(status)s.")) % {"status": code.removeprefix("status-")}
    return str(Reason(code).text) if code in set(Reason) else code


def caution_words(code: str) -> str:
    """Of a caution that a message keeps."""
    return str(Caution(code).text) if code in set(Caution) else code
