"""What lies beside the pages: style, scripts, letters, marks, and the sound to listen to again."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

from vang.base.files import FileStore, sha256_of_file, write_atomic

_STYLE = "base/portal.css"
_OWN_STYLE = "portal/pages.css"
_MARK = "base/mark.svg"
_ICONS = ("icon-192.png", "icon-512.png", "icon-maskable.png", "cover.png", "podcast.png")
# Two weights keep a first visit under 100 kB; browsers take the nearest for what lies between.
_WEIGHTS = ("400", "700")
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_WEIGHT = re.compile(r"font-weight:\s*(\d+)")
_FONT = re.compile(r"fonts/[a-z0-9-]+\.woff2")


class FileLost(Exception):
    """What was approved is not in the store."""


class FileDamaged(Exception):
    """What is stored is not what was approved."""


@dataclass(frozen=True)
class Bundle:
    """Files that every site carries. Style and scripts are named by their content: an old page
    keeps those that it was written for, and caches may keep them for ever."""

    style: str
    script: str
    search_script: str
    files: Mapping[str, bytes]
    worker: str
    """The service worker's source, not yet told which site it keeps."""

    @cached_property
    def version(self) -> str:
        """Changes with any of them: the name of the offline cache."""
        digest = hashlib.sha256(self.worker.encode())
        for name in sorted(self.files):
            digest.update(name.encode() + b"\0" + self.files[name] + b"\0")
        return digest.hexdigest()[:10]

    @property
    def shell(self) -> list[str]:
        """What a page needs before it can be shown offline."""
        return sorted(
            name
            for name in self.files
            if name.endswith((".css", ".js", ".woff2", ".svg")) or name == "icon-192.png"
        )


@lru_cache(maxsize=1)
def bundle() -> Bundle:
    """Read once a process: they change only with the program."""
    source = _static(_STYLE)
    style = portal_style(source.read_text(encoding="utf-8"))
    style += _static(_OWN_STYLE).read_text(encoding="utf-8")
    files = {font: (source.parent / font).read_bytes() for font in set(_FONT.findall(style))}
    files["fonts/OFL.txt"] = (source.parent / "fonts/OFL.txt").read_bytes()
    files["mark.svg"] = _static(_MARK).read_bytes()
    files |= {icon: _static(f"portal/{icon}").read_bytes() for icon in _ICONS}
    names = {}
    for name, content in (
        ("portal.css", style.encode()),
        ("site.js", _static("portal/site.js").read_bytes()),
        ("search.js", _static("portal/search.js").read_bytes()),
    ):
        names[name] = _named(name, content)
        files[names[name]] = content
    worker = _static("portal/service-worker.js").read_text(encoding="utf-8")
    return Bundle(names["portal.css"], names["site.js"], names["search.js"], files, worker)


def _named(name: str, content: bytes) -> str:
    stem, _dot, ending = name.partition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:8]}.{ending}"


def portal_style(source: str) -> str:
    """The style sheet with only the weights that the pages carry."""
    return _FACE.sub(lambda face: face[0] if _carried(face[0]) else "", source)


def _carried(face: str) -> bool:
    weight = _WEIGHT.search(face)
    return weight is not None and weight[1] in _WEIGHTS


def write_assets(root: Path) -> Bundle:
    """Put what is missing into the unit's folder. All folders share one copy on the disk; a folder
    that is copied away is whole."""
    carried = bundle()
    for name, content in carried.files.items():
        if not (root / name).is_file():
            _share(root.parent / f".assets-{carried.version}" / name, root / name, content)
    return carried


def _share(common: Path, target: Path, content: bytes) -> None:
    if not common.is_file():
        write_atomic(common, content)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(common, target)
    except FileExistsError:
        return
    except OSError:
        write_atomic(target, content)


def service_worker(carried: Bundle, unit_code: str, pages: list[str]) -> bytes:
    """The script that keeps the site readable offline; ``pages`` are kept from the first visit."""
    told = {
        "prefix": f"vang-{unit_code}-",
        "version": carried.version,
        "shell": [*carried.shell, *pages],
    }
    return carried.worker.replace("__SITE__", json.dumps(told)).encode()


def _static(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def place_file(store: FileStore, sha256: str, target: Path) -> None:
    """A stored file under its public name, without a second copy on the same disk.

    Raises FileLost, FileDamaged, OSError.
    """
    if target.is_file():
        return
    source = store.path(sha256)
    if not source.is_file():
        raise FileLost(sha256)
    if sha256_of_file(source) != sha256:
        raise FileDamaged(sha256)
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
