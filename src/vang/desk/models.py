"""What one person arranged on their own desk."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit


class Beginning(models.Model):
    """Bắt đầu: the unit's administrators no longer want to be led through the first steps."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )


class Opened(models.Model):
    """Mở gần đây: a thing whose page a person opened, newest first."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, help_text="as in the search index")
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "key"], name="opened_once"),
        ]
        indexes = [models.Index(fields=["person", "-at"], name="opened_lately")]


class Snooze(models.Model):
    """Để sau: a task that a person does not want to see before a moment."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, help_text="as the room that brings the task names it")
    title = models.CharField(max_length=200)
    until = models.DateTimeField()

    class Meta:
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "key"], name="snoozed_once"),
        ]
