"""What lies under the map."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.equipment.models import Ground


class GroundForm(forms.Form):
    """What lies under the map."""

    boundary = forms.FileField(
        label=_("Boundaries (GeoJSON)"), required=False,
        help_text=_("Areas or lines in degrees (WGS 84), at most 2 MB. The map works without."),
    )  # fmt: skip
    drop_boundary = forms.BooleanField(label=_("Remove the boundaries"), required=False)
    tiles = forms.CharField(
        label=_("Address of map tiles"), max_length=300, required=False,
        help_text=_(
            "Of a server that you may use: https://example.vn/{z}/{x}/{y}.png. Empty: no tiles, "
            "and no browser asks anybody else."
        ),
    )  # fmt: skip
    credit = forms.CharField(
        label=_("Source of the tiles"), max_length=200, required=False,
        help_text=_("Shown on the map, as its licence asks."),
    )  # fmt: skip


def known_ground(ground: Ground | None) -> dict[str, Any]:
    return {"tiles": ground.tiles, "credit": ground.credit} if ground else {}
