"""The public Vietnamese Piper voices, and fetching one at the user's site."""

import ipaddress
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from vang.voice.engines.piper_config import LARGEST_CONFIG
from vang.voice.failures import VoiceRefused
from vang.voice.voice_files import LARGEST_MODEL, FoundVoice

ADDRESS_SETTING = "VANG_VOICES_ADDRESS"
DEFAULT_ADDRESS = "https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0"
_TIMEOUT_S = 60.0
_MOST_REDIRECTS = 5


@dataclass(frozen=True)
class PublicVoice:
    """One voice of the public Piper collection; ``path`` is its place under the address."""

    name: str
    path: str
    rate: int
    licence: str


# The terms of the data behind each voice bind whoever airs it; read the MODEL_CARD first.
PUBLIC_VOICES = {
    voice.name: voice
    for voice in (
        PublicVoice(
            "vi_VN-vais1000-medium",
            "vi/vi_VN/vais1000/medium",
            22_050,
            "trained on VAIS-1000, CC BY 4.0",
        ),
        PublicVoice(
            "vi_VN-25hours_single-low",
            "vi/vi_VN/25hours_single/low",
            16_000,
            "terms of the training data not stated: ask before airing",
        ),
        PublicVoice(
            "vi_VN-vivos-x_low",
            "vi/vi_VN/vivos/x_low",
            16_000,
            "trained on VIVOS, CC BY-NC-SA 4.0: not for commercial use",
        ),
    )
}

Report = Callable[[str, int], None]
"""Called with a file's name and the bytes fetched so far."""


def address_of_voices(given: str | None) -> str:
    """The address asked for, that of the environment, or the public collection's."""
    return (given or os.environ.get(ADDRESS_SETTING) or DEFAULT_ADDRESS).rstrip("/")


def download(voice: PublicVoice, address: str, into: Path, report: Report) -> FoundVoice:
    """Fetch the description, the model and its card. Raises VoiceRefused."""
    base = f"{address}/{voice.path}"
    found = FoundVoice(voice.name, into / "model.onnx", into / "model.onnx.json", voice.licence)
    with _client() as client:
        _fetch(client, f"{base}/{voice.name}.onnx.json", found.description, LARGEST_CONFIG, report)
        _fetch(client, f"{base}/{voice.name}.onnx", found.model, LARGEST_MODEL, report)
    return found


@contextmanager
def _client() -> Iterator[httpx.Client]:
    try:
        with httpx.Client(
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
            timeout=_TIMEOUT_S,
            event_hooks={"request": [_check_address]},
        ) as client:
            yield client
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise VoiceRefused(f"the voice could not be fetched: {error}") from None


def _check_address(request: httpx.Request) -> None:
    """Every step of the way is encrypted, but for this very computer."""
    address = urlsplit(str(request.url))
    if address.scheme != "https" and not _is_this_computer(address.hostname or ""):
        raise VoiceRefused(f"{address.hostname} is not asked without encryption")


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _fetch(client: httpx.Client, address: str, target: Path, limit: int, report: Report) -> None:
    count = 0
    with client.stream("GET", address) as answer, target.open("xb") as file:
        if answer.status_code != httpx.codes.OK:
            raise VoiceRefused(f"{address} answered {answer.status_code}")
        for chunk in answer.iter_bytes():
            count += len(chunk)
            if count > limit:
                raise VoiceRefused(f"{address} is larger than {limit} bytes")
            file.write(chunk)
            report(target.name, count)
