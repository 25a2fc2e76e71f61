"""The routine signing key of a commune: made on first use, kept in a file of mode 0600."""

import os
import stat
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.dispatch.models import RoutineKey
from vang.journal.services import record
from vang.orgs.models import Unit
from vang_protocol.envelopes import PublicKey, SigningKey

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_path(unit: Unit) -> Path:
    """Named by code and first day: the state re-uses codes, keys are never re-used."""
    folder: Path = settings.DATA / "keys"
    return folder / f"{unit.code}-{unit.valid_from:%Y%m%d}.key"


def pinned_keys(unit: Unit) -> tuple[PublicKey, ...]:
    """The public keys whose plans the commune's nodes follow."""
    rows = RoutineKey.objects.filter(unit=unit, retired_at__isnull=True).order_by("pk")
    return tuple(PublicKey(row.public_key) for row in rows)


@transaction.atomic
def routine_key(unit: Unit, *, now: datetime) -> SigningKey:
    """The commune's key, made now if it has none.

    Raises Refusal when the file is lost, damaged, or readable by others: a key that somebody
    may have copied signs nothing.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)  # two first uses make one key
    path = key_path(unit)
    known = {key.keyid for key in pinned_keys(unit)}
    if known and not path.exists():
        raise Refusal("key-missing", _("The commune's signing key is missing from the server."))
    key = _read(path) if path.exists() else _make(path)
    if not known:
        _keep(unit, key, now)
    elif key.public.keyid not in known:
        raise Refusal("key-unknown", _("The signing key on the server is not the commune's."))
    return key


def relay_key(unit: Unit, *, now: datetime) -> SigningKey:
    """Signs the frames of the programmes that the commune relays, and nothing else. Made now if
    there is none. Raises Refusal as :func:`routine_key`, which signs what names this one."""
    path = key_path(unit).with_suffix(".relay")
    if path.exists():
        return _read(path)
    key = _make(path)
    record("key.made", f"unit:{unit.pk}", by=None, unit=unit, now=now, keyid=key.public.keyid)
    return key


def _read(path: Path) -> SigningKey:
    with path.open("rb") as handle:
        if stat.S_IMODE(os.fstat(handle.fileno()).st_mode) & _OTHERS:
            raise Refusal(
                "key-exposed",
                _("The commune's signing key can be read by other accounts of the server."),
            )
        content = handle.read(8192)
    try:
        return SigningKey.from_pem(content)
    except ValueError as error:
        raise Refusal("key-damaged", _("The commune's signing key is damaged.")) from error


def _make(path: Path) -> SigningKey:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = SigningKey.generate()
    # 0600 from the first byte, and never over a key that is already there.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(key.to_pem())
        handle.flush()
        os.fsync(handle.fileno())
    return key


def _keep(unit: Unit, key: SigningKey, now: datetime) -> None:
    RoutineKey.objects.create(
        unit=unit, keyid=key.public.keyid, public_key=key.public.public, created_at=now
    )
    record("key.made", f"unit:{unit.pk}", by=None, unit=unit, now=now, keyid=key.public.keyid)
