"""Đài được tiếp âm: stations whose programmes are relayed, and where each is found."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL


class Station(models.Model):
    """Of a unit, for itself and all below it: VOV1, the province's station."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="relayed_stations")
    name = models.CharField(max_length=120)
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="relayed_station_once_a_name",
                violation_error_message=_("A station of this name is in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Nguồn: one way to the station's programme. The first that is well is carried."""

    class Kind(models.TextChoices):
        STREAM = "STREAM", pgettext_lazy("relay", "internet stream")
        LINE_IN = "LINE_IN", pgettext_lazy("relay", "line-in of the server")

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="sources")
    place = models.PositiveSmallIntegerField(help_text="the lower is tried first")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    address = models.CharField(max_length=500, help_text="a URL, or ALSA's name of the card")
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True, help_text="when somebody wanted it tried")
    tried_at = models.DateTimeField(null=True)
    level_db = models.FloatField(null=True, help_text="RMS of what was heard, dB of full scale")
    problem = models.CharField(max_length=40, blank=True, help_text="a code, see words.py")

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "place"],
                condition=models.Q(ended_at__isnull=True),
                name="relay_source_order",
            ),
            models.UniqueConstraint(
                fields=["station", "address"],
                condition=models.Q(ended_at__isnull=True),
                name="relay_source_once",
                violation_error_message=_("This address is in the list already."),
            ),
            models.CheckConstraint(condition=~models.Q(address=""), name="relay_source_addressed"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def waiting(self) -> bool:
        """Somebody wants it tried, and it has not been yet."""
        return self.asked_at is not None and (
            self.tried_at is None or self.tried_at < self.asked_at
        )
