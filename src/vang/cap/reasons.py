"""Why a CAP message is refused, or pointed out to whoever reads it: one table for code, documents
and tests.

A refusal can cost a warning. Refused is what the schema refuses, what cannot be told apart from
an attack or a mistake that changes place, time or meaning, and what the standard forbids in words
(MUST). Everything else that looks odd is a caution: the person sees it beside the message.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """Stable codes of refusals."""

    TOO_LARGE = "too-large"
    ENCODING = "encoding"
    DOCTYPE = "doctype"
    NOT_XML = "not-xml"
    TOO_DEEP = "too-deep"
    TOO_MANY_ELEMENTS = "too-many-elements"
    NOT_CAP = "not-cap"
    OLD_VERSION = "old-version"
    STRUCTURE = "structure"
    VALUE_UNKNOWN = "value-unknown"
    VALUE_FORMAT = "value-format"
    TIME_Z = "time-z"
    TIME_NO_OFFSET = "time-no-offset"
    TIME_FORMAT = "time-format"
    TIME_RANGE = "time-range"
    IDENTIFIER_EMPTY = "identifier-empty"
    IDENTIFIER_CHARACTERS = "identifier-characters"
    SENDER_EMPTY = "sender-empty"
    SENDER_CHARACTERS = "sender-characters"
    SENT_IN_FUTURE = "sent-in-future"
    REFERENCES_MISSING = "references-missing"
    REFERENCES_FORMAT = "references-format"
    REFERENCES_SELF = "references-self"
    REFERENCES_LATER = "references-later"
    REFERENCES_CONTRADICT = "references-contradict"
    RESTRICTION_MISSING = "restriction-missing"
    ADDRESSES_MISSING = "addresses-missing"
    NOTE_MISSING = "note-missing"
    EVENT_EMPTY = "event-empty"
    AREA_UNNAMED = "area-unnamed"
    EXPIRES_BEFORE_SENT = "expires-before-sent"
    EXPIRES_BEFORE_EFFECTIVE = "expires-before-effective"
    LANGUAGES_CONTRADICT = "languages-contradict"
    WEB_SCHEME = "web-scheme"
    URI_SCHEME = "uri-scheme"
    URI_RELATIVE = "uri-relative"
    SIZE_NEGATIVE = "size-negative"
    CONTENT_FORMAT = "content-format"
    DIGEST_FORMAT = "digest-format"
    DIGEST_WRONG = "digest-wrong"
    POLYGON_NUMBER = "polygon-number"
    POLYGON_FEW_POINTS = "polygon-few-points"
    POLYGON_OPEN = "polygon-open"
    POLYGON_CROSSING = "polygon-crossing"
    POLYGON_TANGLED = "polygon-tangled"
    TOO_MANY_POINTS = "too-many-points"
    COORDINATES_FINITE = "coordinates-finite"
    COORDINATES_SWAPPED = "coordinates-swapped"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    CIRCLE_FORMAT = "circle-format"
    RADIUS_MISSING = "radius-missing"
    RADIUS_NEGATIVE = "radius-negative"
    RADIUS_TOO_LARGE = "radius-too-large"
    ALTITUDE_MISSING = "altitude-missing"
    CEILING_BELOW = "ceiling-below"

    @property
    def text(self) -> str | Promise:
        return _REFUSED[self]


class Caution(StrEnum):
    """Stable codes of what a person is told beside a message that is taken."""

    ONSET_AFTER_EXPIRES = "onset-after-expires"
    NO_INFO = "no-info"
    NO_AREA = "no-area"
    NO_EXPIRES = "no-expires"
    OUTSIDE_VIETNAM = "outside-vietnam"
    POLYGON_UNTIDY = "polygon-untidy"
    CODE_TWICE = "code-twice"
    LANGUAGES_DIFFER = "languages-differ"
    NOT_PUBLIC = "not-public"
    NOT_ACTIONABLE = "not-actionable"

    @property
    def text(self) -> str | Promise:
        return _CAUTIONS[self]


_REFUSED: dict[Reason, str | Promise] = {
    Reason.TOO_LARGE: _("The file is larger than 900 KB."),
    Reason.ENCODING: _("The file is not in the character encoding that it names, or that encoding is not taken."),  # noqa: E501
    Reason.DOCTYPE: _("The file has a DOCTYPE. No warning needs one, and attacks use it."),
    Reason.NOT_XML: _("The file is not well-formed XML."),
    Reason.TOO_DEEP: _("The elements are nested too deeply."),
    Reason.TOO_MANY_ELEMENTS: _("The file has too many elements."),
    Reason.NOT_CAP: _("The file is no CAP warning."),
    Reason.OLD_VERSION: _("The file is of CAP 1.0 or 1.1. Only CAP 1.2 is taken."),
    Reason.STRUCTURE: _("An element is missing, unknown, or in the wrong place."),
    Reason.VALUE_UNKNOWN: _("The value is none of those that CAP allows here."),
    Reason.VALUE_FORMAT: _("The value is not of the kind that CAP wants here."),
    Reason.TIME_Z: _("The time ends in Z. CAP wants the offset in figures: -00:00."),
    Reason.TIME_NO_OFFSET: _("The time does not say its offset from UTC, such as +07:00."),
    Reason.TIME_FORMAT: _("The time is not written as 2026-11-28T07:30:00+07:00."),
    Reason.TIME_RANGE: _("The year lies outside 1970 to 2200."),
    Reason.IDENTIFIER_EMPTY: _("The identifier is empty."),
    Reason.IDENTIFIER_CHARACTERS: _("The identifier has a space, comma, < or &, so that no later message could name it."),  # noqa: E501
    Reason.SENDER_EMPTY: _("The sender is empty."),
    Reason.SENDER_CHARACTERS: _("The sender has a space, comma, < or &, so that no later message could name it."),  # noqa: E501
    Reason.SENT_IN_FUTURE: _("It was sent more than a day after now."),
    Reason.REFERENCES_MISSING: _("It updates, cancels or answers an earlier message, but names none."),  # noqa: E501
    Reason.REFERENCES_FORMAT: _("An earlier message is not named as sender,identifier,sent."),
    Reason.REFERENCES_SELF: _("It names itself as the earlier message."),
    Reason.REFERENCES_LATER: _("It names a message that was sent after it."),
    Reason.REFERENCES_CONTRADICT: _("It names the same earlier message with different times."),
    Reason.RESTRICTION_MISSING: _("Its scope is Restricted, but no restriction is given."),
    Reason.ADDRESSES_MISSING: _("Its scope is Private, but no addresses are given."),
    Reason.NOTE_MISSING: _("It is an exercise, but no note says which."),
    Reason.EVENT_EMPTY: _("The event is empty."),
    Reason.AREA_UNNAMED: _("An area has no name."),
    Reason.EXPIRES_BEFORE_SENT: _("It expires before it was sent."),
    Reason.EXPIRES_BEFORE_EFFECTIVE: _("It expires before it takes effect."),
    Reason.LANGUAGES_CONTRADICT: _("Two parts in the same language, for the same event, place and time, contradict each other in severity, urgency or certainty."),  # noqa: E501
    Reason.WEB_SCHEME: _("The web address is not one of http or https."),
    Reason.URI_SCHEME: _("The address of a file is of a kind that is not taken."),
    Reason.URI_RELATIVE: _("The address of a file is not a whole one, and its content is not given."),  # noqa: E501
    Reason.SIZE_NEGATIVE: _("The size of a file is negative."),
    Reason.CONTENT_FORMAT: _("The content of a file is not base64."),
    Reason.DIGEST_FORMAT: _("The digest of a file is no hash."),
    Reason.DIGEST_WRONG: _("The content of a file does not match its digest."),
    Reason.POLYGON_NUMBER: _("A polygon has something else than pairs of numbers."),
    Reason.POLYGON_FEW_POINTS: _("A polygon has fewer than four points."),
    Reason.POLYGON_OPEN: _("A polygon does not end where it begins."),
    Reason.POLYGON_CROSSING: _("A polygon crosses itself, so that its inside is unknown."),
    Reason.POLYGON_TANGLED: _("A polygon is so tangled that it cannot be examined."),
    Reason.TOO_MANY_POINTS: _("The areas have too many points: at most 90,000 in one polygon and 100,000 in all."),  # noqa: E501
    Reason.COORDINATES_FINITE: _("A coordinate is no finite number."),
    Reason.COORDINATES_SWAPPED: _("Latitude and longitude are swapped: CAP writes the latitude first (21.0,105.8)."),  # noqa: E501
    Reason.LATITUDE: _("A latitude lies beyond 90 degrees."),
    Reason.LONGITUDE: _("A longitude lies beyond 180 degrees."),
    Reason.CIRCLE_FORMAT: _("A circle is not written as latitude,longitude radius."),
    Reason.RADIUS_MISSING: _("A circle has no radius."),
    Reason.RADIUS_NEGATIVE: _("A circle has a negative radius."),
    Reason.RADIUS_TOO_LARGE: _("A circle is larger than the earth."),
    Reason.ALTITUDE_MISSING: _("A ceiling is given without an altitude."),
    Reason.CEILING_BELOW: _("The ceiling lies below the altitude."),
}  # fmt: skip

_CAUTIONS: dict[Caution, str | Promise] = {
    Caution.ONSET_AFTER_EXPIRES: _("The message expires before what it warns of begins: a newer one is to follow."),  # noqa: E501
    Caution.NO_INFO: _("It says nothing in words."),
    Caution.NO_AREA: _("It names no area."),
    Caution.NO_EXPIRES: _("It does not say until when it holds."),
    Caution.OUTSIDE_VIETNAM: _("None of the points of its areas lies in or near Vietnam."),
    Caution.POLYGON_UNTIDY: _("A polygon crosses itself in a tiny spot."),
    Caution.CODE_TWICE: _("The same code stands twice."),
    Caution.LANGUAGES_DIFFER: _("Its languages differ in severity, urgency or certainty."),
    Caution.NOT_PUBLIC: _("It is not meant for the public."),
    Caution.NOT_ACTIONABLE: _("It is no real warning: an exercise, a test, a draft or a message between systems."),  # noqa: E501
}  # fmt: skip
