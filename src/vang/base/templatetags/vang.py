"""The console's components. docs/en/interface.md shows each with an example.

The library is built into every template: no ``{% load %}`` is needed.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from vang.base import display
from vang.base.daystrip import Strip
from vang.base.difference import word_changes
from vang.base.languages import language_name
from vang.base.states import Look, look_of
from vang.base.templatetags.field import field_context
from vang.base.theme import theme_of

register = template.Library()
register.filter("vi_date", display.vi_date)
register.filter("vi_time", display.vi_time)
register.filter("vi_datetime", display.vi_datetime)
register.filter("vi_number", display.vi_number)
register.filter("seconds", display.seconds)
register.filter("language", language_name)

HIDDEN = SafeString('aria-hidden="true"')
NOTICE_ICONS = {
    "ok": "circle-check",
    "note": "info-circle",
    "warn": "alert-triangle",
    "bad": "alert-circle",
}
MESSAGE_TONES = {
    "success": "ok",
    "info": "note",
    "debug": "note",
    "warning": "warn",
    "error": "bad",
}


@register.filter
def milliseconds(value: int | None) -> str:
    """A length in milliseconds in words."""
    return display.seconds(None if value is None else value / 1000)


@register.filter
def initial(name: object) -> str:
    """The first letter of the given name, which Vietnamese write last."""
    return (str(name).split() or ["?"])[-1][:1]


@register.filter
def message_tone(level_tag: str) -> str:
    """The tone of one of Django's messages."""
    return MESSAGE_TONES[level_tag]


@register.simple_tag
def icon(name: str, *, label: str = "", large: bool = False) -> SafeString:
    """A drawing of the sprite. Without a label it is decoration and hidden from screen readers."""
    voice = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        " icon-large" if large else "",
        voice,
        static("base/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The person's choice: "light", "dark" or "" (as the device is set)."""
    return theme_of(context.get("request"))


@register.simple_tag
def badge(state: str, label: str = "") -> SafeString:
    """The state of a thing: icon and word on a tint. An own label may tell more."""
    look = look_of(state)
    return format_html(
        '<span class="badge tone-{}{}">{}<span>{}</span></span>',
        look.tone,
        " badge-live" if look.live else "",
        icon(look.icon),
        label or look.label,
    )


@register.simple_tag
def tag(label: str, tone: str = "plain", icon_name: str = "") -> SafeString:
    """A badge for what is not a state, such as a category."""
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="badge tone-{}">{}<span>{}</span></span>', tone, drawing, label)


@register.filter
def look(state: str) -> Look:
    """The look of a state: ``{% with look=item.state|look %}`` gives tone, icon and label."""
    return look_of(state)


@register.simple_tag
def moment(value: date | None, show: str = "") -> SafeString:
    """A ``<time>`` element: an instant as 16:30 10/06/2026, a day as 10/06/2026.

    ``show`` is "date" or "time" to give only that part of an instant. None gives a dash.
    """
    if value is None:
        return format_html('<span class="muted">{}</span>', "–")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), _shown(value, show))


def _shown(value: date, show: str) -> str:
    if show == "date" or not isinstance(value, datetime):
        return display.vi_date(value)
    return display.vi_time(value) if show == "time" else display.vi_datetime(value)


@register.inclusion_tag("base/components/button.html")
def button(
    label: str,
    *,
    url: str = "",
    kind: str = "",
    icon_name: str = "",
    name: str = "",
    value: object = "",
    opens: str = "",
) -> dict[str, Any]:
    """A link (``url``), an opener of a dialog (``opens`` its id), or a submit button.

    ``kind``: "" (outlined), primary, danger, danger-plain, quiet; "primary large" adds a size.
    """
    classes = " ".join(f"btn-{one}" for one in kind.split())
    return {
        "label": label,
        "url": url,
        "classes": classes,
        "icon_name": icon_name,
        "name": name,
        "value": str(value),  # a key of 1250 must not become 1.250
        "opens": opens,
    }


@register.inclusion_tag("base/components/post_button.html", takes_context=True)
def post_button(
    context: Context,
    label: str,
    *,
    url: str,
    kind: str = "",
    icon_name: str = "",
    name: str = "",
    value: object = "",
) -> dict[str, Any]:
    """A button that is a whole POST form, for one act without fields."""
    return {
        "csrf_token": context.get("csrf_token"),
        "action": url,
        **button(label, kind=kind, icon_name=icon_name, name=name, value=value),
    }


@register.inclusion_tag("base/components/field.html", name="field")
def field_tag(bound: forms.BoundField, help_text: str = "") -> dict[str, Any]:
    """A form field: label above, help, error with an icon, the control fitted to its widget."""
    return field_context(bound, help_text)


@register.inclusion_tag("base/components/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of a form in order, hidden ones too. Pair it with ``{% form_errors form %}``."""
    return {"form": form}


@register.inclusion_tag("base/components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What must be put right, at the top of the form, each line leading to its field."""
    wrong = [bound for bound in form.visible_fields() if bound.errors]
    return {"form": form, "wrong": wrong, "general": form.non_field_errors()}


@register.inclusion_tag("base/components/steps.html")
def steps(items: Iterable[tuple[str, str]], label: str = "") -> dict[str, Any]:
    """Where a thing stands: (word, state) with state done, current, problem or todo."""
    return {"items": list(items), "label": label or gettext("Progress")}


@register.inclusion_tag("base/components/tabs.html")
def tabs(items: Iterable[dict[str, Any]], label: str) -> dict[str, Any]:
    """Views of one list, each with its address: dicts of label, url, active, count or None."""
    return {"items": list(items), "label": label}


@register.inclusion_tag("base/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Newer and older pages of a list; other parameters of the address are kept."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    previous = address(page.previous_page_number()) if page.has_previous() else ""
    following = address(page.next_page_number()) if page.has_next() else ""
    return {"page": page, "previous": previous, "following": following}


@register.inclusion_tag("base/components/player.html")
def player(
    *, src: str, title: str, length_ms: int | None = None, trial: bool = False
) -> dict[str, Any]:
    """Sound to listen to, with its title, length, and the mark of the trial voice."""
    return {"src": src, "title": title, "length_ms": length_ms, "trial": trial}


@register.inclusion_tag("base/components/exact_text.html")
def exact_text(text: str, sha256: str = "", lang: str = "vi") -> dict[str, Any]:
    """The very text that will be spoken and shown, letter by letter, with its fingerprint."""
    return {
        "text": text,
        "lang": lang,
        "fingerprint": " ".join(sha256[i : i + 4] for i in range(0, 16, 4)).strip(),
    }


@register.inclusion_tag("base/components/difference.html")
def difference(before: str, after: str) -> dict[str, Any]:
    """What changed between two texts, words struck out and words added."""
    return {"changes": word_changes(before, after)}


@register.inclusion_tag("base/components/day.html")
def day(strip: Strip, *, table: bool = True) -> dict[str, Any]:
    """The timeline of a day, then a table of it unless ``table=False`` (the page has its own)."""
    return {"strip": strip, "table": table}


@register.inclusion_tag("base/components/progress.html")
def progress(label: str, percent: int | None = None, poll_url: str = "") -> dict[str, Any]:
    """Work under way. With ``poll_url`` it replaces itself by that address's answer every 2 s.

    The answer is this component again, or whatever stands in its place when the work is over.
    ``percent`` None shows movement without a figure.
    """
    return {"label": label, "percent": percent, "poll_url": poll_url}


@register.inclusion_tag("base/components/trial_voice.html")
def trial_voice_notice() -> dict[str, Any]:
    """The warning that stands wherever the trial voice is heard."""
    return {}


@register.inclusion_tag("base/components/demonstration.html")
def demonstration_banner() -> dict[str, Any]:
    """The banner of an installation with invented data."""
    return {}


def _block(name: str, **values: Any) -> SafeString:
    return render_to_string(f"base/components/{name}.html", values)


@register.simple_block_tag
def page_header(
    content: str, *, title: str, lead: str = "", back_url: str = "", back_label: str = ""
) -> SafeString:
    """The head of a page; its actions stand between the tags."""
    return _block(
        "page_header",
        title=title,
        lead=lead,
        back_url=back_url,
        back_label=back_label,
        actions=content.strip() and content,
    )


@register.simple_block_tag
def card(
    content: str,
    *,
    title: str = "",
    icon_name: str = "",
    flush: bool = False,
    sun: bool = False,
    anchor: str = "",
) -> SafeString:
    """A sheet of paper. ``flush`` lets a table reach its edges; ``sun`` marks what matters most."""
    return _block(
        "card",
        content=content,
        title=title,
        icon_name=icon_name,
        flush=flush,
        sun=sun,
        anchor=anchor,
    )


@register.simple_block_tag
def notice(
    content: str, *, kind: str = "note", title: str = "", urgent: bool = False
) -> SafeString:
    """A remark: ``kind`` ok, note, warn or bad; ``urgent`` is read out at once."""
    return _block(
        "notice",
        content=content,
        kind=kind,
        title=title,
        icon_name=NOTICE_ICONS[kind],
        role="alert" if urgent else "",
    )


@register.simple_block_tag
def empty(content: str, *, title: str, icon_name: str, text: str = "") -> SafeString:
    """A list that is still empty: what will stand here, and (between the tags) how to begin."""
    return _block(
        "empty", title=title, icon_name=icon_name, text=text, actions=content.strip() and content
    )


@register.simple_block_tag
def danger_zone(content: str, *, title: str, text: str) -> SafeString:
    """An act with weight, such as stopping all loudspeakers; its button stands between the tags."""
    return _block("danger_zone", content=content, title=title, text=text)


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    *,
    anchor: str,
    title: str,
    action: str,
    label: str,
    kind: str = "primary",
) -> SafeString:
    """A dialog with a POST form: fields or text between the tags, then "label" and a way out.

    ``{% button "Return" opens="return" %}`` opens the one with anchor="return".
    """
    return _block(
        "confirm",
        content=content,
        anchor=anchor,
        title=title,
        action=action,
        label=label,
        kind=kind,
        csrf_token=context.get("csrf_token"),
    )


@register.simple_block_tag
def dialog(content: str, *, anchor: str, title: str) -> SafeString:
    """A dialog that only shows something."""
    return _block("dialog", content=content, anchor=anchor, title=title)
