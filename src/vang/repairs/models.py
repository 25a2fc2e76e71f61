"""Faults of devices, what is done about them, what it costs, and how devices fared."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.bulletins.models import Bulletin
from vang.library.models import AttachedFile
from vang.orgs.models import Unit
from vang.stations.models import Cluster, Node

PERSON = settings.AUTH_USER_MODEL
MAX_NOTE = 2_000


class Round(models.Model):
    """When all devices were last looked at. One row."""

    last_at = models.DateTimeField()
    sampled_at = models.DateTimeField(null=True)


class Span(models.Model):
    """How a device fared in a stretch of time, from a sample every five minutes.

    ``up``, ``down`` and ``unknown`` count samples with contact, without, and those in which the
    fault may have been the server's own. The rest is the least or largest reading, None where the
    device has no such sensor.
    """

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="+")
    up = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    silent = models.PositiveIntegerField(
        default=0, help_text="samples with a failed or mute output"
    )
    battery_min = models.PositiveIntegerField(null=True, help_text="mV")
    battery_max = models.PositiveIntegerField(null=True, help_text="mV")
    supply_min = models.PositiveIntegerField(null=True, help_text="mV")
    temperature_min = models.SmallIntegerField(null=True, help_text="tenths of a degree")
    temperature_max = models.SmallIntegerField(null=True, help_text="tenths of a degree")
    disk_min = models.PositiveSmallIntegerField(null=True, help_text="percent free")
    memory_min = models.PositiveIntegerField(null=True, help_text="MB free")
    cpu_max = models.PositiveSmallIntegerField(null=True, help_text="percent")
    signal_min = models.SmallIntegerField(null=True, help_text="dBm")
    clock_max = models.PositiveIntegerField(null=True, help_text="bound of the error, ms")

    class Meta:
        abstract = True


class HourHealth(Span):
    """One hour, kept for a fortnight."""

    begins = models.DateTimeField()
    rolled = models.BooleanField(default=False, help_text="it is counted in its day")

    class Meta:
        ordering = ["node", "begins"]
        constraints = [
            models.UniqueConstraint(fields=["node", "begins"], name="hour_health_once"),
        ]
        indexes = [
            models.Index(fields=["begins"], name="hour_health_begins"),
            models.Index(fields=["begins"], condition=Q(rolled=False), name="hour_health_open"),
        ]


class DayHealth(Span):
    """One day in Vietnam, kept for three years."""

    day = models.DateField()
    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="+", help_text="on which it served"
    )

    class Meta:
        ordering = ["node", "day"]
        constraints = [models.UniqueConstraint(fields=["node", "day"], name="day_health_once")]
        indexes = [models.Index(fields=["cluster", "day"], name="day_health_cluster")]


class Outage(models.Model):
    """Mất kết nối diện rộng: many devices of a place away at once, told as one matter."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="outages")
    began_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    away = models.PositiveIntegerField(help_text="devices, at worst")
    serving = models.PositiveIntegerField()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(closed_at=None), name="one_open_outage_a_unit"
            ),
        ]


class Fault(models.Model):
    """Sự cố của thiết bị: opened by itself from what the device tells, and closed by itself."""

    class Kind(models.TextChoices):
        OFFLINE = "OFFLINE", _("out of contact")
        SOUND = "SOUND", _("output gives no sound")
        NOT_HEARD = "NOT_HEARD", _("microphone does not hear the loudspeaker")
        POWER = "POWER", _("supply voltage too low")
        BATTERY = "BATTERY", _("battery nearly empty")
        CLOCK = "CLOCK", _("clock is wrong")
        HEAT = "HEAT", _("too hot")
        DISK = "DISK", _("storage nearly full")
        MEMORY = "MEMORY", _("too little memory")
        SIGNAL = "SIGNAL", _("weak signal")

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="device_faults")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    began_at = models.DateTimeField(help_text="first bad reading, or last contact")
    opened_at = models.DateTimeField(null=True, help_text="bad for long enough; None before that")
    good_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    worst = models.BigIntegerField(null=True, help_text="the worst reading, in the rule's unit")
    outage = models.ForeignKey(
        Outage, null=True, on_delete=models.SET_NULL, related_name="faults",
        help_text="of which it is a part, and is not told by itself",
    )  # fmt: skip

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind"], condition=Q(closed_at=None), name="fault_once_a_device"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
                name="fault_closed_after_it_opened",
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "-opened_at"], name="fault_cluster"),
            models.Index(fields=["kind"], condition=Q(closed_at=None), name="fault_open"),
            models.Index(fields=["closed_at"], name="fault_closed"),
        ]


class Part(models.Model):
    """Linh kiện, vật tư: what lies in a unit's store."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="spare_parts")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=240, help_text="folded")
    on_hand = models.PositiveIntegerField(default=0)
    least = models.PositiveIntegerField(default=0, help_text="below this it is to be bought")
    cost = models.PositiveBigIntegerField(default=0, help_text="đồng a piece")

    class Meta:
        ordering = ["unit", "key"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="part_once_a_unit")]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """Phiếu sửa chữa: one matter at one cluster, from its notice to the proof that it sounds."""

    class About(models.TextChoices):
        SILENT = "SILENT", _("cannot be heard")
        WEAK = "WEAK", _("too quiet, crackles or breaks off")
        NOISE = "NOISE", _("too loud or disturbing")
        CONTACT = "CONTACT", _("no contact with the device")
        POWER = "POWER", _("power or battery")
        DAMAGE = "DAMAGE", _("damaged: pole, horn, cable, box")
        OTHER = "OTHER", pgettext_lazy("repair", "something else")

    class Cause(models.TextChoices):
        POWER = "POWER", _("power supply or battery")
        NETWORK = "NETWORK", _("network, SIM card, cable to the net")
        DEVICE = "DEVICE", _("the device itself")
        AMPLIFIER = "AMPLIFIER", _("amplifier")
        SPEAKER = "SPEAKER", _("loudspeaker horn")
        WIRING = "WIRING", _("wires, plugs")
        WEATHER = "WEATHER", _("storm, water, lightning, animals")
        SETTING = "SETTING", _("setting, volume")
        NOTHING = "NOTHING", _("nothing found")
        OTHER = "OTHER", pgettext_lazy("cause", "something else")

    class Outcome(models.TextChoices):
        PROVEN = "PROVEN", _("mended, proven by a broadcast")
        SAID = "SAID", _("mended, without proof")
        LEFT = "LEFT", _("not mended")
        NEEDLESS = "NEEDLESS", _("no repair needed")

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="tickets")
    node = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="+")
    fault = models.ForeignKey(Fault, null=True, on_delete=models.PROTECT, related_name="tickets")
    about = models.CharField(max_length=7, choices=About.choices)
    text = models.TextField(max_length=MAX_NOTE, blank=True)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    technician = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, help_text="when a technician was given it")
    on_way_at = models.DateTimeField(null=True)
    there_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=9, choices=Cause.choices, blank=True)
    done = models.TextField(max_length=MAX_NOTE, blank=True, help_text="what was found and done")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reason = models.TextField(max_length=MAX_NOTE, blank=True, help_text="where nothing proves it")
    proof = models.JSONField(
        default=dict, help_text="the broadcast that proved it, as it was known"
    )

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="ticket_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="PROVEN") | ~Q(proof={}), name="ticket_proof_is_there"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", "PROVEN")) | ~Q(reason=""),
                name="ticket_without_proof_says_why",
                violation_error_message=_("Say why it is closed without a proof."),
            ),
            models.CheckConstraint(
                condition=Q(there_at=None) | Q(technician__isnull=False),
                name="ticket_somebody_is_there",
            ),
            models.UniqueConstraint(
                fields=["fault"], condition=Q(closed_at=None), name="one_open_ticket_a_fault"
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "-opened_at"], name="ticket_cluster"),
            models.Index(fields=["technician"], condition=Q(closed_at=None), name="ticket_mine"),
            models.Index(fields=["closed_at"], name="ticket_closed"),
        ]

    def __str__(self) -> str:
        return f"SC-{self.pk}"


class PartUsed(models.Model):
    """What a repair took, at the price of that day."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="parts")
    part = models.ForeignKey(
        Part, null=True, on_delete=models.PROTECT, related_name="+", help_text="from the store"
    )
    name = models.CharField(max_length=120)
    amount = models.PositiveIntegerField()
    cost = models.PositiveBigIntegerField(help_text="đồng a piece")
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["ticket", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="part_used_at_all"),
        ]

    @property
    def total(self) -> int:
        """Đồng."""
        return self.amount * self.cost


class Photo(AttachedFile):
    """A picture of the repair, rendered anew: nothing of the camera or the place goes along."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="photos")

    class Meta:
        ordering = ["ticket", "id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "sha256"], name="photo_once")]


class TestCall(models.Model):
    """A test broadcast asked for during a repair: a writer begins it, an approver releases it as
    any other; no server lets a loudspeaker sound by itself."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="tests")
    bulletin = models.OneToOneField(Bulletin, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["ticket", "id"]


class PlayCheck(models.Model):
    """What a device told of one play while a repair was open: the silence watch and, where there
    is one, the microphone."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="+")
    item = models.CharField(max_length=80)
    silent_ms = models.PositiveIntegerField(null=True)
    sent_cdb = models.SmallIntegerField(null=True, help_text="hundredths of dBFS")
    heard = models.CharField(max_length=9, blank=True)
    score = models.PositiveSmallIntegerField(null=True, help_text="thousandths")
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["node", "id"]
        constraints = [models.UniqueConstraint(fields=["node", "item"], name="play_check_once")]
