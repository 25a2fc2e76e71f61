"""Small files of each kind."""

import io

from PIL import Image

from tests.library.formats.making import docx

MP3 = b"ID3\x04" + bytes(100)
NOTICE = (
    "ỦY BAN NHÂN DÂN XÃ QUẾ THUẬN",
    "Số: 45/TB-UBND",
    "Quế Thuận, ngày 08 tháng 6 năm 2026",
    "THÔNG BÁO",
    "Về việc tạm ngừng cung cấp điện",
    "UBND xã thông báo lịch cắt điện như sau:",
    "1. Thôn Thuận 1: từ 8 giờ đến 11 giờ./.",
    "TM. ỦY BAN NHÂN DÂN",
    "CHỦ TỊCH",
    "Trần Thị Thu",
    "Nơi nhận:",
    "- Lưu: VT.",
)


def picture(
    width: int = 300, height: int = 200, *, turned: bool = False, place: bool = False,
    form: str = "JPEG", mode: str = "RGB",
) -> bytes:  # fmt: skip
    """A picture whose upper half is red; ``turned`` as a telephone held upright writes it."""
    image = Image.new(mode, (width, height), "blue" if mode == "RGB" else 0)
    image.paste("red" if mode == "RGB" else 255, (0, 0, width, height // 2))
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6
    if place:
        exif.get_ifd(0x8825)[1] = "N"
    content = io.BytesIO()
    image.save(content, form, exif=exif)
    return content.getvalue()


def notice(*, mark: str = "") -> bytes:
    """An official notice as a Word file, perhaps with a mark of secrecy."""
    head, *rest = NOTICE
    return docx(head, *([mark] if mark else []), *rest)
