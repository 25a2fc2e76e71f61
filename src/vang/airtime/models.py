"""When sound may play and when it shall."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Edition
from vang.orgs.models import Unit


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
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
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
