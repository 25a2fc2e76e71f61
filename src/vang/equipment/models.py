"""The station of a commune, its ways of transmission, the places and the devices on them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.base.text import fold
from vang.orgs.models import Unit
from vang.stations.models import Cluster, Node


def looked_for(*texts: str) -> str:
    """Without marks and case: "doi" finds "Xóm Đồi"."""
    return " ".join(fold(" ".join(texts)).split())


class Station(models.Model):
    """Đài truyền thanh cấp xã: one a commune, whatever it transmits by."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="station")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=200, blank=True, help_text="that set it up")

    class Meta:
        ordering = ["unit"]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """A way by which the station reaches places. FM and wire begin at a node that feeds the
    transmitter or amplifier; beyond it nobody can tell who speaks."""

    class Kind(models.TextChoices):
        IP = "IP", pgettext_lazy("way of transmission", "over the Internet (IP)")
        FM = "FM", pgettext_lazy("way of transmission", "wireless FM")
        WIRED = "WIRED", pgettext_lazy("way of transmission", "by wire")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="segments")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    name = models.CharField(max_length=120)
    fed_by = models.ForeignKey(
        Cluster,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="whose device feeds the transmitter or amplifier; empty: fed by hand",
    )
    frequency_khz = models.PositiveIntegerField(null=True, blank=True)
    power_w = models.PositiveIntegerField(null=True, blank=True, help_text="of what transmits, W")
    licence_number = models.CharField(max_length=80, blank=True)
    licence_until = models.DateField(null=True, blank=True, help_text="its last day")
    note = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit", "kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="IP")
                | models.Q(
                    fed_by__isnull=True,
                    frequency_khz__isnull=True,
                    licence_number="",
                    licence_until__isnull=True,
                ),
                name="segment_ip_is_plain",
                violation_error_message=_("Over the Internet there is neither licence nor feed."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="FM") | models.Q(frequency_khz__isnull=True),
                name="segment_frequency_of_fm",
                violation_error_message=_("Only FM has a frequency."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["licence_until"],
                condition=models.Q(licence_until__isnull=False, ended_at__isnull=True),
                name="segment_licence_until",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def frequency_mhz(self) -> float | None:
        return None if self.frequency_khz is None else self.frequency_khz / 1000

    @property
    def is_authenticated(self) -> bool:
        """Whether what is heard on it was checked by the very device that sounds."""
        return self.kind == Segment.Kind.IP


class Place(models.Model):
    """Where loudspeakers hang. With a cluster it is known by that one's name and position;
    without one it is heard over FM or wire, by something that checks nothing."""

    class Power(models.TextChoices):
        MAINS = "MAINS", _("mains")
        BACKED = "BACKED", _("mains with a battery")
        SOLAR = "SOLAR", _("solar")
        OTHER = "OTHER", pgettext_lazy("power", "other")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="places")
    cluster = models.OneToOneField(
        Cluster, null=True, blank=True, on_delete=models.CASCADE, related_name="register"
    )
    segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="places"
    )
    name = models.CharField(max_length=120, help_text="of its cluster, if it has one")
    where = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    longitude = models.FloatField(null=True, blank=True, help_text="degrees, WGS 84")
    villages = models.ManyToManyField(Unit, related_name="+", blank=True)
    households = models.PositiveIntegerField(
        null=True, blank=True, help_text="that hear it, counted; empty: those of its villages"
    )
    speakers = models.PositiveSmallIntegerField(default=0)
    watts = models.PositiveIntegerField(default=0, help_text="of all its loudspeakers, W")
    power = models.CharField(max_length=6, choices=Power.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    expected = models.ForeignKey(
        "equipment.Device",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="the device that is to be enrolled here next",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=400, editable=False, help_text="as it is looked for")

    class Meta:
        ordering = ["unit", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="place_position_whole",
            ),
        ]
        indexes = [models.Index(fields=["unit", "name"], name="place_unit_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *given: Any, **options: Any) -> None:
        self.key = looked_for(self.name, self.where)
        super().save(*given, **options)


class Device(models.Model):
    """One thing that was bought, whether it stands somewhere or lies in the store."""

    class Kind(models.TextChoices):
        RECEIVER = "RECEIVER", _("IP receiver")
        TRANSMITTER = "TRANSMITTER", _("FM transmitter")
        AMPLIFIER = "AMPLIFIER", _("amplifier")
        FM_RECEIVER = "FM_RECEIVER", _("FM receiver")
        SPEAKER = "SPEAKER", pgettext_lazy("device", "loudspeaker")
        MIXER = "MIXER", _("mixing desk")
        MICROPHONE = "MICROPHONE", pgettext_lazy("device", "microphone")
        COMPUTER = "COMPUTER", _("computer")
        RECORDER = "RECORDER", _("recorder")
        POWER = "POWER", _("power supply, battery, solar panel")
        MODEM = "MODEM", _("4G modem, router")
        OTHER = "OTHER", pgettext_lazy("device", "other")

    class State(models.TextChoices):
        SERVING = "SERVING", pgettext_lazy("device", "in service")
        STORED = "STORED", pgettext_lazy("device", "in store")
        LENT = "LENT", pgettext_lazy("device", "lent")
        RETIRED = "RETIRED", pgettext_lazy("device", "out of use")

    class Funding(models.TextChoices):
        COMMUNE = "COMMUNE", _("budget of the commune")
        DISTRICT = "DISTRICT", _("budget of the district (before 07/2025)")
        PROVINCE = "PROVINCE", _("budget of the province")
        PROGRAMME = "PROGRAMME", _("national target programme")
        SOCIAL = "SOCIAL", _("contributions of society")
        OTHER = "OTHER", pgettext_lazy("funding", "other")

    class Network(models.TextChoices):
        FIBRE = "FIBRE", _("fibre, cable")
        WIFI = "WIFI", "Wi-Fi"
        MOBILE = "MOBILE", "4G"
        NONE = "NONE", pgettext_lazy("network", "none")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    name = models.CharField(max_length=120, help_text="make and model")
    vendor = models.CharField(max_length=120, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.STORED)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="devices"
    )
    node = models.OneToOneField(
        Node, null=True, blank=True, on_delete=models.SET_NULL, related_name="asset"
    )
    bought_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True, help_text="its last day")
    price = models.PositiveBigIntegerField(null=True, blank=True, help_text="VND")
    funding = models.CharField(max_length=9, choices=Funding.choices, blank=True)
    network = models.CharField(max_length=6, choices=Network.choices, blank=True)
    sim_number = models.CharField(max_length=20, blank=True)
    sim_operator = models.CharField(max_length=40, blank=True)
    lent_to = models.CharField(max_length=200, blank=True)
    lent_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    described = models.BooleanField(
        default=True, help_text="False while all that is known is that it enrolled"
    )
    key = models.CharField(max_length=400, editable=False, help_text="as it is looked for")

    class Meta:
        ordering = ["unit", "kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "serial"],
                condition=~models.Q(serial=""),
                name="device_serial_once",
                violation_error_message=_("A device with this serial number is in the register."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="SERVING", place__isnull=False)
                | (~models.Q(state="SERVING") & models.Q(place__isnull=True)),
                name="device_serves_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(state="SERVING") | models.Q(node__isnull=True),
                name="device_node_serves",
            ),
            models.CheckConstraint(
                condition=models.Q(state="LENT", lent_until__isnull=False) & ~models.Q(lent_to="")
                | (~models.Q(state="LENT") & models.Q(lent_to="", lent_until__isnull=True)),
                name="device_lent_to_somebody_until",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "kind"], name="device_unit_state_kind"),
            models.Index(
                fields=["warranty_until"],
                condition=models.Q(warranty_until__isnull=False),
                name="device_warranty_until",
            ),
            models.Index(
                fields=["lent_until"],
                condition=models.Q(lent_until__isnull=False),
                name="device_lent_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.serial})" if self.serial else self.name

    def save(self, *given: Any, **options: Any) -> None:
        self.key = looked_for(self.name, self.vendor, self.serial)
        super().save(*given, **options)

    @property
    def masked_sim(self) -> str:
        """The last three figures, for lists."""
        return f"…{self.sim_number[-3:]}" if self.sim_number else ""


class Stay(models.Model):
    """A device stood at a place from a moment on. The history of both."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="stays")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="stays")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(until__isnull=True),
                name="device_stands_at_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="stay_ends_after_it_begins",
            ),
        ]


class Ground(models.Model):
    """What lies under a unit's map: its boundary, and perhaps tiles of somebody's server."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="ground")
    boundary = models.TextField(blank=True, help_text="GeoJSON, checked and cut down")
    tiles = models.CharField(max_length=300, blank=True, help_text="https://…/{z}/{x}/{y}.png")
    credit = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["unit"]


class Brought(models.Model):
    """An inventory from a file, between its preview and its taking over."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, help_text="of the file")
    rows = models.JSONField(default=list)
    wrong = models.JSONField(default=list, help_text="[line, what stands there, reason]")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
