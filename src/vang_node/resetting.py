"""Back to the factory: nothing is known any more, so nothing is obeyed.

What the next enrolment knows is only what the server answers to its own question: until a beacon
has told it which numbers were used, the node obeys no command (vang_node.orders).
"""

import shutil
from pathlib import Path

from vang_node.home import Home, HomeUnfit
from vang_node.running import locked
from vang_node.words import said


def reset(home: Home) -> Path:
    """Forget key, trust, plan, orders and sounds; the journal is kept as evidence, where it lies
    is returned. What the technician wrote (``local.json``, ``sounds``) stays.

    Raises HomeUnfit for a folder that is not enrolled or whose node is running.
    """
    if not home.server_file.exists():
        words = "{home} is not enrolled: there is nothing to forget."
        raise HomeUnfit(said(words, home=home.root))
    with locked(home):
        kept = _free(home.root / "former")
        kept.mkdir(parents=True)
        if home.journal.exists():
            home.journal.rename(kept / "journal")
        for folder in (home.trust, home.audio):
            shutil.rmtree(folder, ignore_errors=True)
        # The key first: without it a reset that was cut off leaves no node behind.
        for file in (
            home.key_file, home.orders_file, home.plan_file, home.uploaded_file,
            home.status_file, home.barred_file, home.server_file,
        ):  # fmt: skip
            file.unlink(missing_ok=True)
    return kept


def _free(folder: Path) -> Path:
    number = 1
    while (found := folder / str(number)).exists():
        number += 1
    return found
