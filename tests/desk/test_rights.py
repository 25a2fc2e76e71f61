"""The table of rights is the guards' own, and none of them is missing."""

import importlib
import pkgutil

from django.test import Client

import vang
from tests.people.entering import entered
from vang.desk.rights import deeds
from vang.people.models import Membership, Person
from vang.people.rights import deed, rights
from vang.review.verbs import VERBS

ROLES = set(Membership.Role.values)


def guards() -> dict[str, frozenset[str]]:
    """Every public set of roles that a module of the rooms names."""
    found = {}
    for module in pkgutil.walk_packages(vang.__path__, "vang."):
        if ".migrations" in module.name or module.name.endswith((".__main__", ".cli")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.startswith("_") or not isinstance(value, (tuple, frozenset, set)) or not value:
                continue
            if all(isinstance(one, str) for one in value) and set(map(str, value)) <= ROLES:
                found[f"{module.name}.{name}"] = frozenset(map(str, value))
    return found


def test_every_set_that_a_guard_asks_stands_in_the_table() -> None:
    shown = {one.roles for one in deeds()}
    inner = {"OVERSEE", "GUARDED"}  # whom a rule is about, not who may do something
    missing = {
        name: wanted
        for name, wanted in guards().items()
        if wanted not in shown and name.rpartition(".")[2] not in inner
    }
    assert missing == {}


def test_every_verb_of_the_review_is_there_with_its_own_roles() -> None:
    shown = {(str(one.label), one.roles) for one in deeds()}
    assert {(str(verb.label), verb.roles) for verb in VERBS} <= shown


def test_a_leader_may_whatever_an_approver_may() -> None:
    for one in deeds():
        if one.by("APPROVER"):
            assert one.by("LEADER"), one.label


def test_a_cell_says_yes_or_no() -> None:
    (table,) = rights([deed("Nhóm", "Việc", ("WRITER", "TECHNICIAN"))])
    marks = dict(zip(Membership.Role.values, (c.state for c in table.rows[0].cells), strict=True))
    assert marks["WRITER"] == marks["TECHNICIAN"] == "yes"
    assert marks["APPROVER"] == marks["LEADER"] == marks["READER"] == "no"


def test_everybody_may_read_it(client: Client, an: Person) -> None:
    page = entered(client, an).get("/rights").content.decode()
    assert "Ai được làm gì" in page
    assert "Lãnh đạo đơn vị" in page
    assert client.post("/rights").status_code == 405
    assert Client().get("/rights").status_code == 302
