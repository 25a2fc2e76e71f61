"""Bản ghi để phát sau: another station's programme, recorded when it is sent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from vang.library.models import Item
from vang.orgs.models import Unit
from vang.relays.models import Station

MOST_MINUTES = 60
"""As large as the library takes a recording."""


class Capture(models.Model):
    """``item`` is what came of it, in the library; None while there is nothing, or when it was
    deleted there."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="captures")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="captures")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    recorded_ms = models.PositiveIntegerField(default=0, help_text="of the programme that came")
    changes = models.JSONField(
        default=list, help_text="[[instant, address or null, why]]: which source, from when"
    )
    problem = models.CharField(max_length=40, blank=True, help_text="a code, see words.py")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "-starts_at"], name="capture_list"),
            models.Index(
                fields=["starts_at"],
                condition=Q(cancelled_at__isnull=True, ended_at__isnull=True),
                name="capture_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="capture_minutes"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(ended_at__isnull=True),
                name="capture_cancelled_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("asked_at")),
                name="capture_ends_after_it_was_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
