"""A demonstration signs releases for itself: the software that runs here, the next one, one that
is broken on purpose, and settings. Once its devices have said what they run, its technician
proposes the next one; what becomes of it is for whoever looks at the demonstration."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from vang.base.clock import local_date
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.models import Membership
from vang.rollouts.archives import DEMONSTRATION, SOURCE, make_archive, version_of
from vang.rollouts.devices import in_territory, wanting
from vang.rollouts.models import Release as Row
from vang.rollouts.models import Rollout
from vang.rollouts.publishing import draft_list, publish_list
from vang.rollouts.services import Shape, propose_rollout
from vang.trust.demonstration import software_signers
from vang.trust.metadata import add_signature
from vang.trust.queries import is_demonstration
from vang.trust.software import named_signers
from vang_protocol.releases import Release, Settings, Sort, settings_file

_BROKEN = ".99"
_ENDS_AT_ONCE = """

def run(home, sink_text):  # broken on purpose: see devices go back by themselves
    raise SystemExit(3)
"""
_SHAPE = Shape(canary=1, groups=1, success_pct=90, error_pct=10, minutes=3)
_WHY = "Bản trình diễn: cập nhật thử các loa ảo, một loa trước, các loa khác sau."


def demonstrate_due(*, now: datetime) -> int:
    """List the releases of the demonstration once its policy names who signs them, then propose
    one. How many releases and roll-outs are new."""
    if Row.objects.exists():
        return _propose(now)
    signers = software_signers()
    named = named_signers()
    if not signers or not {one.public_key.keyid for one in signers} <= named:
        return 0
    files = demonstration_files()
    _name, content, _changes = draft_list(files, now=now)
    for signer in signers:
        content = add_signature(content, signer)
    return len(publish_list(content, files, now=now))


def is_broken(release: Row) -> bool:
    """Broken on purpose, to see devices go back by themselves."""
    broken = release.sort == Row.Sort.SOFTWARE and release.version.endswith(_BROKEN)
    return broken and is_demonstration()


def _propose(now: datetime) -> int:
    """By the first technician whose devices are all there and can take it; once."""
    if Rollout.objects.exists() or not is_demonstration():
        return 0
    listed = Row.objects.filter(sort=Row.Sort.SOFTWARE, withdrawn_at=None)
    release = listed.exclude(version__endswith=_BROKEN).first()
    if release is None:
        return 0
    technicians = Membership.objects.filter(
        valid_on(local_date(now)), role=Membership.Role.TECHNICIAN, unit__level=Unit.Level.COMMUNE
    )
    for held in technicians.select_related("person", "unit").order_by("pk"):
        there = in_territory(held.unit, now=now).count()
        if there and there == len(wanting(held.unit, release, now=now)):
            propose_rollout(
                release=release, unit=held.unit, shape=_SHAPE, why=_WHY, by=held.person, now=now
            )
            return 1
    return 0


def _following() -> str:
    """The number after the one that runs here."""
    first, second, third = version_of(SOURCE).split(".")
    return f"{first}.{second}.{int(third) + 1}"


def demonstration_files() -> dict[Release, bytes]:
    """What runs here, the same under the next number, one that ends as soon as it starts, and one
    configuration."""
    now_running, following = version_of(SOURCE), _following()
    broken = now_running.rpartition(".")[0] + _BROKEN
    return {
        Release(Sort.SOFTWARE, broken): _renumbered(now_running, broken, more=_ENDS_AT_ONCE),
        Release(Sort.SOFTWARE, now_running): make_archive(SOURCE, libraries=DEMONSTRATION),
        Release(Sort.SOFTWARE, following): _renumbered(now_running, following),
        Release(Sort.CONFIGURATION, "1"): settings_file(1, Settings(reserve_mb=60)),
    }


def _renumbered(before: str, after: str, *, more: str = "") -> bytes:
    """The software that runs here under another number, with ``more`` at the end of what runs."""
    with tempfile.TemporaryDirectory(prefix="vang-release-") as folder:
        for package in ("vang_node", "vang_protocol"):
            skipped = shutil.ignore_patterns("__pycache__")
            shutil.copytree(SOURCE / package, Path(folder) / package, ignore=skipped)
        first = Path(folder) / "vang_node" / "__init__.py"
        told = first.read_text("utf-8")
        first.write_text(told.replace(f'"{before}"', f'"{after}"', 1), "utf-8")
        with (Path(folder) / "vang_node" / "running.py").open("a", encoding="utf-8") as running:
            running.write(more)
        return make_archive(Path(folder), libraries=DEMONSTRATION)
