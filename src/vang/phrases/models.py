"""The bank of phrases of a commune's announcer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.takes.models import Clip

PERSON = settings.AUTH_USER_MODEL


class Phrase(models.Model):
    """Câu mẫu: something the announcer says, once recorded for many notices.

    Rows exist for what was recorded and for what the commune added itself; what else is wanted
    is told by the inventory. ``key`` are its spoken words.
    """

    class Group(models.TextChoices):
        NUMBER = "NUMBER", _("numbers")
        HOUR = "HOUR", _("hours")
        DATE = "DATE", _("dates")
        WEEKDAY = "WEEKDAY", _("days of the week")
        PLACE = "PLACE", _("places")
        SENTENCE = "SENTENCE", _("standing sentences")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="phrases")
    key = models.CharField(max_length=400)
    text = models.CharField(max_length=400, help_text="as written")
    group = models.CharField(max_length=8, choices=Group.choices)
    own = models.BooleanField(default=False, help_text="added by the commune")
    current = models.ForeignKey(
        "Saying", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], name="phrase_once"),
        ]


class Saying(models.Model):
    """One recording of a phrase. The newest is used; older ones stay for what was made of them."""

    class Check(models.TextChoices):
        WAITING = "WAITING", _("not listened to yet")
        SAME = "SAME", _("the machine heard the same")
        OTHER = "OTHER", _("the machine heard something else")
        UNHEARD = "UNHEARD", _("the machine does not listen")

    phrase = models.ForeignKey(Phrase, on_delete=models.PROTECT, related_name="sayings")
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="+")
    check_state = models.CharField(max_length=8, choices=Check.choices, default=Check.WAITING)
    heard = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["check_state"], name="saying_to_check")]


class Pin(models.Model):
    """Câu ghim: which recordings an emergency notice uses, named by the hash of their bytes.

    A phrase that is recorded again changes nothing here until somebody pins anew.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pins")
    notice = models.CharField(max_length=40)
    phrases = models.JSONField(help_text="key → {sha256, saying}")
    sha256 = models.CharField(max_length=64, help_text="of the canonical JSON of phrases")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["unit", "notice", "-at"], name="pin_newest")]
