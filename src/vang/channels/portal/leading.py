"""The address of a unit that has become another leads on; its notices stay where they were.

Plain pages that any web server can hand out: no rule of a server is needed.
"""

import shutil
from datetime import date, timedelta
from html import escape

from vang.base.display import vi_date
from vang.base.files import write_atomic
from vang.channels.portal import paths
from vang.channels.portal.models import Site
from vang.channels.portal.services import portal_folder
from vang.orgs.models import Unit

_LEADING = (
    paths.INDEX,
    paths.SCHEDULE,
    paths.VILLAGES,
    paths.LISTEN,
    paths.SEARCH,
    paths.ABOUT,
    *paths.ENGLISH.values(),
)


def kept_archive(until: date) -> str:
    """Where the list of all old notices is kept when the new unit has the same code."""
    return f"luu-tru-den-{until:%Y%m%d}.html"


def lead_on(old: Unit, new: Unit, *, since: date) -> None:
    """Pages of ``old`` lead to ``new`` from now on. Raises OSError.

    Where the new unit bears the same code, its pages take the place of the old ones, and the list
    of the old notices is kept beside them.
    """
    root = portal_folder(old)
    archive = root / paths.ARCHIVE
    eve = since - timedelta(days=1)
    if archive.is_file():
        shutil.copyfile(archive, root / kept_archive(eve))
    Site.objects.filter(unit=old).update(due_at=None)
    if old.code == new.code:
        return
    write_atomic(root / paths.MOVED, f"{new.code}\n".encode())
    for name in _LEADING:
        if (root / name).is_file():
            write_atomic(root / name, _page(old, new, name, eve))


def _page(old: Unit, new: Unit, name: str, eve: date) -> bytes:
    up = paths.way_up(name)
    there = escape(f"{up}../{paths.folder_name(new.code)}/{paths.INDEX}", quote=True)
    before, after = escape(old.full_name), escape(new.full_name)
    list_of_old = escape(f"{up}{paths.ARCHIVE}", quote=True)
    text = (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{before}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="3; url={there}"><link rel="canonical" href="{there}">'
        f"<h1>{before}</h1><p>Từ sau ngày {vi_date(eve)}, {before} thuộc {after}.</p>"
        f'<p><a href="{there}">Trang của {after}</a></p>'
        f'<p><a href="{list_of_old}">Các thông báo cũ của {before}</a></p></html>'
    )
    return text.encode()
