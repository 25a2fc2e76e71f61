"""Letters that leave by e-mail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit


class Letter(models.Model):
    """Thư điện tử: one letter to one address.

    Its words are made by the renderer of its kind at the moment of sending, so that nothing
    secret, such as a link to a new password, ever lies in the database.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        SENDING = "SENDING", _("being sent")
        SENT = "SENT", _("sent")
        FAILED = "FAILED", _("not sent")
        DROPPED = "DROPPED", _("no longer needed")

    kind = models.CharField(max_length=40)
    address = models.EmailField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, default="vi")
    reference = models.CharField(
        max_length=120, blank=True, help_text="what the renderer needs to know, never a secret"
    )
    once = models.CharField(
        max_length=120, blank=True, help_text="two letters with the same are never sent"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=40, blank=True, help_text="code of letters.outcomes")
    answer = models.CharField(max_length=300, blank=True, help_text="the server's own words")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["once"], condition=~models.Q(once=""), name="letter_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="FAILED") | ~models.Q(failure=""),
                name="letter_failure_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["WAITING", "SENDING"]),
                name="letter_to_send",
            ),
            models.Index(
                fields=["unit", "-changed_at"],
                condition=models.Q(state="FAILED"),
                name="letter_failed",
            ),
            models.Index(fields=["person", "-created_at"], name="letter_of_person"),
        ]
