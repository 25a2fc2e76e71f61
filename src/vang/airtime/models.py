"""When sound may play and when it shall."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Edition
from vang.library.models import Item as LibraryItem
from vang.orgs.models import Unit
from vang.relays.models import Station
from vang.stations.models import Cluster
from vang.voice.models import Rendition


class SlotPolicy(models.Model):
    """Khung giờ phát: what provincial rules and the commune's regulation allow."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="slot_policy")
    hours = models.JSONField(
        default=list, help_text='allowed local windows, [["05:00", "06:30"], …], sorted, disjoint'
    )
    longest_session_s = models.PositiveIntegerField(default=45 * 60)
    sessions_a_day = models.PositiveSmallIntegerField(default=3)
    weekend = models.BooleanField(default=True, help_text="may play on Saturday and Sunday")
    zone = models.CharField(max_length=40, default="Asia/Ho_Chi_Minh")
    volume = models.JSONField(default=list, help_text='[["21:00", "22:00", -12], …] dB by hour')
    based_on = models.CharField(max_length=20, blank=True, default="", help_text="ready set")
    note = models.CharField(
        max_length=300, blank=True, default="", help_text="why it goes beyond that set"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()


class QuietZone(models.Model):
    """Vùng yên tĩnh: when one cluster is silent or less loud, and why there."""

    cluster = models.OneToOneField(Cluster, on_delete=models.PROTECT, related_name="quiet_zone")
    quiet = models.JSONField(default=list, help_text='[["11:30", "13:30"], …] silent hours')
    volume = models.JSONField(default=list, help_text='[["05:00", "06:00", -6], …] dB by hour')
    because = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()


class DayOff(models.Model):
    """Ngày nghỉ riêng: a commune's own day off, or a public holiday on which it works."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="days_off")
    day = models.DateField()
    name = models.CharField(max_length=120)
    off = models.BooleanField(default=True, help_text="False: people work although it is one")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["unit", "day"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "day"], name="day_off_once"),
        ]


class StationSound(models.Model):
    """Âm thanh của đài: a tune, closing, music or recorded relay that a second person approved.

    Not a bulletin: it has no text and no public page. What was approved is the very file.
    """

    class Kind(models.TextChoices):
        TUNE = "TUNE", _("signature tune")
        CLOSING = "CLOSING", _("closing")
        MUSIC = "MUSIC", _("music to fill gaps")
        RELAY = "RELAY", _("recorded programme of another station")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="station_sounds")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    title = models.CharField(max_length=200)
    relayed_from = models.CharField(max_length=120, blank=True)
    item = models.ForeignKey(LibraryItem, on_delete=models.PROTECT, related_name="+")
    rendition = models.ForeignKey(Rendition, on_delete=models.PROTECT, related_name="+")
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_sha256 = models.CharField(max_length=64, blank=True, help_text="of the sound heard")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit", "kind", "title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    approved_by__isnull=True, approved_at__isnull=True, approved_sha256=""
                )
                | (
                    models.Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~models.Q(approved_sha256="")
                ),
                name="station_sound_approval_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("chosen_by")),
                name="station_sound_approved_by_another",
                violation_error_message=_("Somebody else must approve it."),
            ),
            models.CheckConstraint(
                condition=(models.Q(kind="RELAY") & ~models.Q(relayed_from=""))
                | (~models.Q(kind="RELAY") & models.Q(relayed_from="")),
                name="relay_names_its_station",
                violation_error_message=_("Name the station whose programme it is."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Programme(models.Model):
    """Chương trình: a recurring session by local wall time and weekly rule."""

    class Holidays(models.TextChoices):
        """What it does on public holidays and the commune's own days off."""

        PLAY = "PLAY", _("it plays as on other days")
        SKIP = "SKIP", _("it does not play")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=120)
    starts_at = models.TimeField(help_text="local wall time")
    zone = models.CharField(max_length=40, default="Asia/Ho_Chi_Minh")
    weekdays = models.CharField(max_length=7, default="1111111", help_text="Monday first")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day on which it plays")
    on_holidays = models.CharField(max_length=4, choices=Holidays.choices, default=Holidays.PLAY)
    fill_s = models.PositiveIntegerField(
        default=0, help_text="music fills each session up to this length (s); 0: none"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekdays__regex=r"^[01]{7}$") & ~models.Q(weekdays="0000000"),
                name="programme_has_a_weekday",
                violation_error_message=_("Choose at least one day of the week."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammePart(models.Model):
    """Kết cấu chương trình: a part before (negative place) or after the bulletins."""

    class Kind(models.TextChoices):
        SOUND = "SOUND", _("a sound of the station")
        WINDOW = "WINDOW", _("time kept for a relay")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    place = models.SmallIntegerField(help_text="order; the bulletins stand at 0")
    sound = models.ForeignKey(
        StationSound, null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    source = models.CharField(max_length=120, blank=True, help_text="the station relayed")
    relay = models.ForeignKey(
        Station,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="carried by the loudspeakers themselves; empty: by other equipment",
    )
    lasts_s = models.PositiveIntegerField(default=0, help_text="of a window")
    from_day = models.DateField()
    to_day = models.DateField(null=True, blank=True, help_text="last day on which it is part")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "place", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(place=0), name="bulletins_stand_at_zero"),
            models.CheckConstraint(
                condition=models.Q(
                    kind="SOUND", sound__isnull=False, source="", lasts_s=0, relay__isnull=True
                )
                | (
                    models.Q(kind="WINDOW", sound__isnull=True, lasts_s__gte=60, lasts_s__lte=10800)
                    & ~models.Q(source="")
                ),
                name="programme_part_is_whole",
            ),
        ]


class ProgrammeTime(models.Model):
    """Trừ ngày, dời buổi: one time of a programme decided otherwise. Kept when it is undone."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="otherwise")
    day = models.DateField(help_text="on which the rule would have it")
    to_day = models.DateField(null=True, blank=True, help_text="empty: it does not play")
    to_at = models.TimeField(null=True, blank=True, help_text="local wall time")
    note = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["programme", "day", "decided_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "day"],
                condition=models.Q(undone_at__isnull=True),
                name="one_decision_in_force_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(to_day__isnull=True, to_at__isnull=True)
                | models.Q(to_day__isnull=False, to_at__isnull=False),
                name="a_moved_time_has_day_and_hour",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="who_undid_it_is_known",
            ),
        ]


class Placement(models.Model):
    """Xếp lịch: one edition put on the air, now, once at a time, or in a programme."""

    class Kind(models.TextChoices):
        NOW = "NOW", _("now")
        ONCE = "ONCE", _("once")
        PROGRAMME = "PROGRAMME", _("in a programme")

    class Instead(models.TextChoices):
        """What clusters hear whose language the edition lacks."""

        SILENCE = "SILENCE", _("they stay silent")
        VIETNAMESE = "VIETNAMESE", _("they hear the Vietnamese")

    class Resume(models.TextChoices):
        """What becomes of it when something more important interrupts it."""

        DROP = "drop", _("it is not continued")
        RESTART = "restart", _("it begins again")
        RESUME = "resume", _("it goes on where it was")
        KEEP = "keep", _("it runs on unheard, as a live programme does")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    start = models.DateTimeField(null=True, blank=True, help_text="instant, for NOW and ONCE")
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="placements"
    )
    missing = models.JSONField(
        default=dict,
        help_text='language that the edition lacks → what its clusters hear: "VIETNAMESE" or '
        '"SILENCE", as the placer decided',
    )
    only = models.JSONField(
        default=list, help_text="cluster codes; empty: every cluster that reaches the audience"
    )
    resume = models.CharField(max_length=7, choices=Resume.choices, default=Resume.DROP)
    from_day = models.DateField(null=True, blank=True)
    to_day = models.DateField(null=True, blank=True, help_text="last day on which it plays")
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["unit", "placed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(kind="PROGRAMME", programme__isnull=False, from_day__isnull=False)
                    | (~models.Q(kind="PROGRAMME") & models.Q(start__isnull=False))
                ),
                name="placement_has_its_time",
            ),
        ]


class CalendarFeed(models.Model):
    """Địa chỉ lịch: an address at which a calendar program reads the schedule. Its token is kept
    only as a hash; whoever has the address may read until it is revoked."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="calendar_feeds")
    name = models.CharField(max_length=120, help_text="who uses it")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="who_revoked_a_feed_is_known",
            ),
        ]


class StoppedOccurrence(models.Model):
    """One occurrence of a placement that somebody stopped or struck from the plan."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=64, help_text="plan item id")
    start = models.DateTimeField(help_text="when it began or would have begun")
    stopped_at = models.DateTimeField()
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "item"], name="occurrence_stopped_once"),
        ]
        indexes = [models.Index(fields=["unit", "start"], name="stopped_unit_start")]
