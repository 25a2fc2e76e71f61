"""A repair from its notice to its proof, and who may do what."""

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image

from tests.conftest import person
from tests.dispatch.radio import device_on
from tests.evidence.conftest import Stage
from tests.refusals import refused
from tests.repairs.fleet import MINUTE, live
from vang.base.files import FileStore
from vang.bulletins.models import Bulletin
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.repairs import services
from vang.repairs.models import Fault, Part, Ticket
from vang.repairs.proving import proof_of
from vang.repairs.store import Shelf, change_part, keep_part
from vang.repairs.watching import watch_due
from vang.stations.contacts import Report, record_states
from vang.stations.models import Node
from vang_protocol.healths import Health, Heard, Output, Verdict
from vang_protocol.states import SinkState


def picture(*, place: bool = True) -> bytes:
    """A small JPEG that tells where it was taken."""
    exif = Image.Exif()
    if place:
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x010F] = "Camera"
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_the_office_reports_and_the_technician_is_told(
    ticket: Ticket, tech: Person, quan: Person, chi: Person, now: datetime
) -> None:
    with refused("not-allowed"):
        services.open_ticket(cluster=ticket.cluster, about="SILENT", by=chi, now=now)
    with refused("about-unknown"):
        services.open_ticket(cluster=ticket.cluster, about="GHOST", by=quan, now=now)
    with refused("not-a-technician"):
        services.send_technician(ticket=ticket, to=quan, by=quan, now=now)
    services.send_technician(ticket=ticket, to=tech, by=quan, now=now)
    notice = Notice.objects.get(person=tech)
    assert notice.title == f"Phiếu sửa chữa SC-{ticket.pk}: Cụm Thuận 1"
    assert notice.url == f"/repairs/tickets/{ticket.pk}"


def test_the_steps_go_in_their_order(
    ticket: Ticket, tech: Person, an: Person, now: datetime
) -> None:
    by = {"by": tech, "now": now}
    with refused("not-there"):
        services.note_cause(ticket=ticket, cause="WIRING", done="", **by)  # type: ignore[arg-type]
    with refused("not-allowed"):
        services.set_out(ticket=ticket, by=an, now=now)
    services.set_out(ticket=ticket, **by)  # type: ignore[arg-type]
    services.arrive(ticket=ticket, by=tech, now=now + 20 * MINUTE)
    services.note_cause(ticket=ticket, cause="WIRING", done="Thay giắc.", **by)  # type: ignore[arg-type]
    ticket.refresh_from_db()
    assert (ticket.technician, ticket.on_way_at) == (tech, now)
    assert ticket.there_at == now + 20 * MINUTE
    acts = list(Entry.objects.filter(action__startswith="repair.").order_by("pk"))
    assert [one.action.partition(".")[2] for one in acts] == [
        "opened", "sent", "on-way", "there", "cause",
    ]  # fmt: skip


def test_another_technician_does_not_walk_into_it(
    there: Ticket, xa_a: Unit, chi: Person, quan: Person, now: datetime
) -> None:
    other = person("ba", "Lê Ba", xa_a, "TECHNICIAN")
    with refused("not-yours"):
        services.set_out(ticket=there, by=other, now=now)
    services.send_technician(ticket=there, to=other, by=quan, now=now)
    there.refresh_from_db()
    assert there.there_at is None
    services.set_out(ticket=there, by=other, now=now)


def test_a_fault_has_one_open_repair(node: Node, tech: Person, now: datetime) -> None:
    live([node], now, 1, sink=SinkState.FAILED)
    fault = Fault.objects.get()
    given = {"cluster": node.cluster, "about": "SILENT", "fault": fault, "by": tech, "now": now}
    first = services.open_ticket(**given)  # type: ignore[arg-type]
    with refused("ticket-open"):
        services.open_ticket(**given)  # type: ignore[arg-type]
    services.close_ticket(ticket=first, outcome="NEEDLESS", reason="Tự hết.", by=tech, now=now)
    assert services.open_ticket(**given).pk != first.pk  # type: ignore[arg-type]


def test_parts_go_off_the_shelf_and_back(
    there: Ticket, xa_a: Unit, xa_b: Unit, tech: Person, chi: Person, an: Person, now: datetime
) -> None:
    with refused("not-allowed"):
        keep_part(unit=xa_a, shelf=Shelf("Ắc quy", 1, 0, 0), by=an, now=now)
    battery = keep_part(unit=xa_a, shelf=Shelf("Ắc quy 12 V", 2, 2, 650_000), by=tech, now=now)
    with refused("part-known"):
        keep_part(unit=xa_a, shelf=Shelf("ắc  quy 12 v", 1, 0, 0), by=tech, now=now)
    foreign = keep_part(unit=xa_b, shelf=Shelf("Loa nén", 9, 0, 1), by=chi, now=now)
    by = {"by": tech, "now": now, "ticket": there}

    def use(part: Part | None, amount: int, name: str = "", cost: int | None = None) -> None:
        services.use_part(part=part, name=name, amount=amount, cost=cost, **by)  # type: ignore[arg-type]

    with refused("part-short"):
        use(battery, 3)
    with refused("foreign-part"):
        use(foreign, 1)
    with refused("part-wrong"):
        use(None, 1)
    use(battery, 2)
    use(None, 3, "Giắc cắm", 12_000)
    battery.refresh_from_db()
    assert battery.on_hand == 0
    assert [one.total for one in there.parts.all()] == [1_300_000, 36_000]
    used = there.parts.select_related("ticket")[0]
    services.give_part_back(used=used, by=tech, now=now)
    services.give_part_back(used=used, by=tech, now=now)
    battery.refresh_from_db()
    assert battery.on_hand == 2
    change_part(part=battery, shelf=Shelf("Ắc quy 12 V", 7, 2, 700_000), by=tech, now=now)
    assert Part.objects.get(pk=battery.pk).on_hand == 7


def test_a_picture_is_kept_without_its_place(there: Ticket, tech: Person, settings: object) -> None:
    now = there.opened_at
    with refused("photo-not-a-picture"):
        services.add_photo(ticket=there, content=b"<svg onload=alert(1)>", by=tech, now=now)
    with refused("attachment-empty"):
        services.add_photo(ticket=there, content=b"", by=tech, now=now)
    sent = picture()
    assert b"Camera" in sent
    kept = services.add_photo(ticket=there, content=sent, by=tech, now=now)
    content = FileStore(settings.DATA / "files").read(kept.sha256)  # type: ignore[attr-defined]
    assert b"Camera" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    services.add_photo(ticket=there, content=sent, by=tech, now=now)
    assert there.photos.count() == 1


def test_a_full_disk_loses_no_repair(
    there: Ticket, tech: Person, settings: object, tmp_path: object
) -> None:
    """The picture cannot be kept: nothing is written, and the next try works."""
    now = there.opened_at
    (tmp_path / "files").write_bytes(b"in the way")  # type: ignore[operator]
    with pytest.raises(OSError, match="files"):
        services.add_photo(ticket=there, content=picture(), by=tech, now=now)
    assert not there.photos.exists()
    (tmp_path / "files").unlink()  # type: ignore[operator]
    services.add_photo(ticket=there, content=picture(), by=tech, now=now)
    assert there.photos.count() == 1


def test_it_is_closed_with_a_reason_or_not_at_all(
    there: Ticket, tech: Person, now: datetime
) -> None:
    with refused("no-proof"):
        services.close_ticket(ticket=there, by=tech, now=now)
    with refused("reason-missing"):
        services.close_ticket(ticket=there, outcome="LEFT", reason="  ", by=tech, now=now)
    with refused("cause-missing"):
        services.close_ticket(ticket=there, outcome="SAID", reason="Nghe rõ.", by=tech, now=now)
    services.note_cause(ticket=there, cause="POWER", done="", by=tech, now=now)
    services.close_ticket(ticket=there, outcome="SAID", reason="Nghe rõ.", by=tech, now=now)
    with refused("ticket-closed"):
        services.arrive(ticket=there, by=tech, now=now)


def heard_at(stage: Stage, silent_ms: int, verdict: Verdict) -> None:
    """What the device tells of the play in its next state."""
    item = stage.item.id
    heard = Heard(item, verdict, 640, 120 if verdict is Verdict.HEARD else None)
    health = Health(silence=Output(item, -1800, -1900, silent_ms), heard=heard)
    at = stage.after
    record_states([Report(stage.device.id, at, stage.device.state(health=health))], now=at)
    watch_due(now=at)


def on_stage(stage: Stage, tech: Person) -> Ticket:
    """The technician is there an hour before the item."""
    at = stage.item.start - timedelta(hours=1)
    ticket = services.open_ticket(cluster=stage.cluster, about="SILENT", by=tech, now=at)
    services.arrive(ticket=ticket, by=tech, now=at)
    return services.note_cause(ticket=ticket, cause="SPEAKER", done="Thay loa.", by=tech, now=at)


def test_a_broadcast_after_the_repair_proves_it(stage: Stage, tech: Person) -> None:
    ticket = on_stage(stage, tech)
    stage.device.play(stage.item)
    stage.device.upload()
    heard_at(stage, 0, Verdict.HEARD)
    closed = services.close_ticket(ticket=ticket, by=tech, now=stage.after)
    assert closed.outcome == "PROVEN"
    assert closed.proof["item"] == stage.item.id
    assert (closed.proof["silent_ms"], closed.proof["heard"]) == (0, "heard")
    assert closed.proof["rms_cdb"] == -1800


@pytest.mark.parametrize(("silent_ms", "verdict"), [(4_000, Verdict.HEARD), (0, Verdict.NOT_HEARD)])
def test_what_the_watch_or_the_microphone_contradicts_proves_nothing(
    stage: Stage,
    tech: Person,
    silent_ms: int,
    verdict: Verdict,
) -> None:
    ticket = on_stage(stage, tech)
    stage.device.play(stage.item)
    stage.device.upload()
    heard_at(stage, silent_ms, verdict)
    with refused("no-proof"):
        services.close_ticket(ticket=ticket, by=tech, now=stage.after)
    proof = proof_of(ticket)
    assert proof is not None
    assert not proof.sounds


def test_a_play_before_the_repair_or_a_mute_one_proves_nothing(
    stage: Stage,
    tech: Person,
) -> None:
    ticket = on_stage(stage, tech)
    stage.device.start(stage.item)
    stage.device.end(stage.item, rms_cdb=-9500)
    stage.device.upload()
    with refused("no-proof"):
        services.close_ticket(ticket=ticket, by=tech, now=stage.after)
    Ticket.objects.update(there_at=stage.after)
    assert proof_of(Ticket.objects.get()) is None


def test_a_test_broadcast_is_asked_for_and_begun_by_a_writer(
    there: Ticket, tech: Person, an: Person, now: datetime
) -> None:
    call = services.ask_test(ticket=there, by=tech, now=now)
    assert services.ask_test(ticket=there, by=tech, now=now) == call
    notice = Notice.objects.get(person=an)
    assert notice.title == "Cần phát thử: Cụm Thuận 1"
    services.begin_test(call=call, by=an, now=now)
    bulletin = Bulletin.objects.get()
    assert bulletin.state == "IN_REVIEW"
    assert bulletin.trial.cluster == there.cluster
    with refused("test-begun"):
        services.begin_test(call=call, by=an, now=now)


def test_repairs_stay_with_the_cluster_when_its_device_is_replaced(
    there: Ticket, node: Node, tech: Person, now: datetime
) -> None:
    Node.objects.update(retired_at=now)
    device = device_on(there.cluster, tech, now)
    there.refresh_from_db()
    assert there.node == node
    assert there.cluster.nodes.get(retired_at=None).pk == device.id
