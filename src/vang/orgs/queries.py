"""Finding units as they are on a day."""

from datetime import date

from django.db.models import Q, QuerySet

from vang.orgs.models import Unit

_DEEPEST = 4  # province, district, commune, village


def valid_on(on: date) -> Q:
    """The condition that a dated row is in force on ``on``."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def unit_by_code(code: str, on: date) -> Unit:
    """The unit that bears ``code`` on that day. Raises Unit.DoesNotExist."""
    return Unit.objects.get(valid_on(on), code=code)


def ancestors(unit: Unit) -> list[Unit]:
    """The unit itself, then its parents up to the province."""
    line = [unit]
    while (parent := line[-1].parent) is not None and len(line) < _DEEPEST:
        line.append(parent)
    return line


def villages(unit: Unit, on: date) -> QuerySet[Unit]:
    """Thôn, tổ dân phố of a commune."""
    return Unit.objects.filter(valid_on(on), parent=unit, level=Unit.Level.VILLAGE).order_by(
        "name", "code"
    )


def at_or_under(units: QuerySet[Unit]) -> Q:
    """The condition that a unit is among ``units`` or stands under one of them."""
    found = Q(pk__in=units)
    for depth in range(1, _DEEPEST):
        found |= Q(**{"__".join(["parent"] * depth) + "__in": units})
    return found


def below(units: QuerySet[Unit], level: str, on: date) -> QuerySet[Unit]:
    """All units of ``level`` that are among ``units`` or stand under one of them."""
    found = Unit.objects.filter(valid_on(on), at_or_under(units), level=level)
    return found.order_by("name", "code")


def territory(unit: Unit) -> Unit:
    """The unit whose people it speaks to: of an office, the unit that it belongs to."""
    above = unit.parent if unit.level == Unit.Level.OFFICE else None
    return above or unit


def communes_below(unit: Unit, on: date) -> QuerySet[Unit]:
    """The communes of a district or province; of a commune, itself."""
    return below(Unit.objects.filter(pk=unit.pk), Unit.Level.COMMUNE, on)
