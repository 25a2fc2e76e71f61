"""Sums of one day, kept so that a page over years is quick; each can be counted again exactly."""

from django.db import models

from vang.bulletins.models import Priority
from vang.orgs.models import Unit
from vang.stations.models import Cluster


class Mark(models.Model):
    """A day of a unit that is to be counted again: of a commune from its evidence, of what stands
    above communes from the days of those right below it.

    Written in the transaction of the change and only ever added: whoever counts takes away the
    marks that were there before the counting, so that no change is lost.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(help_text="in Vietnam")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["day", "unit"], name="figures_mark_day")]


class AirDay(models.Model):
    """What a commune's loudspeakers gave out on a day: one kind of contents, own or relayed. Of a
    district or province the sum of those below it.

    A broadcast is one time of one placement, in however many languages on however many clusters;
    a play is a broadcast on one cluster. ``open``: the device has not told yet. ``unknown``: its
    time is long over and nothing was told: no evidence, which is not silence.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    category = models.CharField(
        max_length=16, help_text="of an edition, or the kind of a sound of the station"
    )
    relayed = models.BooleanField(
        help_text="taken unchanged from another unit, or a programme of another station"
    )
    sounded_ms = models.PositiveBigIntegerField(
        help_text="each broadcast once, as long as on the cluster that played it longest"
    )
    heard = models.PositiveIntegerField(help_text="broadcasts, whole or in part")
    silent = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    plays_heard = models.PositiveIntegerField()
    plays_silent = models.PositiveIntegerField()
    plays_unknown = models.PositiveIntegerField()
    plays_open = models.PositiveIntegerField()
    prompt = models.PositiveIntegerField(help_text="heard plays that began within 1 s of the plan")
    soon = models.PositiveIntegerField(help_text="within 60 s")
    late = models.PositiveIntegerField(help_text="by more than 60 s")
    untimed = models.PositiveIntegerField(help_text="the device told no deviation")

    class Meta:
        ordering = ["unit", "day", "category", "relayed"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "day", "category", "relayed"], name="air_day_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    plays_heard=models.F("prompt")
                    + models.F("soon")
                    + models.F("late")
                    + models.F("untimed")
                ),
                name="air_day_heard_plays_add_up",
            ),
        ]
        indexes = [models.Index(fields=["day", "unit"], name="air_day_day")]


class ClusterDay(models.Model):
    """What became of the plays of one cluster on one day."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sounded_ms = models.PositiveBigIntegerField()
    heard = models.PositiveIntegerField()
    silent = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    open = models.PositiveIntegerField()

    class Meta:
        ordering = ["cluster", "day"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "day"], name="cluster_day_once"),
        ]
        indexes = [models.Index(fields=["unit", "day"], name="cluster_day_unit")]


class OrderDay(models.Model):
    """How long it took from the order "broadcast now" to the first sound, by day of the plan."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    priority = models.CharField(max_length=9, choices=Priority.choices)
    minute = models.PositiveIntegerField(help_text="within 1 minute")
    five = models.PositiveIntegerField(help_text="within 5 minutes")
    quarter = models.PositiveIntegerField(help_text="within 15 minutes")
    later = models.PositiveIntegerField()
    silent = models.PositiveIntegerField(help_text="heard nowhere")
    unknown = models.PositiveIntegerField(help_text="no evidence, or not yet")

    class Meta:
        ordering = ["unit", "day", "priority"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "priority"], name="order_day_once"),
        ]


class ChannelDay(models.Model):
    """Whether the editions released on a day came over a channel."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    channel = models.CharField(max_length=20)
    delivered = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()

    class Meta:
        ordering = ["unit", "day", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "channel"], name="channel_day_once"),
        ]
