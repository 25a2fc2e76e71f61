"""An inventory that somebody brings as a table: rows to devices, or a reason why not. Pure.

Columns are known by their heads, in Vietnamese or English, with or without marks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.equipment.models import Device, Segment
from vang.library.tables import Flaw, Row

HEADS = {
    "kind": ("Loại thiết bị", {"kind", "loai", "loai thiet bi", "chung loai"}),
    "name": ("Tên, ký hiệu", {"name", "ten", "ten thiet bi", "ten ky hieu", "ten, ky hieu",
                             "model", "thiet bi"}),
    "vendor": ("Hãng sản xuất", {"vendor", "hang", "hang san xuat", "nha cung cap",
                                 "nha san xuat"}),
    "serial": ("Số máy (serial)", {"serial", "so may", "so may (serial)", "so seri", "s/n",
                                    "so hieu"}),
    "place": ("Nơi lắp đặt", {"place", "noi lap dat", "noi dat", "vi tri", "cum loa", "dia diem"}),
    "segment": ("Phương thức", {"segment", "phuong thuc", "phuong thuc truyen dan"}),
    "speakers": ("Số loa", {"speakers", "so loa", "so luong loa"}),
    "watts": ("Tổng công suất (W)", {"watts", "cong suat", "cong suat (w)", "tong cong suat (w)"}),
    "households": ("Số hộ nghe được", {"households", "so ho", "so ho nghe duoc"}),
    "bought_on": ("Ngày mua", {"bought on", "ngay mua", "ngay cap", "nam mua"}),
    "warranty_until": ("Bảo hành đến", {"warranty until", "bao hanh", "bao hanh den",
                                        "het bao hanh"}),
    "price": ("Giá (đồng)", {"price", "gia", "don gia", "gia (dong)", "nguyen gia",
                             "nguyen gia (dong)"}),
    "funding": ("Nguồn kinh phí", {"funding", "nguon kinh phi", "nguon von", "nguon"}),
    "network": ("Kết nối mạng", {"network", "mang", "ket noi", "ket noi mang"}),
    "sim_number": ("Số SIM", {"sim", "sim number", "so sim"}),
    "sim_operator": ("Nhà mạng", {"operator", "nha mang"}),
    "note": ("Ghi chú", {"note", "ghi chu"}),
}  # fmt: skip
"""By field: the head that is written, and those that are read (folded)."""
_Kind = Device.Kind
_KINDS = {
    _Kind.RECEIVER: ("cum thu phat thanh", "thiet bi thu ip", "bo thu ip", "ip", "receiver",
                     "bo thu phat thanh ip", "cum thu phat thanh ung dung cntt-vt"),
    _Kind.TRANSMITTER: ("may phat fm", "may phat", "may phat song fm", "transmitter"),
    _Kind.AMPLIFIER: ("tang am", "may tang am", "am ly", "ampli", "amply", "amplifier"),
    _Kind.FM_RECEIVER: ("bo thu fm", "may thu fm", "cum thu fm", "fm receiver"),
    _Kind.SPEAKER: ("loa", "loa nen", "loa phong thanh", "speaker"),
    _Kind.MIXER: ("ban tron", "mixer"),
    _Kind.MICROPHONE: ("micro", "mic", "microphone"),
    _Kind.COMPUTER: ("may tinh", "may vi tinh", "laptop", "computer"),
    _Kind.RECORDER: ("may ghi am", "recorder"),
    _Kind.POWER: ("nguon", "ac quy", "pin mat troi", "bo nguon", "power"),
    _Kind.MODEM: ("modem", "router", "bo phat 4g", "modem 4g"),
    _Kind.OTHER: ("khac", "other"),
}  # fmt: skip
_FUNDINGS = {
    Device.Funding.COMMUNE: ("xa", "ngan sach xa", "commune"),
    Device.Funding.DISTRICT: ("huyen", "ngan sach huyen", "district"),
    Device.Funding.PROVINCE: ("tinh", "ngan sach tinh", "thanh pho", "province"),
    Device.Funding.PROGRAMME: ("ctmtqg", "chuong trinh muc tieu quoc gia", "ct mtqg", "programme"),
    Device.Funding.SOCIAL: ("xa hoi hoa", "social"),
    Device.Funding.OTHER: ("khac", "other"),
}
_NETWORKS = {
    Device.Network.FIBRE: ("cap quang", "cap", "internet", "lan", "fibre"),
    Device.Network.WIFI: ("wifi", "wi-fi"),
    Device.Network.MOBILE: ("4g", "3g", "5g", "sim", "mobile"),
    Device.Network.NONE: ("khong", "none"),
}
_SEGMENTS = {
    Segment.Kind.IP: ("ip", "internet", "cntt-vt", "ung dung cntt-vt"),
    Segment.Kind.FM: ("fm", "vo tuyen", "khong day", "khong day fm"),
    Segment.Kind.WIRED: ("co day", "huu tuyen", "day", "wired"),
}
_LONGEST = {"name": 120, "vendor": 120, "serial": 80, "sim_operator": 40, "note": 300}
_MOST = {"speakers": 500, "watts": 100_000, "households": 100_000, "price": 10**12}
_FLAWS = {
    Flaw.FORMULA: _("A cell holds a formula. Put its value there instead."),
    Flaw.MERGED: _("Cells are merged here. Separate them."),
    Flaw.ERROR: _("A cell holds an error of the spreadsheet."),
    Flaw.LONG: _("A cell is too long."),
}


@dataclass(frozen=True)
class Wanted:
    """A device as the table has it; the last five tell of the place where it stands."""

    line: int
    kind: str
    name: str
    vendor: str = ""
    serial: str = ""
    bought_on: str = ""
    warranty_until: str = ""
    price: int | None = None
    funding: str = ""
    network: str = ""
    sim_number: str = ""
    sim_operator: str = ""
    note: str = ""
    place: str = ""
    segment: str = ""
    speakers: int | None = None
    watts: int | None = None
    households: int | None = None


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be used."""

    line: int
    text: str
    reason: str | Promise


class Unusable(Exception):
    """``reason`` in the reader's words."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__()
        self.reason = reason


def wanted_of(rows: Sequence[Row]) -> tuple[list[Wanted], list[Wrong]]:
    """The first row names the columns. Raises Refusal where kind or name are not among them."""
    columns = _columns(rows[0].cells) if rows else {}
    if "kind" not in columns or "name" not in columns:
        raise Refusal(
            "inventory-without-heads",
            _(
                "The first row must name the columns; “Loại thiết bị” and “Tên, ký hiệu” are "
                "needed."
            ),
        )
    found, wrong, serials = [], [], set[tuple[str, str]]()
    for row in rows[1:]:
        cells = {name: _cell(row.cells, at) for name, at in columns.items()}
        try:
            one = _wanted(row, cells)
            _once(one, serials)
        except Unusable as unusable:
            text = " · ".join(cell for cell in row.cells if cell)[:200]
            wrong.append(Wrong(row.line, text, unusable.reason))
        else:
            found.append(one)
    return found, wrong


def _once(one: Wanted, serials: set[tuple[str, str]]) -> None:
    if one.serial:
        key = (fold(one.vendor), fold(one.serial))
        if key in serials:
            raise Unusable(_("This serial number stands in the file twice."))
        serials.add(key)


def _columns(heads: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        told = " ".join(fold(head).replace("_", " ").split())
        for name, (_written, known) in HEADS.items():
            if told in known:
                found.setdefault(name, at)
    return found


def _cell(cells: Sequence[str], at: int) -> str:
    return " ".join(clean_text(cells[at]).split()) if at < len(cells) else ""


def _wanted(row: Row, cells: Mapping[str, str]) -> Wanted:
    _check(row, cells)
    found: dict[str, Any] = {name: cells.get(name, "") for name in _LONGEST}
    for name, known, unknown in _CHOICES:
        found[name] = _word(cells.get(name, ""), known, unknown)
    if not found["kind"]:
        raise Unusable(_("The kind of device is missing."))
    for name, most in _MOST.items():
        found[name] = _whole(cells.get(name, ""), most)
    bought = _day(cells.get("bought_on", ""), last=False)
    until = _day(cells.get("warranty_until", ""), last=True)
    if bought and until and until < bought:
        raise Unusable(_("The warranty ends before the purchase."))
    return Wanted(
        row.line,
        bought_on=bought,
        warranty_until=until,
        sim_number=_sim(cells.get("sim_number", "")),
        place=cells.get("place", "")[:120],
        **found,
    )


def _check(row: Row, cells: Mapping[str, str]) -> None:
    for flaw in Flaw:
        if flaw in row.flaws:
            raise Unusable(_FLAWS[flaw])
    if not cells["name"]:
        raise Unusable(_("The name of the device is missing."))
    if any(len(cells.get(name, "")) > most for name, most in _LONGEST.items()):
        raise Unusable(_("A text is too long."))


_CHOICES: tuple[tuple[str, Mapping[Any, tuple[str, ...]], Promise], ...] = (
    ("kind", _KINDS, _("This kind of device is not known.")),
    ("funding", _FUNDINGS, _("This source of funding is not known.")),
    ("network", _NETWORKS, _("This kind of network is not known.")),
    ("segment", _SEGMENTS, _("This way of transmission is not known.")),
)


def _word(told: str, known: Mapping[Any, tuple[str, ...]], unknown: str | Promise) -> str:
    """The choice that is meant: its value, its label or one of the usual words; "" for nothing."""
    plain = " ".join(fold(told).split())
    if not plain:
        return ""
    for choice, words in known.items():
        if plain in {*words, fold(str(choice.value)), fold(str(choice.label))}:
            return str(choice.value)
    raise Unusable(unknown)


def _whole(told: str, most: int) -> int | None:
    digits = re.sub(r"[.,\s]|đồng|đ|vnd|w", "", told.lower())
    if not digits:
        return None
    if not digits.isdecimal() or len(digits) > 15 or int(digits) > most:
        raise Unusable(_("A number is no whole number, or too large."))
    return int(digits)


def _day(told: str, *, last: bool) -> str:
    """ISO. A month or a year alone is its first or its last day."""
    if not told:
        return ""
    for shape in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(told, shape).date().isoformat()  # noqa: DTZ007 - a day alone
        except ValueError:
            continue
    if re.fullmatch(r"(19|20)\d\d", told):
        return date(int(told), 12 if last else 1, 31 if last else 1).isoformat()
    raise Unusable(_("A day is not written as 31/12/2026."))


def _sim(told: str) -> str:
    plain = re.sub(r"[.\s-]", "", told)
    if plain and not re.fullmatch(r"\+?\d{8,19}", plain):
        raise Unusable(_("This is no number of a SIM."))
    return plain
