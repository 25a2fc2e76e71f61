"""The table of verbs, and the two questions everyone asks of it. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.review.facts import (
    NO_CORRECTION,
    Condition,
    Facts,
    Reason,
    approved_high_enough,
    correction_open,
    independent,
    leader_for_sensitive,
    not_emergency,
    sensitivity_decided,
    sound_ready,
    spoken_by_somebody,
    voice_may_air,
)

WRITER = frozenset({"WRITER"})
APPROVER = frozenset({"APPROVER"})
NEWSROOM = WRITER | APPROVER
LEADER = "LEADER"
BY_ITSELF: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verb:
    """What may be done: from which states, to which one, by whom, under which conditions."""

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    help: str | Promise
    only_when: str | Promise
    """Said to a person who tries it in another state."""
    needs_comment: bool = False
    higher: str | Promise = ""
    """When more than the role is needed."""
    conditions: tuple[Condition, ...] = ()


EDIT = Verb(
    name="edit",
    label=_("Edit"),
    sources=frozenset({"DRAFT", "RETURNED", "IN_REVIEW", "APPROVED"}),
    target="DRAFT",
    roles=WRITER,
    help=_("Every saved edit is a new version; an approval given before no longer counts."),
    only_when=_("A bulletin that was released or withdrawn is no longer edited. Write a new one."),
)
SUBMIT = Verb(
    name="submit",
    label=_("Submit for approval"),
    sources=frozenset({"DRAFT"}),
    target="IN_REVIEW",
    roles=WRITER,
    help=_("The text is frozen, its sound is made, and an approver is asked to decide."),
    only_when=_("Only a draft is submitted. Save your changes to a returned bulletin first."),
    conditions=(not_emergency, spoken_by_somebody, sensitivity_decided),
)
APPROVE = Verb(
    name="approve",
    label=_("Approve"),
    sources=frozenset({"IN_REVIEW"}),
    target="APPROVED",
    roles=APPROVER,
    help=_("Your approval holds for exactly this text and this sound."),
    only_when=_("Only a bulletin in review is approved."),
    conditions=(not_emergency, independent, leader_for_sensitive, sound_ready),
    higher=_("A sensitive topic is approved by a leader of the unit."),
)
RETURN = Verb(
    name="return",
    label=_("Return to the writer"),
    sources=frozenset({"IN_REVIEW", "APPROVED"}),
    target="RETURNED",
    roles=APPROVER,
    help=_("The writer reads your comment, corrects the text and submits it again."),
    only_when=_("Only a bulletin in review or approved is returned."),
    needs_comment=True,
)
RELEASE = Verb(
    name="release",
    label=pgettext_lazy("verb", "Broadcast"),
    sources=frozenset({"APPROVED"}),
    target="RELEASED",
    roles=NEWSROOM,
    help=_("Choose when it is played; the public page is written at the same time."),
    only_when=_("Only an approved bulletin is broadcast."),
    conditions=(not_emergency, approved_high_enough, sound_ready, voice_may_air),
)
CORRECT = Verb(
    name="correct",
    label=_("Correct"),
    sources=frozenset({"RELEASED"}),
    target="DRAFT",
    roles=WRITER,
    help=_("A correcting edition is written and approved; it takes every channel the wrong took."),
    only_when=_("Only what is out can be corrected; a correction may be in preparation already."),
)
GIVE_UP = Verb(
    name="give-up",
    label=_("Give up the correction"),
    sources=frozenset({"DRAFT", "RETURNED", "IN_REVIEW", "APPROVED"}),
    target="RELEASED",
    roles=NEWSROOM,
    help=_("The edition that is out stands after all; what was prepared is kept as a version."),
    only_when=_("No correction of this bulletin is being prepared."),
    conditions=(correction_open,),
)
WITHDRAW = Verb(
    name="withdraw",
    label=_("Withdraw"),
    sources=frozenset({"DRAFT", "RETURNED", "IN_REVIEW", "APPROVED", "RELEASED"}),
    target="WITHDRAWN",
    roles=NEWSROOM,
    help=_("It stops on every channel; text, sound and history are kept."),
    only_when=_("The bulletin is withdrawn or over already."),
    needs_comment=True,
)

EXPIRE = Verb(
    name="expire",
    label=pgettext_lazy("verb", "Expires"),
    sources=frozenset({"RELEASED"}),
    target="EXPIRED",
    roles=BY_ITSELF,
    help=_("The day after the last one on which it holds; nothing of it is played any more."),
    only_when=_("Only what is out can expire."),
)

VERBS = (EDIT, SUBMIT, APPROVE, RETURN, RELEASE, CORRECT, GIVE_UP, WITHDRAW, EXPIRE)

COMMENT_MISSING = Reason("comment-missing", _("Say why: the person concerned must be able to act."))

_WHOSE = {
    WRITER: Reason("not-a-writer", _("Only a writer of this commune may do this.")),
    APPROVER: Reason("not-an-approver", _("Only an approver of this commune may do this.")),
    NEWSROOM: Reason(
        "not-in-newsroom", _("Only a writer or an approver of this commune may do this.")
    ),
    BY_ITSELF: Reason("by-itself", _("This happens by itself.")),
}


def why_not(verb: Verb, state: str, roles: AbstractSet[str], facts: Facts) -> Reason | None:
    """None when the verb may be done now by a person of these roles; otherwise the reason."""
    if verb.roles.isdisjoint(roles):
        return _WHOSE[verb.roles]
    if state not in verb.sources:
        return Reason("wrong-state", verb.only_when)
    return next((r for c in verb.conditions if (r := c(facts)) is not None), None)


def allowed_verbs(state: str, roles: AbstractSet[str], facts: Facts) -> list[Verb]:
    """The verbs that may be done now, in the table's order."""
    return [verb for verb in VERBS if why_not(verb, state, roles, facts) is None]


@dataclass(frozen=True)
class Offer:
    """A verb as a button: live, or dead with the reason beside it."""

    verb: Verb
    reason: Reason | None

    @property
    def allowed(self) -> bool:
        return self.reason is None


def offers(
    state: str, roles: AbstractSet[str], facts: Facts, verbs: Iterable[Verb] = VERBS
) -> dict[str, Offer]:
    """By name: the verbs that fit the person and the state; dead ones tell what is missing."""
    fitting = (v for v in verbs if state in v.sources and not v.roles.isdisjoint(roles))
    shown = (Offer(v, why_not(v, state, roles, facts)) for v in fitting)
    return {o.verb.name: o for o in shown if o.reason != NO_CORRECTION}
