"""Every write of the room."""

from vang.alerts.services.ending import advance_due
from vang.alerts.services.orders import open_alone, open_order, open_retraction
from vang.alerts.services.reviewing import review_alone
from vang.alerts.services.sending import retract, send_alone, sign, stop
from vang.alerts.services.signing import Proof
from vang.alerts.services.templates import (
    approve_template,
    make_template,
    retire_template,
    template_from_starter,
)
from vang.alerts.services.writing import (
    copy_alert,
    create_alert,
    edit_alert,
    reject_alert,
    return_alert,
    submit_alert,
)

__all__ = [
    "Proof",
    "advance_due",
    "approve_template",
    "copy_alert",
    "create_alert",
    "edit_alert",
    "make_template",
    "open_alone",
    "open_order",
    "open_retraction",
    "reject_alert",
    "retire_template",
    "retract",
    "return_alert",
    "review_alone",
    "send_alone",
    "sign",
    "stop",
    "submit_alert",
    "template_from_starter",
]
