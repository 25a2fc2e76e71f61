"""What is written, reviewed, approved and released."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.base.languages import CODE, CODE_LENGTH, VIETNAMESE
from vang.library.models import Item, Recording
from vang.orgs.models import Unit
from vang.review.anchors import MAX_QUOTE
from vang.review.sensitive import MAX_TOPIC
from vang.voice.models import Rendition

PERSON = settings.AUTH_USER_MODEL
MAX_TEXT = 50_000
MAX_ATTACHMENTS = 10
MAX_SPOKEN = 5_000
MAX_ONE_LINE = 160
MAX_REMARK = 2_000


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


_MAIN_WORDING = models.Q(language=VIETNAMESE, level=Level.FULL, channel="")


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
            models.CheckConstraint(condition=~_MAIN_WORDING, name="wording_is_not_the_main_one"),
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


class Remark(models.Model):
    """Góp ý: what somebody says about one passage, or an answer to it.

    ``quote`` was copied from the text of ``version`` in a language, level and channel; with what
    stood around it and where it began it is found again in later versions.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="remarks")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    language = models.CharField(max_length=CODE_LENGTH, default=VIETNAMESE)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.FULL)
    channel = models.CharField(max_length=20, blank=True, default="")
    quote = models.CharField(max_length=MAX_QUOTE, blank=True)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    position = models.PositiveIntegerField(default=0, help_text="characters before the passage")
    text = models.TextField(max_length=MAX_REMARK)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answers__isnull=True) ^ models.Q(quote=""),
                name="remark_has_a_passage_or_answers",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True, settled_at__isnull=True)
                | models.Q(
                    settled_by__isnull=False, settled_at__isnull=False, answers__isnull=True
                ),
                name="remark_settled_by_somebody",
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


class ReviewStep(models.Model):
    """One verb done to a bulletin: submitted, returned with a comment, approved, released …"""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="steps")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    by = models.ForeignKey(
        PERSON, null=True, on_delete=models.PROTECT, related_name="+", help_text="None: by itself"
    )
    at = models.DateTimeField()
    comment = models.TextField(blank=True)
    delegation = models.ForeignKey(
        "people.Delegation", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["at", "id"]

    @property
    def signed_by(self) -> str:
        """Who did it, and in whose name when it was in somebody's."""
        return self.delegation.signature if self.delegation else str(self.by)


class Confirmation(models.Model):
    """Xác nhận: one sentence of a checklist, confirmed by name for one version, in its words."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="confirmations")
    verb = models.CharField(max_length=20)
    checklist = models.CharField(max_length=40)
    edition = models.CharField(max_length=20, help_text="which list it was")
    item = models.CharField(max_length=80)
    words = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "verb", "item", "by"], name="confirmed_once_a_person"
            ),
        ]


class SensitiveTopic(models.Model):
    """A word with which a unit's leader decides; ``left_out`` takes one of the common list away."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=MAX_TOPIC)
    left_out = models.BooleanField(default=False)
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["words"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "words"], name="sensitive_topic_once"),
        ]


class Approval(models.Model):
    """Phê duyệt: binds one person's yes to the hash of the exact text and sound.

    The approver is neither creator, editor nor submitter: the service refuses it, and so does
    a trigger of the database.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="approvals")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    as_leader = models.BooleanField(
        default=False, help_text="given by a leader of the unit, as a sensitive topic needs"
    )
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    delegation = models.ForeignKey(
        "people.Delegation", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "by"], name="approval_once_a_person"),
        ]


class WithdrawalReason(models.TextChoices):
    """Why an edition was withdrawn, as residents are told: fixed words, so none unapproved."""

    MISTAKE = "MISTAKE", _("it contained a mistake")
    CHANGED = "CHANGED", _("what it announced was put off or cancelled")
    OUTDATED = "OUTDATED", _("it no longer applies")
    UNINTENDED = "UNINTENDED", _("it was released by mistake")
    OTHER = "OTHER", _("another reason")


class Correction(models.Model):
    """Đính chính being prepared: what was wrong in an edition that is out, and why.

    Open from the decision to correct until the correcting edition is released, the correction is
    given up, or the bulletin is withdrawn. The approver approves these words with the text.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="corrections")
    edition = models.ForeignKey("Edition", on_delete=models.PROTECT, related_name="corrections")
    wrong = models.TextField(max_length=2000)
    wrong_because = models.TextField(max_length=2000)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["bulletin", "opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_correction_a_bulletin",
            ),
            models.CheckConstraint(
                condition=~models.Q(wrong="") & ~models.Q(wrong_because=""),
                name="correction_says_what_and_why",
                violation_error_message=_("Say what was wrong and why."),
            ),
        ]


class Edition(models.Model):
    """Bản phát hành: what was approved, frozen. Text and sound as they go to every channel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="editions")
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="edition")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="editions")
    title = models.CharField(max_length=200)
    text = models.TextField()
    category = models.CharField(max_length=16, choices=Category.choices)
    priority = models.CharField(max_length=9, choices=Priority.choices)
    audience = models.JSONField(default=list)
    valid_until = models.DateField(null=True, blank=True, help_text="last day on which it holds")
    audio_sha256 = models.CharField(max_length=64)
    audio_size = models.PositiveIntegerField(help_text="bytes")
    duration_ms = models.PositiveIntegerField()
    trial_voice = models.BooleanField()
    content_hash = models.CharField(max_length=64)
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_as = models.CharField(
        max_length=400, blank=True, help_text="signature of an approval in somebody's name"
    )
    released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_for = models.CharField(max_length=12, choices=WithdrawalReason.choices, blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    wrong = models.TextField(blank=True, help_text="what was wrong in the edition it corrects")
    wrong_because = models.TextField(blank=True, help_text="why it was wrong")

    class Meta:
        ordering = ["-released_at"]
        indexes = [
            models.Index(fields=["unit", "-released_at"], name="edition_unit_released"),
            models.Index(
                fields=["unit", "valid_until"],
                condition=models.Q(valid_until__isnull=False),
                name="edition_last_day",
            ),
        ]

    @property
    def approver(self) -> str:
        """As it stands under the text: ``KT. CHỦ TỊCH – PHÓ CHỦ TỊCH Trần Thị Bình``."""
        return self.approved_as or self.approved_by.full_name


class EditionAttachment(models.Model):
    """One picture or document as it was approved, frozen with its edition.

    ``sha256`` names the original (what is offered of a document), ``pictures`` what is shown:
    ``[{"size", "format", "sha256", "bytes", "width", "height"}, …]``.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="attachments")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Item.Kind.choices)
    caption = models.CharField(max_length=200)
    alt_text = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    pictures = models.JSONField(default=list)

    class Meta:
        ordering = ["edition", "place"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "place"], name="edition_attachment_once"),
            models.CheckConstraint(
                condition=~models.Q(kind="PICTURE") | ~models.Q(alt_text=""),
                name="edition_picture_is_described",
            ),
        ]


class EditionWording(models.Model):
    """One further wording as it was approved, frozen with its edition; with the sound, if any."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=CODE_LENGTH)
    level = models.CharField(max_length=8, choices=Level.choices)
    channel = models.CharField(max_length=20, blank=True, default="")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    audio_sha256 = models.CharField(max_length=64, blank=True)
    audio_size = models.PositiveIntegerField(default=0, help_text="bytes")
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["edition", "language", "level", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "level", "channel"], name="edition_wording_once"
            ),
            models.UniqueConstraint(
                fields=["edition", "language"],
                condition=~models.Q(audio_sha256=""),
                name="edition_one_sound_a_language",
            ),
            models.CheckConstraint(
                condition=~_MAIN_WORDING, name="edition_wording_is_not_the_main_one"
            ),
            models.CheckConstraint(
                condition=models.Q(audio_sha256="", audio_size=0, duration_ms=0)
                | (
                    ~models.Q(audio_sha256="")
                    & models.Q(audio_size__gt=0, duration_ms__gt=0)
                    & ~models.Q(language=VIETNAMESE)
                ),
                name="edition_wording_sound_is_whole",
            ),
        ]


class Delivery(models.Model):
    """One channel's part of one edition: what it must do now, and how that went.

    ``due_at`` is when it is to be worked on next; None when nothing is left to do by itself. The
    worker claims a delivery by moving ``due_at`` ahead, and writes its outcome only where neither
    the act nor the claim was changed meanwhile.
    """

    class Act(models.TextChoices):
        DELIVER = "DELIVER", _("deliver")
        CORRECT = "CORRECT", _("correct")
        WITHDRAW = "WITHDRAW", _("withdraw")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("failed")
        DROPPED = "DROPPED", _("not needed any more")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=20, help_text="name of a registered channel")
    act = models.CharField(max_length=8, choices=Act.choices, default=Act.DELIVER)
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    detail = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="that failed in a row")
    due_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(
        null=True, blank=True, help_text="when the channel first had it whole"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["edition", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "channel"], name="delivery_once_a_channel"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(
                fields=["edition"],
                condition=models.Q(state="FAILED"),
                name="delivery_failed",
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
