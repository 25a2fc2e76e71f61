"""Một lần tiếp âm: how another station's programme was carried to the loudspeakers."""

from django.db import models

from vang.dispatch.models import PlannedItem


class Carriage(models.Model):
    """One planned relay as this server carried it. What sounded is told by the nodes."""

    planned = models.OneToOneField(PlannedItem, on_delete=models.PROTECT, related_name="carriage")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    carried_ms = models.PositiveIntegerField(default=0, help_text="of the programme that came")
    changes = models.JSONField(
        default=list, help_text="[[instant, address or null, why]]: which source, from when"
    )
    problem = models.CharField(max_length=40, blank=True, help_text="a code, see words.py")

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("began_at")),
                name="carriage_ends_after_it_began",
            ),
        ]
