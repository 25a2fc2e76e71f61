"""Releases for tests: the real agent under another version, whole or broken."""

import io
import shutil
import zipfile
from pathlib import Path

from vang.rollouts.archives import make_archive

SOURCE = Path(__file__).parents[2] / "src"
LIBRARIES = "ab" * 32


def sources(folder: Path, version: str, *, broken: str = "") -> Path:
    """A copy of the agent that calls itself ``version``; ``broken`` ends its command line."""
    for package in ("vang_node", "vang_protocol"):
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SOURCE / package, folder / package, ignore=skipped)
    first = folder / "vang_node" / "__init__.py"
    text = first.read_text()
    assert '__version__ = "0.1.0"' in text
    first.write_text(text.replace('__version__ = "0.1.0"', f'__version__ = "{version}"'))
    if broken:
        place = folder / "vang_node" / "running.py"
        place.write_text(place.read_text() + f"\n{broken}\n")
    return folder


def a_file(folder: Path, version: str, *, broken: str = "") -> bytes:
    return make_archive(sources(folder, version, broken=broken), libraries=LIBRARIES)


def small_file(version: str, **members: bytes) -> bytes:
    """The least that is a release, and ``members`` by their names with ``__`` for slashes."""
    memory = io.BytesIO()
    said = f'{{"libraries":"{LIBRARIES}","v":1,"version":"{version}"}}'.encode()
    usual = {"release.json": said, "vang_node/cli.py": b"main = None\n"}
    told = {name.replace("__", "/"): content for name, content in members.items()}
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in {**usual, **told}.items():
            archive.writestr(name, content)
    return memory.getvalue()
