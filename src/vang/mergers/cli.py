"""``vang units``: the list of administrative units from the command line."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]


def add_units(words: "Words", django: Callable[[], None]) -> None:
    """``django`` loads the installation."""
    units = words.add_parser("units", help="provinces, communes, villages and what became of them")
    acts = units.add_subparsers(required=True, metavar="ACT")
    _add_import(acts, django)
    _add_show(acts, django)


def _add_import(acts: "Words", django: Callable[[], None]) -> None:
    brings = acts.add_parser(
        "import", help='take over a list of units (.csv, .xlsx; "national": the one shipped)'
    )
    brings.add_argument("file", metavar="FILE")
    brings.add_argument("--preview", action="store_true", help="show what it would do, do nothing")
    brings.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    brings.add_argument(
        "--on", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD",
        help="first day on which the list holds (today)",
    )  # fmt: skip
    brings.add_argument("--basis", default="", help="the decision on which it rests")
    brings.add_argument(
        "--complete", action="store_true", help="units that the list does not have end"
    )

    def do(arguments: argparse.Namespace) -> int:
        django()
        return _import(arguments)

    brings.set_defaults(do=do)


def _add_show(acts: "Words", django: Callable[[], None]) -> None:
    show = acts.add_parser("show", help="a unit by its code, what it was and what it became")
    show.add_argument("code", nargs="?", default="")
    show.add_argument("--on", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    show.add_argument("--json", action="store_true")

    def do(arguments: argparse.Namespace) -> int:
        django()
        return _show(arguments)

    show.set_defaults(do=do)


def _import(arguments: argparse.Namespace) -> int:
    from vang.base import clock  # noqa: PLC0415
    from vang.base.clock import local_date  # noqa: PLC0415
    from vang.base.refusals import Refusal  # noqa: PLC0415
    from vang.library.tables import MAX_TABLE  # noqa: PLC0415
    from vang.mergers.importing import NATIONAL, bring_list, confirm_list, preview_of  # noqa: PLC0415

    now = clock.now()
    content, path = None, Path(arguments.file)
    if arguments.file != NATIONAL:
        try:
            with path.open("rb") as handle:
                content = handle.read(MAX_TABLE + 1)
        except OSError as error:
            return _failed(f"{path}: {error.strerror}", arguments)
        if len(content) > MAX_TABLE:
            return _failed(f"{path}: larger than {MAX_TABLE} bytes", arguments)
    try:
        brought = bring_list(
            content=content,
            name=path.name,
            unit=None,
            complete=arguments.complete,
            effective_on=arguments.on or local_date(now),
            legal_basis=arguments.basis or f"vang units import {path.name}",
            by=None,
            now=now,
        )
        preview = preview_of(brought)
        if arguments.preview:
            brought.delete()
        else:
            preview = confirm_list(brought, by=None, now=now)
    except Refusal as refusal:
        return _failed(f"{refusal.code}: {refusal}", arguments)
    _tell(preview, arguments)
    return 0


def _failed(sentence: str, arguments: argparse.Namespace) -> int:
    if arguments.json:
        print(json.dumps({"error": sentence}, ensure_ascii=False))
    else:
        print(f"vang: {sentence}", file=sys.stderr)
    return 1


def _tell(preview: Any, arguments: argparse.Namespace) -> None:
    lines = [
        {
            "what": one.fate.value,
            "code": one.code,
            "was": one.there.full_name if one.there else None,
            "becomes": one.wanted.full_name if one.wanted else None,
            "from": list(one.wanted.origins) if one.wanted else [],
        }
        for one in preview.outcomes
        if one.fate.value != "same"
    ]
    wrong = [
        {"line": one.line, "row": one.text, "reason": str(one.reason)} for one in preview.wrong
    ]
    done = not arguments.preview
    if arguments.json:
        told = {"done": done, "counts": preview.counts, "changes": lines, "wrong": wrong}
        print(json.dumps(told, ensure_ascii=False))
        return
    for line in lines:
        came = f"  <- {', '.join(line['from'])}" if line["from"] else ""
        names = f"{line['was'] or '-'} -> {line['becomes'] or '-'}"
        print(f"{line['what']:8} {line['code']:>10}  {names}{came}")
    for row in wrong:
        print(f"line {row['line']}: {row['reason']}  ({row['row']})")
    print(", ".join(f"{count} {name}" for name, count in preview.counts.items()))
    print("Done." if done else "Nothing was changed.")


def _show(arguments: argparse.Namespace) -> int:
    from vang.base import clock  # noqa: PLC0415
    from vang.base.clock import local_date  # noqa: PLC0415
    from vang.mergers.showing import history, levels  # noqa: PLC0415
    from vang.orgs.national import became, listed  # noqa: PLC0415

    on = arguments.on or local_date(clock.now())
    if not arguments.code:
        told: dict[str, Any] = {"on": on.isoformat(), "units": levels(on)}
    else:
        national = listed().get(arguments.code)
        told = {
            "code": arguments.code,
            "here": history(arguments.code, on),
            "national": national.full_name if national else None,
            "before_2025": [
                {
                    "name": one.name,
                    "district": one.district,
                    "became": one.successor,
                    "whole": one.whole,
                }
                for one in became(arguments.code)
            ],
        }
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _print(told)
    return 0 if told.get("units") or told.get("here") or told.get("national") else 1


def _print(told: dict[str, Any]) -> None:
    for name, value in told.items():
        if isinstance(value, list):
            for row in value:
                print(f"{name}: " + ", ".join(f"{key} {one}" for key, one in row.items()))
        elif isinstance(value, dict):
            print(f"{name}: " + ", ".join(f"{count} {level}" for level, count in value.items()))
        else:
            print(f"{name}: {value if value is not None else '-'}")
