"""Signed plans, the keys that sign them, and the occurrences they ordered."""

from django.db import models

from vang.airtime.models import Placement, StationSound
from vang.base.languages import CODE_LENGTH, VIETNAMESE
from vang.bulletins.models import Edition
from vang.orgs.models import Unit
from vang.relays.models import Station


class RoutineKey(models.Model):
    """The public half of a commune's routine signing key; the private half is a 0600 file."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="routine_keys")
    keyid = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=64, unique=True, help_text="Ed25519, hex")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)


class PlanVersion(models.Model):
    """One signed plan of a unit, byte for byte as the nodes receive it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    envelope = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64, help_text="of what it orders, without its times")
    issued_at = models.DateTimeField()
    covers_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    items = models.PositiveIntegerField()
    checked_at = models.DateTimeField(
        null=True, help_text="when it was last found to be still what is ordered"
    )

    class Meta:
        ordering = ["unit", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "version"], name="plan_version_once"),
        ]


class PlanCopy(models.Model):
    """The same plan for devices that know their cluster by the code of a unit that has become
    another: under that code, signed with that unit's key. Nobody needs to climb to them."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="copies")
    home = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    envelope = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["plan", "home"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "home"], name="plan_copied_once_a_home"),
        ]


class PlannedItem(models.Model):
    """One occurrence that some plan version ordered: what evidence is held against."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="planned_items")
    item = models.CharField(max_length=64, help_text="plan item id")
    title = models.CharField(max_length=200, default="")
    edition = models.ForeignKey(
        Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="planned_items"
    )
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.PROTECT, related_name="planned_items"
    )
    sound = models.ForeignKey(
        StationSound, null=True, blank=True, on_delete=models.PROTECT, related_name="planned_items"
    )
    relay = models.ForeignKey(
        Station,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="planned_items",
        help_text="the station whose programme is carried as it comes",
    )
    language = models.CharField(max_length=CODE_LENGTH, default=VIETNAMESE)
    audio_sha256 = models.CharField(
        max_length=64, help_text="of the sound in that language; of a relay its session and key"
    )
    start = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    clusters = models.JSONField(default=list, help_text="cluster codes, sorted")
    first_version = models.PositiveIntegerField()
    last_version = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit", "start", "item"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "item"], name="planned_item_once"),
            models.CheckConstraint(
                condition=models.Q(
                    edition__isnull=False,
                    placement__isnull=False,
                    sound__isnull=True,
                    relay__isnull=True,
                )
                | models.Q(edition__isnull=True, placement__isnull=True, sound__isnull=False)
                & models.Q(relay__isnull=True)
                | models.Q(edition__isnull=True, placement__isnull=True, sound__isnull=True)
                & models.Q(relay__isnull=False),
                name="planned_item_is_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["unit", "start"], name="planned_unit_start")]
