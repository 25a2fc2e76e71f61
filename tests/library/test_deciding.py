"""A person's word on what was recognised, and the bulletin made from it."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from tests.library.formats.making import docx
from tests.library.material import NOTICE, notice
from vang.base.refusals import Refusal
from vang.library import services
from vang.library.drafting import citation, draft_of, parts_of
from vang.library.models import DocumentField, Item
from vang.library.typed_days import typed_day
from vang.people.models import Person

Bring = Callable[..., Item]


def field(item: Item, name: str, place: int = 0) -> DocumentField:
    return item.fields.select_related("item__unit").get(name=name, place=place)


def test_accepting_editing_and_leaving_out_are_kept_with_who_and_when(
    document: Item, an: Person, now: datetime
) -> None:
    number = services.decide_field(
        field=field(document, "number"), value="45/TB-UBND", by=an, now=now
    )
    edited = services.decide_field(
        field=field(document, "number"), value="46/TB-UBND", by=an, now=now
    )
    dropped = services.decide_field(field=field(document, "issuer"), value=None, by=an, now=now)
    assert [number.state, edited.state, dropped.state] == ["ACCEPTED", "EDITED", "DROPPED"]
    assert (edited.found, edited.value, edited.decided_by) == ("45/TB-UBND", "46/TB-UBND", an)
    document.document.refresh_from_db()
    assert (document.document.number, document.document.issuer) == ("46/TB-UBND", "")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("number", "  ", "field-empty"), ("issued_on", "hôm qua", "field-no-day"),
     ("abstract", "a" * 2001, "field-too-long")],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_decided(
    document: Item, an: Person, now: datetime, name: str, value: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        services.decide_field(field=field(document, name), value=value, by=an, now=now)
    assert refused.value.code == code
    assert field(document, name).state == "OFFERED"


def test_everything_sure_is_accepted_at_once_and_the_rest_stays_open(
    bring: Bring, an: Person, now: datetime
) -> None:
    head, _number, *rest = NOTICE
    item = bring(docx(head, "Số:     /TB-UBND", *rest))
    count = services.accept_sure_fields(item=item, by=an, now=now)
    assert count == item.fields.filter(state="ACCEPTED").count() > 4
    assert field(item, "number").state == "OFFERED"
    item.document.refresh_from_db()
    assert item.document.number == ""
    assert item.document.issued_on == date(2026, 6, 8)


def test_a_draft_has_title_body_and_source_but_no_head_and_recipients(document: Item) -> None:
    drafted = draft_of(document)
    assert drafted.title == "Thông báo về việc tạm ngừng cung cấp điện"
    assert drafted.text == (
        "Theo Thông báo số 45/TB-UBND ngày 08/06/2026 của Ủy ban nhân dân xã Quế Thuận:\n\n"
        "UBND xã thông báo lịch cắt điện như sau:\n1. Thôn Thuận 1: từ 8 giờ đến 11 giờ."
    )


def test_a_draft_follows_what_a_person_decided(document: Item, an: Person, now: datetime) -> None:
    services.decide_field(field=field(document, "issuer"), value="UBND xã", by=an, now=now)
    services.decide_field(field=field(document, "number"), value=None, by=an, now=now)
    assert draft_of(document).source == "Theo Thông báo ngày 08/06/2026 của UBND xã"


def test_a_secret_document_gives_no_draft_until_the_mark_is_left_out(
    bring: Bring, an: Person, now: datetime
) -> None:
    item = bring(notice(mark="MẬT"))
    assert item.document.secrecy == "Mật"
    with pytest.raises(Refusal) as refused:
        draft_of(item)
    assert refused.value.code == "document-secret"
    services.decide_field(field=field(item, "secrecy"), value=None, by=an, now=now)
    assert draft_of(item).title


def test_a_part_of_a_long_document_can_be_taken_alone(bring: Bring) -> None:
    *head, _first, _tm, _post, _name, _to, _copy = NOTICE
    body = ["I. MỤC ĐÍCH", "Để an toàn.", "II. NỘI DUNG", "Cắt điện thôn 1.", "Cắt điện thôn 2."]
    item = bring(docx(*head, *body, *NOTICE[-5:]))
    parts = parts_of(item.document)
    assert [part.section.mark for part in parts] == ["I.", "II."]
    text = draft_of(item, parts[1].number).text
    assert text.endswith("II. NỘI DUNG\nCắt điện thôn 1.\nCắt điện thôn 2.")
    assert "Để an toàn" not in text


def test_an_ordinary_document_gives_its_whole_text(bring: Bring) -> None:
    item = bring(docx("Mời bà con họp thôn.", "Lúc 19 giờ."))
    drafted = draft_of(item)
    assert (drafted.source, drafted.text) == ("", "Mời bà con họp thôn.\nLúc 19 giờ.")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"kind": "Công văn", "number": "12/UBND-VX"}, "Theo Công văn số 12/UBND-VX"),
        ({"kind": "Thông báo", "number": "/TB-UBND", "issuer": "UBND xã"},
         "Theo Thông báo của UBND xã"),
        ({"kind": "Thông báo"}, ""),
        ({"number": "12/UBND-VX"}, ""),
    ],
)  # fmt: skip
def test_sources_are_cited_as_officials_cite(values: dict[str, str], told: str) -> None:
    assert citation(values) == told


def test_days_are_typed_as_vietnamese_write_them() -> None:
    assert typed_day("issued_on", " 8/6/2026 ") == "2026-06-08"
    assert typed_day("issued_on", "31/02/2026") == "31/02/2026"
    assert typed_day("number", "8/6/2026") == "8/6/2026"
