"""The public site of a unit: when its shared pages are due, and what they tell about the unit."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL


class Site(models.Model):
    """The pages that a unit's notices share. A row exists from the first thing to show."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="site")
    due_at = models.DateTimeField(null=True, blank=True, help_text="when they must be written anew")
    written_on = models.DateField(
        null=True, blank=True, help_text="the day whose schedule they show"
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="that failed in a row")
    search_base = models.CharField(
        max_length=16, blank=True, help_text="folder of the frozen part of the search index"
    )
    search_until = models.DateTimeField(
        null=True, blank=True, help_text="released up to then: in the frozen part"
    )

    class Meta:
        ordering = ["unit"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="site_due"
            ),
            models.Index(fields=["written_on"], name="site_written_on"),
        ]


class Profile(models.Model):
    """What decree 42/2022/NĐ-CP asks a state body's page to tell: contact, who answers for it."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="profile")
    name_en = models.CharField(max_length=200, blank=True)
    about = models.TextField(max_length=5000, blank=True)
    about_en = models.TextField(max_length=5000, blank=True)
    address = models.CharField(max_length=300, blank=True)
    address_en = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=200, blank=True, help_text="when the office is open")
    responsible_name = models.CharField(max_length=120, blank=True)
    responsible_title = models.CharField(max_length=120, blank=True)
    responsible_title_en = models.CharField(max_length=120, blank=True)
    responsible_phone = models.CharField(max_length=40, blank=True)
    responsible_email = models.EmailField(blank=True)
    site_address = models.CharField(
        max_length=300, blank=True, help_text="where the folder is published, if elsewhere"
    )
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()


class Section(models.Model):
    """Cơ cấu tổ chức: one part of the unit, with whom to reach there."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    duties = models.TextField(max_length=2000, blank=True)
    duties_en = models.TextField(max_length=2000, blank=True)
    head_name = models.CharField(max_length=120, blank=True)
    head_title = models.CharField(max_length=120, blank=True)
    head_title_en = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["unit", "position", "pk"]
