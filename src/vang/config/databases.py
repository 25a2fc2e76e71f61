"""SQLite by default, PostgreSQL by address: the same models on both."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def sqlite(path: Path) -> dict[str, Any]:
    """WAL, and a write lock taken at the start of a transaction so that none fails half-way."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,  # opening and its PRAGMAs cost as much as the request of a node
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name``; a host that starts with / is a socket folder
    given as ``?host=/path``."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def choose(url: str, data: Path) -> dict[str, Any]:
    """Raises ValueError for an address that is neither empty nor PostgreSQL's."""
    if not url:
        return sqlite(data / "db.sqlite3")
    if url.startswith(("postgres://", "postgresql://")):
        return postgresql(url)
    raise ValueError("VANG_DATABASE_URL must begin with postgresql://")
