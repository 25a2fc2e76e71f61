"""Boundaries of areas as GeoJSON (RFC 7946): what strangers' files may hold. Pure."""

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text

MAX_BYTES = 2_000_000
MOST_POINTS = 50_000
MOST_AREAS = 2_000
_NAMES = ("name", "ten", "Ten", "TEN", "NAME", "NAME_3", "NAME_2", "ten_xa", "tenXa")
_AREAS = {"Polygon": 2, "MultiPolygon": 3, "LineString": 1, "MultiLineString": 2}
"""How deep the lists of points lie."""
_DECIMALS = 5


def read_boundary(content: bytes) -> str:
    """The areas and lines alone, each with its name, rounded to a metre, as compact JSON.

    Raises Refusal.
    """
    if len(content) > MAX_BYTES:
        raise Refusal("boundary-too-large", _("The file is larger than 2 MB. Simplify it first."))
    try:
        told = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _wrong(_("It is no GeoJSON: it cannot be read as JSON.")) from error
    left = _Left()
    areas = [_feature(one, left) for one in _features(told)]
    if not areas:
        raise _wrong(_("It holds no areas."))
    return json.dumps(
        {"type": "FeatureCollection", "features": areas},
        ensure_ascii=False,
        separators=(",", ":"),
    )


class _Left:
    """How many points may still come."""

    def __init__(self) -> None:
        self.points = MOST_POINTS

    def take(self) -> None:
        self.points -= 1
        if self.points < 0:
            raise _wrong(_("It has more than 50,000 points. Simplify it first."))


def _features(told: Any) -> list[Any]:
    if not isinstance(told, dict):
        raise _wrong(_("It is no GeoJSON object."))
    if told.get("type") == "FeatureCollection":
        found = told.get("features")
        if not isinstance(found, list) or len(found) > MOST_AREAS:
            raise _wrong(_("It has no features, or more than 2,000."))
        return found
    return [told if told.get("type") == "Feature" else {"type": "Feature", "geometry": told}]


def _feature(told: Any, left: _Left) -> dict[str, Any]:
    geometry = told.get("geometry") if isinstance(told, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in _AREAS:
        raise _wrong(_("Only areas and lines can be shown, in degrees (WGS 84)."))
    points = _points(geometry.get("coordinates"), _AREAS[kind], left)
    return {
        "type": "Feature",
        "properties": {"name": _name(told.get("properties"))},
        "geometry": {"type": kind, "coordinates": points},
    }


def _name(properties: Any) -> str:
    if not isinstance(properties, dict):
        return ""
    found = (properties.get(key) for key in _NAMES)
    return next((clean_text(one)[:120] for one in found if isinstance(one, str)), "")


def _points(told: Any, depth: int, left: _Left) -> list[Any]:
    if not isinstance(told, list):
        raise _wrong(_("A point is missing."))
    if depth == 0:
        return _point(told, left)
    return [_points(one, depth - 1, left) for one in told]


def _point(told: list[Any], left: _Left) -> list[float]:
    left.take()
    pair = told[:2]
    if len(pair) != 2 or not all(type(one) in (int, float) for one in pair):
        raise _wrong(_("A point is missing."))
    longitude, latitude = pair
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise _wrong(_("Its points are not in degrees (WGS 84): export it in EPSG:4326."))
    return [round(longitude, _DECIMALS), round(latitude, _DECIMALS)]


def _no_number(_told: str) -> float:
    raise ValueError("not a number")


def _wrong(why: str | Promise) -> Refusal:
    return Refusal("boundary-unusable", why)
