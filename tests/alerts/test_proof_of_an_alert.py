"""What the server keeps of a sent alert is enough for a stranger to verify it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.alerts.office import Keeper, sent, submitted
from tests.node.repository import Repository
from vang.alerts.models import Status
from vang.alerts.proof.bundle import read_bundle, write_bundle
from vang.alerts.proof.making import bundle_of
from vang.alerts.proof.verifying import verify
from vang.base.refusals import Refusal
from vang.dispatch.models import Command
from vang.dispatch.receipts import Told, take_receipts
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang.trust.models import PolicyVersion
from vang_protocol.envelopes import SigningKey
from vang_protocol.policies import encode_policy
from vang_protocol.receipts import Phase, Receipt, sign_receipt
from vang_protocol.strict_json import digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(keeper: Keeper, settings: Settings, tmp_path: Path, now: datetime) -> None:
    """The keeper's policy, as the province's holders would have published it."""
    settings.DATA = tmp_path
    policy = keeper.current_policy()
    assert policy is not None
    for name, data in Repository(policy, now).files.items():
        path = tmp_path / "trust" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    payload = encode_policy(policy)
    PolicyVersion.objects.create(
        number=1, payload=payload, sha256=digest(payload), made_at=now, published_at=now
    )


@pytest.mark.usefixtures("province")
def test_order_signatures_and_receipts_hold(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> None:  # fmt: skip
    alert = sent(submitted(xa_a, an, now, Status.ACTUAL), binh, hanh, keeper, now)
    command = Command.objects.get()
    key = SigningKey.generate()
    Node.objects.filter(pk=nodes[0].pk).update(public_key=key.public.public)
    receipt = Receipt(nodes[0].pk, command.pk, command.sha256, Phase.PLAYED, now)
    take_receipts([Told(nodes[0].pk, sign_receipt(receipt, key))], now=now)
    bundle = bundle_of(alert, now=now + timedelta(hours=1))
    found = verify(read_bundle(write_bundle(bundle)))
    assert found.wrong == []
    assert found.people[command.pk] == tuple(
        sorted((f"Người (person-{binh.pk})", f"Người (person-{hanh.pk})"))
    )
    assert found.phases == {nodes[0].pk: ["played"]}
    assert {one.person for one in bundle.orders[0].shown} == {binh.full_name, hanh.full_name}
    assert all(one.displayed for one in bundle.orders[0].shown)
    assert len(bundle.nodes) == len(nodes)


@pytest.mark.usefixtures("province")
def test_an_alert_that_was_never_sent_proves_nothing(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, now: datetime
) -> None:
    alert = submitted(xa_a, an, now, Status.ACTUAL)
    with pytest.raises(Refusal):
        bundle_of(alert, now=now)
