"""Reading the kind of a unit out of its full name, as people write it."""

from collections.abc import Collection

from vang.base.text import fold
from vang.orgs.models import Unit

COMMUNE_KINDS = (Unit.Kind.XA, Unit.Kind.PHUONG, Unit.Kind.THI_TRAN, Unit.Kind.DAC_KHU)
VILLAGE_KINDS = (
    Unit.Kind.THON,
    Unit.Kind.TO_DAN_PHO,
    Unit.Kind.KHU_PHO,
    Unit.Kind.AP,
    Unit.Kind.BAN,
    Unit.Kind.BUON,
    Unit.Kind.XOM,
)

# The six cities that are governed as provinces (resolution 202/2025/QH15, article 1).
_CITIES = ("Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ")


def kind_and_name(full_name: str, kinds: Collection[Unit.Kind]) -> tuple[Unit.Kind, str] | None:
    """("Xã", "Quế Sơn") of "Xã Quế Sơn", typed with or without marks; None without a kind."""
    for kind in kinds:
        words = f"{kind.label} "
        if fold(full_name).startswith(fold(words)) and (name := full_name[len(words) :].strip()):
            return kind, name
    return None


def village_kind_and_name(full_name: str) -> tuple[Unit.Kind, str]:
    """As :func:`kind_and_name`; a name without a kind is a thôn's."""
    return kind_and_name(full_name, VILLAGE_KINDS) or (Unit.Kind.THON, full_name.strip())


def province_kind_and_name(full_name: str) -> tuple[Unit.Kind, str]:
    """As :func:`kind_and_name`; a name without a kind is a province's, or one of the cities'."""
    if found := kind_and_name(full_name, (Unit.Kind.TINH, Unit.Kind.THANH_PHO)):
        return found
    name = full_name.strip()
    city = fold(name) in map(fold, _CITIES)
    return (Unit.Kind.THANH_PHO if city else Unit.Kind.TINH), name
