"""A CAP 1.2 message as values (OASIS CAP-v1.2, section 3.2). Text that is absent is "".

``line`` is where it stood in the file that was read, 0 when it was not read; it does not count
when two are compared.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
ASSUMED_LANGUAGE = "en-US"
"""Of an info that names none (section 3.2.2)."""


class Status(StrEnum):
    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Response(StrEnum):
    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Urgency(StrEnum):
    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


@dataclass(frozen=True)
class Named:
    """valueName and value: an eventCode, parameter or geocode."""

    name: str
    value: str


@dataclass(frozen=True)
class Reference:
    """An earlier message. ``sent`` keeps the offset in which it was written."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True)
class Polygon:
    """Latitude and longitude in degrees (WGS 84); the last point is the first."""

    points: tuple[tuple[float, float], ...]
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Circle:
    """Centre in degrees (WGS 84), radius in km."""

    latitude: float
    longitude: float
    radius: float
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Area:
    """``altitude`` and ``ceiling`` in feet above mean sea level, as the standard has it."""

    description: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude: Decimal | None = None
    ceiling: Decimal | None = None
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Resource:
    """A file that belongs to it. ``deref_uri`` is its content in base64, ``size`` in bytes."""

    description: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Info:
    """What is warned of, in one language. ``effective`` None means: when it was sent."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = ASSUMED_LANGUAGE
    responses: tuple[Response, ...] = ()
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Alert:
    """One message, whole."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    scope: Scope = Scope.PUBLIC
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()
    line: int = field(default=0, compare=False, repr=False)

    @property
    def expires(self) -> datetime | None:
        """When its last info expires; None when one of them never does."""
        times = [info.expires for info in self.infos]
        known = [time for time in times if time is not None]
        return max(known) if known and len(known) == len(times) else None

    def info_in(self, language: str) -> Info | None:
        """The first info in the language ("vi" takes "vi-VN" too), else the first of all."""
        wanted = language.lower()
        fitting = [one for one in self.infos if one.language.lower().split("-")[0] == wanted]
        return next(iter(fitting or self.infos), None)
