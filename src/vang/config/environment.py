"""What the process is told from outside: one frozen value, read once.

Everything is optional but the data folder; a commune needs no configuration file.
"""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Environment:
    """Settings of one installation, from ``VANG_*`` variables."""

    data: Path
    database_url: str
    hosts: tuple[str, ...]
    https: bool
    link_url: str
    link_internal_url: str
    brokers: tuple[str, ...]
    """MQTT brokers beside the link, such as ``mqtts://a.example.vn:8883``."""
    broker_ca: str
    """A file with the authority of the brokers' certificates, or "": the usual ones."""
    links_file: str
    """Where several links are named (see ``vang.base.shards``), or "": there is one."""
    address: str
    """How people open these pages, without a slash at its end: for links in letters."""
    smtp_url: str
    mail_from: str
    webhooks_inside: frozenset[str]
    """``host:port`` of neighbours that webhooks may be sent to."""
    feeds_inside: frozenset[str]
    """``host:port`` of neighbours from which warnings may be fetched."""
    relays_inside: frozenset[str]
    """``host:port`` of neighbours whose programmes may be relayed."""
    cap_authority: str
    """The registered arc under which our warnings are named (2.49.0.1.704.…), else "". """


def read_environment() -> Environment:
    """The installation's settings. ``VANG_DATA`` defaults to ``./data``."""
    data = Path(os.environ.get("VANG_DATA", "data")).resolve()
    hosts = tuple(os.environ.get("VANG_HOSTS", "127.0.0.1,localhost,[::1]").split(","))
    https = os.environ.get("VANG_HTTPS", "") == "1"
    return Environment(
        data=data,
        database_url=os.environ.get("VANG_DATABASE_URL", ""),
        hosts=hosts,
        https=https,
        link_url=os.environ.get("VANG_LINK_URL", "ws://127.0.0.1:8001/link"),
        link_internal_url=os.environ.get("VANG_LINK_INTERNAL_URL", "http://127.0.0.1:8001"),
        brokers=tuple(filter(None, os.environ.get("VANG_BROKERS", "").split(","))),
        broker_ca=os.environ.get("VANG_BROKER_CA", ""),
        links_file=os.environ.get("VANG_LINKS_FILE", ""),
        address=_address(hosts, https=https),
        smtp_url=os.environ.get("VANG_SMTP_URL", ""),
        mail_from=os.environ.get("VANG_MAIL_FROM", ""),
        webhooks_inside=_listed("VANG_WEBHOOKS_INSIDE"),
        feeds_inside=_listed("VANG_FEEDS_INSIDE"),
        relays_inside=_listed("VANG_RELAYS_INSIDE"),
        cap_authority=os.environ.get("VANG_CAP_AUTHORITY", ""),
    )


def _listed(name: str) -> frozenset[str]:
    return frozenset(os.environ.get(name, "").split(",")) - {""}


def _address(hosts: tuple[str, ...], *, https: bool) -> str:
    """``VANG_ADDRESS``; else the first host behind a proxy; else this computer's own pages."""
    if told := os.environ.get("VANG_ADDRESS", ""):
        return told.rstrip("/")
    if https and hosts[0] != "*":
        return f"https://{hosts[0]}"
    return os.environ.get("VANG_WEB_URL", "http://127.0.0.1:8000").rstrip("/")
