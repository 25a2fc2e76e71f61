"""Pictures rendered in a process of their own, within limits, or refused."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CPU_S = 60
WALL_S = 120
MEMORY = 1_600_000_000


class PictureRefused(Exception):
    """``code`` is "too-many-pixels", "not-a-picture", "damaged" or "too-slow"."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Rendered:
    """One rendition with its bytes."""

    size: str
    format: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class Rendering:
    """Width and height of the upright original, in pixels."""

    width: int
    height: int
    had_place: bool
    pictures: tuple[Rendered, ...]


def render_picture(path: Path) -> Rendering:
    """Safe to call on a hostile file. Raises PictureRefused."""
    with tempfile.TemporaryDirectory(prefix="vang-pictures-") as folder:
        verdict = _verdict(path, Path(folder))
        if "code" in verdict:
            raise PictureRefused(verdict["code"], verdict["detail"])
        pictures = tuple(
            Rendered(**row, content=(Path(folder) / f"{row['size']}.{row['format']}").read_bytes())
            for row in verdict["pictures"]
        )
    return Rendering(verdict["width"], verdict["height"], verdict["had_place"], pictures)


def _verdict(path: Path, folder: Path) -> dict[str, Any]:
    # Without -I a module in the current folder could take the place of one of Pillow's.
    command = [sys.executable, "-I", "-m", "vang.library.pictures.process", str(path)]
    command += [str(folder), str(CPU_S), str(MEMORY)]
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=WALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        return {"code": "too-slow", "detail": ""}
    told = ended.stdout.decode(errors="replace").strip().rpartition("\n")[2]
    if ended.returncode != 0 or not told.startswith("{"):
        errors = ended.stderr.decode(errors="replace")[-300:]
        return {"code": "damaged", "detail": f"status {ended.returncode}: {errors}"}
    return dict(json.loads(told))
