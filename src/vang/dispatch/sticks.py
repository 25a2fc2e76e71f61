"""A stick for a village without a network: the very bytes that its nodes would fetch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from vang.base.files import FileStore
from vang.dispatch.commands import standing_for
from vang.dispatch.models import Command
from vang.dispatch.queries import orders, plan_for
from vang.dispatch.ready import ready_audio
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang.stations.queries import trusted
from vang.trust.folder import folder as trust_folder
from vang_protocol import sticks, strict_json
from vang_protocol.manifests import parse_manifest
from vang_protocol.plans import Audio


@dataclass
class Written:
    """How much lies on the stick now."""

    units: int = 0
    commands: int = 0
    sounds: int = 0


def write_stick(unit: Unit, stick: Path, *, now: datetime) -> Written:
    """All that the nodes of the commune need, under each code by which they know it.

    Raises Refused, OSError.
    """
    rows = Node.objects.filter(trusted(), cluster__unit=unit).select_related(
        "cluster__unit", "home"
    )
    by_code: dict[str, list[Node]] = {}
    for node in rows.order_by("pk"):
        by_code.setdefault(node.obeys.code, []).append(node)
    written = Written()
    wanted = set(ready_audio(unit))
    for code, nodes in by_code.items():
        written.units += 1
        wanted |= _write_unit(code, nodes, stick, written, now=now)
    _write_sounds(wanted, stick, written)
    return written


def _write_unit(
    code: str, nodes: list[Node], stick: Path, written: Written, *, now: datetime
) -> set[Audio]:
    wanted: set[Audio] = set()
    plan = plan_for(nodes[0])
    with sticks.folder(stick, code, make=True) as folder:
        if plan is not None:
            folder.write(sticks.PLAN, bytes(plan.envelope))
            wanted |= {item.audio for item in orders(plan).items}
    standing = {row.pk: row for node in nodes for row in standing_for(node, now=now)}
    wanted |= _write_commands(code, list(standing.values()), stick, written)
    _write_trust(code, stick)
    return wanted


def _write_commands(code: str, rows: list[Command], stick: Path, written: Written) -> set[Audio]:
    wanted: set[Audio] = set()
    with sticks.folder(stick, code, sticks.COMMANDS, make=True) as folder:
        for number, row in enumerate(rows[: sticks.MOST_COMMANDS]):
            order = {"command": bytes(row.envelope).decode(), "manifest": row.manifest}
            folder.write(f"{number:03}.json", strict_json.canonical(order))
            written.commands += 1
            if row.manifest:
                wanted |= set(parse_manifest(row.manifest.encode()).audios)
    return wanted


def _write_trust(code: str, stick: Path) -> None:
    """Every root, and the newest of the others, as many as a node reads."""
    kinds = (
        (sticks.METADATA, sticks.METADATA_NAME, sticks.MOST_METADATA),
        (sticks.TARGETS, sticks.TARGET_NAME, sticks.MOST_TARGETS),
    )
    for kind, pattern, most in kinds:
        files = [one for one in _files(trust_folder() / kind) if pattern.fullmatch(one.name)]
        newest = sorted(files, key=lambda one: one.stat().st_mtime)[-most:]
        with sticks.folder(stick, code, sticks.TRUST, kind, make=True) as folder:
            for file in newest:
                folder.copy_from(file, file.name)


def _files(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.is_dir() else ()


def _write_sounds(wanted: set[Audio], stick: Path, written: Written) -> None:
    store = FileStore(settings.DATA / "files")
    with sticks.folder(stick, sticks.AUDIO, make=True) as folder:
        there = set(folder.names(sticks.AUDIO_NAME, sticks.MOST_LISTED))
        for audio in sorted(wanted, key=lambda one: one.sha256)[: sticks.MOST_AUDIO]:
            name = f"{audio.sha256}.opus"
            if name not in there and store.has(audio.sha256):
                folder.copy_from(store.path(audio.sha256), name)
                written.sounds += 1
