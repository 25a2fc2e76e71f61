"""The demonstration's register: the district's plan of 2017, a plan of the commune that rests on a
decision replaced since, and the decree in its place, which every unit has to know."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from vang.base.clock import local_date
from vang.documents.models import Document
from vang.documents.services import Entry, register_document, start_campaign
from vang.documents.state import load_state_documents
from vang.installation.demonstration_sources import COMMITTEE
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person


def load_documents(
    district: Unit, home: Unit, people: Mapping[str, Person], *, now: datetime
) -> None:
    load_state_documents(now=now)
    year = local_date(now).year
    for entry in (_of_the_district(), _of_the_commune(home, year)):
        register_document(unit=home, entry=entry, by=people["an"], now=now)
    start_campaign(
        document=Document.objects.get(unit=None, number="49/2024/NĐ-CP"),
        unit=Unit.objects.get(code=COMMITTEE),
        text="Tám loại hình thông tin cơ sở; trả lời phản ánh của người dân; trách nhiệm UBND xã.",
        due_on=local_date(now) + timedelta(days=10),
        aims=[Aim(district, below=True)],
        by=people["hien"],
        now=now,
    )


def _of_the_district() -> Entry:
    return Entry(
        kind="Kế hoạch",
        number="90/KH-UBND",
        issuer="UBND huyện Quế Sơn",
        issued_on=date(2017, 10, 5),
        in_force_to=date(2021, 1, 1),
        abstract=(
            "Đẩy mạnh công tác thông tin cơ sở trong tình hình mới trên địa bàn huyện Quế Sơn "
            "giai đoạn 2017 – 2020"
        ),
        signing="TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH",
        arrived_on=date(2017, 10, 9),
        bases=(
            "Kế hoạch số 98-KH/TU ngày 06/6/2017 của Tỉnh ủy Quảng Nam",
            "Chỉ thị số 07-CT/TW ngày 05/9/2016 của Ban Bí thư Trung ương Đảng Khóa XII",
            "Kế hoạch số 4317/KH-UBND ngày 15/8/2017 của UBND tỉnh Quảng Nam",
        ),
    )


def _of_the_commune(home: Unit, year: int) -> Entry:
    return Entry(
        way=Document.Way.OUT,
        kind="Kế hoạch",
        number="12/KH-UBND",
        issuer=f"UBND {home.full_name.lower().replace(home.name.lower(), home.name)}",
        issued_on=date(year, 1, 12),
        abstract=f"Công tác thông tin cơ sở trên địa bàn xã năm {year}",
        signing="TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH",
        signer="Lý Thị Hạnh",
        bases=(
            "Quyết định số 52/2016/QĐ-TTg ngày 06/12/2016 của Thủ tướng Chính phủ",
            "Chỉ thị số 07-CT/TW ngày 05/9/2016 của Ban Bí thư Trung ương Đảng Khóa XII",
        ),
        recipients=(
            "Thường trực Đảng ủy, HĐND xã",
            "Ban Tuyên giáo Huyện ủy",
            "Trưởng các thôn",
            "Lưu: VT, VHXH",
        ),
    )
