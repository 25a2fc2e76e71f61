"""What a person is told, and how they want to be told."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.letters.models import Letter
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
FIRST_HOUR = 7


class Mail(models.TextChoices):
    """When a kind of notice is also sent by e-mail."""

    AT_ONCE = "AT_ONCE", _("at once")
    DAILY = "DAILY", _("once a day, together")
    NEVER = "NEVER", _("never, only on the page")


class Notice(models.Model):
    """Thông báo: one matter told to one person, in that person's language."""

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80, help_text='kind and key, such as "bulletin:12"')
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300, help_text="the page to open, an address of ours")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=7, choices=Mail.choices, default=Mail.NEVER)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="notices")
    once = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "once"], condition=~models.Q(once=""), name="notice_once"
            ),
            models.CheckConstraint(
                condition=models.Q(url__startswith="/") & ~models.Q(url__startswith="//"),
                name="notice_leads_to_a_page_of_ours",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notice_of_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["subject", "kind"], condition=models.Q(read_at=None), name="notice_open"
            ),
            models.Index(
                fields=["mail", "person"],
                condition=models.Q(letter=None, read_at=None) & ~models.Q(mail="NEVER"),
                name="notice_to_mail",
            ),
        ]


class Preference(models.Model):
    """A person's own choice for one kind; without a row the kind's default holds."""

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    mail = models.CharField(max_length=7, choices=Mail.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="preference_once"),
        ]


class DailyHour(models.Model):
    """At which hour of the day a person gets the day's letter; 7 without a row."""

    person = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="+")
    hour = models.PositiveSmallIntegerField(default=FIRST_HOUR)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hour__lte=23), name="daily_hour_of_the_clock"
            ),
        ]
