"""The cells of the logbook in words."""

from django.utils.translation import gettext as _

from vang.base.display import local, seconds, vi_time
from vang.bulletins.models import Priority
from vang.evidence.logbook.lines import Line, Play, Totals
from vang.evidence.words import reason_words


def source_words(line: Line) -> str:
    """Own, or whose programme was relayed."""
    if line.relayed_from:
        return _("Relay: %(source)s") % {"source": line.relayed_from}
    return _("Own")


def heard_words(line: Line) -> str:
    """The clusters where it was heard; one where it was cut short says how far it came."""
    heard = line.heard
    if len(heard) > 3 and len(heard) == len(line.plays) and not any(p.in_part for p in heard):
        return _("All %(n)d clusters") % {"n": len(heard)}
    return ", ".join(_with_part(play) for play in heard)


def _with_part(play: Play) -> str:
    if not play.in_part:
        return play.cluster
    words = {"cluster": play.cluster, "length": _length(play.played_ms)}
    told = _("%(cluster)s (only %(length)s") % words
    return f"{told}: {reason_words(play.reason)})"


def not_heard_words(line: Line) -> str:
    """Clusters by reason: the clusters of one fault stand together."""
    reasons: dict[str, list[str]] = {}
    for play in line.not_heard:
        why = reason_words(play.reason) or _("taken off the plan before it began")
        reasons.setdefault(why, []).append(play.cluster)
    for play in line.open:
        reasons.setdefault(_("the device has not reported"), []).append(play.cluster)
    return "; ".join(f"{', '.join(clusters)}: {why}" for why, clusters in reasons.items())


def people_words(line: Line) -> str:
    written = _("Written: %(names)s") % {"names": ", ".join(line.writers)}
    approved = _("Approved: %(name)s") % {"name": line.approver}
    return f"{written}\n{approved}"


def remarks(line: Line) -> str:
    told = []
    if line.priority and line.priority != Priority.NORMAL:
        told.append(_capital(str(Priority(line.priority).label)))
    if line.stop:
        words = {"time": vi_time(line.stop.at), "name": line.stop.by}
        told.append(_("Stopped at %(time)s by %(name)s") % words)
    if line.trial_voice:
        told.append(_("Trial voice"))
    return "; ".join(told)


def began_words(line: Line) -> str:
    """The planned time; the actual one, with seconds, beside it."""
    planned = vi_time(line.start)
    if line.began is None:
        return planned
    return f"{planned}\n({local(line.began).strftime('%H:%M:%S')})"


def category_words(line: Line) -> str:
    return _capital(line.category)


def total_words(told: Totals) -> list[str]:
    """The lines under the table."""
    counts = {"sessions": told.sessions, "items": told.items}
    words = [
        _("Sessions: %(sessions)d; items broadcast: %(items)d.") % counts,
        _("Time on the air: %(all)s (own %(own)s, relayed %(relayed)s).")
        % {
            "all": _length(told.sounded_ms),
            "own": _length(told.own_ms),
            "relayed": _length(told.relayed_ms),
        },
    ]
    if told.by_category:
        parts = [f"{_capital(name)} {_length(ms)}" for name, ms in told.by_category.items()]
        words.append(_("By category: %(parts)s.") % {"parts": "; ".join(parts)})
    if told.silent:
        words.append(_("Not broadcast on any cluster: %(n)d.") % {"n": told.silent})
    if told.open:
        words.append(_("Still without a report of the devices: %(n)d.") % {"n": told.open})
    return words


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _length(ms: int) -> str:
    return seconds(ms / 1000)
