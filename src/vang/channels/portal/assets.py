"""What lies beside the pages: style, letters, the mark, and the sound to listen to again."""

import hashlib
import os
import re
import shutil
from pathlib import Path

from django.contrib.staticfiles import finders

from vang.base.files import FileStore, sha256_of_file, write_atomic

_STYLE = "base/portal.css"
_OWN_STYLE = "portal/pages.css"
_MARK = "base/mark.svg"
# Two weights keep a first visit under 100 kB; browsers take the nearest for what lies between.
_WEIGHTS = ("400", "700")
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_WEIGHT = re.compile(r"font-weight:\s*(\d+)")
_FONT = re.compile(r"fonts/[a-z0-9-]+\.woff2")


class AudioMissing(Exception):
    """The approved sound is not in the store."""


class AudioDamaged(Exception):
    """The stored sound is not the approved sound."""


def portal_style(source: str) -> str:
    """The style sheet with only the weights that the pages carry."""
    return _FACE.sub(lambda face: face[0] if _carried(face[0]) else "", source)


def _carried(face: str) -> bool:
    weight = _WEIGHT.search(face)
    return weight is not None and weight[1] in _WEIGHTS


def style_name(style: str) -> str:
    """Named by its content: an old page keeps the style that it was written for."""
    return f"portal-{hashlib.sha256(style.encode()).hexdigest()[:8]}.css"


def write_assets(root: Path) -> str:
    """Put style, fonts and mark into the unit's folder. Returns the style sheet's name."""
    source = _static(_STYLE)
    own = _static(_OWN_STYLE).read_text(encoding="utf-8")
    style = portal_style(source.read_text(encoding="utf-8")) + own
    for font in sorted(set(_FONT.findall(style))):
        _copy_once(source.parent / font, root / font)
    _copy_once(source.parent / "fonts/OFL.txt", root / "fonts/OFL.txt")
    write_changed(root / "mark.svg", _static(_MARK).read_bytes())
    write_changed(root / style_name(style), style.encode())
    return style_name(style)


def _static(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def _copy_once(source: Path, target: Path) -> None:
    if not target.is_file():
        write_atomic(target, source.read_bytes())


def write_changed(path: Path, content: bytes) -> None:
    """Write unless the very same bytes lie there: readers' caches stay good."""
    if not path.is_file() or path.read_bytes() != content:
        write_atomic(path, content)


def place_audio(store: FileStore, sha256: str, target: Path) -> None:
    """The sound under its public name, without a second copy on the same disk.

    Raises AudioMissing, AudioDamaged, OSError.
    """
    if target.is_file():
        return
    source = store.path(sha256)
    if not source.is_file():
        raise AudioMissing(sha256)
    if sha256_of_file(source) != sha256:
        raise AudioDamaged(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        _copy_whole(source, target)


def _copy_whole(source: Path, target: Path) -> None:
    """For a public folder on another disk."""
    temporary = target.with_name(f".copying-{target.name}")
    try:
        shutil.copyfile(source, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
