"""What is typed about allowed hours, loudness and quiet hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.airtime.policies import Policy
from vang.airtime.quiet import ClusterRule
from vang.airtime.ready_sets import READY_SETS
from vang_protocol.volumes import Loudness

_VOLUME_HELP = _("One line each, such as 05:00-06:00 -6: six decibels less loud in that hour.")


class PolicyForm(forms.Form):
    """When the commune may sound."""

    based_on = forms.ChoiceField(
        label=_("Rule that it keeps to"),
        choices=[("", _("none of these")), *((one.key, one.name) for one in READY_SETS.values())],
        required=False,
    )

    hours = forms.CharField(
        label=_("Broadcasting hours"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One pair a line, such as 05:00-06:30."),
    )
    longest_session_min = forms.IntegerField(
        label=_("Longest session (minutes)"), min_value=1, max_value=360
    )
    sessions_a_day = forms.IntegerField(label=_("Sessions a day"), min_value=1, max_value=24)
    weekend = forms.BooleanField(label=_("Broadcast on Saturday and Sunday"), required=False)
    volume = forms.CharField(
        label=_("Less loud at some hours"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_VOLUME_HELP,
    )
    note = forms.CharField(
        label=_("Ground for going beyond the rule"),
        required=False,
        max_length=300,
        help_text=_("Only when the values exceed it: the directive, the special case."),
    )
    expected = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def policy(self, zone: str) -> Policy:
        """The policy as typed, not yet checked."""
        c = self.cleaned_data
        return Policy(
            hours=_pairs(c["hours"]),
            longest_session_s=c["longest_session_min"] * 60,
            sessions_a_day=c["sessions_a_day"],
            weekend=c["weekend"],
            zone=zone,
            volume=_levels(c["volume"]),
            based_on=c["based_on"],
            note=c["note"],
        )


class QuietForm(forms.Form):
    """When one cluster is silent or less loud."""

    quiet = forms.CharField(
        label=_("Quiet hours"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One pair a line, such as 11:30-13:30. Empty: as the whole commune."),
    )
    volume = forms.CharField(
        label=_("Less loud at some hours"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_VOLUME_HELP,
    )
    because = forms.CharField(
        label=_("Why there"),
        required=False,
        max_length=200,
        help_text=_("Such as a school, a health station or a pagoda beside it."),
    )

    def rule(self, ceiling_db: int) -> ClusterRule:
        """The rule as typed, not yet checked."""
        c = self.cleaned_data
        return ClusterRule(_pairs(c["quiet"]), _levels(c["volume"]), ceiling_db, c["because"])


def quiet_fields(rule: ClusterRule) -> dict[str, str]:
    """What the form begins with."""
    return {
        "quiet": "\n".join(f"{opens}-{closes}" for opens, closes in rule.quiet),
        "volume": _level_lines(rule.volume),
        "because": rule.because,
    }


def _levels(text: str) -> Loudness:
    """Lines such as "05:00-06:00 -6"; what is no level becomes 0, which the checks refuse."""
    rows = [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]
    return tuple(_level(row) for row in rows)


def _level(row: str) -> tuple[str, str, int]:
    span, _space, db = row.replace("−", "-").lower().removesuffix("db").strip().rpartition(" ")
    opens, closes = _pair(span or row)
    number = db.strip()
    digits = number.removeprefix("-")
    return opens, closes, int(number) if digits.isdecimal() and len(digits) < _LONGEST_DB else 0


_LONGEST_DB = 4


def _level_lines(volume: Loudness) -> str:
    return "\n".join(f"{opens}-{closes} {db}" for opens, closes, db in volume)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Lines such as "05:00-06:30", "5h00 – 6h30" or "5:00 đến 6:30"; the checks come later."""
    rows = [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]
    return tuple(_pair(row) for row in rows)


def _pair(row: str) -> tuple[str, str]:
    plain = row.lower().replace("đến", "-").replace("–", "-").replace("h", ":")
    opens, _dash, closes = plain.partition("-")
    return _clock(opens), _clock(closes)


def _clock(text: str) -> str:
    hour, _colon, minute = text.strip().partition(":")
    return f"{hour.strip():0>2}:{minute.strip() or '00'}"


def policy_fields(policy: Policy) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "hours": "\n".join(f"{opens}-{closes}" for opens, closes in policy.hours),
        "longest_session_min": policy.longest_session_s // 60,
        "sessions_a_day": policy.sessions_a_day,
        "weekend": policy.weekend,
        "volume": _level_lines(policy.volume),
        "based_on": policy.based_on,
        "note": policy.note,
    }
