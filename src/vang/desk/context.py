"""What every console page is given."""

from typing import Any

from django.http import HttpRequest


def console(_request: HttpRequest) -> dict[str, Any]:
    """The side navigation of the signed-in person's unit."""
    return {"navigation": []}
