"""``vang plans import FILE [--json]``: what an official plan says, row by row."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vang.plans.recognition.deadlines import Deadline
    from vang.plans.recognition.rows import PlanDraft, Row

    Words = argparse._SubParsersAction[argparse.ArgumentParser]

REFUSED = 1
"""The exit code where a file cannot be read or is no plan; 2 is for wrong words."""
MOST_BYTES = 50_000_000
_KINDS = {
    "objective": "mục tiêu", "content": "nội dung", "solution": "giải pháp", "task": "nhiệm vụ",
    "money": "kinh phí", "time": "thời gian", "scope": "phạm vi", "reporting": "báo cáo",
    "situation": "tình hình", "closing": "kết thúc", "unknown": "CHƯA HIỂU",
}  # fmt: skip
_WIDTH = 96


def add_plans(words: "Words") -> None:
    """The word ``plans`` and what may follow it."""
    plans = words.add_parser("plans", help="official plans: their tasks, deadlines, who leads")
    acts = plans.add_subparsers(required=True, metavar="ACT")
    bring = acts.add_parser("import", help="read a plan (.txt, .docx, .odt, .pdf) into a draft")
    bring.add_argument("file", type=Path)
    bring.add_argument("--json", action="store_true", help="the whole draft as JSON")
    bring.set_defaults(do=_import)


def _import(arguments: argparse.Namespace) -> int:
    from vang.library.formats.failures import Unreadable  # noqa: PLC0415
    from vang.library.formats.reading import read_file  # noqa: PLC0415
    from vang.plans.recognition.recognition import draft_of, is_plan  # noqa: PLC0415

    path: Path = arguments.file
    try:
        if path.stat().st_size > MOST_BYTES:
            return _refused(f"{path}: the file is larger than 50 MB.")
        with path.open("rb"):
            pass
        lines = read_file(path).lines
    except OSError as error:
        return _refused(f"{path}: {error.strerror or error}.")
    except Unreadable as error:
        return _refused(f"{path}: {_WHY.get(error.code.value, 'the file cannot be read')}.")
    draft = draft_of(lines)
    if not is_plan(draft):
        what = (
            f"this is a {draft.kind}" if draft.kind else "it has neither the head nor parts of one"
        )
        return _refused(f"{path}: no plan; {what}.")
    if arguments.json:
        from vang.plans.recognition.plain import to_plain  # noqa: PLC0415

        print(json.dumps(to_plain(draft), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_table(draft)))
    return 0


def _refused(told: str) -> int:
    print(f"vang: {told}", file=sys.stderr)
    return REFUSED


_WHY = {
    "empty": "the file is empty",
    "wrong-kind": "the file is of another kind than .txt, .docx, .odt, .rtf or .pdf",
    "unpacks-too-large": "the file unpacks to more than may be read",
    "too-many-pages": "the file has too many pages",
    "too-long": "the file has more text than a plan can have",
    "protected": "the file is protected by a password",
    "damaged": "the file is damaged",
    "scanned": "the pages are pictures without text",
    "not-text": "the file holds no text",
    "old-word": "an old .doc file; save it as .docx first",
    "too-slow": "reading the file takes too long",
}


def _table(draft: "PlanDraft") -> Iterator[str]:
    yield f"{draft.kind or 'Kế hoạch'} {draft.number} — {draft.title}"
    issued = f"{draft.issued_on:%d/%m/%Y}" if draft.issued_on else "?"
    yield f"Ban hành: {draft.issuer or '?'}, {draft.place or '?'}, {issued}"
    if draft.period:
        sure = "" if draft.period.sure else " (suy từ ngày ban hành)"
        yield f"Thời gian: {draft.period.first:%d/%m/%Y} – {draft.period.last:%d/%m/%Y}{sure}"
    yield from _listed("Căn cứ", draft.bases)
    section: tuple[str, ...] = ()
    for row in draft.rows:
        if row.kind.value not in _KINDS:
            continue
        if row.path != section:
            section = row.path
            yield ""
            yield " › ".join(section)
        yield from _row(row)
    yield ""
    for one in draft.reporting:
        yield f"Báo cáo: {', '.join(one.reporters) or '?'} → {', '.join(one.to) or '?'}"
        yield from _indented("hạn", [_deadline(d) for d in one.deadlines])
        yield from _indented("rồi báo cáo", one.onward)
    yield from _listed("Nơi nhận", draft.recipients)
    yield f"Người ký: {draft.authority} {draft.signer_post} {draft.signer}".rstrip()
    unknown = sum(row.kind.value == "unknown" for row in draft.rows)
    tasks = sum(row.kind.value == "task" for row in draft.rows)
    yield f"{tasks} nhiệm vụ, {len(draft.actors)} cơ quan chủ trì, {unknown} đoạn chưa hiểu."


def _row(row: "Row") -> Iterator[str]:
    short = row.text if len(row.text) <= _WIDTH else f"{row.text[: _WIDTH - 1]}…"
    yield f"  {row.code or '·':9} {_KINDS[row.kind.value]:10} {short}"
    yield from _indented("chủ trì", row.leads)
    yield from _indented("phối hợp", row.cooperating)
    yield from _indented("hạn", [_deadline(one) for one in row.deadlines])
    yield from _indented("sản phẩm", [row.product] if row.product else [])


def _indented(name: str, told: "tuple[str, ...] | list[str]") -> Iterator[str]:
    if told:
        yield f"{'':23}{name}: {'; '.join(told)}"


def _listed(name: str, told: tuple[str, ...]) -> Iterator[str]:
    if told:
        yield f"{name}:"
        yield from (f"  - {one}" for one in told)


def _deadline(deadline: "Deadline") -> str:
    return " ".join(deadline.text.split())
