"""The views of a list as tabs above it: ``?view=NAME``."""

from collections.abc import Mapping


def tabs(
    labels: Mapping[str, str], chosen: str, counts: Mapping[str, int] | None = None
) -> list[dict[str, object]]:
    """One tab a view, in the order of ``labels``, with how many wait there where it is told."""
    told = counts or {}
    return [
        {"label": label, "url": f"?view={name}", "active": name == chosen, "count": told.get(name)}
        for name, label in labels.items()
    ]
