"""Residents who asked to be written to, and the letters of each edition.

Nothing is kept of a subscriber but the address and when it was confirmed; whoever unsubscribes is
deleted (law 91/2025/QH15 on personal data).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Delivery
from vang.letters.models import Letter
from vang.orgs.models import Unit


class Subscriber(models.Model):
    """One address on one unit's list. Nothing is sent before it is confirmed."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="subscribers")
    address = models.EmailField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "address"],
                name="subscriber_once",
                violation_error_message=_("This address is on the list already."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "confirmed_at"], name="subscriber_confirmed")]


class Addressed(models.Model):
    """One letter about one act of one edition to one subscriber."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="addressed")
    act = models.CharField(max_length=8, choices=Delivery.Act.choices)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="+")
    letter = models.ForeignKey(
        Letter, null=True, on_delete=models.SET_NULL, related_name="+", help_text="while kept"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "act", "subscriber"], name="addressed_once_an_act"
            ),
        ]
