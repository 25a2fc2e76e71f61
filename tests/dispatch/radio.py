"""Builders for a commune on the air: clusters, released editions on a time, devices that speak."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.bulletins.newsroom import released
from vang.airtime.models import Placement
from vang.bulletins.models import Edition
from vang.dispatch.models import PlanVersion
from vang.dispatch.queries import newest_plan
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.enrolment import issue_enrolment_code
from vang.stations.models import Cluster, Node
from vang.stations.services import create_cluster
from vang_protocol import strict_json
from vang_protocol.envelopes import SigningKey
from vang_protocol.instants import format_instant
from vang_protocol.journals import (
    EMPTY,
    Head,
    Record,
    Stamp,
    encode_line,
    line_hash,
    sign_batch,
)
from vang_protocol.plans import PlanItem
from vang_protocol.reasons import Reason
from vang_protocol.records import End, Event, Missed, PlayEnded, PlayStarted
from vang_protocol.sessions import sign_session
from vang_protocol.states import ClockSource, ClockState, NodeState, SinkState, state_table

API = "/api/node/v1/"
AFTERNOON = timedelta(hours=5)  # from the cast's noon: 17:00 in Vietnam, inside the default hours


def cluster_in(unit: Unit, by: Person, now: datetime, name: str = "Cụm Thuận 1") -> Cluster:
    """A cluster heard in every village of the commune."""
    villages = Unit.objects.filter(parent=unit, level="VILLAGE")
    return create_cluster(unit=unit, name=name, villages=villages, by=by, now=now)


def on_air(
    unit: Unit, writer: Person, approver: Person, now: datetime, start: datetime | None = None
) -> Placement:
    """A released edition placed once, this afternoon unless told otherwise."""
    edition = released(unit, writer, approver, now)
    return place(edition, approver, now, start or now + AFTERNOON)


def place(edition: Edition, by: Person, now: datetime, start: datetime) -> Placement:
    return Placement.objects.create(
        unit=edition.unit, edition=edition, kind="ONCE", start=start, placed_by=by, placed_at=now
    )


def plan_of(unit: Unit) -> PlanVersion:
    plan = newest_plan(unit)
    assert plan is not None
    return plan


@dataclass
class Device:
    """A loudspeaker node as the server sees it: its key, its session, its journal."""

    client: Client = field(default_factory=Client)
    key: SigningKey = field(default_factory=SigningKey.generate)
    id: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    lines: list[str] = field(default_factory=list)
    head: Head = EMPTY

    def post(self, path: str, body: object, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else strict_json.canonical(body)
        return self.client.post(
            API + path, data, content_type="application/json", headers=self._signed_in(headers)
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(API + path, headers=self._signed_in(headers))

    def _signed_in(self, headers: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **headers} if self.token else headers

    def enrol(self, code: str) -> Any:
        """Spend a code; the answer is kept when it worked."""
        answer = self.post(
            "enrol",
            {
                "code": code,
                "public_key": self.key.public.public,
                "name": "Loa thôn 1",
                "software": "vang-node 0.1",
            },
        )
        if answer.status_code == 200:
            self.answer = answer.json()
            self.id = self.answer["node"]
        return answer

    def sign_in(self) -> Any:
        nonce = self.client.get(API + "challenge").json()["nonce"]
        answer = self.answer_challenge(nonce)
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer

    def answer_challenge(self, nonce: str) -> Any:
        signature = sign_session(self.key, self.id, nonce)
        return self.post("session", {"node": self.id, "nonce": nonce, "signature": signature})

    @property
    def row(self) -> Node:
        return Node.objects.select_related("cluster__unit").get(pk=self.id)

    def write(self, event: Event, at: datetime) -> str:
        """The next line of the journal."""
        stamp = Stamp(ClockSource.SERVER, 5)
        record = Record(self.id, self.head.seq + 1, self.head.hash, at, "boot-1", stamp, event)
        line = encode_line(record)
        self.lines.append(line)
        self.head = Head(record.seq, line_hash(line))
        return line

    def play(self, item: PlanItem, *, plan: int = 1, ms: int | None = None) -> None:
        """A play as it should be, 3 ms late; ``ms`` cuts it short."""
        self.start(item, plan=plan)
        self.end(item, ms=ms)

    def start(self, item: PlanItem, *, plan: int = 1, sha256: str | None = None) -> None:
        self.write(
            PlayStarted(
                item=item.id,
                edition=item.edition,
                sha256=sha256 or item.audio.sha256,
                plan=plan,
                planned=item.start,
                first_sample=item.start,
                volume_db=0,
                part=1,
                offset_ms=0,
            ),
            item.start,
        )

    def end(
        self,
        item: PlanItem,
        *,
        ms: int | None = None,
        end: End = End.DONE,
        rms_cdb: int = -1800,
    ) -> None:
        self.write(
            PlayEnded(
                item=item.id,
                end=end,
                part=1,
                first_sample_at=item.start + timedelta(milliseconds=3),
                error_us=3000,
                frames=48 * (ms if ms is not None else item.audio.duration_ms),
                xruns=0,
                rms_cdb=rms_cdb,
            ),
            item.start + timedelta(milliseconds=item.duration_ms),
        )

    def miss(self, item: PlanItem, reason: Reason) -> None:
        self.write(Missed(item.id, item.edition, item.start, reason), item.start)

    def batch(self, lines: Iterable[str] | None = None) -> bytes:
        return sign_batch(self.id, list(self.lines if lines is None else lines), self.key)

    def upload(self, lines: Iterable[str] | None = None) -> Any:
        return self.post("journal", self.batch(lines))

    def state(self, **changes: Any) -> NodeState:
        return node_state(self.id, **changes)


def node_state(node: str, **changes: Any) -> NodeState:
    given: dict[str, Any] = {
        "node": node,
        "boot": "boot-1",
        "software": "vang-node 0.1",
        "plan_version": 1,
        "plan_sha256": None,
        "playing": None,
        "volume_db": 0,
        "clock": ClockState(ClockSource.SERVER, 0, 2000),
        "journal_seq": 0,
        "journal_head": "0" * 64,
        "free_mb": 1000,
        "sink": SinkState.OK,
        "items": {},
    }
    return NodeState(**{**given, **changes})


def state_json(state: NodeState) -> dict[str, Any]:
    return state_table(state)


def device_on(cluster: Cluster, by: Person, now: datetime) -> Device:
    """Enrolled and signed in."""
    device = Device()
    issued = issue_enrolment_code(cluster, by=by, now=now)
    assert device.enrol(issued.code).status_code == 200
    assert device.sign_in().status_code == 200
    return device


def error_of(answer: HttpResponse) -> str:
    return str(json.loads(answer.content)["error"])


def instant(moment: datetime) -> str:
    return format_instant(moment)
