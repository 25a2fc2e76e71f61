"""Commands that cannot wait for the plan, and how far each has come on each node."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.stations.models import Node


class CommandCounter(models.Model):
    """The numbers an office has given its commands: strictly rising, each used once."""

    issuer = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="command_counter")
    epoch = models.PositiveIntegerField(default=1)
    seq = models.PositiveBigIntegerField(default=0, help_text="the last one used")


class Command(models.Model):
    """One signed command, byte for byte as the nodes receive it."""

    id = models.CharField(primary_key=True, max_length=80, editable=False)
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="commands")
    kind = models.CharField(max_length=16)
    mode = models.CharField(max_length=8)
    priority = models.CharField(max_length=9)
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    envelope = models.BinaryField()
    manifest = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, help_text="of the payload that was signed")
    max_play_ms = models.PositiveIntegerField(default=0)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(help_text="when it was first given to the link")

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "epoch", "seq"], name="command_number_once"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="command_expires"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="command_expiry")]


class CommandDelivery(models.Model):
    """One command on one node. Nothing stays open after its end: it is told or it expires.

    ``next_at``: when it is sent again, or given up; None when it is over.
    """

    class State(models.TextChoices):
        SENT = "SENT", _("sent")
        ACCEPTED = "ACCEPTED", _("accepted by the loudspeaker")
        SOUNDING = "SOUNDING", _("sounding")
        PLAYED = "PLAYED", _("played")
        DONE = "DONE", _("done")
        REFUSED = "REFUSED", _("refused")
        INTERRUPTED = "INTERRUPTED", _("interrupted")
        UNREACHED = "UNREACHED", _("not reached")
        LOST = "LOST", _("no further answer")

    command = models.ForeignKey(Command, on_delete=models.PROTECT, related_name="deliveries")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="commands")
    state = models.CharField(max_length=11, choices=State.choices, default=State.SENT)
    reason = models.CharField(max_length=40, blank=True, help_text="a reason code of the protocol")
    attempts = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    sounding_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["command", "node"]
        constraints = [
            models.UniqueConstraint(fields=["command", "node"], name="command_once_a_node"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="command_delivery_due",
            ),
        ]


class CommandReceipt(models.Model):
    """What a node answered, signed with its own key: kept as it came, as evidence."""

    delivery = models.ForeignKey(CommandDelivery, on_delete=models.PROTECT, related_name="receipts")
    phase = models.CharField(max_length=11)
    at = models.DateTimeField(help_text="by the node's own clock")
    received_at = models.DateTimeField()
    envelope = models.BinaryField()

    class Meta:
        ordering = ["delivery", "received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "phase"], name="command_receipt_once"),
        ]
