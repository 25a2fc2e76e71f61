"""``vang-node level``: the technician's ceiling, within what the office allows."""

import json

from vang_node.home import Home, HomeUnfit, write_private
from vang_node.words import said
from vang_protocol import strict_json
from vang_protocol.limits import VOLUME_FLOOR_DB


def level_line(home: Home) -> str:
    office, own = home.pinned().answer.volume_ceiling_db, home.local().volume_ceiling_db
    words = "The office allows {office} dB, this device is set to {own} dB: {held} dB holds."
    return said(words, office=office, own=own, held=min(office, own))


def set_level(home: Home, own: int) -> str:
    """Write it to ``local.json``, whatever else stands there. Raises HomeUnfit."""
    office = home.pinned().answer.volume_ceiling_db
    if not VOLUME_FLOOR_DB <= own <= 0:
        raise HomeUnfit(said("The level lies between -60 and 0 dB."))
    if own > office:
        words = "The office allows {office} dB at most: ask the office to change it."
        raise HomeUnfit(said(words, office=office))
    home.local()  # a file that cannot be read is not written over
    known = json.loads(home.local_file.read_bytes()) if home.local_file.exists() else {}
    write_private(home.local_file, strict_json.canonical({**known, "volume_ceiling_db": own}))
    words = "Set to {own} dB. It holds from the next start: systemctl restart vang-node"
    return said(words, own=own)
