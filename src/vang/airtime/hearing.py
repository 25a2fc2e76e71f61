"""Which clusters would hear one bulletin in which language, and what it lacks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import Placement
from vang.airtime.timeline import UnitAirtime
from vang.airtime.wishes import Wish, in_each_language, with_hearers
from vang.base.languages import VIETNAMESE, language_name
from vang.base.refusals import Refusal

Instead = Placement.Instead


@dataclass(frozen=True)
class Hearing:
    """``lengths``: language → ms of its sound, Vietnamese among them. ``missing``: what the placer
    decided for clusters whose language is not: silence, or the Vietnamese. ``only``: the clusters
    it is limited to, if any."""

    air: UnitAirtime
    audience: tuple[str, ...]
    lengths: Mapping[str, int]
    missing: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()

    @property
    def reached(self) -> dict[str, list[str]]:
        """By language of their hearers: codes of the clusters that reach the audience."""
        found: dict[str, list[str]] = {}
        for code in self.air.reached(self.audience, None, self.only):
            found.setdefault(self.air.tongues.get(code, VIETNAMESE), []).append(code)
        return found

    @property
    def lacking(self) -> dict[str, list[str]]:
        """The same for the languages that the bulletin cannot be heard in."""
        return {lang: codes for lang, codes in self.reached.items() if lang not in self.lengths}

    @property
    def in_vietnamese(self) -> list[str]:
        """The lacking languages whose clusters hear the Vietnamese."""
        decided = self.missing.get
        return [lang for lang in self.lacking if decided(lang) == Instead.VIETNAMESE]

    @property
    def hearers(self) -> frozenset[str]:
        """The languages of the clusters that play anything."""
        return frozenset({*self.lengths, *self.in_vietnamese})

    @property
    def played(self) -> dict[str, list[str]]:
        """By language of the sound: codes of the clusters that play it."""
        found: dict[str, list[str]] = {}
        for language, codes in self.reached.items():
            if language in self.hearers:
                spoken = language if language in self.lengths else VIETNAMESE
                found.setdefault(spoken, []).extend(codes)
        return found

    @property
    def silent(self) -> list[str]:
        """Codes, sorted, of the clusters that reach the audience and play nothing."""
        reached = self.reached.items()
        return sorted(c for lang, codes in reached if lang not in self.hearers for c in codes)

    @property
    def longest_ms(self) -> int:
        """Length of the longest sound that is played; of the Vietnamese when none is."""
        lengths = [self.lengths[language] for language in self.played]
        return max(lengths, default=self.lengths[VIETNAMESE])

    def wishes(self, main: Wish) -> list[Wish]:
        """One a language that somebody hears; ``main`` is the Vietnamese one."""
        further = {lang: ms for lang, ms in self.lengths.items() if lang != VIETNAMESE}
        wishes = in_each_language(main, further, self.in_vietnamese)
        return with_hearers(wishes, self.air.clusters, self.air.tongues)

    def check_decided(self) -> None:
        """Raises Refusal("language-missing") naming what nobody has decided about."""
        open_ones = [lang for lang in self.lacking if self.missing.get(lang) not in Instead]
        if open_ones:
            names = ", ".join(map(language_name, open_ones))
            raise Refusal("language-missing", format_lazy(_LANGUAGE_MISSING, languages=names))

    @property
    def decisions(self) -> dict[str, str]:
        """What the placement records: of the lacking languages alone."""
        return {language: self.missing[language] for language in self.lacking}


_LANGUAGE_MISSING = _(
    "Some loudspeakers speak {languages}, and this bulletin has no recording in it. Choose what is "
    "heard there: nothing, or the Vietnamese."
)
