"""``vang set-up``: bring the data folder to a state from which the servers can start.

Runs as a process of its own before the servers; prints one JSON line for the supervisor.
"""

import json
import sys
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from vang.base import clock
from vang.base.refusals import Refusal
from vang.channels.portal.services import write_site
from vang.documents.state import load_state_documents
from vang.installation import demonstration, first_unit
from vang.installation.database import prepare_database
from vang.installation.demonstration_relays import keep_relay, put_on_air
from vang.installation.demonstration_repairs import NO_CARD, deaf_cluster
from vang.installation.shape import is_demonstration
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.models import Membership, Person
from vang.reports.services.shipping import ship_forms
from vang.search.services import rebuild
from vang.stations.enrolment import issue_enrolment_code
from vang.stations.models import Cluster, Node
from vang.trust.demonstration import renew_due
from vang.trust.queries import moved_away


def set_up(*, purpose: str, nodes: int, empty: bool, station: str = "") -> None:
    """Raises CannotStart. ``purpose`` is "run" or "once" (a trial at any hour of the day);
    ``station`` is where the demonstration's model station will answer."""
    data, now = Path(settings.DATA), clock.now()
    steps = prepare_database()
    if steps:
        _tell(f"database ready ({steps} steps)")
    if first_unit.needs_first_unit():
        _first_data(data, purpose=purpose, nodes=nodes, empty=empty, now=now)
        write_site(_home(), now=now)
        steps = max(steps, 1)
    if steps:
        rebuild()
    if station and is_demonstration(data):
        _relay(station, purpose=purpose, now=now)
    renew_due(now=now)
    if warning := moved_away():
        _tell(warning)
    load_state_documents(now=now)
    ship_forms(now=now)
    started = _virtual_nodes(data, nodes, now, deaf=purpose == "run")
    print(json.dumps({"accounts": demonstration.accounts(data), "nodes": started}))


def _relay(address: str, *, purpose: str, now: datetime) -> None:
    """Only in a lasting demonstration does the model station have an hour of its own: a trial of
    the whole job must find the air free. Where the air has no room for it there is no station
    either, and the next start tries again."""
    by = _administrator()
    try:
        with transaction.atomic():
            made = keep_relay(_home(), address=address, by=by, now=now)
            if made is not None and purpose == "run":
                put_on_air(made, by=by, now=now)
    except Refusal as refusal:
        _tell(f"the model station is not relayed: {refusal}")


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _first_data(data: Path, *, purpose: str, nodes: int, empty: bool, now: datetime) -> None:
    if empty:
        answers = first_unit.ask_first_unit(_ask)
        password = first_unit.create_first_unit(answers, now=now)
        _tell(f"administrator: {answers.username}   password (shown only now): {password}")
        return
    _tell("loading the demonstration district Quế Sơn")
    passwords = demonstration.load_demonstration(nodes=nodes, now=now)
    demonstration.keep_accounts(data, passwords)
    if purpose == "once":
        demonstration.open_all_hours(_home(), by=_administrator(), now=now)


def _ask(question: str) -> str:
    """Questions go to the terminal, not into the answer that the supervisor reads."""
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _home() -> Unit:
    """The demonstration's home commune, else the first commune of the installation."""
    communes = Unit.objects.filter(level=Unit.Level.COMMUNE)
    return communes.filter(code=demonstration.HOME_COMMUNE).first() or communes.earliest("pk")


def _administrator(unit: Unit | None = None) -> Person:
    """Of the unit, or else of the nearest above it."""
    for one in ancestors(unit or _home()):
        role = Membership.objects.filter(unit=one, role=Membership.Role.ADMINISTRATOR)
        if found := role.select_related("person").order_by("pk").first():
            return found.person
    raise Membership.DoesNotExist


def _virtual_nodes(data: Path, wanted: int, now: datetime, *, deaf: bool) -> list[dict[str, Any]]:
    """The virtual nodes to start: so many as wanted, where those that have never enrolled are given
    a code, the ``deaf`` one without a sound card, and those that a page asked for at some time and
    that are still in service. A trial of the whole job has none that cannot be heard."""
    first = _demonstrated(data, wanted, now) if wanted else []
    if wanted and deaf:
        first += _deaf(data, now)
    return [*first, *_asked_for(data, {node["home"] for node in first})]


def _asked_for(data: Path, known: Collection[str]) -> list[dict[str, Any]]:
    keys = _serving()
    return [
        {"name": f"node-{file.parent.name}", "home": str(file.parent), "code": None}
        for file in sorted((data / "nodes").glob("*/server.json"))
        if str(file.parent) not in known and _node_of(file) in keys
    ]


def _serving() -> set[str]:
    nodes = Node.objects.filter(virtual=True, retired_at=None, cluster__active=True)
    return set(nodes.values_list("pk", flat=True))


def _node_of(file: Path) -> str:
    try:
        return str(json.loads(file.read_text())["answer"]["node"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _demonstrated(data: Path, wanted: int, now: datetime) -> list[dict[str, Any]]:
    demonstration.add_clusters(_home(), wanted, by=_administrator(), now=now)
    clusters = Cluster.objects.filter(unit=_home(), active=True).order_by("pk")[:wanted]
    return [_virtual_node(data, cluster, now) for cluster in clusters]


def _deaf(data: Path, now: datetime) -> list[dict[str, Any]]:
    """Until another takes its place."""
    cluster = deaf_cluster() if is_demonstration(data) else None
    if cluster is None:
        return []
    node = _virtual_node(data, cluster, now)
    enrolled = node["code"] is None
    if enrolled and _node_of(Path(node["home"]) / "server.json") not in _serving():
        return []
    return [{**node, "sink": NO_CARD}]


def _virtual_node(data: Path, cluster: Cluster, now: datetime) -> dict[str, Any]:
    home = data / "nodes" / cluster.code
    code = None
    if not (home / "server.json").is_file():
        by = _administrator(cluster.unit)
        code = issue_enrolment_code(cluster=cluster, by=by, now=now, virtual=True).code
    return {"name": f"node-{cluster.code}", "home": str(home), "code": code}
