"""Links that open something once. Only their hashes are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.people.models.persons import Person


class Invitation(models.Model):
    """Lời mời: somebody is to work in a unit; they choose name and password themselves.

    The link that was shown and the one that went by e-mail differ: whoever comes by the second
    has proved the address.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="invitations")
    full_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    roles = models.JSONField(help_text="values of Membership.Role, given on acceptance")
    link_sha256 = models.CharField(max_length=64, unique=True)
    mail_sha256 = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["mail_sha256"],
                condition=~models.Q(mail_sha256=""),
                name="invitation_letter_once",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-created_at"], name="invitation_of_unit")]


class OneTimeLink(models.Model):
    """A letter's link to a new password, or to confirming an address."""

    class Purpose(models.TextChoices):
        PASSWORD = "PASSWORD", _("new password")
        ADDRESS = "ADDRESS", _("confirm an address")

    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True, help_text="the address to confirm")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "purpose"], name="link_of_person")]
