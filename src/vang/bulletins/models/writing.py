"""What is written: bulletins, their versions and wordings, what hangs on them, drafts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.base.languages import CODE, CODE_LENGTH, VIETNAMESE
from vang.library.models import Item, Recording
from vang.orgs.models import Unit
from vang.voice.models import Rendition

PERSON = settings.AUTH_USER_MODEL
MAX_TEXT = 50_000
MAX_ATTACHMENTS = 10
MAX_SPOKEN = 5_000
MAX_ONE_LINE = 160


class Priority(models.TextChoices):
    """Mức ưu tiên, circular 39/2020/TT-BTTTT."""

    NORMAL = "NORMAL", _("normal")
    PRIORITY = "PRIORITY", _("priority")
    EMERGENCY = "EMERGENCY", _("emergency")


class Category(models.TextChoices):
    """Thông tin thiết yếu: decree 49/2024/NĐ-CP article 6; founding plan II.1 a–c."""

    POLICY_LAW = "POLICY_LAW", _("Party lines, State policy and law")
    EVENTS = "EVENTS", _("events that touch residents")
    PROJECTS = "PROJECTS", _("local projects and programmes")
    LOCAL_LIFE = "LOCAL_LIFE", _("politics, economy, culture, society")
    SCIENCE = "SCIENCE", _("science and technique")
    SECURITY = "SECURITY", _("order, security, defence")
    DISASTER = "DISASTER", _("disaster, fire, epidemic, emergency")
    ROLE_MODELS = "ROLE_MODELS", _("good people, good models")
    AGAINST_WRONG = "AGAINST_WRONG", _("measures against wrong acts")
    LOCAL_PRODUCTS = "LOCAL_PRODUCTS", _("goods and services for local life")
    DIRECTION = "DIRECTION", _("notices of the authorities")


class Level(models.TextChoices):
    """Mức: how much of it is told, and so for what."""

    FULL = "FULL", _("full text")
    SPOKEN = "SPOKEN", _("short form to be spoken")
    ONE_LINE = "ONE_LINE", _("one line for boards and messages")


class Advert(models.TextChoices):
    """Tin của bên ngoài: what outside bodies may have announced (QĐ 29/2021 Thừa Thiên Huế)."""

    ENROLMENT = "ENROLMENT", _("school enrolment")
    RECRUITMENT = "RECRUITMENT", _("recruitment")
    WELFARE = "WELFARE", _("welfare and charity")


class Bulletin(models.Model):
    """Bản tin: one thing to tell. Its content lives in versions; its state is the newest's."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        IN_REVIEW = "IN_REVIEW", _("in review")
        RETURNED = "RETURNED", _("returned")
        APPROVED = "APPROVED", _("approved")
        RELEASED = "RELEASED", _("released")
        WITHDRAWN = "WITHDRAWN", _("withdrawn")
        EXPIRED = "EXPIRED", _("expired")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bulletins")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    current = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    search_key = models.CharField(max_length=400, default="", help_text="newest title, folded")
    sensitive = models.BooleanField(
        null=True, help_text="only a leader approves it; unknown while nobody has decided"
    )
    sensitive_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "state", "-changed_at"], name="bulletin_list"),
            models.Index(fields=["unit", "-changed_at", "-id"], name="bulletin_newest"),
        ]

    @property
    def languages(self) -> list[str]:
        """Those in which its newest version is told, once there is more than Vietnamese."""
        further = {row.language for row in self.current.wordings.all()} if self.current else set()
        return [VIETNAMESE, *sorted(further - {VIETNAMESE})] if further - {VIETNAMESE} else []


class Version(models.Model):
    """One saved content of a bulletin. Never changed: an edit is the next version.

    ``title`` and ``text`` are the main wording, in Vietnamese and full; further ones hang on it.
    ``rendition`` is the Vietnamese sound.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=MAX_TEXT)
    category = models.CharField(max_length=16, choices=Category.choices)
    priority = models.CharField(max_length=9, choices=Priority.choices, default=Priority.NORMAL)
    audience = models.JSONField(
        default=list, help_text="village codes, sorted; an empty list is the whole commune"
    )
    valid_until = models.DateField(null=True, blank=True, help_text="last day on which it holds")
    advert = models.CharField(max_length=11, choices=Advert.choices, blank=True, default="")
    advert_by = models.CharField(
        max_length=200, blank=True, default="", help_text="the outside body that asked for it"
    )
    fee = models.BooleanField(default=False, help_text="the outside body pays for it")
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rendition = models.ForeignKey(
        Rendition, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    edited_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["bulletin", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(advert="", advert_by="", fee=False)
                | (~models.Q(advert="") & ~models.Q(advert_by="")),
                name="version_advert_names_its_body",
            ),
        ]


MAIN_WORDING = models.Q(language=VIETNAMESE, level=Level.FULL, channel="")


class Wording(models.Model):
    """Bản theo ngôn ngữ, mức, kênh: another way in which a version tells the same thing.

    ``channel`` is "" for every channel. A language sounds by the recording on its spoken form or,
    when that was not written, on its full text; the Vietnamese sound hangs on the version.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=CODE_LENGTH)
    level = models.CharField(max_length=8, choices=Level.choices)
    channel = models.CharField(max_length=20, blank=True, default="")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(
        max_length=MAX_TEXT, blank=True, help_text="empty: told by the recording alone"
    )
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rendition = models.ForeignKey(
        Rendition, null=True, blank=True, on_delete=models.PROTECT, related_name="wordings"
    )
    written_for = models.PositiveIntegerField(
        help_text="number of the version with which these words were saved"
    )

    class Meta:
        ordering = ["version", "language", "level", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language", "level", "channel"], name="wording_once"
            ),
            models.CheckConstraint(
                condition=models.Q(language__regex=CODE), name="wording_language_code"
            ),
            models.CheckConstraint(condition=~MAIN_WORDING, name="wording_is_not_the_main_one"),
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(recording__isnull=False),
                name="wording_says_something",
            ),
            models.CheckConstraint(
                condition=models.Q(recording__isnull=True)
                | (models.Q(channel="") & ~models.Q(language=VIETNAMESE)),
                name="wording_recording_is_of_a_language",
            ),
        ]


class Attachment(models.Model):
    """Tệp kèm theo: a picture or document of the library that a version shows.

    ``caption``, ``alt_text`` and ``credit`` are the library's words as they were when the version
    was saved: the approval binds them.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="attachments")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="attachments")
    place = models.PositiveSmallIntegerField()
    caption = models.CharField(max_length=200)
    alt_text = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["version", "place"]
        constraints = [
            models.UniqueConstraint(fields=["version", "item"], name="attachment_once_a_version"),
            models.UniqueConstraint(fields=["version", "place"], name="attachment_place_once"),
            models.CheckConstraint(
                condition=models.Q(place__lt=MAX_ATTACHMENTS), name="attachment_few_a_version"
            ),
        ]


class EditLease(models.Model):
    """Đang sửa: who has a bulletin, or one part of it, open to write, and until when."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="leases")
    part = models.CharField(max_length=24, blank=True, default="", help_text="as in Draft")
    holder = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "part"], name="lease_once_a_part"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("renewed_at")), name="lease_ends_by_itself"
            ),
        ]


class Draft(models.Model):
    """What somebody is typing, kept until it is saved: nothing typed is ever lost."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="drafts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    bulletin = models.ForeignKey(
        Bulletin, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts"
    )
    part = models.CharField(
        max_length=24, blank=True, default="", help_text='"" the main text; "ktv", "vi portal" …'
    )
    fields = models.JSONField(default=dict)
    based_on = models.PositiveIntegerField(default=0, help_text="version number, 0 for a new one")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "bulletin", "part"], name="draft_once_a_part"
            ),
            models.UniqueConstraint(
                fields=["person", "unit"],
                condition=models.Q(bulletin__isnull=True),
                name="draft_once_for_a_new_one",
            ),
        ]
