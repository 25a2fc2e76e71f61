"""A signed report between two servers: forged, replayed, of another round, and taken."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SignedIn
from tests.refusals import refused
from tests.reports.reporting import accepted, figure, fresh, submitted
from vang.base.clock import ManualClock, use_clock
from vang.base.refusals import Refusal
from vang.dispatch.models import RoutineKey
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.bundles import TYPE, bundle_of, verified
from vang.reports.models import Filing, Report, Value
from vang.reports.services import return_report
from vang.reports.services.receiving import pin_key, receive_report
from vang_protocol import strict_json
from vang_protocol.envelopes import PublicKey, SigningKey, sign_envelope

MAY = datetime(2026, 5, 20, 3, 0).astimezone()
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def bundle(report: Report, an: Person, binh: Person) -> bytes:
    """Of commune A, as it left its own server; here the report is not begun."""
    told = submitted(report, {"channels.talks": 5}, writer=an, signer=binh, now=MAY)
    assert told.current is not None
    made = bundle_of(told, told.current, now=MAY)
    Report.objects.filter(pk=report.pk).update(
        state="EXPECTED", current=None, first_submitted_at=None, late=None
    )
    told.moves.all().delete()
    Value.objects.filter(filing__report=report).delete()
    Filing.objects.filter(report=report).delete()
    return made


def rewritten(bundle: bytes, change: Change, key: SigningKey) -> bytes:
    """Another content, signed anew by some key."""
    payload = json.loads(b64decode(json.loads(bundle)["payload"]))
    change(payload)
    return sign_envelope(strict_json.canonical(payload), TYPE, key)


def test_it_is_taken_once_and_its_signature_holds(
    bundle: bytes, report: Report, district: Unit, dao: Person
) -> None:
    receive_report(data=bundle, above=district, by=dao, now=MAY)
    taken = fresh(report)
    assert (taken.state, taken.late) == ("SUBMITTED", False)
    assert figure(report, "channels.talks") == 5000
    assert taken.current is not None
    assert taken.current.signer_name == "Trần Thị Bình"
    with refused("bundle-replayed"):
        receive_report(data=bundle, above=district, by=dao, now=MAY)
    return_report(report=report, comment="Xem lại", remarks={}, by=dao, now=MAY)
    with refused("bundle-replayed"):
        receive_report(data=bundle, above=district, by=dao, now=MAY)


def test_a_changed_file_is_refused(
    bundle: bytes, report: Report, district: Unit, dao: Person
) -> None:
    envelope = json.loads(bundle)
    payload = json.loads(b64decode(envelope["payload"]))
    payload["values"][0]["milli"] = 9_000_000
    envelope["payload"] = b64encode(strict_json.canonical(payload)).decode()
    with refused("bundle-forged"):
        receive_report(data=strict_json.canonical(envelope), above=district, by=dao, now=MAY)
    assert fresh(report).state == "EXPECTED"


def test_a_key_that_nobody_compared_is_refused_until_it_is_pinned(
    bundle: bytes, report: Report, xa_a: Unit, district: Unit, dao: Person, chi: Person
) -> None:
    other = SigningKey.generate()
    signed = rewritten(bundle, lambda told: told.update(signer="Ai đó"), other)
    with refused("bundle-unknown-key"):
        receive_report(data=signed, above=district, by=dao, now=MAY)
    with refused("key-wrong"):
        pin_key(unit=xa_a, above=district, public_key="xyz", by=dao, now=MAY)
    with refused("not-allowed"):
        pin_key(unit=xa_a, above=district, public_key=other.public.public, by=chi, now=MAY)
    pin_key(unit=xa_a, above=district, public_key=other.public.public, by=dao, now=MAY)
    receive_report(data=signed, above=district, by=dao, now=MAY)
    assert fresh(report).state == "SUBMITTED"


def test_what_does_not_belong_here_is_refused_with_its_reason(
    bundle: bytes, report: Report, xa_a: Unit, district: Unit, dao: Person
) -> None:
    key = SigningKey.generate()
    pin_key(unit=xa_a, above=district, public_key=key.public.public, by=dao, now=MAY)
    later = (MAY + timedelta(days=1)).isoformat()
    wrong: dict[str, Change] = {
        "bundle-other-round": lambda told: told.update(covers_to="2026-06-30"),
        "bundle-unknown-unit": lambda told: told.update(unit="99999"),
        "bundle-from-the-future": lambda told: told.update(signed_at=later),
        "bundle-other-form": lambda told: told["values"][0].update(code="no.such"),
        "bundle-does-not-hold": lambda told: told["values"][9].update(
            milli=1, system=2, source="S", note=""
        ),
        "bundle-unreadable": lambda told: told.pop("number"),
    }
    for code, change in wrong.items():
        with refused(code):
            signed = rewritten(bundle, change, key)
            receive_report(data=signed, above=district, by=dao, now=MAY)
        assert fresh(report).state == "EXPECTED", code
    with refused("bundle-unreadable"):
        receive_report(data=b"{}", above=district, by=dao, now=MAY)


def test_what_is_here_already_is_not_overwritten(
    report: Report, district: Unit, an: Person, binh: Person, dao: Person
) -> None:
    told = accepted(report, {"channels.talks": 5}, writer=an, signer=binh, above=dao, now=MAY)
    assert told.accepted is not None
    with refused("bundle-not-awaited"):
        receive_report(
            data=bundle_of(told, told.accepted, now=MAY), above=district, by=dao, now=MAY
        )
    assert RoutineKey.objects.count() == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_rubbish_is_refused_and_nothing_breaks(rubbish: bytes) -> None:
    with pytest.raises(Refusal):
        verified(rubbish, (PublicKey("00" * 32),))


def test_the_page_takes_a_file_and_tells_why_it_does_not(
    bundle: bytes, report: Report, dao: Person, an: Person, signed_in: SignedIn, tmp_path: Any,
    office_hours: None,
) -> None:  # fmt: skip
    use_clock(ManualClock(MAY))
    file = tmp_path / "a.json"
    file.write_bytes(bundle)
    client = signed_in(dao)
    assert "Nhận báo cáo" in client.get("/reports/receive").content.decode()
    with file.open("rb") as sent:
        assert client.post("/reports/receive", {"report": sent}).status_code == 302
    with file.open("rb") as sent:
        answer = client.post("/reports/receive", {"report": sent})
    assert answer.status_code == 422
    assert "đã tiếp nhận trước đây" in answer.content.decode()
    assert client.post("/reports/receive").status_code == 422
    assert Filing.objects.exclude(came_as="").count() == 1
