"""The hash that an approval binds."""

import hashlib
import json

from vang.bulletins.attachments import attachments_of
from vang.bulletins.models import Correction, Version, Wording
from vang.bulletins.present import has
from vang.bulletins.wordings import wordings_of


def audio_sha256(version: Version) -> str:
    """The hash of the finished sound, empty while there is none."""
    return version.rendition.sha256 if version.rendition else ""


def content_hash(version: Version) -> str:
    """Lower-case hex SHA-256 of everything residents will read, see and hear, in every language."""
    content: dict[str, object] = {
        "title": version.title,
        "text": version.text,
        "category": version.category,
        "priority": version.priority,
        "audience": sorted(version.audience),
        "audio": audio_sha256(version),
    }
    if version.valid_until is not None:
        content["valid until"] = version.valid_until.isoformat()
    if version.advert:
        content["advert"] = [version.advert, version.advert_by, version.fee]
    further = [_wording(row) for row in wordings_of(version)]
    if further:
        content["wordings"] = further
    shown = [
        [row.item.sha256, row.caption, row.alt_text, row.credit] for row in attachments_of(version)
    ]
    if shown:
        content["attachments"] = shown
    correction = correction_of(version)
    if correction is not None:
        content["corrects"] = correction.edition.content_hash
        content["wrong"] = [correction.wrong, correction.wrong_because]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _wording(row: Wording) -> list[str]:
    sound = row.rendition.sha256 if row.rendition else ""
    return [row.language, row.level, row.channel, row.title, row.text, sound]


def correction_of(version: Version) -> Correction | None:
    """The correction for which the version was written, if it was written for one."""
    if not has(version, "corrections"):
        return None
    found = Correction.objects.filter(
        bulletin=version.bulletin_id, edition__version__number__lt=version.number
    )
    return found.select_related("edition").order_by("pk").last()
