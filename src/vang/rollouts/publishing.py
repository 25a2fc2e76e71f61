"""The signed list of releases: drafted here, signed elsewhere by two people, put in place here."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from tuf.api.metadata import TargetFile, Targets

from vang.base.files import FileStore
from vang.rollouts.models import Release as Row
from vang.trust.metadata import new_list, read, signed
from vang.trust.publishing import Offer, publish
from vang.trust.refusing import TrustRefused
from vang.trust.signers import read_limited
from vang.trust.software import standing_list
from vang_protocol.reasons import Refused
from vang_protocol.releases import (
    RELEASE_BYTES,
    RELEASES,
    Release,
    Sort,
    parse_settings,
    release_named,
)


def release_of_file(path: Path) -> tuple[Release, bytes]:
    """What ``vang-node-0.2.0.zip`` or ``configuration-7.json`` is, and its bytes.

    Raises TrustRefused.
    """
    release = release_named(f"software/{path.name}")
    if release is None:
        raise TrustRefused("not-a-release", f"{path.name} is not called as a release is.")
    content = read_limited(path, RELEASE_BYTES)
    if release.sort is Sort.CONFIGURATION:
        _check_settings(content, release)
    else:
        _check_archive(content, release)
    return release, content


def _check_settings(content: bytes, release: Release) -> None:
    try:
        number, _settings = parse_settings(content)
    except Refused as error:
        raise TrustRefused("bad-settings", f"No node would take it: {error}") from None
    if str(number) != release.version:
        raise TrustRefused("bad-settings", f"The file calls itself {number}.")


def _check_archive(content: bytes, release: Release) -> None:
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            said = json.loads(archive.read("release.json"))["version"]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError):
        raise TrustRefused("bad-archive", "The file is no release of node software.") from None
    if said != release.version:
        raise TrustRefused("bad-archive", f"The file calls itself {said}.")


def draft_list(
    files: Mapping[Release, bytes], *, without: Iterable[Release] = (), now: datetime
) -> tuple[str, bytes, list[str]]:
    """Name and unsigned bytes of the next list, and in words what changes. Raises TrustRefused."""
    content = standing_list()
    before = read(content).signed if content is not None else None
    entries: dict[str, TargetFile] = dict(before.targets) if before else {}
    changes = []
    for release in without:
        if entries.pop(release.target, None) is None:
            raise TrustRefused("not-listed", f"{release.target} is not on the list.")
        changes.append(f"- {release.target}")
    for release, payload in files.items():
        target = TargetFile.from_data(release.target, payload, ["sha256"])
        known = entries.get(release.target)
        if known is not None and known.hashes != target.hashes:
            raise TrustRefused("other-bytes", f"{release.target} is listed with other bytes.")
        entries[release.target] = target
        changes.append(f"+ {release.target}  {target.hashes['sha256']}")
    if len(entries) > RELEASES:
        raise TrustRefused("too-many", f"The list has room for {RELEASES} releases.")
    version = before.version + 1 if before else 1
    return f"{version}.software.json", signed(new_list(entries, version=version, now=now)), changes


def publish_list(content: bytes, files: Mapping[Release, bytes], *, now: datetime) -> list[Release]:
    """Verify the signed list as every node will, put it and its files in place; what it names.

    Raises TrustRefused, and then nothing was changed.
    """
    part = read(content).signed
    if not isinstance(part, Targets):
        raise TrustRefused("not-a-list", "The file is no list of releases.")
    store = FileStore(Path(settings.DATA) / "files")
    for release, payload in files.items():
        _check_listed(part, release, payload)
        store.put(payload)
    named = {name: entry.hashes["sha256"] for name, entry in part.targets.items()}
    missing = [name for name, sha256 in named.items() if not store.has(sha256)]
    if missing:
        raise TrustRefused("file-missing", f"Bring {missing[0]} with the list.")
    publish(Offer(software=content), now=now)
    return note_list(part, now=now)


def _check_listed(part: Targets, release: Release, payload: bytes) -> None:
    entry = part.targets.get(release.target)
    if entry is None:
        raise TrustRefused("not-listed", f"{release.target} is not on the list.")
    if entry.hashes != TargetFile.from_data(release.target, payload, ["sha256"]).hashes:
        raise TrustRefused("other-bytes", f"{release.target} is listed with other bytes.")


@transaction.atomic
def note_list(part: Targets, *, now: datetime) -> list[Release]:
    """The pages know what the list says."""
    found = {release_named(name): entry for name, entry in part.targets.items()}
    listed = {release: entry for release, entry in found.items() if release is not None}
    known = {row.told: row for row in Row.objects.order_by("pk")}
    for release, row in known.items():
        gone = release not in listed
        if gone:
            row.withdrawn_at = row.withdrawn_at or now
        else:
            entry, row.withdrawn_at = listed[release], None
            row.sha256, row.bytes = entry.hashes["sha256"], entry.length
        row.save(update_fields=["withdrawn_at", "sha256", "bytes"])
    Row.objects.bulk_create(
        Row(
            sort=release.sort.value,
            version=release.version,
            sha256=entry.hashes["sha256"],
            bytes=entry.length,
            listed_at=now,
        )
        for release, entry in listed.items()
        if release not in known
    )
    return list(listed)
