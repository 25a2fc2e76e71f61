# ruff: noqa: E501
"""Names of a document matched to organisations, and which tasks are the communes'. Pure."""

import re
from collections.abc import Sequence

from vang.library.official.folding import flat
from vang.orgs.models import Organisation

_COMMUNES = re.compile(
    r"(?:ubnd|uy ban nhan dan|chinh quyen|cac)\s+(?:nhan dan\s+)?(?:cac\s+|cap\s+)?(?:xa|phuong|thi tran|dac khu)\b"
    r"|cac co quan, don vi, xa|\bcap xa\b"
)
_BARE = re.compile(r"[^a-z0-9]+")
_TERRITORY = re.compile(r"(?:huyen|tinh|xa|phuong|thi tran|thanh pho|quan|thi xa|dac khu)$")


def organisation_named(names: Sequence[str], known: Sequence[Organisation]) -> Organisation | None:
    """The only organisation that the first name means; None where there is none or several."""
    if not names:
        return None
    wanted = _key(names[0])
    found = [one for one in known if _key(one.name) == wanted]
    return found[0] if len(found) == 1 else None


def _key(name: str) -> str:
    """Letters alone, without the kind of territory at the end."""
    return _BARE.sub("", _TERRITORY.sub("", flat(name).strip(" .,;:")))


def for_communes(lead_name: str) -> bool:
    """Whether the task is one that every commune has: "UBND các xã, thị trấn"."""
    return _COMMUNES.search(flat(lead_name)) is not None
