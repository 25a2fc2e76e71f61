"""The larger components as they come out of a template."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from vang.base.charts import Chart, by_day
from vang.base.matrices import Cell, Matrix, MatrixRow
from vang.base.templatetags.panels import chips_of
from vang.base.threads import Remark

AT = datetime(2026, 6, 10, 12, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
BAD = "<script>alert(1)</script>"


def rendered(template: str, **context: Any) -> str:
    return Template(template).render(Context({**context, "request": RequestFactory().get("/")}))


class Filters(forms.Form):
    state = forms.ChoiceField(label="Trạng thái", choices=[("", "Mọi"), ("DRAFT", "Bản thảo")])
    since = forms.DateField(label="Từ ngày", required=False)
    words = forms.CharField(label="Từ khóa", required=False)


def test_what_is_filtered_stands_as_chips_that_can_be_dropped() -> None:
    query = QueryDict("state=DRAFT&since=2026-06-01&words=&page=3")
    found = {chip["label"]: chip for chip in chips_of(Filters(query), query)}
    assert found["Trạng thái"]["words"] == "Bản thảo"
    assert found["Từ ngày"]["words"] == "01/06/2026"
    assert "Từ khóa" not in found
    assert QueryDict(found["Trạng thái"]["url"][1:]).dict() == {"since": "2026-06-01", "words": ""}


def test_nonsense_in_the_address_makes_no_chip() -> None:
    query = QueryDict("state=NOWHERE&since=yesterday")
    assert chips_of(Filters(query), query) == []


def test_a_text_beside_another_shows_what_went_and_what_came() -> None:
    page = rendered(
        "{% side_by_side a b before_title='Cũ' after_title='Mới' %}",
        a=f"từ 6h30 {BAD}",
        b=f"từ 7h00 {BAD}",
    )
    left, right = page.split('aria-label="Mới"')
    assert "<del>" in left
    assert "<ins>" not in left
    assert "<ins>" in right
    assert BAD not in page


def test_a_talk_offers_to_answer_only_where_one_may() -> None:
    open_, shut = (Remark("1", "An", AT, BAD, reply_url=url) for url in ("/answer", ""))
    page = rendered("{% thread remarks %}", remarks=[open_])
    assert 'action="/answer"' in page
    assert BAD not in page
    assert "<form" not in rendered("{% thread remarks %}", remarks=[shut])


def test_a_matrix_says_in_words_what_it_marks() -> None:
    cells = [Cell(state="yes"), Cell(state="no"), Cell("dài quá", "part"), Cell(state="missed")]
    page = rendered(
        "{% matrix m %}",
        m=Matrix("Phiên bản", "Ngôn ngữ", "abcd", [MatrixRow("Cơ Tu", cells)]),
    )
    for words in ("có", "không", "dài quá", "Không phát được"):
        assert words in page


def test_a_chart_has_all_its_figures_in_a_table() -> None:
    told = Chart("c", BAD, "Ngày", ("Phút",), [by_day(date(2026, 6, 10), (1234.5,))], decimals=1)
    page = rendered("{% chart told %}", told=told)
    assert "1.234,5" in page
    assert 'data-day="2026-06-10"' in page
    assert 'data-value="1234.5"' in page
    assert BAD not in page
