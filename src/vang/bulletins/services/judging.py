"""What needs more than an approver: sensitive topics, and what is confirmed by name."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import Bulletin, Confirmation, SensitiveTopic
from vang.bulletins.notices import tell_leaders
from vang.bulletins.queries import checklists_at, confirmed_by
from vang.bulletins.services.guarding import locked, newest
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, roles
from vang.people.models import Person
from vang.review.checklists import unconfirmed
from vang.review.sensitive import MAX_TOPIC, common_topics
from vang.review.verbs import EDIT, NEWSROOM, Verb

_OPEN = EDIT.sources


def decide_sensitivity(
    *, bulletin: Bulletin, sensitive: bool, by: Person, now: datetime
) -> Bulletin:
    """Say whether a leader must approve it. Raises Refusal.

    Anybody of the newsroom may call it sensitive; once it is, only a leader, or who said so while
    it was still being written, may take that back.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        held = roles(by, fresh.unit, local_date(now))
        if held.isdisjoint(NEWSROOM):
            raise Refusal("not-in-newsroom", _NOT_YOURS)
        if fresh.state not in _OPEN:
            raise Refusal("wrong-state", EDIT.only_when)
        if fresh.sensitive == sensitive:
            return fresh
        if fresh.sensitive and not _may_take_back(fresh, by, held):
            raise Refusal("needs-leader", _LEADER_TAKES_BACK)
        fresh.sensitive, fresh.sensitive_by = sensitive, by
        fresh.save(update_fields=["sensitive", "sensitive_by"])
        action = "call-sensitive" if sensitive else "call-not-sensitive"
        record(action, f"bulletin:{fresh.pk}", by=by, unit=fresh.unit, now=now)
        if sensitive and fresh.state == Bulletin.State.IN_REVIEW:
            tell_leaders(fresh, by=by, now=now)
    return fresh


def _may_take_back(bulletin: Bulletin, by: Person, held: Collection[str]) -> bool:
    being_written = bulletin.state in {Bulletin.State.DRAFT, Bulletin.State.RETURNED}
    return Role.LEADER in held or (being_written and bulletin.sensitive_by_id == by.pk)


def confirm(
    verb: Verb, bulletin: Bulletin, confirmed: Collection[str], *, by: Person, now: datetime
) -> None:
    """Keep what the person confirmed with the newest version. Raises Refusal for what is open.

    Within the caller's transaction, which holds the bulletin.
    """
    version = newest(bulletin)
    asked = checklists_at(verb, bulletin, version)
    known = confirmed_by(version, verb, by)
    missing = unconfirmed(asked, {*confirmed, *known})
    if missing:
        raise Refusal("not-confirmed", format_lazy(_NOT_CONFIRMED, words=str(missing[0].words)))
    Confirmation.objects.bulk_create(
        Confirmation(
            version=version,
            verb=verb.name,
            checklist=one.code,
            edition=one.edition,
            item=item.key,
            words=item.words.vi,
            by=by,
            at=now,
        )
        for one in asked
        for item in one.items
        if item.key not in known
    )


def add_topic(*, unit: Unit, words: str, by: Person, now: datetime) -> SensitiveTopic:
    """Put words on the unit's list of sensitive topics, or back on it. Raises Refusal."""
    _require_judge(unit, by, now)
    clean = " ".join(clean_text(words).split()).lower()
    if not any(letter.isalnum() for letter in clean):
        raise Refusal("topic-missing", _TOPIC_MISSING)
    if len(clean) > MAX_TOPIC:
        raise Refusal("topic-too-long", _TOPIC_LONG)
    return _keep_topic(unit, clean, left_out=False, by=by, now=now)


def leave_out_topic(*, unit: Unit, words: str, by: Person, now: datetime) -> None:
    """Take words off the unit's list. Raises Refusal."""
    _require_judge(unit, by, now)
    if words in common_topics():
        _keep_topic(unit, words, left_out=True, by=by, now=now)
        return
    with transaction.atomic():
        SensitiveTopic.objects.filter(unit=unit, words=words).delete()
        record("leave-out-topic", f"unit:{unit.code}", by=by, unit=unit, now=now, words=words)


def _keep_topic(
    unit: Unit, words: str, *, left_out: bool, by: Person, now: datetime
) -> SensitiveTopic:
    with transaction.atomic():
        topic, _made = SensitiveTopic.objects.update_or_create(
            unit=unit,
            words=words,
            defaults={"left_out": left_out, "changed_by": by, "changed_at": now},
        )
        action = "leave-out-topic" if left_out else "add-topic"
        record(action, f"unit:{unit.code}", by=by, unit=unit, now=now, words=words)
    return topic


def _require_judge(unit: Unit, by: Person, now: datetime) -> None:
    if roles(by, unit, local_date(now)).isdisjoint({Role.APPROVER, Role.LEADER}):
        raise Refusal("not-an-approver", _ONLY_APPROVERS)


_NOT_YOURS = _("Only a writer or an approver of this commune may do this.")
_ONLY_APPROVERS = _("Only an approver of this commune may do this.")
_LEADER_TAKES_BACK = _("Only a leader of the unit may say that it is no sensitive topic after all.")
_NOT_CONFIRMED = _("Not confirmed yet: “{words}”")
_TOPIC_MISSING = _("Write the words.")
_TOPIC_LONG = _("Sixty characters at most: a word or two are enough.")
