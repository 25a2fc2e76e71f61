"""How each state in the console looks: a tone, an icon and a word, never colour alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Look:
    """``tone`` is ok, warn, bad, note, wait or plain (a class of the style sheet)."""

    tone: str
    icon: str
    label: str | Promise
    live: bool = False


LOOKS: dict[str, Look] = {
    # bulletins
    "draft": Look("plain", "pencil", _("Draft")),
    "in_review": Look("wait", "hourglass", _("Waiting for approval")),
    "returned": Look("warn", "arrow-back-up", _("Returned")),
    "approved": Look("note", "rosette-discount-check", _("Approved")),
    "released": Look("ok", "send", _("Released")),
    "expired": Look("plain", "clock-pause", pgettext_lazy("bulletin", "Expired")),
    "withdrawn": Look("bad", "ban", _("Withdrawn")),
    # a remark about a passage
    "passage_edited": Look("warn", "pencil", _("This passage has been edited")),
    "settled": Look("ok", "check", _("Settled")),
    # what is offered to other units, and what is asked of them
    "offered": Look("ok", "send", _("Offered")),
    "taken": Look("ok", "check", _("Taken")),
    "adapted": Look("note", "pencil", _("Adapted")),
    "declined": Look("plain", "x", _("Not used")),
    "open": Look("wait", "hourglass", _("Waiting for an answer")),
    "accepted": Look("note", "check", _("Accepted")),
    "answered": Look("ok", "circle-check", _("Answered")),
    # the year's plan
    "adopted": Look("ok", "rosette-discount-check", _("Adopted")),
    "to_come": Look("plain", "clock", _("To come")),
    "on_time": Look("note", "circle-check", _("On time")),
    "behind": Look("warn", "alert-triangle", _("Behind")),
    "reached": Look("ok", "circle-check", _("Reached")),
    "fallen_short": Look("bad", "circle-x", _("Fallen short")),
    # tasks of plans
    "task_overdue": Look("bad", "alarm", pgettext_lazy("task", "Overdue")),
    "task_soon": Look("warn", "calendar-event", pgettext_lazy("task", "Due soon")),
    "task_underway": Look("note", "player-play", pgettext_lazy("task", "Under way")),
    "task_to_come": Look("plain", "clock", pgettext_lazy("task", "To come")),
    "task_done": Look("ok", "circle-check", pgettext_lazy("task", "Done")),
    # claims that mislead residents
    "verifying": Look("wait", "search", _("Being checked")),
    "answering": Look("warn", "pencil", _("Answer to be written")),
    "rebutted": Look("ok", "circle-check", _("Answer is out")),
    "no_answer": Look("plain", "circle-dashed", _("No answer needed")),
    "closed_claim": Look("plain", "check", pgettext_lazy("claim", "Closed")),
    # warnings from above
    "warning_new": Look("warn", "urgent", pgettext_lazy("warning", "New")),
    "warning_taken": Look("ok", "check", _("A warning was begun from it")),
    "warning_dismissed": Look("plain", "x", _("Set aside")),
    "warning_updated": Look("plain", "repeat", _("Replaced by a newer one")),
    "warning_cancelled": Look("plain", "ban", pgettext_lazy("warning", "Cancelled")),
    "warning_over": Look("plain", "clock-pause", pgettext_lazy("warning", "Over")),
    # documents
    "document_to_come": Look("plain", "clock", pgettext_lazy("document", "Not yet in force")),
    "document_in_force": Look("ok", "circle-check", pgettext_lazy("document", "In force")),
    "document_replaced": Look("warn", "repeat", pgettext_lazy("document", "Replaced")),
    "document_expired": Look(
        "plain", "clock-pause", pgettext_lazy("document", "No longer in force")
    ),
    "basis_ended": Look("warn", "alert-triangle", _("Basis has ended")),
    "campaign_late": Look("warn", "alert-triangle", pgettext_lazy("campaign", "Overdue")),
    # guidance
    "issued": Look("ok", "send", pgettext_lazy("guidance", "Issued")),
    "revoked_note": Look("bad", "ban", _("Revoked")),
    "read": Look("ok", "circle-check", _("Read")),
    "unread": Look("warn", "eye", _("Not read yet")),
    # a report that a unit owes
    "report_expected": Look("warn", "circle-dashed", pgettext_lazy("report", "Not begun")),
    "report_draft": Look("plain", "pencil", pgettext_lazy("report", "Being written")),
    "report_submitted": Look("wait", "hourglass", pgettext_lazy("report", "Submitted")),
    "report_closed": Look("plain", "lock", pgettext_lazy("report", "Closed")),
    "report_returned": Look("warn", "arrow-back-up", pgettext_lazy("report", "Returned")),
    "report_accepted": Look("ok", "circle-check", pgettext_lazy("report", "Accepted")),
    # priorities
    "normal": Look("plain", "circle-dashed", pgettext_lazy("priority", "Normal")),
    "priority": Look("warn", "alert-triangle", pgettext_lazy("priority", "Priority")),
    "emergency": Look("bad", "urgent", pgettext_lazy("priority", "Emergency")),
    # speaker nodes
    "online": Look("ok", "wifi", _("Online")),
    "offline": Look("bad", "wifi-off", _("No contact")),
    "unauthenticated": Look(
        "note", "broadcast", pgettext_lazy("place", "Over FM or wire, not authenticated")
    ),
    "device_suspended": Look("bad", "ban", pgettext_lazy("device", "Suspended")),
    "device_serving": Look("ok", "circle-check", pgettext_lazy("device", "In service")),
    "device_stored": Look("plain", "archive", pgettext_lazy("device", "In store")),
    "device_lent": Look("note", "arrow-forward-up", pgettext_lazy("device", "Lent")),
    "device_retired": Look("plain", "clock-pause", pgettext_lazy("device", "Out of use")),
    "never_seen": Look("plain", "circle-dashed", _("Not yet connected")),
    "revoked": Look("plain", "lock", _("Taken out of service")),
    "sink_ok": Look("ok", "volume", _("Sound output works")),
    "sink_silent": Look("warn", "volume-off", _("Output is silent")),
    "sink_failed": Look("bad", "volume-off", _("Sound output failed")),
    "clock_server": Look("ok", "clock", _("Clock set by the server")),
    "clock_system": Look("note", "clock", _("Clock of the device")),
    "clock_untrusted": Look("bad", "clock", _("Clock not trusted")),
    # faults of devices and repairs
    "fault_open": Look("bad", "alert-triangle", pgettext_lazy("fault", "Stands")),
    "repair_open": Look("warn", "alert-circle", pgettext_lazy("repair", "Reported")),
    "repair_sent": Look("note", "user", _("Given to a technician")),
    "repair_on_way": Look("note", "arrow-right", _("On the way")),
    "repair_there": Look("note", "map-pin", _("At the place")),
    "repair_found": Look("wait", "search", _("Cause found")),
    "repair_closed": Look("ok", "circle-check", pgettext_lazy("repair", "Closed")),
    # an item on a node, and the as-run log
    "planned": Look("plain", "clock", _("Planned")),
    "skipped": Look("plain", "calendar-off", _("Left out")),
    "moved": Look("note", "calendar-time", _("Moved")),
    "holiday": Look("plain", "calendar-off", _("Day off")),
    "fetching": Look("note", "download", _("Downloading")),
    "verified": Look("note", "shield-check", _("Sound checked")),
    "armed": Look("note", "hourglass", _("Ready to play")),
    "playing": Look("ok", "volume", _("Playing"), live=True),
    "done": Look("ok", "circle-check", _("Played")),
    "partial": Look("warn", "alert-triangle", _("Played in part")),
    "missed": Look("bad", "circle-x", _("Not played")),
    "pre_empted": Look("warn", "player-track-next", _("Gave way to a higher priority")),
    "stopped": Look("warn", "hand-stop", _("Stopped")),
    "unknown": Look("plain", "help", _("No report yet")),
    # evidence
    "journal_verified": Look("ok", "shield-check", _("Journal verified")),
    "journal_gap": Look("warn", "alert-triangle", _("Journal has a gap")),
    "journal_tampered": Look("bad", "shield-x", _("Journal was altered")),
    # work that goes on by itself
    "waiting": Look("plain", "clock", _("In the queue")),
    "working": Look("note", "loader", _("In progress")),
    "finished": Look("ok", "circle-check", _("Finished")),
    "failed": Look("bad", "circle-x", _("Failed")),
    "delivered": Look("ok", "circle-check", _("Delivered")),
    "superseded": Look("plain", "ban", _("Not needed any more")),
    # people and things in service
    "change_announced": Look(
        "note", "calendar-event", pgettext_lazy("change of units", "Announced")
    ),
    "change_due": Look("wait", "hourglass", pgettext_lazy("change of units", "Being carried out")),
    "change_in_force": Look("ok", "circle-check", pgettext_lazy("change of units", "In force")),
    "change_cancelled": Look("plain", "ban", pgettext_lazy("change of units", "Cancelled")),
    "active": Look("ok", "circle-check", _("Active")),
    "ended": Look("plain", "clock-pause", _("Ended")),
    "trial_voice": Look("warn", "flask", _("Trial voice")),
}


def look_of(state: str) -> Look:
    """The look of a state; case and - or _ do not matter (``IN_REVIEW``, ``pre-empted``).

    Raises:
        KeyError: the state has no look; add it to LOOKS.
    """
    return LOOKS[str(state).lower().replace("-", "_")]
