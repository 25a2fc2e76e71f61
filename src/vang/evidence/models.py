"""What the nodes say happened, checked and held against the plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.dispatch.models import PlannedItem
from vang.stations.models import Cluster, Node


class JournalRecord(models.Model):
    """One line of a node's hash-chained journal, byte for byte."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="journal")
    seq = models.PositiveBigIntegerField()
    line = models.TextField()
    hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["node", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["node", "seq"], name="journal_record_once"),
        ]
        indexes = [models.Index(fields=["node", "at"], name="journal_node_at")]


class JournalFault(models.Model):
    """A gap or a broken chain in what a node sent: shown, never hidden."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="faults")
    seq = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=60)
    detail = models.CharField(max_length=300, blank=True)
    noticed_at = models.DateTimeField()
    resolved_at = models.DateTimeField(
        null=True, blank=True, help_text="when the missing lines arrived"
    )

    class Meta:
        ordering = ["-noticed_at"]
        constraints = [
            models.UniqueConstraint(fields=["node", "seq", "reason"], name="journal_fault_once"),
        ]


class AsRun(models.Model):
    """Nhật ký phát: one planned occurrence on one cluster, and what became of it."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        PLAYING = "PLAYING", _("playing")
        DONE = "DONE", _("played")
        STOPPED = "STOPPED", _("stopped")
        PARTIAL = "PARTIAL", _("cut short")
        MISSED = "MISSED", _("missed")
        UNKNOWN = "UNKNOWN", _("no word from the node")
        WITHDRAWN = "WITHDRAWN", _("withdrawn before it began")

    planned = models.ForeignKey(PlannedItem, on_delete=models.PROTECT, related_name="as_run")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="as_run")
    node = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="as_run")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=60, blank=True, help_text="reason code")
    planned_start = models.DateTimeField()
    actual_start = models.DateTimeField(null=True)
    error_us = models.BigIntegerField(null=True, help_text="first sample, µs after the plan")
    played_ms = models.PositiveIntegerField(default=0)
    rms_cdb = models.IntegerField(null=True, help_text="output level, hundredths of dBFS")
    sha256 = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-planned_start", "cluster"]
        constraints = [
            models.UniqueConstraint(fields=["planned", "cluster"], name="as_run_once"),
        ]
        indexes = [
            models.Index(fields=["cluster", "-planned_start"], name="as_run_cluster"),
            models.Index(fields=["state", "planned_start"], name="as_run_open"),
        ]
