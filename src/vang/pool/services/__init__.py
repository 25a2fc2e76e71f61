"""Every write of the pool."""

from vang.pool.services.asking import (
    accept_order,
    answer_order,
    answer_with_bulletin,
    ask_for_content,
    close_request,
    decline_order,
    prepare_answer,
    remind_due,
)
from vang.pool.services.following import (
    follow_correction,
    follow_origins_due,
    follow_withdrawal,
    keep_as_is,
)
from vang.pool.services.offering import offer_bulletin, renew_offer, withdraw_offer
from vang.pool.services.taking import adapt_offer, decline_offer, take_offer

__all__ = [
    "accept_order",
    "adapt_offer",
    "answer_order",
    "answer_with_bulletin",
    "ask_for_content",
    "close_request",
    "decline_offer",
    "decline_order",
    "follow_correction",
    "follow_origins_due",
    "follow_withdrawal",
    "keep_as_is",
    "offer_bulletin",
    "prepare_answer",
    "remind_due",
    "renew_offer",
    "take_offer",
    "withdraw_offer",
]
