"""A database of many communes: one commune made by the real services, then copied in SQL.

The commune has what a month of work leaves: 100 bulletins, some 130 planned items on ten clusters,
1,000 rows of the as-run log and more. Every row of it, in whatever table, is copied once a further
commune: integer keys are moved by a stride, and the commune's code is written anew wherever text
holds it. So a room that is added later is copied too.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import F, Max

from vang.airtime.services import broadcast_bulletin, create_programme
from vang.airtime.services.broadcasting import InProgramme, Once
from vang.base.files import FileStore
from vang.bulletins import services
from vang.bulletins.content import Content
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin, Category, Edition, Version
from vang.bulletins.queries import checklists_at
from vang.dispatch.services import publish_plan
from vang.evidence.models import AsRun
from vang.figures.models import AirDay, ChannelDay, OrderDay
from vang.figures.services import rebuild, recount_day
from vang.installation.demonstration import add_clusters
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.people.services import create_person, grant_role
from vang.relays.models import Station as RelayedStation
from vang.reports.models import Round
from vang.review.verbs import APPROVE, SUBMIT, Verb
from vang.stations.models import Cluster, Node
from vang.voice.models import Rendition, VoiceChoice
from work_beside import share, station, work_beside
from work_equipment import equipment_of
from work_repairs import repairs
from work_reports import report_of, round_of
from work_units import units_through_time

HOME = "20662"
"""The code of the commune that is copied; copies are numbered from 30001 on."""

STRIDE = 100_000
OF_ALL_COMMUNES = {"search_word", "orgs_standing"}  # the latter is filled by the database
SINCE = date(2017, 1, 1)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = 30
BULLETINS = 100
CLUSTERS = 10
VILLAGES = 10
TEXT = (
    "Ủy ban nhân dân xã thông báo đến toàn thể bà con nhân dân trên địa bàn xã về lịch tạm ngừng "
    "cấp điện để sửa chữa đường dây. Bà con chủ động sắp xếp sinh hoạt và sản xuất cho phù hợp. "
) * 6
TITLES = (
    "Lịch cắt điện ngày {day}",
    "Tiêm chủng mở rộng đợt {day}",
    "Họp dân thôn Thuận {n}",
    "Cảnh báo mưa lớn từ ngày {day}",
    "Hướng dẫn gieo sạ vụ hè thu, đợt {n}",
    "Thu gom rác thải sinh hoạt tuần {n}",
)
ROLES = (
    Membership.Role.WRITER,
    Membership.Role.APPROVER,
    Membership.Role.LEADER,
    Membership.Role.TECHNICIAN,
    Membership.Role.ADMINISTRATOR,
)


@dataclass(frozen=True)
class Made:
    """The marks that tell the copied rows: larger keys than these are the commune's own."""

    shared: dict[str, int]


def make(communes: int, *, now: datetime) -> None:
    """Migrate the database in hand and fill it with so many communes."""
    call_command("migrate", verbosity=0)
    district = _district(now)
    desk = _station(district, now)
    june = round_of(district, now)
    shared = {model._meta.db_table: _largest(model) for model in _copied_models()}
    with transaction.atomic():
        _commune(district, desk, june, now)
        rebuild(now=now)
        days = _take_days_above()
    _copy(communes - 1, shared)
    _sum_days_above(days)
    _settle()


def _take_days_above() -> set[tuple[int, date]]:
    """Take away the figures of what stands above communes, which must not be copied."""
    above = AirDay.objects.exclude(unit__level="COMMUNE")
    days = set(above.values_list("unit", "day"))
    for model in (AirDay, OrderDay, ChannelDay):
        model.objects.exclude(unit__level="COMMUNE").delete()
    return days


def _sum_days_above(days: set[tuple[int, date]]) -> None:
    """Count them again from all communes, the districts before their province."""
    levels = dict(
        Unit.objects.filter(pk__in={unit for unit, _day in days}).values_list("pk", "level")
    )
    for unit, day in sorted(days, key=lambda one: levels[one[0]] == "PROVINCE"):
        recount_day(unit, day)


def code_of(number: int) -> str:
    """The code of a commune: 0 is the one that was copied."""
    return HOME if number == 0 else f"{30000 + number}"


def _district(now: datetime) -> Unit:
    province = Unit.objects.create(
        code="49", valid_from=SINCE, level="PROVINCE", kind="TINH", name="Quảng Nam"
    )
    district = Unit.objects.create(
        code="509",
        valid_from=SINCE,
        level="DISTRICT",
        kind="HUYEN",
        name="Quế Sơn",
        parent=province,
    )
    dung = _person("dung", "Phạm Dũng", now)
    grant_role(person=dung, unit=province, role="READER", since=SINCE, by=None, now=now)
    return district


def _person(username: str, full_name: str, now: datetime) -> Person:
    return create_person(
        username=username,
        full_name=full_name,
        password=f"{username}-{os.urandom(6).hex()}",
        by=None,
        unit=None,
        now=now,
    )


def _station(district: Unit, now: datetime) -> Unit:
    desk = station(district, SINCE)
    writer, approver = _person("ha", "Cao Thị Hà", now), _person("lam", "Đặng Văn Lâm", now)
    grant_role(person=writer, unit=desk, role="WRITER", since=SINCE, by=None, now=now)
    grant_role(person=approver, unit=desk, role="APPROVER", since=SINCE, by=None, now=now)
    VoiceChoice.objects.create(
        unit=desk, voice="espeak-vi", trial_may_air=True, decided_by=approver, decided_at=now
    )
    share(desk, writer, approver, _approved, now)
    return desk


def _commune(district: Unit, desk: Unit, june: Round, now: datetime) -> None:
    unit = Unit.objects.create(
        code=HOME, valid_from=SINCE, level="COMMUNE", kind="XA", name="Quế Thuận", parent=district
    )
    for number in range(1, VILLAGES + 1):
        Unit.objects.create(
            code=f"{HOME}.{number:02}",
            valid_from=SINCE,
            level="VILLAGE",
            kind="THON",
            name=f"Thuận {number}",
            parent=unit,
            households=120,
        )
    writer, everybody = _staff(unit, now)
    VoiceChoice.objects.create(
        unit=unit, voice="espeak-vi", trial_may_air=True, decided_by=everybody, decided_at=now
    )
    add_clusters(unit, CLUSTERS, by=everybody, now=now)
    _devices(unit, now)
    RelayedStation.objects.create(unit=unit, name="VOV1", added_by=everybody, added_at=now)
    equipment_of(unit, everybody, now)
    repairs(unit, everybody, now)
    _month(unit, writer, everybody, now)
    _waiting(unit, writer, now)
    work_beside(unit, writer, everybody, desk, now)
    report_of(unit, june, writer, everybody, now)
    units_through_time(unit, writer, everybody, now)


def _staff(unit: Unit, now: datetime) -> tuple[Person, Person]:
    """The writer, and one person who holds every role: whoever opens the pages."""
    writer = _person(f"an{HOME}", "Nguyễn Văn An", now)
    everybody = _person(f"mai{HOME}", "Đỗ Thị Mai", now)
    grant_role(person=writer, unit=unit, role="WRITER", since=SINCE, by=None, now=now)
    for role in ROLES:
        grant_role(person=everybody, unit=unit, role=role, since=SINCE, by=None, now=now)
    return writer, everybody


def _devices(unit: Unit, now: datetime) -> None:
    for number, cluster in enumerate(Cluster.objects.filter(unit=unit).order_by("pk")):
        Node.objects.create(
            id=f"NODE{HOME}{number:02}".ljust(26, "0"),
            cluster=cluster,
            public_key=f"{HOME}{number:02}".ljust(64, "a"),
            name=f"Loa {number}",
            enrolled_at=now - timedelta(days=DAYS),
            last_seen_at=now,
        )


def _month(unit: Unit, writer: Person, approver: Person, now: datetime) -> None:
    today = now.astimezone(VIETNAM).date()
    begin = _at(today - timedelta(days=DAYS), "04:00")
    programme = create_programme(
        unit=unit,
        name="Bản tin sáng",
        starts_at=time(5, 0),
        weekdays="1111111",
        valid_from=begin.astimezone(VIETNAM).date(),
        valid_to=None,
        by=approver,
        now=begin,
    )
    a_day = BULLETINS // DAYS
    for day in range(DAYS):
        moment = begin + timedelta(days=day)
        for number in range(a_day):
            bulletin = _approved(
                unit, writer, approver, _content(day * a_day + number, moment), moment
            )
            if number == 0:
                own = moment.astimezone(VIETNAM).date()
                choice: Any = InProgramme(programme, own, own + timedelta(days=4))
            else:
                choice = Once(_at(moment.astimezone(VIETNAM).date(), "17:00") + number * _QUARTER)
            broadcast_bulletin(bulletin=bulletin, choice=choice, by=approver, now=moment)
        publish_plan(unit, now=moment)
    _played(now)
    for number in range(200):
        record("place-edition", f"bulletin:{number + 1}", by=writer, unit=unit, now=now)


_QUARTER = timedelta(minutes=15)


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), VIETNAM).astimezone(UTC)


def _content(number: int, moment: datetime) -> Content:
    title = TITLES[number % len(TITLES)]
    return Content(
        title=title.format(day=f"{moment:%d/%m}", n=number % VILLAGES + 1) + f" ({number})",
        text=f"{TEXT}\n\nTin số {number} của xã {HOME}.",
        category=Category.values[number % len(Category.values)],
        audience=() if number % 3 else (f"{HOME}.01", f"{HOME}.02"),
    )


def _approved(
    unit: Unit, writer: Person, approver: Person, content: Content, moment: datetime
) -> Bulletin:
    bulletin = services.create_bulletin(unit=unit, content=content, by=writer, now=moment)
    _submit(bulletin, writer, moment)
    bulletin.refresh_from_db()
    version = bulletin.current
    if version is None or version.rendition is None:
        raise RuntimeError("a submitted bulletin has its sound on order")
    _finished(version.rendition, moment)
    version.refresh_from_db()
    services.approve_bulletin(
        bulletin=bulletin,
        content_hash=content_hash(version),
        by=approver,
        now=moment,
        confirmed=_asked(APPROVE, bulletin, version),
    )
    return bulletin


def _submit(bulletin: Bulletin, writer: Person, moment: datetime) -> None:
    """The writer answers whatever is asked: no sensitive topic, and every confirmation."""
    services.decide_sensitivity(bulletin=bulletin, sensitive=False, by=writer, now=moment)
    version = bulletin.versions.latest("pk")
    services.submit_bulletin(
        bulletin=bulletin, by=writer, now=moment, confirmed=_asked(SUBMIT, bulletin, version)
    )


def _asked(verb: Verb, bulletin: Bulletin, version: Version) -> set[str]:
    return {item.key for one in checklists_at(verb, bulletin, version) for item in one.items}


def _finished(sound: Rendition, moment: datetime) -> None:
    """What the worker does, without the work: nobody listens to a benchmark."""
    opus = b"OggS" + hashlib.sha256(sound.key.encode()).digest()
    sound.sha256 = FileStore(Path(settings.DATA) / "files").put(opus)
    sound.state, sound.size, sound.duration_ms = Rendition.State.READY, len(opus), 60_000
    sound.worked_until, sound.finished_at = None, moment
    sound.save()


def _played(now: datetime) -> None:
    past = AsRun.objects.filter(planned_start__lt=now)
    past.update(
        state=AsRun.State.DONE,
        actual_start=F("planned_start"),
        error_us=400,
        played_ms=60_000,
        changed_at=F("planned_start"),
    )
    missed = list(past.order_by("pk").values_list("pk", flat=True)[::50])
    AsRun.objects.filter(pk__in=missed).update(
        state=AsRun.State.MISSED, reason="node-offline", actual_start=None, played_ms=0
    )


def _waiting(unit: Unit, writer: Person, now: datetime) -> None:
    """What lies on the desk today: drafts, and bulletins in review."""
    for number in range(BULLETINS - BULLETINS // DAYS * DAYS):
        bulletin = services.create_bulletin(
            unit=unit, content=_content(900 + number, now), by=writer, now=now
        )
        if number % 2:
            _submit(bulletin, writer, now)


# ---- copying


def _copied_models() -> list[type[models.Model]]:
    """Every table of ours and the links of many to many, but for what all communes share."""
    ours = [app for app in apps.get_app_configs() if app.name.startswith("vang.")]
    every = [model for app in ours for model in app.get_models(include_auto_created=True)]
    return [
        model
        for model in every
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.db_table not in OF_ALL_COMMUNES
    ]


def _is_number(field: Any) -> bool:
    return isinstance(_target(field), models.AutoField | models.IntegerField)


def _target(field: Any) -> Any:
    """The column that the field's column points at, through keys of keys."""
    while field.is_relation:
        field = field.target_field
    return field


def _largest(model: type[models.Model]) -> int:
    key = model._meta.pk
    if key is None or not _is_number(key):
        return 0
    return int(model._base_manager.aggregate(n=Max("pk"))["n"] or 0)


def _copy(copies: int, shared: dict[str, int]) -> None:
    """One INSERT a table, for all copies together. Constraints are looked at once, at the end."""
    if copies <= 0:
        return
    with connection.cursor() as cursor:
        _before(cursor)
        _unique_text(cursor, shared)
        for model in _copied_models():
            if _owned(cursor, model, shared):
                cursor.execute(_statement(model, shared, copies))
        _after(cursor)


def _before(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica")
    else:
        cursor.execute("PRAGMA foreign_keys = OFF")


def _after(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = DEFAULT")
    else:
        cursor.execute("PRAGMA foreign_keys = ON")


def _owned(cursor: Any, model: type[models.Model], shared: dict[str, int]) -> bool:
    cursor.execute(f"SELECT 1 FROM {_q(model._meta.db_table)} WHERE {_own(model, shared)} LIMIT 1")
    return cursor.fetchone() is not None


def _own(model: type[models.Model], shared: dict[str, int]) -> str:
    """The condition that a row belongs to the copied commune, and not to what stands above it."""
    conditions = []
    for field in model._meta.concrete_fields:
        alone = field.primary_key or (field.is_relation and field.unique)
        mark = shared.get(_target(field).model._meta.db_table)
        if alone and mark is not None and _is_number(field):
            column = _q(field.column)
            conditions.append(f"({column} > {mark} OR {column} IS NULL)")
    return " AND ".join(conditions) or "TRUE"


def _unique_text(cursor: Any, shared: dict[str, int]) -> None:
    """Text that must be unique gets the commune's code, so that the copies differ."""
    for model in _copied_models():
        for field in _unique_fields(model):
            table, column = _q(model._meta.db_table), _q(field.column)
            cursor.execute(
                f"UPDATE {table} SET {column} = '{HOME}' || substr({column}, {len(HOME) + 1})"
                f" WHERE {column} NOT LIKE '%%{HOME}%%' AND length({column}) >= 12"
                f" AND {_own(model, shared)}"
            )


def _unique_fields(model: type[models.Model]) -> Iterator[Any]:
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField) and not field.is_relation
        if is_text and field.unique and not field.primary_key:
            yield field


def _statement(model: type[models.Model], shared: dict[str, int], copies: int) -> str:
    columns = [field.column for field in model._meta.concrete_fields]
    values = [_value(field, shared) for field in model._meta.concrete_fields]
    numbers = (
        f"generate_series(1, {copies}) AS copies(k)"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE c(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c WHERE k < {copies})"
        f" SELECT k FROM c) AS copies"
    )
    table = _q(model._meta.db_table)
    return (
        f"INSERT INTO {table} ({', '.join(map(_q, columns))})"
        f" SELECT {', '.join(values)} FROM {table} CROSS JOIN {numbers}"
        f" WHERE {_own(model, shared)}"
    )


def _value(field: Any, shared: dict[str, int]) -> str:
    column, target = _q(field.column), _target(field)
    if field.primary_key or field.is_relation:
        return _key(field, column, target, shared)
    if field.name == "subject":
        return _subject(column)
    if isinstance(field, models.JSONField | models.CharField | models.TextField):
        return _rewritten(field, column)
    return column


def _key(field: Any, column: str, target: Any, shared: dict[str, int]) -> str:
    if not _is_number(field):
        return _rewritten(target, column)
    mark = shared.get(target.model._meta.db_table)
    if mark is None:
        return column  # a table that is not copied
    return f"CASE WHEN {column} > {mark} THEN {column} + copies.k * {STRIDE} ELSE {column} END"


def _rewritten(field: Any, column: str) -> str:
    """The same with the copy's code instead of the commune's."""
    code = "CAST(30000 + copies.k AS text)"
    plain = f"replace(CAST({column} AS text), '{HOME}', {code})"
    if isinstance(field, models.UUIDField):
        hashed = f"md5(CAST({column} AS text) || {code})"
        return f"CAST({hashed} AS uuid)" if connection.vendor == "postgresql" else hashed
    if isinstance(field, models.JSONField) and connection.vendor == "postgresql":
        return f"CAST({plain} AS jsonb)"
    return plain


def _subject(column: str) -> str:
    """``bulletin:12`` of the copied commune becomes the copy's own bulletin."""
    if connection.vendor == "postgresql":
        key = f"split_part({column}, ':', 2)"
        return (
            f"CASE WHEN {key} ~ '^[0-9]{{1,6}}$' THEN split_part({column}, ':', 1) || ':' ||"
            f" (CAST({key} AS bigint) + copies.k * {STRIDE}) ELSE {column} END"
        )
    key = f"substr({column}, instr({column}, ':') + 1)"
    return (
        f"CASE WHEN {key} GLOB '[0-9]*' AND length({key}) <= 6 THEN"
        f" substr({column}, 1, instr({column}, ':')) || (CAST({key} AS integer) + copies.k *"
        f" {STRIDE}) ELSE {column} END"
    )


def _q(name: str) -> str:
    return connection.ops.quote_name(name)


def _settle() -> None:
    """Statistics for the planner, and sequences beyond the copied keys."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in connection.ops.sequence_reset_sql(_Plain(), _copied_models()):
                cursor.execute(statement)
            cursor.execute("ANALYZE")
        else:
            cursor.execute("ANALYZE")


class _Plain:
    """SQL without colours."""

    def __getattr__(self, _name: str) -> Any:
        return str


def counts() -> dict[str, int]:
    """How many rows of the kinds that the promise names."""
    communes = Unit.objects.filter(level="COMMUNE", valid_to=None).count()
    return {
        "communes": communes,
        "bulletins": Bulletin.objects.count(),
        "editions": Edition.objects.count(),
        "as_run": AsRun.objects.count(),
    }
