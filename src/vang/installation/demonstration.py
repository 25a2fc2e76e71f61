"""The demonstration district: Quế Sơn in its shape of 2017, with people and speakers to try.

Codes and names of the fourteen communes are those of the founding plan's time; villages,
people and clusters are made up.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path

from django.db import transaction

from vang.airtime.services import change_slot_policy
from vang.base.clock import local_date
from vang.base.files import write_atomic
from vang.bulletins.content import Content
from vang.bulletins.models import Category
from vang.bulletins.services import create_bulletin, submit_bulletin
from vang.installation.demonstration_documents import load_documents
from vang.installation.demonstration_equipment import load_equipment
from vang.installation.demonstration_live import let_speak
from vang.installation.demonstration_plans import load_plans
from vang.installation.demonstration_repairs import OTHER, load_repairs
from vang.installation.demonstration_reports import load_reports
from vang.installation.demonstration_sources import (
    COMMITTEE,
    STATION,
    load_sources,
    open_desks,
)
from vang.installation.shape import ACCOUNTS, is_demonstration
from vang.orgs.models import Organisation, Unit
from vang.orgs.naming import village_kind_and_name
from vang.people.models import Membership, Person
from vang.people.services import create_person, grant_role, random_password
from vang.people.services.boards import Seat, set_up_board
from vang.stations.services import create_cluster
from vang.voice.choices import TRIAL_VOICE
from vang.voice.decisions import choose_voice

SINCE = date(2017, 1, 1)
HOME_COMMUNE = "20662"
OTHER_COMMUNE = OTHER
_Role = Membership.Role


@dataclass(frozen=True)
class Account:
    """One of the cast, and where they work."""

    username: str
    full_name: str
    title: str
    unit: str
    roles: tuple[str, ...]
    about: str


CAST = (
    Account("an", "Nguyễn Văn An", "Công chức VH-XH", HOME_COMMUNE, (_Role.WRITER,),
            "viết tin, xã Quế Thuận"),
    Account("binh", "Trần Thị Bình", "Phó Chủ tịch UBND xã", HOME_COMMUNE, (_Role.APPROVER,),
            "duyệt tin, xã Quế Thuận"),
    Account("hanh", "Lý Thị Hạnh", "Chủ tịch UBND xã", HOME_COMMUNE, (_Role.LEADER,),
            "lãnh đạo, xã Quế Thuận"),
    Account("tu", "Hồ Văn Tú", "Kỹ thuật viên", HOME_COMMUNE, (_Role.TECHNICIAN,),
            "kỹ thuật, xã Quế Thuận"),
    Account("quan", "Võ Thị Quân", "Văn phòng UBND xã", HOME_COMMUNE, (_Role.ADMINISTRATOR,),
            "quản trị, xã Quế Thuận"),
    Account("loi", "Huỳnh Tấn Lợi", "Trưởng thôn 1", HOME_COMMUNE, (_Role.WRITER,),
            "trưởng thôn 1, được nói trực tiếp, xã Quế Thuận"),
    Account("chi", "Lê Thị Chi", "Công chức VH-XH", OTHER_COMMUNE, (_Role.WRITER,),
            "viết tin, xã Quế Phong"),
    Account("dung", "Phạm Dũng", "Phòng Văn hóa và Thông tin", "509", (_Role.READER,),
            "theo dõi, huyện Quế Sơn"),
    Account("thanh", "Nguyễn Văn Thành", "Phòng Nội vụ", "509", (_Role.ADMINISTRATOR,),
            "sắp xếp đơn vị, huyện Quế Sơn"),
    Account("dao", "Ngô Thị Đào", "Phó Trưởng phòng Văn hóa và Thông tin", "509",
            (_Role.WRITER, _Role.APPROVER), "tổng hợp báo cáo, huyện Quế Sơn"),
    Account("ha", "Cao Thị Hà", "Biên tập viên", STATION, (_Role.WRITER,),
            "viết tin, đài huyện"),
    Account("lam", "Đặng Văn Lâm", "Trưởng đài", STATION, (_Role.APPROVER,),
            "duyệt tin, đài huyện"),
    Account("hien", "Võ Thị Hiền", "Phó Trưởng ban", COMMITTEE, (_Role.WRITER, _Role.APPROVER),
            "định hướng, Ban Tuyên giáo"),
)  # fmt: skip


@transaction.atomic
def load_demonstration(*, nodes: int, now: datetime) -> dict[str, str]:
    """District, communes, people, clusters, two bulletins and sources. Returns the passwords."""
    communes = load_units()
    _organisations(communes)
    open_desks(communes["509"], SINCE)
    people = {account.username: _account(account, now) for account in CAST}
    home = communes[HOME_COMMUNE]
    passwords = {name: password for name, (_, password) in people.items()}
    administrator = people["quan"][0]
    choose_voice(unit=home, voice=TRIAL_VOICE, trial_may_air=True, by=administrator, now=now)
    _board(home, people, now)
    add_clusters(home, nodes, by=administrator, now=now)
    load_equipment(home, people["tu"][0], now=now)
    _bulletins(home, writer=people["an"][0], now=now)
    load_sources(
        communes["509"],
        home,
        {name: person for name, (person, _password) in people.items()},
        _content("chang-chong", Category.DISASTER),
        _content("lich-gieo-sa", Category.SCIENCE),
        now=now,
    )
    load_reports(communes["509"], people["dao"][0], now)
    cast = {name: one for name, (one, _password) in people.items()}
    load_documents(communes["509"], home, cast, now=now)
    load_plans(communes["509"], home, cast, now=now)
    let_speak(home, cast["loi"], cast["hanh"], now=now)
    load_repairs(home, communes[OTHER_COMMUNE], cast, now=now)
    return passwords


def load_units() -> dict[str, Unit]:
    """The district of 2017 with its communes and villages, by code."""
    province = _unit("49", "PROVINCE", "TINH", "Quảng Nam", None)
    district = _unit("509", "DISTRICT", "HUYEN", "Quế Sơn", province)
    found = {"509": district}
    for row in _rows():
        commune = _unit(row["code"], "COMMUNE", row["kind"], row["name"], district)
        found[commune.code] = commune
        for number, full_name in enumerate(row["villages"].split("|"), start=1):
            kind, name = village_kind_and_name(full_name)
            _unit(
                f"{commune.code}.{number:02}",
                "VILLAGE",
                kind,
                name,
                commune,
                households=80 + 37 * number,
            )
    return found


def _rows() -> list[dict[str, str]]:
    source = resources.files(__package__).joinpath("demonstration_units.tsv")
    return list(csv.DictReader(source.read_text("utf-8").splitlines(), delimiter="\t"))


def _unit(
    code: str,
    level: str,
    kind: str,
    name: str,
    parent: Unit | None,
    *,
    households: int | None = None,
) -> Unit:
    return Unit.objects.create(
        code=code,
        valid_from=SINCE,
        level=level,
        kind=kind,
        name=name,
        parent=parent,
        households=households,
    )


def _organisations(units: Mapping[str, Unit]) -> None:
    kinds = Organisation.Kind
    offices = [
        ("509", kinds.PEOPLES_COMMITTEE, "UBND huyện Quế Sơn"),
        ("509", kinds.OFFICE, "Phòng Văn hóa và Thông tin huyện"),
        ("509", kinds.OFFICE, "Phòng Tài chính – Kế hoạch huyện"),
        ("509", kinds.STATION, "Đài Truyền thanh – Truyền hình huyện"),
        ("509", kinds.PARTY_BODY, "Ban Tuyên giáo Huyện ủy"),
        ("509", kinds.PARTY_BODY, "Ban Dân vận Huyện ủy"),
    ]
    communes = [unit for code, unit in units.items() if code != "509"]
    offices += [
        (c.code, kinds.PEOPLES_COMMITTEE, f"UBND {c.get_kind_display()} {c.name}") for c in communes
    ]
    Organisation.objects.bulk_create(
        Organisation(unit=units[code], kind=kind, name=name, valid_from=SINCE)
        for code, kind, name in offices
    )


def _account(account: Account, now: datetime) -> tuple[Person, str]:
    unit, password = Unit.objects.get(code=account.unit), random_password()
    person = create_person(
        username=account.username,
        full_name=account.full_name,
        title=account.title,
        password=password,
        by=None,
        unit=unit,
        now=now,
    )
    for role in account.roles:
        grant_role(person=person, unit=unit, role=role, since=SINCE, by=None, now=now)
    return person, password


def _board(home: Unit, people: Mapping[str, tuple[Person, str]], now: datetime) -> None:
    """The editorial board of the home commune, by an invented decision."""
    duties = {"hanh": "HEAD", "binh": "DEPUTY", "an": "EDITOR", "tu": "TECHNICIAN"}
    seats = [Seat(duty, "", person=people[name][0]) for name, duty in duties.items()]
    since = local_date(now)
    set_up_board(
        unit=home,
        number="45/QĐ-UBND",
        decided_on=since,
        since=since,
        seats=[*seats, Seat("ANNOUNCER", "Nguyễn Thị Loan", "Phát thanh viên")],
        by=people["quan"][0],
        now=now,
    )


def add_clusters(unit: Unit, wanted: int, *, by: Person, now: datetime) -> None:
    """Make sure that the commune has ``wanted`` clusters, one a village while villages last."""
    villages = list(Unit.objects.filter(parent=unit, level="VILLAGE"))
    for number in range(unit.clusters.count(), wanted):
        village = villages[number % len(villages)]
        create_cluster(
            unit=unit,
            name=f"Cụm loa {village.full_name}" + (f" ({number + 1})" if number >= 4 else ""),
            place=f"Nhà sinh hoạt văn hóa {village.full_name}",
            villages=[village],
            position=f"{15.680 + number % 5 * 0.004:.3f}, {108.195 + number // 5 * 0.004:.3f}",
            by=by,
            now=now,
        )


def open_all_hours(unit: Unit, *, by: Person, now: datetime) -> None:
    """Let the commune play at any hour: for a trial of the whole job at any time of day."""
    change_slot_policy(
        unit=unit,
        hours=[["00:00", "24:00"]],
        longest_session_s=4 * 3600,
        sessions_a_day=24,
        weekend=True,
        by=by,
        now=now,
    )


def _bulletins(unit: Unit, *, writer: Person, now: datetime) -> None:
    """One waiting for approval and one still being written, so that every desk has work."""
    waiting = create_bulletin(
        unit=unit, content=_content("tiem-chung", Category.SCIENCE), by=writer, now=now
    )
    submit_bulletin(bulletin=waiting, by=writer, now=now)
    drafted = _content("hop-thon", Category.PROJECTS, audience=(f"{unit.code}.03",))
    create_bulletin(unit=unit, content=drafted, by=writer, now=now)


def _content(name: str, category: str, audience: tuple[str, ...] = ()) -> Content:
    source = resources.files(__package__).joinpath("demonstration_texts", f"{name}.txt")
    title, _, text = source.read_text("utf-8").partition("\n")
    return Content(title=title, text=text.strip(), category=category, audience=audience)


def keep_accounts(data: Path, passwords: Mapping[str, str]) -> None:
    """Write the random passwords where only the owner reads them; marks the demonstration."""
    write_atomic(data / ACCOUNTS, json.dumps(passwords).encode(), mode=0o600)


def accounts(data: Path) -> list[dict[str, str]]:
    """The demonstration's accounts; empty for a real installation."""
    if not is_demonstration(data):
        return []
    passwords = json.loads((data / ACCOUNTS).read_text())
    return [
        {"username": a.username, "password": passwords[a.username], "about": a.about}
        for a in CAST
        if a.username in passwords
    ]
