"""Every write of the register."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.bulletins.content import MAX_TITLE, Content
from vang.bulletins.models import Bulletin, Category
from vang.bulletins.services import create_bulletin
from vang.claims.access import DECIDERS, NEWSROOM, guard
from vang.claims.limits import Hours, due_dates, limits_of
from vang.claims.models import Claim, Evidence, Limits, Source, Step
from vang.claims.personal import Finding, in_all, looks_like_names
from vang.claims.queries import answered_at, stage
from vang.claims.stages import Stage
from vang.journal.services import record
from vang.library.attachments import keep_attachment
from vang.orgs.models import Unit
from vang.people.access import Role
from vang.people.models import Person

MOST_FILES = 20
MOST_SOURCES = 20
NAMES_FOUND = "names-found"
_FROZEN = {Bulletin.State.IN_REVIEW, Bulletin.State.APPROVED, Bulletin.State.RELEASED}
_HEADING = "Thông tin chính thức: "
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s|\n")


@dataclass(frozen=True)
class Words:
    """What was claimed, where and when it was seen."""

    title: str
    where: str
    seen_at: datetime
    text: str = ""
    place: str = ""


def note_claim(
    *, unit: Unit, words: Words, by: Person, now: datetime, names_checked: bool = False
) -> Claim:
    """Take a claim into the register. Raises Refusal.

    ``names_checked``: somebody has looked at what seems to be names and says that it names no
    private person.
    """
    with transaction.atomic():
        guard(by, NEWSROOM, unit, now)
        claim = Claim(unit=unit, noted_by=by, noted_at=now)
        for name, due in asdict(due_dates(limits_of(unit), now)).items():
            setattr(claim, name, due)
        _fill(claim, words, now, names_checked=names_checked)
        _record("note-claim", claim, by, now)
    return claim


def change_claim(
    *, claim: Claim, words: Words, by: Person, now: datetime, names_checked: bool = False
) -> Claim:
    """Other words for what was claimed, while no answer is in review or out. Raises Refusal."""
    with transaction.atomic():
        fresh = _changeable(claim, by, now)
        _fill(fresh, words, now, names_checked=names_checked)
        _record("change-claim", fresh, by, now)
    return fresh


def add_step(
    *, claim: Claim, text: str, by: Person, now: datetime, names_checked: bool = False
) -> Step:
    """One step of checking. Raises Refusal."""
    clean = clean_text(text).strip()
    if not clean:
        raise Refusal("step-empty", _("Write what was done."))
    refuse_personal_data([clean], names_checked=names_checked)
    with transaction.atomic():
        fresh = _open(claim, by, NEWSROOM, now)
        step = Step.objects.create(claim=fresh, text=clean, by=by, at=now)
        _record("check-claim", fresh, by, now)
    return step


def add_evidence(
    *, claim: Claim, file_name: str, content: bytes, by: Person, now: datetime
) -> Evidence:
    """Keep a file that shows the claim; the same file twice is one. Raises Refusal."""
    with transaction.atomic():
        fresh = _open(claim, by, NEWSROOM, now)
        if fresh.evidence.count() >= MOST_FILES:
            raise Refusal("too-many-files", _("A claim has twenty files at most."))
        kept = keep_attachment(file_name, content)
        evidence, _created = Evidence.objects.get_or_create(
            claim=fresh,
            sha256=kept.sha256,
            defaults={"name": kept.name, "size": kept.size, "added_by": by, "added_at": now},
        )
        _record("add-evidence", fresh, by, now, sha256=kept.sha256)
    return evidence


def note_looking(*, evidence: Evidence, by: Person, now: datetime) -> None:
    """Who opened evidence stands in the journal: it may show people."""
    guard(by, NEWSROOM, evidence.claim.unit, now)
    _record("open-evidence", evidence.claim, by, now, sha256=evidence.sha256)


def add_source(*, claim: Claim, name: str, url: str, by: Person, now: datetime) -> Source:
    """What the verdict rests on; published with the answer. Raises Refusal."""
    clean, link = " ".join(clean_text(name).split())[:300], url.strip()
    if not clean:
        raise Refusal("source-empty", _("Name the authority or the document."))
    if link and urlsplit(link).scheme not in {"http", "https"}:
        raise Refusal("source-link", _("A link begins with https://."))
    refuse_personal_data([clean, link], names_checked=True)
    with transaction.atomic():
        fresh = _changeable(claim, by, now)
        if fresh.sources.count() >= MOST_SOURCES:
            raise Refusal("too-many-sources", _("A claim has twenty sources at most."))
        source = Source.objects.create(claim=fresh, name=clean, url=link, added_by=by, added_at=now)
        _record("add-source", fresh, by, now)
    return source


def remove_source(*, source: Source, by: Person, now: datetime) -> None:
    """Take a source away, while no answer is in review or out. Raises Refusal."""
    with transaction.atomic():
        fresh = _changeable(source.claim, by, now)
        source.delete()
        _record("remove-source", fresh, by, now)


def give_verdict(
    *,
    claim: Claim,
    verdict: str,
    finding: str,
    by: Person,
    now: datetime,
    names_checked: bool = False,
) -> Claim:
    """What is true, and how the claim stands to it. Raises Refusal."""
    clean = clean_text(finding).strip()
    if verdict not in Claim.Verdict or not clean:
        raise Refusal("verdict-empty", _("Choose a verdict and say what is true."))
    refuse_personal_data([clean], names_checked=names_checked)
    with transaction.atomic():
        fresh = _changeable(claim, by, now)
        fresh.verdict, fresh.finding = Claim.Verdict(verdict), clean
        fresh.verdict_by, fresh.verdict_at = by, fresh.verdict_at or now
        fresh.save()
        _record("give-verdict", fresh, by, now, verdict=verdict)
    return fresh


def begin_answer(*, claim: Claim, by: Person, now: datetime) -> Bulletin:
    """A draft that tells what is true: an ordinary bulletin with the ordinary approval.

    Raises Refusal.
    """
    with transaction.atomic():
        fresh = _open(claim, by, NEWSROOM, now)
        if not fresh.verdict:
            raise Refusal("no-verdict", _("Give the verdict first."))
        if fresh.bulletin is not None and fresh.bulletin.state != Bulletin.State.WITHDRAWN:
            raise Refusal("answer-begun", _("The answer has been begun already."))
        content = answer_of(fresh)
        bulletin = create_bulletin(unit=fresh.unit, content=content, by=by, now=now)
        fresh.bulletin, fresh.unanswered_because = bulletin, ""
        fresh.save(update_fields=["bulletin", "unanswered_because"])
        _record("begin-answer", fresh, by, now, about=[f"bulletin:{bulletin.pk}"])
    return bulletin


def leave_unanswered(*, claim: Claim, reason: str, by: Person, now: datetime) -> Claim:
    """No answer is published, and why: an answer may spread what few have seen. Raises Refusal."""
    clean = clean_text(reason).strip()
    if not clean:
        raise Refusal("comment-missing", _("Say why no answer is published."))
    refuse_personal_data([clean], names_checked=True)
    with transaction.atomic():
        fresh = _open(claim, by, DECIDERS, now)
        if not fresh.verdict:
            raise Refusal("no-verdict", _("Give the verdict first."))
        fresh.unanswered_because = clean
        fresh.save(update_fields=["unanswered_because"])
        _record("leave-unanswered", fresh, by, now)
    return fresh


def close_claim(*, claim: Claim, closing: str, by: Person, now: datetime) -> Claim:
    """What came of it; nothing more is due. Raises Refusal."""
    clean = clean_text(closing).strip()
    if not clean:
        raise Refusal("closing-missing", _("Say what came of it."))
    refuse_personal_data([clean], names_checked=True)
    with transaction.atomic():
        fresh = _open(claim, by, DECIDERS, now)
        if stage(fresh, answered_at(fresh)) in {Stage.VERIFYING, Stage.ANSWERING}:
            raise Refusal("not-answered", _NOT_ANSWERED)
        fresh.closed_at, fresh.closed_by, fresh.closing = now, by, clean
        fresh.save(update_fields=["closed_at", "closed_by", "closing"])
        _record("close-claim", fresh, by, now)
    return fresh


def change_limits(*, unit: Unit, limits: Hours, by: Person, now: datetime) -> Limits:
    """Time limits for claims noted from now on. Raises Refusal."""
    if not 1 <= limits.verify_h <= limits.answer_h <= 8_760 or not 1 <= limits.close_d <= 365:
        raise Refusal("limits-wrong", _("The answer must not be due before the verdict."))
    with transaction.atomic():
        guard(by, DECIDERS, unit, now)
        chosen: dict[str, Any] = {**asdict(limits), "changed_by": by, "changed_at": now}
        row, _created = Limits.objects.update_or_create(unit=unit, defaults=chosen)
        record("change-claim-limits", f"unit:{unit.pk}", by=by, unit=unit, now=now)
    return row


def frozen(bulletin: Bulletin | None) -> bool:
    """Whether the answer is in review, approved or out."""
    return bulletin is not None and bulletin.state in _FROZEN


def refuse_personal_data(texts: Iterable[str], *, names_checked: bool) -> None:
    """Raises Refusal for what certainly is personal data, and for what looks like names unless
    somebody has looked at them."""
    said = list(texts)
    certain: list[Finding] = in_all(said)
    if certain:
        words = ", ".join(dict.fromkeys(finding.words for finding in certain))
        raise Refusal("personal-data", format_lazy(_PERSONAL_DATA, words=words))
    names = [name for text in said for name in looks_like_names(text)]
    if names and not names_checked:
        raise Refusal(NAMES_FOUND, format_lazy(_NAMES, words=", ".join(dict.fromkeys(names))))


def answer_of(claim: Claim) -> Content:
    """The words with which the answer begins: always Vietnamese, for residents.

    What is true comes first and alone into the title: a claim repeated in a headline is believed.
    """
    with override("vi"):
        verdict = claim.get_verdict_display()
    names = "; ".join(source.name for source in claim.sources.all())
    parts = [
        claim.finding,
        f"Vừa qua có thông tin: “{claim.title.rstrip('.')}”. Thông tin này {verdict}.",
        f"Nguồn: {names}." if names else "",
        "Đề nghị bà con không chia sẻ thông tin chưa được kiểm chứng.",
    ]
    truth = _SENTENCE_ENDS.split(claim.finding, maxsplit=1)[0].rstrip(". ")
    title = f"{_HEADING}{truth}"
    return Content(
        title=title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1].rstrip() + "…",
        text="\n\n".join(part for part in parts if part),
        category=Category.AGAINST_WRONG,
    )


def _fill(claim: Claim, words: Words, now: datetime, *, names_checked: bool) -> None:
    title, place = (" ".join(clean_text(part).split()) for part in (words.title, words.place))
    text = clean_text(words.text).strip()
    if not title:
        raise Refusal("claim-empty", _("Write the claim in one sentence."))
    if words.seen_at > now:
        raise Refusal("seen-later", _("It cannot have been seen in the future."))
    refuse_personal_data([title, place, text], names_checked=names_checked)
    claim.title, claim.place, claim.text = title[:300], place[:200], text
    claim.search_key = fold(claim.title)
    claim.where, claim.seen_at = Claim.Where(words.where), words.seen_at
    claim.save()


def _open(claim: Claim, by: Person, wanted: tuple[Role, ...], now: datetime) -> Claim:
    """Read anew and locked. Raises Refusal when it is closed."""
    Claim.objects.select_for_update().only("pk").get(pk=claim.pk)
    fresh = Claim.objects.select_related("unit", "bulletin").get(pk=claim.pk)
    guard(by, wanted, fresh.unit, now)
    if fresh.closed_at is not None:
        raise Refusal("claim-closed", _("This claim is closed."))
    return fresh


def _changeable(claim: Claim, by: Person, now: datetime) -> Claim:
    """Also, no answer is in review or out: the public page shows what its approver saw."""
    fresh = _open(claim, by, NEWSROOM, now)
    answer = Bulletin.objects.select_for_update().filter(claim=fresh).only("state")
    if any(frozen(bulletin) for bulletin in answer):
        raise Refusal("answer-frozen", _FROZEN_WORDS)
    return fresh


def _record(action: str, claim: Claim, by: Person, now: datetime, **detail: Any) -> None:
    record(action, f"claim:{claim.pk}", by=by, unit=claim.unit, now=now, **detail)


_NOT_ANSWERED = _(
    "It is closed once the answer is out, or an approver has said why none is published."
)
_FROZEN_WORDS = _(
    "Its answer is in review or released: claim, verdict and sources stay as the approver saw "
    "them. Return, correct or withdraw the bulletin first."
)
_PERSONAL_DATA = _(
    "This holds personal data, which the register does not keep: {words}. Leave it out; the "
    "register is about words, not about people."
)
_NAMES = _(
    "This seems to name a person: {words}. Leave the name out; if it is an authority, a place or a "
    "public office, say so below and save again."
)
