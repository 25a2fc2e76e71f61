"""Addresses of other systems that are told of each release, and what each was told."""

from django.conf import settings
from django.db import models

from vang.bulletins.models import Delivery
from vang.orgs.models import Unit


class Hook(models.Model):
    """One address of one unit. The secret signs what is sent there."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hooks")
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80, help_text="whsec_ and base64 of 32 random bytes")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "url"],
                condition=models.Q(ended_at__isnull=True),
                name="hook_once_an_address",
            ),
        ]


class Posting(models.Model):
    """One message to one address: an edition was released, corrected or withdrawn."""

    hook = models.ForeignKey(Hook, on_delete=models.PROTECT, related_name="postings")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="postings")
    act = models.CharField(max_length=8, choices=Delivery.Act.choices)
    taken_at = models.DateTimeField(null=True, help_text="when the address said 2xx")
    detail = models.CharField(max_length=200, blank=True, help_text="why not, the last time")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["hook", "delivery", "act"], name="posting_once_an_act"),
        ]
