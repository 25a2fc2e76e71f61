"""What another system is told, as JSON. What was withdrawn is named, not repeated."""

import json
from typing import Any

from vang.bulletins.models import Delivery, Edition
from vang.channels.portal.addresses import audio_url, edition_url, site_url

_TYPES = {
    Delivery.Act.DELIVER: "edition.released",
    Delivery.Act.CORRECT: "edition.corrected",
    Delivery.Act.WITHDRAW: "edition.withdrawn",
}


def payload(edition: Edition, act: str) -> bytes:
    """UTF-8 JSON: ``type``, ``timestamp`` (of what happened) and ``data``."""
    withdrawn = act == Delivery.Act.WITHDRAW
    at = edition.withdrawn_at if withdrawn and edition.withdrawn_at else edition.released_at
    told = {
        "type": _TYPES[Delivery.Act(act)],
        "timestamp": at.isoformat(),
        "data": {**_facts(edition), **(_withdrawn(edition) if withdrawn else _content(edition))},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def ping() -> bytes:
    """For the button "send a trial message"."""
    return json.dumps({"type": "ping", "data": {}}).encode()


def _facts(edition: Edition) -> dict[str, Any]:
    return {
        "edition": str(edition.pk),
        "bulletin": edition.bulletin_id,
        "unit": {"code": edition.unit.code, "name": edition.unit.full_name},
        "title": edition.title,
        "url": edition_url(edition),
        "released_at": edition.released_at.isoformat(),
        "corrects": str(edition.corrects_id) if edition.corrects_id else None,
    }


def _content(edition: Edition) -> dict[str, Any]:
    return {
        "text": edition.text,
        "category": edition.category,
        "priority": edition.priority,
        "villages": list(edition.audience),
        "audio": {
            "url": audio_url(edition),
            "sha256": edition.audio_sha256,
            "size": edition.audio_size,
            "duration_ms": edition.duration_ms,
        },
        "wrong": edition.wrong or None,
        "wrong_because": edition.wrong_because or None,
        "content_hash": edition.content_hash,
        "site": site_url(edition.unit),
    }


def _withdrawn(edition: Edition) -> dict[str, Any]:
    at = edition.withdrawn_at
    return {
        "withdrawn_at": at.isoformat() if at else None,
        "withdrawn_for": edition.withdrawn_for,
    }
