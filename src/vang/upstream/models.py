"""Feeds of higher authorities, the warnings they brought, and what each unit decided on them.

A warning that was received triggers nothing, ever: a person reads it and begins one of their own.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.cap.parsing import MOST_BYTES
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
MOST_NAME = 400


class Feed(models.Model):
    """Nguồn cảnh báo: an address that is asked again and again, for a unit and all below it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="warning_feeds")
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500)
    certificate = models.TextField(blank=True, help_text="PEM; what is not signed by it is marked")
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(help_text="when it is asked next")
    tried_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    problem = models.CharField(max_length=40, blank=True, help_text="a code, see words.py")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "url"],
                condition=models.Q(ended_at__isnull=True),
                name="feed_once_an_address",
                violation_error_message=_("This address is in the list already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(ended_at__isnull=True), name="feed_due"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One entry of a feed that was fetched: not fetched again while it stays the same."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=64, help_text="SHA-256 of address and time of change")
    url = models.CharField(max_length=500)
    at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True, help_text="why it was refused")
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["feed", "key"], name="entry_once"),
        ]


class Received(models.Model):
    """Cảnh báo nhận về: one CAP message, its bytes as they came."""

    class Signature(models.TextChoices):
        VERIFIED = "VERIFIED", _("verified")
        UNSIGNED = "UNSIGNED", _("not signed")
        UNKNOWN = "UNKNOWN", _("signed, but no certificate is agreed")
        FAILED = "FAILED", _("signature does not hold")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="received_warnings")
    feed = models.ForeignKey(Feed, null=True, on_delete=models.PROTECT, related_name="received")
    identifier = models.CharField(max_length=MOST_NAME)
    sender = models.CharField(max_length=MOST_NAME)
    sent = models.DateTimeField()
    status = models.CharField(max_length=8)
    msg_type = models.CharField(max_length=6)
    event = models.CharField(max_length=200, blank=True)
    headline = models.CharField(max_length=300, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=300, blank=True)
    severity = models.CharField(max_length=8, blank=True)
    urgency = models.CharField(max_length=9, blank=True)
    certainty = models.CharField(max_length=8, blank=True)
    expires = models.DateTimeField(null=True, help_text="None: it does not say")
    holds_until = models.DateTimeField(help_text="expires, or three days after it was sent")
    signature = models.CharField(max_length=8, choices=Signature.choices)
    cautions = models.JSONField(default=list, help_text="[[code, line, about]]")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(max_length=MOST_BYTES)
    received_at = models.DateTimeField()
    brought_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="ends",
        help_text="the update or cancellation",
    )

    class Meta:
        ordering = ["-sent", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "sender", "identifier"], name="received_once_a_name"
            ),
            models.CheckConstraint(
                condition=~models.Q(ended_by=models.F("id")), name="received_ends_another"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-sent"], name="received_unit"),
            models.Index(
                fields=["unit", "holds_until"],
                condition=models.Q(ended_by__isnull=True),
                name="received_holds",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.event or self.identifier


class Earlier(models.Model):
    """An earlier message that a received one names, whether we have it or not."""

    received = models.ForeignKey(Received, on_delete=models.CASCADE, related_name="earlier")
    sender = models.CharField(max_length=MOST_NAME)
    identifier = models.CharField(max_length=MOST_NAME)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["identifier"], name="earlier_identifier")]


class Place(models.Model):
    """A unit of ours that it names by a code. A message with none concerns everybody."""

    received = models.ForeignKey(Received, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["received", "unit"], name="place_once"),
        ]


class Decision(models.Model):
    """What one unit did with it. Without one the message is new there."""

    class State(models.TextChoices):
        TAKEN = "TAKEN", pgettext_lazy("warning", "a warning was begun")
        DISMISSED = "DISMISSED", pgettext_lazy("warning", "set aside")

    received = models.ForeignKey(Received, on_delete=models.PROTECT, related_name="decisions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["received", "unit"], name="decision_once_a_unit"),
            models.CheckConstraint(
                condition=~models.Q(state="DISMISSED", reason=""),
                name="decision_dismissed_with_a_reason",
            ),
        ]
