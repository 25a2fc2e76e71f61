"""A demonstration signs releases for itself: the software that runs here, the next one, and
settings, so that a roll-out can be tried out."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from vang.rollouts.archives import DEMONSTRATION, SOURCE, make_archive, version_of
from vang.rollouts.models import Release as Row
from vang.rollouts.publishing import draft_list, publish_list
from vang.trust.demonstration import software_signers
from vang.trust.metadata import add_signature
from vang.trust.software import named_signers
from vang_protocol.releases import Release, Settings, Sort, settings_file


def demonstrate_due(*, now: datetime) -> int:
    """List the releases of the demonstration once its policy names who signs them."""
    if Row.objects.exists():
        return 0
    signers = software_signers()
    named = named_signers()
    if not signers or not {one.public_key.keyid for one in signers} <= named:
        return 0
    files = demonstration_files()
    _name, content, _changes = draft_list(files, now=now)
    for signer in signers:
        content = add_signature(content, signer)
    return len(publish_list(content, files, now=now))


def demonstration_files() -> dict[Release, bytes]:
    """What runs here, the same under the next number, and one configuration."""
    now_running = version_of(SOURCE)
    first, second, third = now_running.split(".")
    following = f"{first}.{second}.{int(third) + 1}"
    return {
        Release(Sort.SOFTWARE, now_running): make_archive(SOURCE, libraries=DEMONSTRATION),
        Release(Sort.SOFTWARE, following): _renumbered(now_running, following),
        Release(Sort.CONFIGURATION, "1"): settings_file(1, Settings(reserve_mb=60)),
    }


def _renumbered(before: str, after: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="vang-release-") as folder:
        for package in ("vang_node", "vang_protocol"):
            skipped = shutil.ignore_patterns("__pycache__")
            shutil.copytree(SOURCE / package, Path(folder) / package, ignore=skipped)
        first = Path(folder) / "vang_node" / "__init__.py"
        told = first.read_text("utf-8")
        first.write_text(told.replace(f'"{before}"', f'"{after}"', 1), "utf-8")
        return make_archive(Path(folder), libraries=DEMONSTRATION)
