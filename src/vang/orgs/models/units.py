"""Administrative units and organisations, as dated data: levels and parents change by law."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """Đơn vị hành chính. Keyed by (code, valid_from) because the state re-uses codes.

    20641 was thị trấn Đông Phú until 30/06/2025 and is xã Quế Sơn since.
    """

    class Level(models.TextChoices):
        PROVINCE = "PROVINCE", _("province")
        DISTRICT = "DISTRICT", _("district")
        COMMUNE = "COMMUNE", _("commune")
        VILLAGE = "VILLAGE", _("village")
        OFFICE = "OFFICE", _("office or organisation")

    class Kind(models.TextChoices):
        TINH = "TINH", "tỉnh"
        THANH_PHO = "THANH_PHO", "thành phố"
        HUYEN = "HUYEN", "huyện"
        XA = "XA", "xã"
        PHUONG = "PHUONG", "phường"
        THI_TRAN = "THI_TRAN", "thị trấn"
        DAC_KHU = "DAC_KHU", "đặc khu"
        THON = "THON", "thôn"
        TO_DAN_PHO = "TO_DAN_PHO", "tổ dân phố"
        KHU_PHO = "KHU_PHO", "khu phố"
        AP = "AP", "ấp"
        BAN = "BAN", "bản"
        BUON = "BUON", "buôn"
        XOM = "XOM", "xóm"
        CO_QUAN = "CO_QUAN", "cơ quan"

    code = models.CharField(max_length=16)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="first day no longer valid")
    level = models.CharField(max_length=8, choices=Level.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    households = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_code_valid_from"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="unit_ends_after_it_begins",
                violation_error_message=_("A unit must end after it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(level="OFFICE", kind="CO_QUAN")
                | (~models.Q(level="OFFICE") & ~models.Q(kind="CO_QUAN")),
                name="unit_office_is_co_quan",
            ),
        ]
        indexes = [models.Index(fields=["parent", "level"], name="unit_parent_level")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def last_day(self) -> date | None:
        """Its last day, as people say it; None while no end is known."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None

    @property
    def full_name(self) -> str:
        """As an official writes it: "Thị trấn Đông Phú"; of an office its own name."""
        if self.level == Unit.Level.OFFICE:
            return self.name
        kind = self.get_kind_display()
        return f"{kind[:1].upper()}{kind[1:]} {self.name}"


class Organisation(models.Model):
    """Cơ quan, tổ chức: an office, station, Party body or mass organisation of a unit."""

    class Kind(models.TextChoices):
        PEOPLES_COMMITTEE = "PEOPLES_COMMITTEE", _("People's Committee")
        OFFICE = "OFFICE", _("specialised office")
        STATION = "STATION", _("broadcasting station")
        PARTY_BODY = "PARTY_BODY", _("Party body")
        MASS_ORGANISATION = "MASS_ORGANISATION", _("mass organisation")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    desk = models.OneToOneField(
        Unit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisation",
        help_text="the unit of level OFFICE in which its own people write and approve",
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["unit", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "valid_from"], name="organisation_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Lineage(models.Model):
    """Which organisation took over from which, when their units became others."""

    before = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="heirs")
    after = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="forerunners")

    class Meta:
        ordering = ["after", "before"]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="lineage_named_once"),
            models.CheckConstraint(
                condition=~models.Q(before=models.F("after")), name="lineage_to_another"
            ),
        ]
