"""Keys that belong to people, and the policies that were made of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.people.models import Person
from vang_protocol.personal_keys import KeyKind, PersonalKey
from vang_protocol.policies import Use as KeyUse


class PersonKey(models.Model):
    """Khoá cá nhân: with it a person signs an order to the loudspeakers.

    It counts once a second administrator has approved it and a signed policy names it; for an
    emergency only from ``counts_from`` on.
    """

    class Kind(models.TextChoices):
        ED25519 = KeyKind.ED25519.value, _("software key of a demonstration")
        ES256 = KeyKind.ES256.value, _("passkey (ES256)")
        EDDSA = KeyKind.EDDSA.value, _("passkey (EdDSA)")
        RS256 = KeyKind.RS256.value, _("passkey (RS256)")

    class Use(models.TextChoices):
        ACTUAL = KeyUse.ACTUAL.value, _("real alerts, exercises and tests")
        TRAINING = KeyUse.TRAINING.value, _("exercises and tests only")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    public = models.CharField(max_length=512, help_text="hex")
    credential_id = models.CharField(max_length=1400, blank=True, help_text="base64url")
    relying_party = models.CharField(max_length=253, blank=True)
    use = models.CharField(max_length=8, choices=Use.choices)
    label = models.CharField(max_length=60)
    registered_at = models.DateTimeField()
    counts_from = models.DateTimeField(help_text="for emergencies")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["person", "registered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["public"], name="personkey_material_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | (
                    ~models.Q(approved_by=models.F("person"))
                    & ~models.Q(approved_by=models.F("requested_by"))
                ),
                name="personkey_approved_by_a_second",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at=None, approved_by=None)
                | models.Q(approved_at__isnull=False, approved_by__isnull=False),
                name="personkey_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=KeyKind.ED25519.value)
                | (
                    models.Q(counts_from__gt=models.F("registered_at"))
                    & ~models.Q(credential_id="")
                    & ~models.Q(relying_party="")
                ),
                name="personkey_passkey_counts_later",
            ),
        ]

    @property
    def key(self) -> PersonalKey:
        return PersonalKey(KeyKind(self.kind), self.public)

    @property
    def keyid(self) -> str:
        return self.key.keyid

    @property
    def is_software(self) -> bool:
        return self.kind == self.Kind.ED25519


class PolicyVersion(models.Model):
    """One policy, byte for byte. ``published_at`` None: made, not yet signed by the holders."""

    number = models.PositiveIntegerField(unique=True)
    payload = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="policyversion_counts_from_one"
            ),
        ]
