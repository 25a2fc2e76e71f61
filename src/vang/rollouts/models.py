"""Releases for the loudspeakers, and how they are brought to them a few at a time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang_protocol import releases


class Release(models.Model):
    """Bản phát hành: node software or settings, as the signed list names it.

    ``withdrawn_at``: when it was taken off the list; no node takes it any more.
    """

    class Sort(models.TextChoices):
        SOFTWARE = releases.Sort.SOFTWARE.value, _("software")
        CONFIGURATION = releases.Sort.CONFIGURATION.value, _("settings")

    sort = models.CharField(max_length=16, choices=Sort.choices)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    listed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-listed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sort", "version"], name="release_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} {self.version}"

    @property
    def told(self) -> releases.Release:
        """As nodes call it."""
        return releases.Release(releases.Sort(self.sort), self.version)


class Rollout(models.Model):
    """Đợt cập nhật: one release for the devices of a territory, group by group.

    ``success_pct``: of a group, before the next begins. ``error_pct``: more of a group, and it
    stops by itself. ``minutes``: in which a device must report healthy.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("waits for a second person")
        REFUSED = "REFUSED", _("refused")
        RUNNING = "RUNNING", _("under way")
        PAUSED = "PAUSED", _("paused")
        HALTED = "HALTED", _("stopped by itself")
        ENDED = "ENDED", _("ended")
        DONE = "DONE", _("done")
        RETURNING = "RETURNING", _("going back")
        RETURNED = "RETURNED", _("gone back")

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="rollouts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was refused or ended")
    success_pct = models.PositiveSmallIntegerField(default=90)
    error_pct = models.PositiveSmallIntegerField(default=10)
    minutes = models.PositiveSmallIntegerField(default=10)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "-made_at"], name="rollout_of_unit"),
            models.Index(fields=["state"], name="rollout_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("made_by")),
                name="rollout_decided_by_a_second",
                violation_error_message=_("A second person decides."),
            ),
            models.CheckConstraint(
                condition=Q(state="WAITING", decided_by=None) | Q(decided_by__isnull=False)
                | Q(state="ENDED"),
                name="rollout_runs_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(
                    success_pct__gte=1, success_pct__lte=100, error_pct__lte=100,
                    minutes__gte=releases.LEAST_MINUTES, minutes__lte=releases.MOST_MINUTES,
                ),
                name="rollout_shares_in_range",
            ),
        ]  # fmt: skip


class Group(models.Model):
    """Nhóm: devices that get the release together. Number 1 is the canary."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rollout", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rollout", "number"], name="group_number_once"),
        ]


class Turn(models.Model):
    """A device in a roll-out: what it should have, and how far it is.

    ``wanted``: the version offered; ``before``: the one that it had. ``open``: the offer stands.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("its turn has not come")
        OFFERED = "OFFERED", _("offered")
        FETCHING = "FETCHING", _("fetching")
        READY = "READY", _("waits for a quiet time")
        TRYING = "TRYING", _("on trial")
        DONE = "DONE", _("has it")
        FAILED = "FAILED", _("went back")
        LEFT = "LEFT", _("left out")
        RETURNED = "RETURNED", _("has the former one")

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="turns")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="turns")
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="turns")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    open = models.BooleanField(default=True)
    wanted = models.CharField(max_length=20)
    before = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=20, blank=True, help_text="code of releases.Failure")
    detail = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["group", "pk"]
        indexes = [models.Index(fields=["group", "state"], name="turn_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["rollout", "node"], name="turn_once"),
            models.UniqueConstraint(
                fields=["node"],
                condition=Q(open=True),
                name="one_open_turn_a_node",
                violation_error_message=_("A device is in one roll-out at a time."),
            ),
        ]

    @property
    def ask(self) -> str:
        """The name of the offer: what failed under it is not tried again."""
        return f"r{self.rollout_id}-{self.pk}-{self.tries}"
