"""Where a person is signed in, and from which devices they come."""

from django.db import models

from vang.people.models.persons import Person


class SignInSession(models.Model):
    """Phiên đăng nhập: one browser in which a person is signed in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_in_sessions")
    key = models.CharField(max_length=40, unique=True, help_text="key of Django's session")
    device = models.ForeignKey("Device", on_delete=models.CASCADE, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="to about ten minutes")

    class Meta:
        ordering = ["-seen_at", "-pk"]
        indexes = [models.Index(fields=["person", "-seen_at"], name="session_of_person")]


class Device(models.Model):
    """Thiết bị đã đăng nhập: known by a cookie of its own, whose hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="devices")
    sha256 = models.CharField(max_length=64)
    browser = models.CharField(max_length=200, blank=True, help_text="User-Agent as sent")
    address = models.GenericIPAddressField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "sha256"], name="device_once_a_person"),
        ]
