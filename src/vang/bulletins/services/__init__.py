"""Every write to bulletins."""

from vang.bulletins.services.correcting import (
    change_correction,
    give_up_correction,
    start_correction,
)
from vang.bulletins.services.drafting import discard_draft, restore_draft, save_draft
from vang.bulletins.services.expiring import expire_due
from vang.bulletins.services.judging import add_topic, decide_sensitivity, leave_out_topic
from vang.bulletins.services.leasing import end_lease, hold_lease, take_over_lease
from vang.bulletins.services.releasing import release_bulletin, withdraw_bulletin
from vang.bulletins.services.remarking import add_remark, answer_remark, settle_remark
from vang.bulletins.services.reviewing import approve_bulletin, return_bulletin, submit_bulletin
from vang.bulletins.services.writing import (
    collides,
    create_bulletin,
    make_sound,
    save_version,
)

__all__ = [
    "add_remark",
    "add_topic",
    "answer_remark",
    "approve_bulletin",
    "change_correction",
    "collides",
    "create_bulletin",
    "decide_sensitivity",
    "discard_draft",
    "end_lease",
    "expire_due",
    "give_up_correction",
    "hold_lease",
    "leave_out_topic",
    "make_sound",
    "release_bulletin",
    "restore_draft",
    "return_bulletin",
    "save_draft",
    "save_version",
    "settle_remark",
    "start_correction",
    "submit_bulletin",
    "take_over_lease",
    "withdraw_bulletin",
]
