"""The forms that come with the system, from ``data/*.tsv``: for everybody, changed by nobody."""

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from vang.reports.models import Form, FormVersion, Indicator, Section
from vang.reports.models.forms import MILLI

_DATA = Path(__file__).parents[1] / "data"
_WHOLE = ("decimals", "jump")
_YES = ("carried", "required")


def shipped_codes() -> list[str]:
    return [row["code"] for row in _rows("forms")]


@transaction.atomic
def ship_forms(*, now: datetime) -> int:
    """Make the forms known that are not; a changed one gets a new version. How many changed."""
    indicators, sections = _by_form("indicators"), _by_form("sections")
    changed = 0
    for row in _rows("forms"):
        form, _created = Form.objects.update_or_create(
            unit=None, code=row["code"], defaults={"name": row["name"]}
        )
        wanted = [_indicator(n, one) for n, one in enumerate(indicators[form.code])]
        parts = [_section(n, one) for n, one in enumerate(sections[form.code])]
        last = form.versions.order_by("-number").first()
        if last is not None and _same(last, wanted, parts):
            continue
        version = FormVersion.objects.create(
            form=form, number=last.number + 1 if last else 1, state=FormVersion.State.ISSUED,
            basis=row["basis"], begun_at=now, issued_at=now,
        )  # fmt: skip
        Indicator.objects.bulk_create(Indicator(version=version, **one) for one in wanted)
        Section.objects.bulk_create(Section(version=version, **one) for one in parts)
        changed += 1
    return changed


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _by_form(name: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(name):
        found[row.pop("form")].append(row)
    return found


def _indicator(place: int, row: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {**row, "place": place}
    made.update({name: int(row[name]) for name in _WHOLE})
    made.update({name: row[name] == "1" for name in _YES})
    made.update({name: int(row[name]) * MILLI if row[name] else None for name in ("least", "most")})
    made["choices"] = row["choices"].split("|") if row["choices"] else []
    return made


def _section(place: int, row: dict[str, str]) -> dict[str, Any]:
    return {**row, "place": place, "required": row["required"] == "1"}


def _same(
    version: FormVersion, indicators: list[dict[str, Any]], sections: list[dict[str, Any]]
) -> bool:
    def there(rows: Any, like: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = list(like[0]) if like else []
        return list(rows.order_by("place").values(*names)) if names else list(rows.values("pk"))

    same = there(version.indicators, indicators) == indicators
    return same and there(version.sections, sections) == sections
