"""Where originals and what was made from them lie."""

from pathlib import Path

from django.conf import settings

from vang.base.files import FileStore


def store() -> FileStore:
    return FileStore(Path(settings.DATA) / "files")
