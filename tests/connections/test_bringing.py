"""Another system brings a bulletin: a draft, once, and never more than its person may."""

import pytest

from tests.connections.conftest import System, error_of
from vang.bulletins.models import Bulletin
from vang.connections.models import Brought
from vang.orgs.models import Unit
from vang.people.models import Membership, Person

NOTICE = {
    "key": "nguon-1",
    "unit": "20662",
    "title": "Cảnh báo nắng nóng",
    "text": "Từ ngày 11/6/2026 nắng nóng gay gắt.",
    "category": "DISASTER",
    "priority": "PRIORITY",
}


def test_brought_bulletin_is_a_draft_of_the_tokens_person(system: System, mai: Person) -> None:
    answer = system.post("bulletins", NOTICE)
    assert answer.status_code == 201
    bulletin = Bulletin.objects.get()
    assert answer.json()["id"] == bulletin.pk
    assert (bulletin.state, bulletin.created_by) == ("DRAFT", mai)


def test_same_again_changes_nothing(system: System) -> None:
    first = system.post("bulletins", NOTICE)
    again = system.post("bulletins", NOTICE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Bulletin.objects.count() == Brought.objects.count() == 1


def test_key_of_another_text_is_refused(system: System) -> None:
    system.post("bulletins", NOTICE)
    answer = system.post("bulletins", {**NOTICE, "text": "Khác."})
    assert (answer.status_code, error_of(answer)) == (409, "key-taken")
    assert Bulletin.objects.count() == 1


def test_what_no_writer_may_save_is_refused(system: System) -> None:
    for wrong in ({"category": "NEWS"}, {"audience": ["99999.01"]}, {"text": "\u200b"}):
        answer = system.post("bulletins", {**NOTICE, **wrong})
        assert answer.status_code == 409, wrong
    assert not Bulletin.objects.exists()
    assert system.post("bulletins", NOTICE).status_code == 201


def test_person_who_no_longer_writes_brings_nothing(system: System, mai: Person) -> None:
    assert system.post("bulletins", NOTICE).status_code == 201
    Membership.objects.filter(person=mai, role="WRITER").delete()
    answer = system.post("bulletins", {**NOTICE, "key": "nguon-2"})
    assert (answer.status_code, error_of(answer)) == (409, "not-a-writer")


def test_another_commune_cannot_be_written_to(system: System, xa_b: Unit) -> None:
    assert system.post("bulletins", {**NOTICE, "unit": xa_b.code}).status_code == 404
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"key": 1}', "\x00", ""])
def test_unreadable_body_is_malformed(system: System, body: str) -> None:
    answer = system.post("bulletins", body)
    assert answer.status_code in {400, 422}
    assert error_of(answer) == "malformed"


def test_flood_of_letters_is_stopped_before_it_is_parsed(system: System) -> None:
    answer = system.post("bulletins", {**NOTICE, "text": "ă" * 300_000})
    assert (answer.status_code, error_of(answer)) == (413, "too-large")
