"""Makes the file of a software release: the agent and the protocol, the same bytes from the same
sources on every computer, so that two people can sign what each of them built.

The libraries are not in it: it names them by the hash of their lock, and a node whose package did
not bring these does not take it. So a release is a few hundred kilobytes on a 4G line.
"""

import argparse
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

PACKAGES = ("vang_node", "vang_protocol")
SOURCE = Path(__file__).parents[2]
LAUNCHER = SOURCE / "vang_node" / "launcher.py"
DEMONSTRATION = sha256(b"demonstration").hexdigest()
"""The libraries of virtual devices: the server's own environment."""
_BEGIN = (1980, 1, 1, 0, 0, 0)
_SKIPPED = {"__pycache__", ".DS_Store"}


def version_of(source: Path) -> str:
    """As ``vang_node/__init__.py`` says. Raises ValueError."""
    text = (source / "vang_node" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([0-9.]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError(f"{source} says no version")
    return found[1]


def libraries_of(lock: Path) -> str:
    """The name of the libraries: the hash of what the lock demands, comments left out."""
    lines = [line.strip() for line in lock.read_text("utf-8").splitlines()]
    kept = [line for line in lines if line and not line.startswith("#")]
    return sha256("\n".join(kept).encode()).hexdigest()


def release_json(version: str, libraries: str) -> bytes:
    """What a release says of itself."""
    return json.dumps(
        {"libraries": libraries, "v": 1, "version": version}, separators=(",", ":")
    ).encode()


def make_archive(source: Path, *, libraries: str) -> bytes:
    """``source`` holds the packages. Raises ValueError or OSError."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        _add(archive, "release.json", release_json(version_of(source), libraries))
        for path in _files(source):
            _add(archive, path.relative_to(source).as_posix(), path.read_bytes())
    return memory.getvalue()


def _files(source: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((source / package).rglob("*")):
            if path.is_file() and _SKIPPED.isdisjoint(path.relative_to(source).parts):
                yield path


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _BEGIN)
    entry.external_attr, entry.compress_type = 0o100644 << 16, zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def make_package(folder: Path, *, source: Path, libraries: str, modules: Path) -> None:
    """A package as it lies on a device, of links to ``source`` and ``modules``: for virtual
    devices on the server. Made anew at each start, since the source may have moved."""
    version = version_of(source)
    release = folder / "releases" / version
    release.mkdir(parents=True, exist_ok=True)
    (release / "release.json").write_bytes(release_json(version, libraries))
    for package in PACKAGES:
        _link(release / package, source / package)
    (folder / "libraries").mkdir(exist_ok=True)
    _link(folder / "libraries" / libraries, modules)
    _link(folder / "current", Path("releases") / version)


def _link(place: Path, target: Path) -> None:
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.replace(place)


def main() -> int:
    """``python -m vang.rollouts.archives --source src --lock FILE --out FOLDER``, or only the
    name of the libraries: ``--lock FILE --identity``."""
    parser = argparse.ArgumentParser(description="Make the file of a software release.")
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path.cwd())
    parser.add_argument("--identity", action="store_true")
    told = parser.parse_args()
    libraries = libraries_of(told.lock)
    if told.identity:
        sys.stdout.write(f"{libraries}\n")
        return 0
    content = make_archive(told.source, libraries=libraries)
    told.out.mkdir(parents=True, exist_ok=True)
    place = told.out / f"vang-node-{version_of(told.source)}.zip"
    place.write_bytes(content)
    sys.stdout.write(f"{place}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
