"""Material that people bring: recordings, pictures and documents, with their rights."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL


class Recording(models.Model):
    """Bản ghi âm: a sound file as uploaded. The original bytes are kept, named by their hash."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recordings")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    duration_ms = models.PositiveIntegerField(null=True, help_text="known once it was decoded")
    uploaded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-uploaded_at"]


class AttachedFile(models.Model):
    """A file kept beside a record: a model of its own in each room, with what it belongs to."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(help_text="bytes")
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        abstract = True


class Tag(models.Model):
    """Nhãn: a word by which a commune finds its material again."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    key = models.CharField(max_length=40, help_text="folded")

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="tag_once_a_unit")]


class Item(models.Model):
    """Tư liệu: one recording, picture or document with who made it and what it may be used for.

    The original bytes are kept under ``sha256``; what is shown or played is made from them.
    """

    class Kind(models.TextChoices):
        AUDIO = "AUDIO", _("recording")
        PICTURE = "PICTURE", _("picture")
        DOCUMENT = "DOCUMENT", _("document")

    class Licence(models.TextChoices):
        UNKNOWN = "UNKNOWN", pgettext_lazy("licence", "not known yet")
        OWN = "OWN", _("made by our office")
        PERMITTED = "PERMITTED", _("the owner allows it")
        OFFICIAL = "OFFICIAL", _("official document, free by law")
        FREE = "FREE", _("free licence, with the maker's name")

    class Consent(models.TextChoices):
        UNASKED = "UNASKED", pgettext_lazy("consent", "not asked yet")
        NOBODY = "NOBODY", _("nobody can be recognised")
        GIVEN = "GIVEN", _("the people in it agree")
        PUBLIC = "PUBLIC", _("a public event or an official at work")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        WORKING = "WORKING", _("being prepared")
        READY = "READY", _("ready")
        FAILED = "FAILED", _("failed")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=2000, blank=True)
    alt_text = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=9, choices=Licence.choices, default=Licence.UNKNOWN)
    consent = models.CharField(max_length=8, choices=Consent.choices, default=Consent.UNASKED)
    consent_note = models.CharField(max_length=300, blank=True)
    tags = models.ManyToManyField(Tag, related_name="items", blank=True)

    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    recording = models.OneToOneField(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="item"
    )
    width = models.PositiveIntegerField(null=True, help_text="pixels, upright")
    height = models.PositiveIntegerField(null=True, help_text="pixels, upright")
    had_place = models.BooleanField(default=False, help_text="the original says where it was taken")

    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    failure = models.CharField(max_length=80, blank=True, help_text="reason code")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    worked_until = models.DateTimeField(
        null=True, help_text="lease: whoever died while waiting or working is replaced after it"
    )

    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    search_key = models.TextField(default="", help_text="folded words of everything about it")

    class Meta:
        ordering = ["-added_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "archived_at", "-added_at"], name="item_list"),
            models.Index(
                fields=["worked_until"], condition=~Q(worked_until=None), name="item_lease"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sha256"], name="item_once_a_unit"),
            models.CheckConstraint(
                condition=Q(kind="AUDIO", recording__isnull=False)
                | (~Q(kind="AUDIO") & Q(recording__isnull=True)),
                name="item_audio_has_recording",
            ),
        ]

    @property
    def in_hand(self) -> bool:
        """Somebody is about to prepare it, or does."""
        return self.state in {Item.State.QUEUED, Item.State.WORKING}


class Picture(models.Model):
    """Bản ảnh: a picture made from an item, upright, without what the camera wrote into it."""

    class Size(models.TextChoices):
        SMALL = "SMALL", _("small")
        MEDIUM = "MEDIUM", _("medium")
        LARGE = "LARGE", _("large")

    class Format(models.TextChoices):
        WEBP = "WEBP", "WebP"
        JPEG = "JPEG", "JPEG"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="pictures")
    size = models.CharField(max_length=6, choices=Size.choices)
    format = models.CharField(max_length=4, choices=Format.choices)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["item", "width", "format"]
        constraints = [
            models.UniqueConstraint(fields=["item", "size", "format"], name="picture_once_a_size"),
        ]


class Document(models.Model):
    """Văn bản: what was read of a document, and its register entry as far as it is decided.

    The lines lie in the file store under ``lines_sha256`` (JSON). ``number`` and what follows are
    the values of its fields that a person accepted, or that recognition was sure of.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="document")
    format = models.CharField(max_length=8)
    encoding = models.CharField(max_length=20)
    letters = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=1)
    unread = models.JSONField(default=list, help_text="pages that could not be opened")
    lines_sha256 = models.CharField(max_length=64)
    official = models.BooleanField(default=False)
    body_first = models.PositiveIntegerField(default=0)
    body_last = models.PositiveIntegerField(default=0)
    number = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    issuer = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    abstract = models.CharField(max_length=1000, blank=True)
    secrecy = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-item__added_at"]
        indexes = [
            models.Index(fields=["issued_on"], name="document_day"),
            models.Index(fields=["number"], name="document_number"),
        ]


class DocumentField(models.Model):
    """Yếu tố thể thức: one part of a document as recognised, and what a person made of it."""

    class State(models.TextChoices):
        OFFERED = "OFFERED", pgettext_lazy("field", "not checked")
        ACCEPTED = "ACCEPTED", pgettext_lazy("field", "correct")
        EDITED = "EDITED", pgettext_lazy("field", "edited")
        DROPPED = "DROPPED", pgettext_lazy("field", "left out")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(max_length=12)
    place = models.PositiveSmallIntegerField(help_text="among those of the same name")
    found = models.TextField(help_text="as recognised")
    confidence = models.FloatField()
    doubt = models.CharField(max_length=12, blank=True)
    passage = models.TextField(blank=True)
    line = models.PositiveIntegerField()
    value = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFERED)
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["item", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name", "place"], name="field_once"),
            models.CheckConstraint(
                condition=Q(state="OFFERED", decided_at__isnull=True)
                | (~Q(state="OFFERED") & Q(decided_at__isnull=False)),
                name="field_decided_by_somebody",
            ),
        ]
