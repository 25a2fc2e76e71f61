"""``vang broker``: the files of the MQTT brokers, and whether they are well."""

import argparse
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vang.base.shards import Shard
    from vang_protocol.topics import BrokerAddress

    Words = argparse._SubParsersAction[argparse.ArgumentParser]

ENDS_SOON_DAYS = 21
WITHIN_S = 10


def add_broker(words: "Words", django: Callable[[], None]) -> None:
    """``django`` loads the installation."""
    broker = words.add_parser("broker", help="MQTT brokers of nodes: passwords, rights, TLS")
    acts = broker.add_subparsers(required=True, metavar="ACT")
    write = acts.add_parser(
        "write", help="write who may come in and what they may do, if it has changed"
    )
    write.add_argument("--to", type=Path, required=True, metavar="DIR")
    write.add_argument("--pid", type=Path, help="file with Mosquitto's process, to be told")
    check = acts.add_parser("check", help="whether each broker answers, and until when with TLS")
    for act, work in ((write, _write), (check, _check)):
        act.add_argument("--link", default=None, help="of this link in VANG_LINKS_FILE only")
        act.set_defaults(do=_guarded(work, django))
    make = acts.add_parser("certificates", help="make a broker's certificate, and an authority")
    make.add_argument("--to", type=Path, required=True, metavar="DIR")
    make.add_argument("--host", action="append", required=True, help="name or address; repeatable")
    make.set_defaults(do=_guarded(_certificates, lambda: None))


def _guarded(
    work: Callable[[argparse.Namespace], int], django: Callable[[], None]
) -> Callable[[argparse.Namespace], int]:
    def do(arguments: argparse.Namespace) -> int:
        from vang.base.shards import ShardsUnfit  # noqa: PLC0415

        django()
        try:
            return work(arguments)
        except (ShardsUnfit, OSError) as error:
            print(f"vang: {error}", file=sys.stderr)
            return 1

    return do


def _shards(name: str | None) -> "list[Shard]":
    from vang.dispatch.shards import directory  # noqa: PLC0415

    known = directory()
    return [known.named(name)] if name else list(known.shards)


def _write(arguments: argparse.Namespace) -> int:
    from vang.dispatch.broker_files import (  # noqa: PLC0415
        passwords,
        rights,
        write_if_changed,
    )
    from vang.dispatch.sessions import server_secret  # noqa: PLC0415
    from vang.dispatch.shards import directory  # noqa: PLC0415

    shards = _shards(arguments.link)
    if len(shards) > 1:
        raise OSError("There are several links: name one with --link.")
    (shard,) = shards
    arguments.to.mkdir(parents=True, exist_ok=True)
    told = passwords(shard, directory(), secret=server_secret())
    changed = [
        write_if_changed(arguments.to / "passwords", told),
        write_if_changed(arguments.to / "acl", rights(shard)),
    ]
    if any(changed) and arguments.pid is not None:
        os.kill(int(arguments.pid.read_text()), signal.SIGHUP)
    count = told.count("\n") - 1
    print(f"{count} devices may come in; {'changed' if any(changed) else 'as before'}")
    return 0


def _certificates(arguments: argparse.Namespace) -> int:
    from vang.base.clock import now  # noqa: PLC0415
    from vang.dispatch.broker_files import make_certificates  # noqa: PLC0415

    make_certificates(arguments.to, arguments.host, now=now())
    print(f"{arguments.to / 'server.crt'} for {', '.join(arguments.host)}")
    print(f"Nodes and link take it by {arguments.to / 'ca.crt'}: name it in VANG_BROKER_CA.")
    print(f"Keep {arguments.to / 'ca.key'} away from the broker.")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from vang.base.clock import now  # noqa: PLC0415

    found = [
        _look(shard, broker, now()) for shard in _shards(arguments.link) for broker in shard.brokers
    ]
    if not found:
        print("No broker is named in VANG_BROKERS or VANG_LINKS_FILE.")
    return 0 if all(found) else 1


def _look(shard: "Shard", broker: "BrokerAddress", now: datetime) -> bool:
    """Says how it is; whether it is well."""
    where = f"{shard.name} {broker.name} {broker.host}:{broker.port}"
    try:
        days = (_tls_ends(shard, broker) - now).days
    except OSError as error:
        print(f"{where}: {error}")
        return False
    soon = days < ENDS_SOON_DAYS
    print(f"{where}: TLS for {days} days more{': renew it now' if soon else ''}")
    return not soon


def _tls_ends(shard: "Shard", broker: "BrokerAddress") -> datetime:
    """When the certificate that it shows ends. Raises OSError."""
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    context = ssl.create_default_context(cadata=shard.ca_text() or None)
    with (
        socket.create_connection((broker.host, broker.port), WITHIN_S) as plain,
        context.wrap_socket(plain, server_hostname=broker.host) as secured,
    ):
        shown = secured.getpeercert(binary_form=True) or b""
        with suppress(OSError):
            secured.unwrap()
    return load_der_x509_certificate(shown).not_valid_after_utc
