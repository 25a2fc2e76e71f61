"""``vang voices list`` and ``vang voices install``."""

import sys
from pathlib import Path

from vang.base import clock
from vang.voice.cli.failing import telling
from vang.voice.voice_downloads import PUBLIC_VOICES, address_of_voices
from vang.voice.voice_installation import install_file, install_named
from vang.voice.voices import installed_voices

_FILE_ENDINGS = {".onnx", ".zip", ".gz", ".tgz", ".tar"}


@telling
def print_voices(folder: Path) -> None:
    """Voices installed in ``folder``, then the public ones that are not."""
    here = installed_voices(folder)
    for voice in here:
        trial = "giọng thử" if voice.trial else ""
        print(f"installed  {voice.name:26} {voice.language:3} {trial:10} {voice.model_sha256}")
    for public in PUBLIC_VOICES.values():
        if public.name not in {voice.name for voice in here}:
            print(f"public     {public.name:26} vi  {public.licence}")


@telling
def install(what: str, folder: Path, address: str | None) -> None:
    """Install a file, or a public voice from ``address``, and show the hash that is now pinned."""
    if Path(what).suffix in _FILE_ENDINGS:
        record = install_file(Path(what), folder, now=clock.now())
    else:
        base = address_of_voices(address)
        print(f"from    {base}")
        record = install_named(what, folder, address=base, now=clock.now(), report=_report)
    print(f"voice   {record.name} ({record.language})")
    print(f"sha256  {record.model_sha256}")
    print("This hash is now pinned: other bytes under this name will be refused.")


def _report(name: str, count: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{name}: {count / 1e6:.1f} MB", end="", file=sys.stderr, flush=True)
