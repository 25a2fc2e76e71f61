"""How units become others: by whose decision, from which day, and in which shares."""

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vang.orgs.models.units import Unit

_A_SHARE = Q(share_num__gt=0, share_den__gte=F("share_num"))
_NAMED = 4
_NOT_A_SHARE = _("A share lies above 0 and not above 1.")


class UnitChange(models.Model):
    """Sắp xếp đơn vị hành chính: announced, then in force from its day, or cancelled before."""

    class Kind(models.TextChoices):
        MERGE = "MERGE", _("merge")
        SPLIT = "SPLIT", _("split")
        RENAME = "RENAME", _("rename")
        RETYPE = "RETYPE", _("change of kind")
        REPARENT = "REPARENT", _("move under another unit")
        ABOLISH = "ABOLISH", _("abolish")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    effective_on = models.DateField(help_text="first day of what is new")
    legal_basis = models.CharField(max_length=300)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, help_text="when its day had come")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    account = models.JSONField(
        default=list, help_text="[from, to, share] as announced: kept when it is cancelled"
    )

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="unitchange_in_force_or_cancelled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on"],
                condition=Q(applied_at__isnull=True, cancelled_at__isnull=True),
                name="unitchange_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on}"

    @property
    def told(self) -> str:
        """In a line: "Xã Quế Thuận, Xã Quế Châu → Xã Quế Sơn Trung"."""
        before = list(dict.fromkeys(row["from"] for row in self.account))
        after = list(dict.fromkeys(row["to"] for row in self.account if "to" in row))
        more = f" … ({len(before)})" if len(before) > _NAMED else ""
        words = ", ".join(before[:_NAMED]) + more
        return f"{words} → {', '.join(after)}" if after else f"{self.get_kind_display()}: {words}"


class Succession(models.Model):
    """What of a unit goes to which other. Of one predecessor the shares make a whole."""

    change = models.ForeignKey(UnitChange, on_delete=models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins")
    share_num = models.BigIntegerField(default=1)
    share_den = models.BigIntegerField(default=1)
    begins = models.BooleanField(help_text="the successor begins by this change")
    follows = models.BooleanField(
        default=False, help_text="a unit below, that went with the one above it"
    )

    class Meta:
        ordering = ["change", "predecessor", "-share_num", "successor"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="succession_named_once"
            ),
            models.CheckConstraint(
                condition=_A_SHARE,
                name="succession_share",
                violation_error_message=_NOT_A_SHARE,
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_to_another"
            ),
        ]

    @property
    def share(self) -> Fraction:
        return Fraction(self.share_num, self.share_den)


class Standing(models.Model):
    """Of every unit there ever was: which units of today it is part of.

    Kept by :mod:`vang.orgs.standings`; the database itself adds the first row of a unit, to itself.
    Sums "mapped to today's units" are one join over this table.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="standings")
    today_unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="standing_for")
    share_num = models.BigIntegerField(default=1)
    share_den = models.BigIntegerField(default=1)

    class Meta:
        ordering = ["unit", "today_unit"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "today_unit"], name="standing_named_once"),
            models.CheckConstraint(
                condition=_A_SHARE, name="standing_share", violation_error_message=_NOT_A_SHARE
            ),
        ]

    @property
    def share(self) -> Fraction:
        return Fraction(self.share_num, self.share_den)
