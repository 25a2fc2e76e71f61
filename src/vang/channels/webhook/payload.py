"""What another system is told, as JSON. What was withdrawn is named, not repeated."""

import json
from typing import Any

from vang.bulletins.models import Delivery, Edition
from vang.bulletins.wordings import Sound, Told, edition_wordings
from vang.channels.portal import paths
from vang.channels.portal.addresses import edition_url, site_url
from vang.channels.portal.material import documents_of, pictures_of

NAME = "webhook"

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
    site = site_url(edition.unit)
    main, *further = edition_wordings(edition)
    return {
        "text": edition.text,
        "category": edition.category,
        "priority": edition.priority,
        "villages": list(edition.audience),
        "audio": _sound(main.sound, site),
        "wordings": [_wording(told, site) for told in further if told.channel in {"", NAME}],
        "attachments": _attachments(edition, site),
        "wrong": edition.wrong or None,
        "wrong_because": edition.wrong_because or None,
        "content_hash": edition.content_hash,
        "site": site,
    }


def _wording(told: Told, site: str) -> dict[str, Any]:
    """A further language or level; what is not there is not in the list, and nothing stands in."""
    return {
        "language": told.language,
        "level": told.level,
        "title": told.title,
        "text": told.text,
        "audio": _sound(told.sound, site),
    }


def _sound(sound: Sound | None, site: str) -> dict[str, Any] | None:
    if sound is None:
        return None
    return {
        "url": site + paths.audio_path(sound.sha256),
        "sha256": sound.sha256,
        "size": sound.size,
        "duration_ms": sound.duration_ms,
    }


def _attachments(edition: Edition, site: str) -> list[dict[str, Any]]:
    """Pictures in their largest JPEG, then documents."""
    shown = [(one.largest, one.caption, one.credit, one.alt_text) for one in pictures_of(edition)]
    shown += [(one.file, one.caption, one.credit, "") for one in documents_of(edition)]
    return [
        {
            "url": site + file.path,
            "media_type": file.kind,
            "size": file.size,
            "sha256": file.sha256,
            "caption": caption,
            "credit": credit,
            "alt_text": alt_text,
        }
        for file, caption, credit, alt_text in shown
    ]


def _withdrawn(edition: Edition) -> dict[str, Any]:
    at = edition.withdrawn_at
    return {
        "withdrawn_at": at.isoformat() if at else None,
        "withdrawn_for": edition.withdrawn_for,
    }
