"""What nodes ask about trust: the province's files, and where they stand."""

from datetime import date, datetime

from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from vang.base import clock
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.dispatch.keys import routine_key
from vang.dispatch.models import CommandCounter
from vang.dispatch.push import transport
from vang.dispatch.requests import node_api, table_of
from vang.dispatch.sessions import node_of
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.stations.models import Node
from vang.trust.folder import file
from vang.trust.queries import beacon_facts
from vang_protocol import fields
from vang_protocol.beacons import Beacon, sign_beacon
from vang_protocol.limits import BEACON_COUNTERS
from vang_protocol.links import POLICY_CHANGED
from vang_protocol.reasons import Reason, Refused


@node_api("GET")
def trust_file(request: HttpRequest, path: str) -> HttpResponse:
    """One file of the trust folder, byte for byte."""
    node_of(request, now=clock.now())
    content = file(path)
    if content is None:
        raise Refused(Reason.FILE_NOT_FOUND, path[:80])
    return HttpResponse(content, content_type="application/json")


@node_api("POST")
def beacon(request: HttpRequest) -> HttpResponse:
    """``{"nonce"}`` → a beacon for this node alone, signed with its commune's routine key."""
    now = clock.now()
    node = node_of(request, now=now)
    nonce = fields.identifier(table_of(request, ("nonce",))["nonce"], "nonce")
    try:
        content = beacon_for(node, nonce, now=now)
    except Refusal as refusal:
        raise Refused(Reason.SERVER_ERROR, refusal.code) from refusal
    Node.objects.filter(pk=node.pk).update(tested_at=now)
    return HttpResponse(content, content_type="application/json")


def beacon_for(node: Node, nonce: str, *, now: datetime) -> bytes:
    """Time, policy, the numbers that are used, and the head of the journal. Raises Refusal."""
    unit = node.cluster.unit
    facts = beacon_facts(unit)
    used = CommandCounter.objects.filter(issuer__code__in=facts.issuers).select_related("issuer")
    newest = {one.issuer.code: one for one in used.order_by("epoch", "seq")}
    counters = [(code, one.epoch, one.seq) for code, one in sorted(newest.items())]
    said = Beacon(
        node=node.pk,
        nonce=nonce,
        time=now,
        policy=facts.policy,
        counters=tuple(counters[:BEACON_COUNTERS]),
        log=facts.log,
    )
    return sign_beacon(said, routine_key(node.obeys, now=now))


def epochs_now() -> dict[str, int]:
    """The epoch of each office that has ever ordered anything: the policy names it."""
    rows = CommandCounter.objects.order_by("issuer__valid_from")  # of equal codes the newest
    there = rows.filter(issuer__code__in=Unit.objects.filter(valid_on(_today())).values("code"))
    return dict(there.values_list("issuer__code", "epoch"))


def _today() -> date:
    return local_date(clock.now())


def tell_of_policy() -> None:
    """Every commune with a device looks for the new policy now; who misses it hears of it with
    the next beacon."""
    known = Coalesce("home__code", "cluster__unit__code")
    units = Node.objects.filter(retired_at__isnull=True).order_by().values_list(known)
    push = transport()
    for (code,) in units.distinct():
        push.hint(code, POLICY_CHANGED)
