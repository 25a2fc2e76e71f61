"""People with passkeys under a policy, loudspeakers in two villages, and alerts on their way."""

import base64
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.protocol.province import PARTY, Passkey
from vang.alerts import queries, services
from vang.alerts.areas import Area, area_of
from vang.alerts.blanks import Blank
from vang.alerts.blanks import Kind as BlankKind
from vang.alerts.contents import Contents, Words
from vang.alerts.models import Alert, AlertOrder, Event, Status, TemplateVersion
from vang.alerts.services import Proof
from vang.alerts.services.signing import to_be_signed
from vang.alerts.services.templates import Further, Said
from vang.alerts.starters import BY_KEY
from vang.alerts.trusting import Hand, Signer
from vang.base.clock import local_date
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster, Node
from vang.voice.models import Rendition
from vang_protocol.commands import Kind, Mode
from vang_protocol.envelopes import SigningKey
from vang_protocol.grants import Approved, Grant
from vang_protocol.personal_keys import RelyingParty
from vang_protocol.plans import Priority
from vang_protocol.policies import Grace, Human, Key, Policy, Use

DAY = timedelta(days=1)
RIVER = Blank("muc_nuoc", "Mực nước", BlankKind.NUMBER, "mét", 0, 20)
WHEN = Blank("gio", "Lúc", BlankKind.TIME)
ALERT = Said("CẢNH BÁO LŨ", "Nước sông {muc_nuoc} lúc {gio}. Lên cao.", "Lũ lên nhanh. Lên cao.")
END = Said("HỦY CẢNH BÁO LŨ", "Lũ đã rút.", "Lũ đã rút.")
ENGLISH = Further(
    "en",
    Said("FLOOD WARNING", "The river stands at {muc_nuoc} m at {gio}. Go up.", "Flood. Go up."),
    Said("FLOOD WARNING OVER", "The flood is over.", "The flood is over."),
)
KATU_ALERT = Said("ĐÁC PÂY", "Đác rưng. Zoọng coong.", "Đác rưng. Zoọng coong.")
KATU_END = Said("ĐÁC XAANG", "Đác xaang.", "Đác xaang.")


@dataclass
class Keeper:
    """Keys of people and a policy over one commune, as the province would sign it."""

    unit: Unit
    now: datetime
    passkeys: dict[int, Passkey] = field(default_factory=dict)
    newcomers: set[int] = field(default_factory=set)
    software: dict[int, SigningKey] = field(default_factory=dict)
    templates: list[Approved] | None = None
    party: RelyingParty = PARTY

    def give_keys(self, *people: Person) -> None:
        for person in people:
            self.passkeys[person.pk] = Passkey(self.party)

    def current_policy(self) -> Policy | None:
        return Policy(
            version=1,
            issued=self.now - 10 * DAY,
            expires=self.now + 300 * DAY,
            grace=Grace(14 * DAY, 180 * DAY),
            demonstration=bool(self.software),
            party=self.party,
            persons=tuple(Human(f"person-{pk}", "Người", self.unit.code) for pk in self._people),
            keys=tuple(self._keys()),
            grants=tuple(self._grants()),
            epochs=((self.unit.code, 1),),
            templates=tuple(self._approved()),
        )

    def hand_of(self, person: Person) -> Hand:
        found = []
        if person.pk in self.passkeys:
            found.append(Signer(self.passkeys[person.pk].key.keyid, credential_of(person)))
        if person.pk in self.software:
            found.append(Signer(self.software[person.pk].public.keyid))
        return Hand(self.current_policy(), tuple(found))

    def demonstration_key(self, person: Person) -> SigningKey | None:
        return self.software.get(person.pk)

    @property
    def _people(self) -> list[int]:
        return sorted({*self.passkeys, *self.software})

    def _keys(self) -> list[Key]:
        old = self.now - 9 * DAY
        keys = []
        for pk, passkey in self.passkeys.items():
            since = self.now if pk in self.newcomers else old
            keys.append(Key(f"person-{pk}", passkey.key, Use.ACTUAL, since, since + DAY))
        from vang_protocol.personal_keys import KeyKind, PersonalKey

        for pk, key in self.software.items():
            personal = PersonalKey(KeyKind.ED25519, key.public.public)
            keys.append(Key(f"person-{pk}", personal, Use.ACTUAL, old, old))
        return keys

    def _approved(self) -> list[Approved]:
        """Read once: a policy changes when it is published, not when it is looked at."""
        if self.templates is None:
            self.templates = [one for _unit, one in queries.approved_sounds(self.now)]
        return self.templates

    def _grants(self) -> list[Grant]:
        if not self._people:
            return []
        together = Grant(
            id="emergency",
            issuer=self.unit.code,
            communes=frozenset({self.unit.code}),
            kinds=frozenset({Kind.PLAY}),
            modes=frozenset({Mode.ACTUAL}),
            priorities=frozenset({Priority.EMERGENCY}),
            persons=frozenset(f"person-{pk}" for pk in self._people),
            threshold=2,
            max_play_ms=600_000,
            ceiling_db=0,
        )
        drill = replace(
            together, id="drill", modes=frozenset({Mode.TEST, Mode.EXERCISE}), ceiling_db=-10
        )
        silence = replace(
            together,
            id="silence",
            threshold=1,
            kinds=frozenset({Kind.CANCEL, Kind.STOP}),
            modes=frozenset(Mode),
            max_play_ms=0,
        )
        grants = [together, drill, silence]
        if names := frozenset(one.template for one in self._approved()):
            grants.append(
                replace(together, id="alone", threshold=1, templates=names, max_play_ms=180_000)
            )
        return grants

    def proof(self, person: Person, order: AlertOrder) -> Proof:
        """The person touches their key."""
        passkey = self.passkeys[person.pk]
        return Proof(passkey.key.keyid, passkey.sign(to_be_signed(order)))


def credential_of(person: Person) -> str:
    """What the browser calls the person's passkey, base64url."""
    return base64.urlsafe_b64encode(f"khoa-{person.username}".encode()).rstrip(b"=").decode()


def loudspeakers(unit: Unit, now: datetime) -> list[Node]:
    """Two: one in the first village, one in the second. The third village has none."""
    nodes = []
    for number in (1, 2):
        cluster = Cluster.objects.create(unit=unit, code=f"c{number}", name=f"Cụm Thuận {number}")
        cluster.villages.set(Unit.objects.filter(code=f"{unit.code}.0{number}"))
        nodes.append(
            Node.objects.create(
                id=f"node-{number}",
                cluster=cluster,
                public_key=f"{number:02d}" * 32,
                enrolled_at=now,
                last_seen_at=now,
            )
        )
    return nodes


def whole(unit: Unit, now: datetime) -> Area:
    return area_of(unit, (), local_date(now))


def contents(unit: Unit, now: datetime, **changed: object) -> Contents:
    usual = Contents(
        event=Event.FLASH_FLOOD,
        area=whole(unit, now),
        words=(Words("vi", "Cảnh báo lũ quét", "Nước lên nhanh, bà con lên chỗ cao.", "Gọi 112."),),
    )
    return replace(usual, **changed)  # type: ignore[arg-type]


def drafted(unit: Unit, by: Person, now: datetime, status: str = Status.TEST) -> Alert:
    """With its sound made."""
    note = "Diễn tập tháng 6" if status == Status.EXERCISE else ""
    words = contents(unit, now, note=note)
    alert = services.create_alert(unit=unit, contents=words, by=by, now=now, status=status)
    sounds_made()
    return alert


def submitted(unit: Unit, by: Person, now: datetime, status: str = Status.TEST) -> Alert:
    return services.submit_alert(alert=drafted(unit, by, now, status), by=by, now=now)


def sounds_made() -> None:
    """Every sound that was asked for is ready, each with bytes of its own."""
    for made in Rendition.objects.exclude(state="READY"):
        made.state, made.sha256, made.size = "READY", made.key, 24_000
        made.duration_ms, made.trial, made.worked_until = 8_000, False, None
        made.save()


def signed_by(alert: Alert, person: Person, keeper: Keeper, now: datetime) -> AlertOrder:
    """The person opens the command and signs it."""
    order = services.open_order(alert=alert, by=person, now=now)
    proof = keeper.proof(person, order)
    return services.sign(order=order, proof=proof, typed="que thuan", by=person, now=now)


def sent(alert: Alert, first: Person, second: Person, keeper: Keeper, now: datetime) -> Alert:
    signed_by(alert, first, keeper, now)
    signed_by(alert, second, keeper, now)
    return Alert.objects.get(pk=alert.pk)


def approved_template(
    unit: Unit, by: Person, first: Person, second: Person, now: datetime
) -> TemplateVersion:
    """Flash flood, as two people approved it."""
    version = services.template_from_starter(
        unit=unit, starter=BY_KEY["FLASH_FLOOD"], by=by, now=now
    )
    sounds_made()
    return approved_by(version, first, second, now)


def approved_by(
    version: TemplateVersion, first: Person, second: Person, now: datetime
) -> TemplateVersion:
    for person in (first, second):
        version = services.approve_template(
            version=version, sha256=version.sha256, by=person, now=now
        )
    return version
