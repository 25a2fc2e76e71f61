"""A virtual speaker that a page asked for runs again after a restart, until it is retired."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from tests.desk import at_work

from vang.installation.set_up import _asked_for
from vang.orgs.models import Unit
from vang.stations.models import Node


def kept(data: Path, name: str, answer: object) -> str:
    home = data / "nodes" / name
    home.mkdir(parents=True)
    (home / "server.json").write_text(json.dumps(answer))
    return str(home)


@pytest.mark.django_db
def test_what_serves_is_started_again_and_nothing_else(
    xa_a: Unit, now: datetime, tmp_path: Path
) -> None:
    node = at_work.node(at_work.cluster(xa_a, 1), now)
    home = kept(tmp_path, "20662-1", {"answer": {"node": node.pk}})
    kept(tmp_path, "20662-9", {"answer": {"node": "nobody"}})
    kept(tmp_path, "broken", [])
    assert _asked_for(tmp_path, set()) == [], "a real device starts by itself"
    Node.objects.update(virtual=True)
    assert [one["home"] for one in _asked_for(tmp_path, set())] == [home]
    assert _asked_for(tmp_path, {home}) == [], "it is among the first already"
    Node.objects.update(retired_at=now)
    assert _asked_for(tmp_path, set()) == []
