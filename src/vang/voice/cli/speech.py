"""``vang speech text`` and ``vang speech file``."""

import sys
import tempfile
from pathlib import Path

from vang.base.files import write_atomic
from vang.voice.cache import SentenceCache
from vang.voice.cli.failing import telling
from vang.voice.failures import EngineMissing, SynthesisFailed
from vang.voice.production import ProducedAudio, Progress, produce
from vang.voice.speech import speakable
from vang.voice.voices import engine_named, installed_voices

_MOST_CHARACTERS = 50_000


@telling
def print_speakable(source: str, dictionary: Path | None) -> None:
    """Print what will be spoken, one line for each line of the text."""
    spoken = speakable(_text(source), _dictionary(dictionary))
    sys.stdout.write(spoken if not spoken or spoken.endswith("\n") else spoken + "\n")


@telling
def write_sound(
    source: str, dictionary: Path | None, *, output: Path, voice: str | None, data: Path
) -> None:
    """Speak the text into ``output`` and print what was measured on it.

    Sentences are kept in the data folder when there is one.
    """
    voices = data / "voices"
    engine = engine_named(voice or _best_voice(voices), voices)
    text = speakable(_text(source), _dictionary(dictionary))
    with tempfile.TemporaryDirectory() as spare:
        kept = data / "cache" / "speech" if data.is_dir() else Path(spare)
        made = produce(text, engine, sentences_cache=SentenceCache(kept), progress=_progress())
    write_atomic(output, made.opus)
    _print_facts(made)


def _print_facts(made: ProducedAudio) -> None:
    print(f"voice   {made.engine}{' (giọng thử)' if made.trial else ''}")
    print(f"length  {made.duration_ms / 1000:.1f} s, {len(made.opus)} bytes")
    print(f"loud    {made.lufs:.1f} LUFS, {made.true_peak_dbtp:.1f} dBTP")
    print(f"sha256  {made.sha256}")


def _best_voice(folder: Path) -> str:
    vietnamese = [voice for voice in installed_voices(folder) if voice.language == "vi"]
    if not vietnamese:
        raise EngineMissing("no Vietnamese voice is installed (Debian: apt install espeak-ng)")
    return vietnamese[0].name


def _text(source: str) -> str:
    content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    text = content.decode("utf-8-sig")
    if len(text) > _MOST_CHARACTERS:
        raise SynthesisFailed(text[:60], f"the text is longer than {_MOST_CHARACTERS} characters")
    return text


def _dictionary(path: Path | None) -> dict[str, str]:
    """Entries of a tab-separated file; blank lines and those that begin with # are left out."""
    if path is None:
        return {}
    entries = {}
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        written, _tab, spoken = line.partition("\t")
        if not written.strip() or not spoken.strip():
            raise OSError(f"{path}, line {number}: WRITTEN, tab, SPOKEN is expected")
        entries[written.strip()] = spoken.strip()
    return entries


def _progress() -> Progress | None:
    """Sentences done, on one line of the terminal; nothing when nobody watches."""

    def show(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{done}/{total}", end=end, file=sys.stderr, flush=True)

    return show if sys.stderr.isatty() else None
