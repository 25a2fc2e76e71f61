"""The hash that an approval binds."""

import hashlib
import json

from vang.bulletins.models import Version


def audio_sha256(version: Version) -> str:
    """The hash of the finished sound, empty while there is none."""
    return version.rendition.sha256 if version.rendition else ""


def content_hash(version: Version) -> str:
    """Lower-case hex SHA-256 of everything residents will read and hear."""
    content = {
        "title": version.title,
        "text": version.text,
        "category": version.category,
        "priority": version.priority,
        "audience": sorted(version.audience),
        "audio": audio_sha256(version),
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
