"""Administrative units as geocodes.

Our own messages say ``DVHCVN`` (đơn vị hành chính Việt Nam) and the code of the state's list of
administrative units. The standard names no list for Viet Nam, so a few other names are read too.
"""

from collections.abc import Iterable

from vang.cap.model import Area, Named

UNIT_CODES = "DVHCVN"
_READ = {UNIT_CODES, "VN-DVHC", "MADVHC", "MA_DVHC", "GSO", "GSO-VN", "VN-GSO", "VN-ADMIN"}


def area_of_units(description: str, codes: Iterable[str]) -> Area:
    """An area that is some units, by their codes."""
    return Area(description, geocodes=tuple(Named(UNIT_CODES, code) for code in codes))


def unit_codes(geocodes: Iterable[Named]) -> list[str]:
    """Codes of Vietnamese units among the geocodes, each once, in order."""
    found = (one.value.strip() for one in geocodes if one.name.strip().upper() in _READ)
    return list(dict.fromkeys(code for code in found if code and len(code) <= 16))
