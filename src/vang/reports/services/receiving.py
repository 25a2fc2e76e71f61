"""Taking a signed report from another server, and pinning the key it is verified by."""

from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_date
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports import notices
from vang.reports.access import MANAGERS, guard, guard_above
from vang.reports.bundles import Told, keys_of, unit_of, verified
from vang.reports.models import Filing, Indicator, Move, Passage, Report, SenderKey, Value
from vang.reports.services.locking import State, locked, moved, refuse_when_locked
from vang.reports.services.submitting import hand_in
from vang_protocol.envelopes import PublicKey
from vang_protocol.reasons import Refused

Source = Value.Source
_LARGEST = 2**63 - 1


def pin_key(*, unit: Unit, above: Unit, public_key: str, by: Person, now: datetime) -> SenderKey:
    """From now on reports of the unit are verified by this key. Raises Refusal."""
    clean = "".join(public_key.split()).lower()
    try:
        PublicKey(clean)
    except Refused as error:
        raise Refusal("key-wrong", _KEY_WRONG) from error
    with transaction.atomic():
        guard(by, MANAGERS, above, now)
        key, _created = SenderKey.objects.update_or_create(
            unit=unit, public_key=clean,
            defaults={"pinned_by": by, "pinned_at": now, "ended_at": None},
        )  # fmt: skip
        record("report-key.pin", f"unit:{unit.pk}", by=by, unit=above, now=now, key=clean[:16])
    return key


def receive_report(*, data: bytes, above: Unit, by: Person, now: datetime) -> Report:
    """A signed file of a unit right below ``above``. Nothing is taken unless all of it fits.

    Raises Refusal, with the reason: forged, of an unknown key, replayed, of another round …
    """
    with transaction.atomic():
        unit = _unit(data, above)
        told = verified(data, keys_of(unit))
        if Filing.objects.filter(came_as=told.sha256).exists():
            raise Refusal("bundle-replayed", _REPLAYED)
        report = locked(_report(told, unit, above))
        guard_above(by, report, now)
        refuse_when_locked(report, now)
        _refuse_out_of_turn(report, told, now)
        _take(report, told, now)
        moved(Move.Kind.RECEIVE, report, by=by, now=now, sha256=told.sha256)
        notices.tell_of_submission(report, by=by, now=now)
    return report


def _unit(data: bytes, above: Unit) -> Unit:
    code, since = unit_of(data)
    found = Unit.objects.filter(code=code, valid_from=since, parent=above).first()
    if found is None:
        raise Refusal("bundle-unknown-unit", _UNKNOWN_UNIT)
    return found


def _report(told: Told, unit: Unit, above: Unit) -> Report:
    own = Report.objects.filter(unit=unit, above=above, round__version__form__code=told.form)
    found = own.filter(round__covers_from=told.covers_from, round__covers_to=told.covers_to).first()
    if found is None:
        words = format_lazy(
            _OTHER_ROUND, first=vi_date(told.covers_from), last=vi_date(told.covers_to)
        )
        raise Refusal("bundle-other-round", words)
    return found


def _refuse_out_of_turn(report: Report, told: Told, now: datetime) -> None:
    if told.signed_at > now:
        raise Refusal("bundle-from-the-future", _FUTURE)
    last = report.filings.exclude(came_as="").order_by("-number").first()
    if last is not None and told.number <= last.number:
        raise Refusal("bundle-older", _OLDER)
    if report.state in {State.SUBMITTED, State.ACCEPTED}:
        raise Refusal("bundle-not-awaited", _NOT_AWAITED)
    if report.state == State.DRAFT and report.current and not report.current.came_as:
        raise Refusal("bundle-written-here", _WRITTEN_HERE)


def _take(report: Report, told: Told, now: datetime) -> None:
    kinds = {one.code: one for one in report.round.version.indicators.all()}
    strange = sorted(set(told.values) - set(kinds))
    if strange:
        raise Refusal("bundle-other-form", format_lazy(_OTHER_FORM, code=strange[0][:40]))
    last = report.filings.order_by("-number").first()
    number = max(told.number, (last.number + 1) if last else 1)
    filing = Filing.objects.create(
        report=report, number=number, reason=told.reason or ("" if number == 1 else "–"),
        begun_at=now, signed_at=told.signed_at, submitted_at=told.signed_at,
        signer_name=told.signer, came_as=told.sha256,
    )  # fmt: skip
    Value.objects.bulk_create(_value(filing, one, told) for one in kinds.values())
    sections = {one.code: one for one in report.round.version.sections.all()}
    Passage.objects.bulk_create(
        Passage(filing=filing, section=one, text=told.texts.get(code, ""))
        for code, one in sections.items()
    )
    report.current = filing
    hand_in(report, told.signed_at)


def _value(filing: Filing, one: Indicator, told: Told) -> Value:
    """As it was signed. What does not hold is refused as a whole."""
    row = told.values.get(one.code)
    if row is None:
        return Value(filing=filing, indicator=one)
    milli, system = _whole(row["milli"]), _whole(row["system"])
    source = row["source"] if row["source"] in Source.values else Source.TYPED
    note = str(row["note"])[:1000]
    differs = system is not None and milli != system
    if (differs and source == Source.SYSTEM) or (differs and source == Source.TYPED and not note):
        raise Refusal("bundle-does-not-hold", _DOES_NOT_HOLD)
    return Value(
        filing=filing, indicator=one, milli=milli, system_milli=system, source=source,
        text=str(row["text"])[:4000], note=note,
    )  # fmt: skip


def _whole(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        raise Refusal("bundle-does-not-hold", _DOES_NOT_HOLD)
    return value


_KEY_WRONG = _("A key has 64 digits and letters from a to f. Copy it from the unit's page.")
_REPLAYED = _("This very file was taken before. Nothing was changed.")
_UNKNOWN_UNIT = _("It is of a unit that does not stand right below yours.")
_OTHER_ROUND = _("It is of another round: it covers {first} to {last}, for which this unit owes "
                 "no such report here.")  # fmt: skip
_FUTURE = _("It is signed in the future: the clock of the other server is wrong.")
_OLDER = _("A newer version of this report was taken before. Nothing was changed.")
_NOT_AWAITED = _("The report is here already and was not returned or reopened.")
_WRITTEN_HERE = _("The unit is writing this report on this server. Nothing was changed.")
_OTHER_FORM = _("It is on another form: the indicator {code} is unknown here.")
_DOES_NOT_HOLD = _("Its figures do not hold together. Nothing was taken.")
