"""Who may speak live where, and what was spoken."""

from hashlib import sha256

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vang.dispatch.models import Command
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster


class Permission(models.Model):
    """Cho phép nói trực tiếp: the commune lets a person, mostly a village leader, speak to some of
    its loudspeakers, from a day to a day, in some hours. Nothing is changed in it but its end."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    clusters = models.ManyToManyField(Cluster, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(help_text="the last day")
    hours_from = models.TimeField()
    hours_to = models.TimeField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="permission_days_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(hours_to__gt=F("hours_from")),
                name="permission_hours_in_order",
                violation_error_message=_("The hours end before they begin."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("given_by")), name="permission_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="permission_withdrawn_by_somebody",
            ),
        ]


class Session(models.Model):
    """Phiên nói trực tiếp: one microphone that a person opened for some loudspeakers.

    ``name`` and ``public_key`` are the link's; ``payload`` is what the person signs.
    """

    class State(models.TextChoices):
        PREPARED = "PREPARED", _("not signed yet")
        OPEN = "OPEN", _("open")
        ENDED = "ENDED", _("ended")

    name = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=160)
    clusters = models.ManyToManyField(Cluster, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    public_key = models.CharField(max_length=64)
    payload = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    command = models.OneToOneField(
        Command, null=True, on_delete=models.PROTECT, related_name="live_session"
    )
    key_id = models.CharField(max_length=64, blank=True)
    software_key = models.BooleanField(default=False)
    prepared_at = models.DateTimeField()
    until = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=40, blank=True)
    frames = models.PositiveIntegerField(default=0, help_text="of 60 ms, as aired")
    recording = models.CharField(max_length=40, blank=True, help_text="file name")
    recording_sha256 = models.CharField(max_length=64, blank=True)
    words = models.TextField(blank=True, help_text="what was said, written down afterwards")
    words_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="the last who did"
    )
    words_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-prepared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("prepared_at")), name="live_session_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="PREPARED", command=None, opened_at=None)
                | Q(state="ENDED")
                | Q(state="OPEN", command__isnull=False, opened_at__isnull=False),
                name="live_session_open_by_a_command",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(state="ENDED"), name="live_session_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(words_at=None, words_by=None)
                | Q(words_at__isnull=False, words_by__isnull=False, state="ENDED"),
                name="live_words_by_somebody_afterwards",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-prepared_at"], name="live_of_a_unit"),
            models.Index(fields=["until"], condition=~Q(state="ENDED"), name="live_not_ended"),
        ]

    @property
    def spoken_ms(self) -> int:
        """How long it was on the air."""
        return self.frames * 60

    @property
    def words_sha256(self) -> str:
        """Which wording it is; nothing as long as there is none."""
        return sha256(self.words.encode()).hexdigest() if self.words else ""
