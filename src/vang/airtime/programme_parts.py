"""Reading rundowns and gap fill: what the station's own sounds wish, for many communes at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from vang.airtime.filling import Fill, Track
from vang.airtime.models import ProgrammePart, StationSound
from vang.airtime.recurrence import MOVE_REACH, Rule
from vang.airtime.rules import Rules
from vang.airtime.wishes import Kind, Wish
from vang_protocol.plans import Priority

FRAMES = (StationSound.Kind.TUNE, StationSound.Kind.CLOSING)
_COLUMNS = (
    "pk",
    "kind",
    "place",
    "source",
    "lasts_s",
    "relay_id",
    "from_day",
    "to_day",
    "added_at",
    "sound_id",
    "sound__kind",
    "sound__title",
    "sound__retired_at",
    "sound__rendition__duration_ms",
    "programme_id",
    "programme__unit_id",
    "programme__name",
    "programme__fill_s",
    "programme__on_holidays",
    "programme__starts_at",
    "programme__zone",
    "programme__weekdays",
    "programme__valid_from",
    "programme__valid_to",
)


def airable(sounds: QuerySet[StationSound]) -> QuerySet[StationSound]:
    """Approved, and still the very file that was approved."""
    return sounds.filter(
        approved_at__isnull=False, approved_sha256=F("rendition__sha256"), retired_at=None
    )


def part_wishes(
    keys: Collection[int], first: date, last: date, rules: Rules
) -> tuple[dict[int, list[Wish]], "Programmes"]:
    """By unit, what the parts of its programmes wish on those days. One query."""
    rows = ProgrammePart.objects.filter(
        Q(sound=None)
        | Q(
            sound__approved_at__isnull=False,
            sound__approved_sha256=F("sound__rendition__sha256"),
        ),
        Q(to_day=None) | Q(to_day__gte=first - MOVE_REACH),
        from_day__lte=last + MOVE_REACH,
        programme__unit__in=keys,
    )
    wishes: dict[int, list[Wish]] = defaultdict(list)
    programmes = Programmes()
    for row in rows.order_by("pk").values_list(*_COLUMNS, named=True):
        rule = rules.rule(row, row.programme__unit_id)
        wishes[row.programme__unit_id].append(_wish(row, rule))
        programmes.note(row.programme__unit_id, row, rules)
    return wishes, programmes


def _wish(row: Any, rule: Rule) -> Wish:
    window = row.kind == ProgrammePart.Kind.WINDOW
    length = row.lasts_s * 1000 if window else row.sound__rendition__duration_ms
    return Wish(
        placement=-row.pk,
        edition="",
        title=row.source if window else row.sound__title,
        priority=Priority.NORMAL,
        duration_ms=length,
        audience=(),
        kind=Kind.PROGRAMME,
        when=rule,
        placed_at=row.added_at,
        stopped_at=row.sound__retired_at,
        programme=row.programme_id,
        part=row.place,
        sound=row.sound_id or 0,
        frame=row.sound__kind in FRAMES,
        reserved=window,
        relay=row.relay_id or 0,
    )


@dataclass
class Programmes:
    """Names of the programmes met, and which of them are filled up with music."""

    names: dict[int, dict[int, str]] = field(default_factory=dict)
    _fills: dict[int, dict[int, tuple[Rule, int]]] = field(default_factory=dict)

    def note(self, unit: int, row: Any, rules: Rules) -> None:
        known = self.names.setdefault(unit, {})
        if row.programme_id in known:
            return
        known[row.programme_id] = row.programme__name
        if row.programme__fill_s:
            own = replace(
                rules.rule(row, unit), first=row.programme__valid_from, last=row.programme__valid_to
            )
            filled = self._fills.setdefault(unit, {})
            filled[row.programme_id] = own, row.programme__fill_s * 1000

    def fills(self) -> Mapping[int, list[Fill]]:
        """By unit, what fills its programmes. One query, none where nothing is filled."""
        if not self._fills:
            return {}
        music = airable(StationSound.objects.filter(kind=StationSound.Kind.MUSIC))
        rows = music.filter(unit__in=self._fills).order_by("unit", "title", "pk")
        tracks: dict[int, list[Track]] = defaultdict(list)
        for unit, pk, title, length in rows.values_list(
            "unit_id", "pk", "title", "rendition__duration_ms"
        ):
            tracks[unit].append(Track(pk, title, length))
        return {
            unit: [
                Fill(programme, rule, length, tuple(tracks[unit]))
                for programme, (rule, length) in sorted(filled.items())
            ]
            for unit, filled in self._fills.items()
        }
