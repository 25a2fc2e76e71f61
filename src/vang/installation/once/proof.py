"""Whether the village heard what was approved."""

from pathlib import Path

from django.conf import settings

from vang.base.files import FileStore
from vang.bulletins.models import Edition
from vang.channels.portal.paths import edition_path
from vang.channels.portal.services import portal_folder
from vang.evidence.models import AsRun
from vang.evidence.verification import journal_verified
from vang.installation.once.story import Told
from vang.installation.once.table import Row, as_json, as_table, row_of
from vang.installation.once.takes import NoTake, Verdict, find_take, judge
from vang.stations.models import Node


def nodes_online() -> int:
    """Nodes that have been heard from."""
    return Node.objects.filter(retired_at=None, last_seen_at__isnull=False).count()


def page_of(edition: Edition) -> Path:
    """Where the edition's public page is written."""
    return portal_folder(edition.unit) / edition_path(edition)


def page_tells(page: Path, told: Told) -> bool:
    """The page is there and holds the notice's text."""
    first_words = " ".join(told.edition.text.split()[:4])
    return page.is_file() and first_words in " ".join(page.read_text("utf-8").split())


def report(told: Told, page: Path, data: Path, nodes: int) -> int:
    """Print the table and the JSON line; 0 only when all of it holds."""
    rows = [_row(as_run, told.edition, data) for as_run in told.as_run]
    passed = (
        len(rows) == nodes
        and page.is_file()
        and all(r.state == "DONE" and r.journal_verified and r.same_sound for r in rows)
    )
    print(as_table(rows))
    print(f"public page: {page}")
    for row in rows:
        print(f"recorded:    {row.wav or 'nothing'}")
    print(as_json(rows, passed=passed, page=str(page), data=str(data)), flush=True)
    return 0 if passed else 1


def _row(as_run: AsRun, edition: Edition, data: Path) -> Row:
    verified = as_run.node is not None and journal_verified(as_run.node)
    return row_of(as_run, _verdict(as_run, edition, data), verified=verified)


def _verdict(as_run: AsRun, edition: Edition, data: Path) -> Verdict | None:
    approved = FileStore(Path(settings.DATA) / "files").path(edition.audio_sha256)
    captured = data / "nodes" / as_run.cluster.code / "captured"
    try:
        take = find_take(captured, as_run.planned.item)
    except NoTake:
        return None
    return judge(take, approved, as_run.planned_start)
