"""The components, as a page calls them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from vang.base.states import LOOKS
from vang.base.widgets import DateInput, DateTimeInput, TimeInput


def show(source: str, **context: Any) -> str:
    request = RequestFactory().get("/list", {"q": "điện", "page": "2"})
    return engines["django"].from_string(source).render(context, request)


class NoticeForm(forms.Form):
    title = forms.CharField(label="Tiêu đề", max_length=20, help_text="Ngắn gọn.")
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea, max_length=50)
    villages = forms.MultipleChoiceField(
        label="Thôn", choices=[("1", "Thuận 1")], widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(label="Ngày", widget=DateInput())
    secret = forms.CharField(widget=forms.HiddenInput, initial="s")


@pytest.mark.parametrize("state", LOOKS)
def test_every_state_has_colour_icon_and_word(state: str) -> None:
    html = show("{% badge state %}", state=state)
    assert 'class="badge tone-' in html
    assert "icons.svg#" in html
    assert str(LOOKS[state].label) in html


def test_a_badge_takes_a_state_as_the_database_or_the_node_writes_it() -> None:
    assert "Chờ duyệt" in show("{% badge 'IN_REVIEW' %}")
    assert "Nhường tin ưu tiên hơn" in show("{% badge 'pre-empted' %}")


def test_an_unknown_state_is_a_mistake_of_ours_and_is_raised() -> None:
    with pytest.raises(KeyError):
        show("{% badge 'gone-fishing' %}")


def test_a_badge_may_say_more_and_escapes_it() -> None:
    html = show("{% badge 'missed' label=reason %}", reason="<b>hết giờ</b>")
    assert "&lt;b&gt;hết giờ" in html


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in show("{% icon 'lock' %}")
    assert 'role="img" aria-label="Khóa"' in show("{% icon 'lock' label='Khóa' %}")


def test_a_moment_is_for_people_and_for_machines() -> None:
    html = show("{% moment at %}", at=datetime(2026, 6, 10, 9, 30, tzinfo=UTC))
    assert html == '<time datetime="2026-06-10T09:30:00+00:00">16:30 10/06/2026</time>'
    assert ">10/06/2026<" in show("{% moment at %}", at=date(2026, 6, 10))
    assert "–" in show("{% moment at %}", at=None)


def test_a_button_is_a_link_an_opener_or_a_submit() -> None:
    assert '<a class="btn btn-primary" href="/x">' in show(
        "{% button 'Đi' url='/x' kind='primary' %}"
    )
    assert 'data-opens="why"' in show("{% button 'Mở' opens='why' %}")
    assert 'name="verb" value="submit"' in show("{% button 'Gửi' name='verb' value='submit' %}")


def test_keys_in_a_form_are_not_written_as_amounts() -> None:
    assert 'value="1250"' in show("{% button 'Dừng' name='item' value=1250 %}")
    choices = [{"value": 1250, "label": "Quế Thuận", "active": True}] * 2
    html = show(
        "{% include 'base/components/unit_switcher.html' %}",
        unit_choices=choices,
        unit_switch_url="/unit",
        current_unit="Quế Thuận",
    )
    assert 'value="1250"' in html


def test_a_limit_set_by_the_field_alone_counts_in_full() -> None:
    class Long(forms.Form):
        text = forms.CharField(widget=forms.Textarea, max_length=50_000)

    form = Long()
    del form.fields["text"].widget.attrs["maxlength"]
    assert 'data-most="50000"' in show("{% field form.text %}", form=form)


def test_a_post_button_carries_the_token() -> None:
    html = show("{% post_button 'Dừng' url='/stop' kind='danger' %}")
    assert '<form method="post" action="/stop">' in html
    assert "csrfmiddlewaretoken" in html


def test_a_confirm_dialog_is_a_form_with_the_token() -> None:
    html = show(
        "{% confirm anchor='back' title='Trả lại' action='/r' label='Trả lại' %}"
        "<p>x</p>{% endconfirm %}"
    )
    assert '<dialog id="back"' in html
    assert "csrfmiddlewaretoken" in html
    assert "<p>x</p>" in html


def test_text_from_people_is_escaped_in_every_block() -> None:
    evil = "<script>x</script>"
    html = show(
        "{% page_header title=e lead=e %}{% endpage_header %}{% card title=e %}{{ e }}{% endcard %}"
        "{% notice title=e %}{{ e }}{% endnotice %}{% exact_text e %}{% difference e e %}"
        "{% empty title=e icon_name='news' text=e %}{% endempty %}{% player src='/a' title=e %}",
        e=evil,
    )
    assert "<script>" not in html


def test_our_empty_stands_inside_the_empty_branch_of_a_loop() -> None:
    source = (
        "{% for row in rows %}{{ row }}{% empty %}"
        "{% empty title='Chưa có gì' icon_name='news' %}{% endempty %}{% endfor %}"
    )
    assert "Chưa có gì" in show(source, rows=[])
    assert show(source, rows=["a"]) == "a"


def test_a_field_has_its_label_help_and_counter() -> None:
    html = show("{% field form.title %}{% field form.note %}", form=NoticeForm())
    assert '<label for="id_title">' in html
    assert 'aria-describedby="id_title_help"' in html
    assert 'data-counts="id_note" data-most="50"' in html
    assert html.count("(không bắt buộc)") == 1


def test_an_error_is_bound_to_its_field_and_listed_above_the_form() -> None:
    form = NoticeForm({"title": "", "day": "2026-06-10"})
    html = show("{% form_errors form %}{% fields form %}", form=form)
    assert 'aria-describedby="id_title_help id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<a href="#id_title">Tiêu đề</a>' in html
    assert 'type="hidden" name="secret"' in html


def test_a_group_of_ticks_is_one_named_set() -> None:
    html = show("{% field form.villages %}", form=NoticeForm())
    assert "<fieldset" in html
    assert "<legend>Thôn" in html
    assert 'for="id_villages_0"' in html


def test_native_pickers_are_given_the_form_they_understand() -> None:
    class Times(forms.Form):
        day = forms.DateField(widget=DateInput())
        hour = forms.TimeField(widget=TimeInput())
        both = forms.DateTimeField(widget=DateTimeInput())

    at = datetime(2026, 6, 10, 16, 30)
    html = show("{{ form }}", form=Times(initial={"day": at.date(), "hour": at.time(), "both": at}))
    assert 'type="date" name="day" value="2026-06-10"' in html
    assert 'type="time" name="hour" value="16:30"' in html
    assert 'type="datetime-local" name="both" value="2026-06-10T16:30"' in html
    sent = Times({"day": "2026-06-10", "hour": "16:30", "both": "2026-06-10T16:30"})
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["day"] == date(2026, 6, 10)


def test_pages_keep_what_was_searched() -> None:
    page = Paginator(range(50), 20).page(2)
    html = show("{% pagination page %}", page=page)
    assert "?q=%C4%91i%E1%BB%87n&amp;page=3" in html
    assert "21–40 trên tổng số 50" in html


def test_one_page_needs_no_pages() -> None:
    assert show("{% pagination page %}", page=Paginator([1], 20).page(1)).strip() == ""


def test_progress_polls_only_while_it_has_where_to_ask() -> None:
    assert 'hx-trigger="every 2s"' in show("{% progress 'Đang đọc' percent=4 poll_url='/p' %}")
    assert "hx-" not in show("{% progress 'Đang đọc' percent=4 %}")


def test_the_fingerprint_is_shown_in_fours() -> None:
    assert "3f9a 17c2 e08b 44d1<" in show("{% exact_text 'x' h %}", h="3f9a17c2e08b44d1ffff")


def test_the_initial_is_that_of_the_given_name() -> None:
    assert show("{{ name|initial }}", name="Nguyễn Văn Ánh") == "Á"


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_error_pages_need_no_context(code: int) -> None:
    html = engines["django"].get_template(f"{code}.html").render()
    assert f"{code}" in html
    assert 'href="/"' in html
