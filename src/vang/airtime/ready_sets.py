"""Ready sets: what provinces allow at most, to choose and then to adapt openly. Pure.

From the texts named in each; where a text says nothing, nothing is claimed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.airtime.policies import Policy


@dataclass(frozen=True, slots=True)
class ReadySet:
    """Legal maxima. None: the text sets none. ``weekend`` False: only in special cases."""

    key: str
    name: Promise
    source: Promise
    longest_session_s: int | None = None
    sessions_a_day: int | None = None
    weekend: bool | None = None

    def applied(self, policy: Policy) -> Policy:
        """The policy with these maxima in place of its own values; its hours stay."""
        return replace(
            policy,
            longest_session_s=self.longest_session_s or policy.longest_session_s,
            sessions_a_day=self.sessions_a_day or policy.sessions_a_day,
            weekend=policy.weekend if self.weekend is None else self.weekend,
            based_on=self.key,
        )

    def exceeded_by(self, policy: Policy) -> list[Promise]:
        """In words, each maximum that the policy goes beyond."""
        found: list[Promise] = []
        if self.longest_session_s and policy.longest_session_s > self.longest_session_s:
            found.append(_LONGER)
        if self.sessions_a_day and policy.sessions_a_day > self.sessions_a_day:
            found.append(_MORE)
        if self.weekend is False and policy.weekend:
            found.append(_WEEKEND)
        return found


READY_SETS: Mapping[str, ReadySet] = {
    one.key: one
    for one in (
        ReadySet(
            "ha-noi-xa",
            _("Hà Nội, communes: sessions of at most 45 minutes, relays included"),
            _("Rule of Hà Nội of 12/3/2021"),
            longest_session_s=45 * 60,
        ),
        ReadySet(
            "ha-noi-phuong",
            _("Hà Nội, wards: at most 2 sessions a day of 15 minutes, from Monday to Friday"),
            _("Rule of Hà Nội of 12/3/2021"),
            longest_session_s=15 * 60,
            sessions_a_day=2,
            weekend=False,
        ),
        ReadySet(
            "vinh-phuc",
            _("Vĩnh Phúc: at most 3 sessions a day of 45 minutes, relays included"),
            _("Rule of Vĩnh Phúc of December 2022"),
            longest_session_s=45 * 60,
            sessions_a_day=3,
        ),
    )
}

_LONGER = _("The longest session is longer than this rule allows.")
_MORE = _("There are more sessions a day than this rule allows.")
_WEEKEND = _("This rule allows no broadcast on Saturday and Sunday save in special cases.")
