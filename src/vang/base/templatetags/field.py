"""How a form field is laid out: which of the field templates, and the attributes of its control."""

from typing import Any

from django import forms
from django.forms.widgets import Widget

SHAPES: tuple[tuple[type[Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "ticks"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "tick"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "group"),
    (forms.Textarea, "text"),
)


def field_context(bound: forms.BoundField, help_text: str = "") -> dict[str, Any]:
    """What ``base/components/field.html`` needs to show one bound field."""
    widget = bound.field.widget
    shape = next((name for kind, name in SHAPES if isinstance(widget, kind)), "line")
    help_text = str(help_text or bound.help_text)
    return {
        "bound": bound,
        "shape": shape,
        "help_text": help_text,
        "help_id": f"{bound.auto_id}_help" if help_text else "",
        "error_id": f"{bound.auto_id}_error" if bound.errors else "",
        "optional": not bound.field.required and shape != "tick",
        "control": _control(bound, shape, help_text),
        "most": str(
            widget.attrs.get("maxlength") or getattr(bound.field, "max_length", None) or ""
        ),
        "accept": widget.attrs.get("accept", ""),
    }


def _control(bound: forms.BoundField, shape: str, help_text: str) -> str:
    if shape in {"ticks", "choices"}:
        return ""
    described = [f"{bound.auto_id}_help"] if help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)
