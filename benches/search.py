"""How long finding takes among 300,000 items of 3,000 communes, in SQLite and in PostgreSQL.

A search is what the page does: the best hits of every kind in the person's scope, with the rows to
show them. Half of the people look into one commune, half into the whole province; half of the words
are typed with marks. Beside it, in the same run, the naive way: LIKE over the same words.
``./bench search [ITEMS] [sqlite|postgresql]``. Prints one JSON line.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ITEMS = 300_000
COMMUNES = 3_000
SEARCHES = 200
TARGET_MS = 100
SEED = 20260610
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
# Syllables as they are spread in notices: a few everywhere, many now and then.
COMMON = """
thông báo thôn xã họp lúc giờ ngày tháng người dân nhà văn hóa đề nghị bà con ủy ban
nhân dân về việc tại các hộ gia đình tham gia đầy đủ đúng thời gian
"""
OTHERS = """
đường làng cắt điện sửa chữa tiêm chủng vắc-xin bão lũ mưa lớn lúa đông xuân chăn nuôi
trâu bò gà vịt dịch tả phun thuốc diệt muỗi sốt xuất huyết khám bệnh bảo hiểm y tế học
sinh trường lớp khai giảng tuyển quân nghĩa vụ quân sự bầu cử hội đồng tiếp xúc cử tri
vệ sinh môi trường rác thải nông thôn mới vay vốn ngân hàng chính sách hộ nghèo cận
nghèo trợ cấp người cao tuổi thanh niên phụ nữ cựu chiến binh nông dân mặt trận tổ quốc
phòng cháy chữa cháy rừng an ninh trật tự ma túy giao thông tai nạn Quế Sơn Thuận Phong
Noru Trà My Hội An Đà Nẵng cầu hồ đập thủy lợi
"""


def sentence(dice: random.Random, length: int) -> str:
    words = dice.choices(COMMON.split(), k=length * 2 // 3)
    words += dice.choices(OTHERS.split(), k=length // 3)
    dice.shuffle(words)
    return " ".join(words)


def searches(dice: random.Random) -> Iterator[str]:
    """One to three words; every second time without marks; the last one often unfinished."""
    from vang.base.text import fold

    for number in range(SEARCHES):
        count = 1 + number % 3
        words = [dice.choice(OTHERS.split()) for _ in range(count - 1)]
        words.append(dice.choice((COMMON if number % 4 == 0 else OTHERS).split()))
        typed = " ".join(words)
        if number % 3 == 0 and len(typed) > 4:
            typed = typed[:-1]
        yield typed if number % 2 else fold(typed)


def measure(engine: str, items: int) -> dict[str, Any]:
    """Everything in the database that the environment names."""
    import django

    django.setup()
    from django.core.management import call_command

    from vang.orgs.models import Unit

    call_command("migrate", verbosity=0)
    province = Unit.objects.create(
        code="48", valid_from=date(2025, 7, 1), level="PROVINCE", kind="THANH_PHO", name="Đà Nẵng"
    )
    Unit.objects.bulk_create(
        Unit(
            code=f"2{n:04}",
            valid_from=date(2025, 7, 1),
            level="COMMUNE",
            kind="XA",
            name=f"Số {n}",
            parent=province,
        )
        for n in range(COMMUNES)
    )
    begun = time.perf_counter()
    _fill(items)
    rebuilt = time.perf_counter() - begun
    _settle()
    return {"rebuild_s": round(rebuilt, 1), **_timed(engine, province)}


def _fill(items: int) -> None:
    from vang.orgs.models import Unit
    from vang.search import kinds
    from vang.search.kinds import Item, Kind
    from vang.search.services import rebuild

    communes = list(Unit.objects.filter(level="COMMUNE").select_related("parent").order_by("pk"))
    dice = random.Random(SEED)

    def bulletins(_keys: Collection[str] | None) -> Iterator[Item]:
        for number in range(items):
            yield Item(
                key=str(number),
                unit=communes[number % COMMUNES],
                title=sentence(dice, 9),
                text=sentence(dice, 105),
                url=f"/bulletins/{number}",
                at=BEGIN + timedelta(minutes=number),
            )

    for name in [kind.name for kind in kinds.all_kinds()]:
        if name != "bulletin":
            kinds.register(Kind(name, name, "news", lambda _keys: ()))
    kinds.register(Kind("bulletin", "bulletin", "news", bulletins))
    rebuild()


def _settle() -> None:
    """What the database does by itself as time passes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _timed(engine: str, province: Any) -> dict[str, Any]:
    from vang.orgs.models import Unit
    from vang.search.queries import find
    from vang.search.scopes import scope_at

    dice = random.Random(SEED + 1)
    communes = list(Unit.objects.filter(level="COMMUNE").select_related("parent").order_by("pk"))
    roles = ["WRITER", "READER", "ADMINISTRATOR"]
    asked = []
    for number, typed in enumerate(searches(dice)):
        place = province if number % 4 < 2 else dice.choice(communes)
        asked.append((typed, scope_at(place, roles, oversees=True), place))
    for typed, scope, _place in asked[:10]:
        find(typed, [scope])
    found = [_ms(lambda t=typed, s=scope: find(t, [s])) for typed, scope, _place in asked]
    some = [asked[n] for n in range(0, SEARCHES, 7)]
    naive = [_ms(lambda t=typed, p=place: _naive(t, p)) for typed, _scope, place in some]
    same = [_ms(lambda t=typed, s=scope: find(t, [s])) for typed, scope, _place in some]
    hits = sum(bool(find(typed, [scope])) for typed, scope, _place in asked)
    if hits < SEARCHES // 2:
        raise SystemExit(f"{engine}: only {hits} of {SEARCHES} searches found anything")
    return {
        "p50_ms": _percentile(found, 50),
        "p95_ms": _percentile(found, 95),
        "with_hits": hits,
        "naive_p50_ms": _percentile(naive, 50),
        "naive_p95_ms": _percentile(naive, 95),
        "times_faster_p50": round(_percentile(naive, 50) / _percentile(same, 50), 1),
        "times_faster_p95": round(_percentile(naive, 95) / _percentile(same, 95), 1),
    }


def _naive(typed: str, place: Any) -> list[Any]:
    """Every word somewhere in the folded words of what belongs to the place."""
    from vang.base.text import fold
    from vang.search.models import Entry

    rows = Entry.objects.filter(words__contains=f"unit{place.pk} ")
    for word in fold(typed).split():
        rows = rows.filter(words__contains=word)
    return list(rows.order_by("-id").defer("words")[:6])


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


def run(engine: str, items: int) -> dict[str, Any]:
    """One engine in a process of its own, on a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="vang-bench-") as folder:
        environment = {
            **os.environ,
            "VANG_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "vang.config.settings",
            "VANG_DATABASE_URL": "",
        }
        command = [sys.executable, __file__, str(items), engine, "--here"]
        if engine == "postgresql":
            script = Path(__file__).parent.parent / "tests" / "on_postgresql.sh"
            command = ["sh", str(script), *command]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def main() -> None:
    words = sys.argv[1:]
    items = int(words[0]) if words and words[0].isdecimal() else ITEMS
    engines = [name for name in ("sqlite", "postgresql") if name in words] or [
        "sqlite",
        "postgresql",
    ]
    if "--here" in words:
        os.environ["VANG_DATABASE_URL"] = os.environ.get("VANG_TEST_DATABASE_URL", "")
        print(json.dumps(measure(engines[0], items)))
        return
    told = {engine: run(engine, items) for engine in engines}
    worst = max(one["p95_ms"] for one in told.values())
    ok = worst <= TARGET_MS
    print(json.dumps({"bench": "search", "items": items, **told, "target_ms": TARGET_MS, "ok": ok}))


if __name__ == "__main__":
    main()
