"""What a node may ask and what it is told."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.dispatch.radio import (
    Device,
    cluster_in,
    device_on,
    error_of,
    on_air,
    plan_of,
    state_json,
)
from vang.base.clock import ManualClock
from vang.base.files import FileStore
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.enrolment import issue_enrolment_code, retire_node
from vang.stations.models import Node
from vang.stations.services import create_cluster
from vang_protocol.acceptance import accept_plan
from vang_protocol.envelopes import PublicKey, SigningKey
from vang_protocol.sessions import sign_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("manual", "data")]


def test_a_code_enrols_one_device_and_tells_it_whom_to_trust(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    cluster = cluster_in(xa_a, tech, now)
    code = issue_enrolment_code(cluster, by=tech, now=now).code
    device = Device()
    answer = device.enrol(code.lower().replace("-", " "))
    assert answer.status_code == 200
    assert device.answer["unit"] == "20662"
    assert device.answer["cluster"] == cluster.code
    assert device.row.public_key == device.key.public.public
    assert (
        PublicKey(device.answer["routine_keys"][0]["public"]).keyid
        == (device.answer["routine_keys"][0]["keyid"])
    )
    again = Device().enrol(code)
    assert (again.status_code, error_of(again)) == (403, "code-used")
    assert Node.objects.count() == 1


def test_a_wrong_or_old_code_is_told_apart(
    xa_a: Unit, tech: Person, now: datetime, manual: ManualClock
) -> None:
    code = issue_enrolment_code(cluster_in(xa_a, tech, now), by=tech, now=now).code
    assert error_of(Device().enrol("AAAA-BBBB")) == "code-unknown"
    manual.set(now + timedelta(minutes=15))
    assert error_of(Device().enrol(code)) == "code-expired"
    manual.set(now + timedelta(minutes=14, seconds=59))
    assert Device().enrol(code).status_code == 200


def test_guessing_codes_is_slowed_down_and_a_right_code_waits_too(
    xa_a: Unit, tech: Person, now: datetime, manual: ManualClock
) -> None:
    code = issue_enrolment_code(cluster_in(xa_a, tech, now), by=tech, now=now).code
    guesses = [error_of(Device().enrol("AAAA-AAAA")) for _ in range(12)]
    assert guesses[:10] == ["code-unknown"] * 10
    assert guesses[10:] == ["too-many"] * 2
    assert error_of(Device().enrol(code)) == "too-many"
    manual.set(now + timedelta(minutes=1))
    assert Device().enrol(code).status_code == 200


def test_a_device_that_was_enrolled_before_needs_a_new_key(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    cluster = cluster_in(xa_a, tech, now)
    device = device_on(cluster, tech, now)
    code = issue_enrolment_code(cluster, by=tech, now=now).code
    again = Device(key=device.key)
    assert error_of(again.enrol(code)) == "bad-fields"
    # The refusal did not spend the code.
    assert Device().enrol(code).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"{", 400, "bad-json"),
        (b'{"code":"A","code":"B","public_key":"","name":"","software":""}', 400, "bad-json"),
        (b'{"code":"A"}', 400, "bad-fields"),
        (b" " * 20_000, 413, "too-large"),
    ],
)
def test_a_malformed_enrolment_is_refused(body: bytes, status: int, error: str, xa_a: Unit) -> None:
    answer = Device().post("enrol", body)
    assert (answer.status_code, error_of(answer)) == (status, error)


def test_a_challenge_serves_once(xa_a: Unit, tech: Person, now: datetime) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now + timedelta(seconds=0))
    nonce = device.get("challenge").json()["nonce"]
    # The same instant as the first: a challenge must be newer than the last one used.
    assert error_of(device.answer_challenge(nonce)) == "nonce-unknown"


def test_a_challenge_lasts_a_minute(
    xa_a: Unit, tech: Person, now: datetime, manual: ManualClock
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    manual.set(now + timedelta(seconds=1))
    nonce = device.get("challenge").json()["nonce"]
    manual.set(now + timedelta(seconds=61))
    assert error_of(device.answer_challenge(nonce)) == "nonce-unknown"
    manual.set(now + timedelta(seconds=60))
    assert device.answer_challenge(nonce).status_code == 200
    assert error_of(device.answer_challenge(nonce)) == "nonce-unknown"


def test_only_the_devices_own_key_opens_its_session(
    xa_a: Unit, tech: Person, now: datetime, manual: ManualClock
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    manual.set(now + timedelta(seconds=1))
    nonce = device.get("challenge").json()["nonce"]
    forged = sign_session(SigningKey.generate(), device.id, nonce)
    answer = device.post("session", {"node": device.id, "nonce": nonce, "signature": forged})
    assert (answer.status_code, error_of(answer)) == (403, "bad-signature")
    assert (
        error_of(device.answer_challenge(nonce[:-1] + ("1" if nonce[-1] == "0" else "0")))
        == "nonce-unknown"
    )
    assert device.answer_challenge(nonce).status_code == 200


def test_a_session_ends_after_an_hour(
    xa_a: Unit, tech: Person, now: datetime, manual: ManualClock
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    publish_plan(xa_a, now=now)
    manual.set(now + timedelta(minutes=59))
    assert device.get("plan").status_code == 200
    manual.set(now + timedelta(minutes=60))
    answer = device.get("plan")
    assert (answer.status_code, error_of(answer)) == (401, "session-expired")


@pytest.mark.parametrize("token", ["", "x", "a.b", "ă.ă", "eyJub2RlIjoiYSJ9.AAAA"])
def test_a_wrong_token_opens_nothing(token: str, xa_a: Unit) -> None:
    answer = Device(token=token).get("plan")
    assert (answer.status_code, error_of(answer)) == (401, "session-expired")


def test_a_retired_device_is_refused_everywhere(
    xa_a: Unit, tech: Person, now: datetime, manual: ManualClock
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    publish_plan(xa_a, now=now)
    assert device.get("plan").status_code == 200
    retire_node(device.row, by=tech, now=now)
    answers = [
        device.get("plan"),
        device.get(f"files/{'0' * 64}"),
        device.post("state", state_json(device.state())),
        device.upload([]),
    ]
    assert [(a.status_code, error_of(a)) for a in answers] == [(403, "node-revoked")] * 4
    manual.set(now + timedelta(seconds=1))
    assert error_of(device.sign_in()) == "node-revoked"


def test_a_node_fetches_the_plan_once_and_then_only_what_is_new(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    assert (device.get("plan").status_code, error_of(device.get("plan"))) == (404, "no-plan")
    publish_plan(xa_a, now=now)
    first = device.get("plan")
    keys = [PublicKey(key["public"]) for key in device.answer["routine_keys"]]
    accepted = accept_plan(first.content, unit="20662", routine_keys=keys, current=None, now=now)
    assert accepted.plan.version == 1
    same = device.get("plan", **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    newer = device.get("plan", **{"If-None-Match": first["ETag"]})
    assert newer.status_code == 200
    current = (accepted.plan.version, accepted.sha256)
    followed = accept_plan(newer.content, unit="20662", routine_keys=keys, current=current, now=now)
    assert [item.title for item in followed.plan.items] == ["Lịch cắt điện"]


def test_a_node_gets_the_files_of_its_plan_whole_or_from_an_offset(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime, data: Path
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    placed = on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    sha256 = placed.edition.audio_sha256
    content = FileStore(data / "files").read(sha256)
    whole = device.get(f"files/{sha256}")
    assert b"".join(whole.streaming_content) == content
    assert whole["ETag"] == f'"{sha256}"'
    rest = device.get(f"files/{sha256}", Range="bytes=4-", **{"If-Range": f'"{sha256}"'})
    assert rest.status_code == 206
    assert b"".join(rest.streaming_content) == content[4:]
    assert rest["Content-Range"] == f"bytes 4-{len(content) - 1}/{len(content)}"
    other = device.get(f"files/{sha256}", Range="bytes=4-", **{"If-Range": '"else"'})
    assert b"".join(other.streaming_content) == content
    assert device.get(f"files/{sha256}", Range="bytes=9999-").status_code == 416
    assert device.get(f"files/{sha256}", **{"If-None-Match": whole["ETag"]}).status_code == 304


def test_a_node_sees_no_file_that_its_plan_does_not_send_it(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, tech: Person, now: datetime, data: Path
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    elsewhere = create_cluster(unit=xa_b, name="Cụm xã B", by=tech, now=now)
    stranger = device_on(elsewhere, tech, now)
    placed = on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    publish_plan(xa_b, now=now)
    unused = FileStore(data / "files").put(b"not in any plan")
    sha256 = placed.edition.audio_sha256
    assert len(b"".join(device.get(f"files/{sha256}").streaming_content)) == len(
        FileStore(data / "files").read(sha256)
    )
    assert error_of(stranger.get(f"files/{sha256}")) == "file-not-found"
    assert error_of(device.get(f"files/{unused}")) == "file-not-found"
    assert device.get("files/..%2F..%2Fsecret.key").status_code == 404


def test_a_polling_node_says_how_it_is(xa_a: Unit, tech: Person, now: datetime) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    other = device_on(cluster_in(xa_a, tech, now, "Cụm khác"), tech, now)
    assert device.post("state", state_json(device.state(volume_db=-6))).status_code == 200
    row = device.row
    assert (row.last_seen_at, row.every_s, row.state["volume_db"]) == (now, 30, -6)
    forged = device.post("state", state_json(other.state(volume_db=-60)))
    assert (forged.status_code, error_of(forged)) == (403, "wrong-node")
    assert other.row.last_seen_at is None


def test_every_address_answers_one_method_only(xa_a: Unit) -> None:
    device = Device()
    gets = [device.get(path) for path in ("enrol", "session", "state", "journal")]
    posts = [device.post(path, {}) for path in ("challenge", "plan", f"files/{'0' * 64}")]
    assert {answer.status_code for answer in [*gets, *posts]} == {405}
    assert {error_of(answer) for answer in [*gets, *posts]} == {"method-not-allowed"}


def test_the_plan_is_served_with_two_looks_at_the_database(
    xa_a: Unit, tech: Person, now: datetime, django_assert_max_num_queries: object
) -> None:
    device = device_on(cluster_in(xa_a, tech, now), tech, now)
    publish_plan(xa_a, now=now)
    tag = f'"{plan_of(xa_a).sha256}"'
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        assert device.get("plan", **{"If-None-Match": tag}).status_code == 304
    assert orders(plan_of(xa_a)).version == 1
