"""Speaker clusters in the villages and the nodes that drive them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.base.languages import CODE, CODE_LENGTH, VIETNAMESE
from vang.orgs.models import Unit
from vang_protocol.limits import DELAY_MS


class Cluster(models.Model):
    """Cụm loa: one receiver or amplifier with its speakers, at one place."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="clusters", help_text="the commune"
    )
    code = models.CharField(max_length=32, unique=True, help_text="as plans name it")
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    villages = models.ManyToManyField(Unit, related_name="+", blank=True)
    language = models.CharField(
        max_length=CODE_LENGTH, default=VIETNAMESE, help_text="in which its hearers are spoken to"
    )
    latitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    longitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    volume_ceiling_db = models.SmallIntegerField(default=0, help_text="dB, 0 to -60")
    delay_ms = models.PositiveSmallIntegerField(
        default=0, help_text="ms later than the plan's instant, 0 to 500, against echoes"
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["unit", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(volume_ceiling_db__gte=-60, volume_ceiling_db__lte=0),
                name="cluster_volume_ceiling_range",
                violation_error_message=_("The volume ceiling lies between -60 and 0 dB."),
            ),
            models.CheckConstraint(
                condition=models.Q(delay_ms__gte=0, delay_ms__lte=DELAY_MS),
                name="cluster_delay_range",
                violation_error_message=_("The delay lies between 0 and 500 ms."),
            ),
            models.CheckConstraint(
                condition=models.Q(language__regex=CODE), name="cluster_language_code"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="cluster_position_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Node(models.Model):
    """The device on a cluster. Replacing a device keeps the cluster and adds a node."""

    id = models.CharField(primary_key=True, max_length=26, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="nodes")
    home = models.ForeignKey(
        Unit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the unit whose code and key it knows, when its cluster belongs to another now",
    )
    public_key = models.CharField(max_length=64, unique=True, help_text="Ed25519, hex")
    name = models.CharField(max_length=120, blank=True)
    software = models.CharField(max_length=120, blank=True)
    virtual = models.BooleanField(default=False, help_text="a demonstration node on the server")
    enrolled_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="when somebody looked at it after it replaced another"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_seen_at = models.DateTimeField(null=True, blank=True)
    state = models.JSONField(default=dict, help_text="NodeState as last reported")
    state_at = models.DateTimeField(null=True, blank=True)
    every_s = models.PositiveSmallIntegerField(
        default=30, help_text="seconds between contacts as last seen: link or poll"
    )
    tested_at = models.DateTimeField(
        null=True, blank=True, help_text="when it last passed the silent test, every 3 minutes"
    )
    left_at = models.DateTimeField(null=True, blank=True, help_text="when its link closed")
    former_boot = models.CharField(
        max_length=80, blank=True, help_text="the start before the one it reports: never seen again"
    )
    doubted_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was noticed that there may be two of it"
    )
    suspended_at = models.DateTimeField(
        null=True, blank=True, help_text="nothing of it is accepted until somebody trusts it again"
    )
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rooted = models.BooleanField(
        default=True, help_text="was given the province's root when it was enrolled"
    )
    nonce_at = models.DateTimeField(
        null=True, blank=True, help_text="issue of the newest challenge used: none serves twice"
    )

    @property
    def obeys(self) -> Unit:
        """The unit by whose code it checks plans and commands: that in which it was enrolled."""
        return self.home or self.cluster.unit

    class Meta:
        ordering = ["cluster", "-enrolled_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster"],
                condition=models.Q(retired_at__isnull=True),
                name="one_node_in_service_a_cluster",
            ),
            models.CheckConstraint(
                condition=models.Q(suspended_at__isnull=True, suspended_by__isnull=True)
                | models.Q(suspended_at__isnull=False, suspended_by__isnull=False),
                name="node_suspended_by_somebody",
            ),
        ]


class EnrolmentCode(models.Model):
    """A one-time code that a technician types on the device. Only its hash is kept."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    virtual = models.BooleanField(default=False, help_text="for a node on the server itself")


class Attendance(models.Model):
    """Since when the server has listened to nodes without a break. One row."""

    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
