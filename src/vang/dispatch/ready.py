"""Sounds that nodes keep for whatever may come, and those that commands need right now.

Rooms further on say which sounds a commune's nodes should have beforehand: approved templates and
ready phrases.
"""

from collections.abc import Callable
from datetime import datetime

from vang.dispatch.commands import standing_for
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang_protocol.limits import PINNED_FILES
from vang_protocol.manifests import parse_manifest
from vang_protocol.plans import Audio

Provider = Callable[[Unit], list[Audio]]
_providers: list[Provider] = []


def on_ready_audio(provider: Provider) -> None:
    """``provider`` gives the sounds to be kept on the nodes of a commune."""
    if provider not in _providers:
        _providers.append(provider)


Fetching = Callable[..., bool]
_fetching: list[Fetching] = []


def on_fetching(allows: Fetching) -> None:
    """``allows(node, sha256, now=)`` says whether the node may fetch a file for another reason."""
    if allows not in _fetching:
        _fetching.append(allows)


def may_fetch(node: Node, sha256: str, *, now: datetime) -> bool:
    """Whether some room further on has something for this node in that file."""
    return any(allows(node, sha256, now=now) for allows in _fetching)


def ready_audio(unit: Unit) -> list[Audio]:
    """All of them, each once; at most what a node takes."""
    found = [audio for provider in _providers for audio in provider(unit)]
    return list(dict.fromkeys(found))[:PINNED_FILES]


def is_ready_audio(node: Node, sha256: str, *, now: datetime) -> bool:
    """Whether the node may fetch this file for a command, now or later."""
    wanted = list(ready_audio(node.cluster.unit))
    for command in standing_for(node, now=now):
        if command.manifest:
            wanted += parse_manifest(command.manifest.encode()).audios
    return any(audio.sha256 == sha256 for audio in wanted)
