"""What is taken and what is refused, with the reason. Every refusal is one change away from a
message that is taken."""

from datetime import timedelta

import pytest

from tests.cap.messages import EXAMPLES, NOW, changed
from vang.cap.findings import NotAccepted
from vang.cap.model import MsgType, Severity, Status
from vang.cap.reading import read
from vang.cap.reasons import Caution, Reason

R = Reason
SENT = "2003-06-17T14:57:00-07:00"
RING = "38.47,-120.14 38.34,-119.95 38.52,-119.74 38.62,-119.89 38.47,-120.14"
CIRCLE = "<circle>32.9525,-115.5527 0</circle>"
REFERENCE = "trinet@caltech.edu,TRI13970876.1,2003-06-11T20:30:00-07:00"
RESOURCE = "<uri>http://www.dhs.gov/dhspublic/getAdvisoryImage</uri>"
SHA1_OF_VANG = "4c0d6a2d67e9ef3c0c5e6a2d9d55e4f6d2f0a1b3"


def ring(text: str) -> tuple[str, str]:
    return RING, text


def circle(text: str) -> tuple[str, str]:
    return CIRCLE, f"<circle>{text}</circle>"


def resource(text: str) -> tuple[str, str]:
    return RESOURCE, text


def scoped(scope: str, more: str = "") -> tuple[str, str]:
    return "<scope>Public</scope>", f"<scope>{scope}</scope>{more}"


WHOLE_AREA = """<area>
      <areaDesc>U.S. nationwide and interests worldwide</areaDesc>
    </area>"""
SECOND_INFO = """<info><category>Rescue</category><event>Child Abduction</event>
<urgency>Future</urgency><severity>Minor</severity><certainty>Likely</certainty><area>
<areaDesc>Los Angeles County</areaDesc><geocode><valueName>SAME</valueName><value>006037</value>
</geocode></area></info></alert>"""

REFUSED: dict[str, tuple[Reason, str, tuple[tuple[str, str], ...]]] = {
    "of CAP 1.1": (R.OLD_VERSION, "example1", ((":cap:1.2", ":cap:1.1"),)),
    "of CAP 1.0": (R.OLD_VERSION, "example1", (
        ("urn:oasis:names:tc:emergency:cap:1.2", "http://www.incident.com/cap/1.0"),)),
    "without a namespace": (R.NOT_CAP, "example1", (
        (' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', ""),)),
    "something else": (R.NOT_CAP, "example1", (("<alert", "<feed"), ("</alert>", "</feed>"))),
    "cut off": (R.NOT_XML, "example1", (("</alert>", ""),)),
    "with an unknown entity": (R.NOT_XML, "example1", (("ORANGE", "&orange;"),)),
    "with a DOCTYPE": (R.DOCTYPE, "example1", (("<alert", "<!DOCTYPE alert>\n<alert"),)),
    "with a DOCTYPE after a comment": (R.DOCTYPE, "example1", (
        ("<alert", "<!-- > --><?a ?>\n<!DOCTYPE alert [<!ENTITY a 'b'>]>\n<alert"),)),
    "in an encoding that nobody knows": (R.ENCODING, "example1", (("UTF-8", "x-vang"),)),
    "in an encoding that hides": (R.ENCODING, "example1", (("UTF-8", "utf-7"),)),
    "without a sender": (R.STRUCTURE, "example1", (("<sender>hsas@dhs.gov</sender>", ""),)),
    "with an unknown element": (R.STRUCTURE, "example1", (("<info>", "<siren/><info>"),)),
    "with two statuses": (R.STRUCTURE, "example1", (
        ("<status>Actual</status>", "<status>Actual</status><status>Test</status>"),)),
    "out of order": (R.STRUCTURE, "example1", (
        ("<category>Security</category>", ""),
        ("<urgency>", "<category>Security</category><urgency>"))),
    "with an unknown status": (R.VALUE_UNKNOWN, "example1", (("Actual", "Real"),)),
    "with an unknown category": (R.VALUE_UNKNOWN, "example1", ((">Security<", ">Storm<"),)),
    "with an unknown severity": (R.VALUE_UNKNOWN, "example1", ((">Severe<", ">severe<"),)),
    "with a wrong language": (R.VALUE_FORMAT, "example4", ((">en-US<", ">tiếng Việt<"),)),
    "with a size in words": (R.VALUE_FORMAT, "example1", (
        resource("<size>large</size>" + RESOURCE),)),
    "with an altitude in words": (R.VALUE_FORMAT, "example1", (
        ("</areaDesc>", "</areaDesc><altitude>NaN</altitude>"),)),
    "with a size beyond measure": (R.VALUE_FORMAT, "example1", (
        resource(f"<size>{'9' * 5000}</size>" + RESOURCE),)),
    "sent in Z": (R.TIME_Z, "example2", ((SENT, "2003-06-17T21:57:00Z"),)),
    "expiring in Z": (R.TIME_Z, "example2", (
        ("2003-06-17T16:00:00-07:00", "2003-06-17T23:00:00Z"),)),
    "without an offset": (R.TIME_NO_OFFSET, "example2", ((SENT, "2003-06-17T14:57:00"),)),
    "with a day that is none": (R.TIME_FORMAT, "example2", ((SENT, "2003-06-31T14:57:00-07:00"),)),
    "with a time in words": (R.TIME_FORMAT, "example2", ((SENT, "yesterday"),)),
    "sent before there were computers": (R.TIME_RANGE, "example1", (
        ("2003-04-02", "0003-04-02"),)),
    "without an identifier": (R.IDENTIFIER_EMPTY, "example1", (("43b080713727", " "),)),
    "with a space in its identifier": (R.IDENTIFIER_CHARACTERS, "example1", (
        ("43b080713727", "43b 080"),)),
    "with a comma in its identifier": (R.IDENTIFIER_CHARACTERS, "example1", (
        ("43b080713727", "43b,080"),)),
    "with < in its identifier": (R.IDENTIFIER_CHARACTERS, "example1", (
        ("43b080713727", "43b&lt;080"),)),
    "with an empty sender": (R.SENDER_EMPTY, "example1", (("hsas@dhs.gov", ""),)),
    "with a space in its sender": (R.SENDER_CHARACTERS, "example1", (
        ("hsas@dhs.gov", "hsas dhs"),)),
    "with & in its sender": (R.SENDER_CHARACTERS, "example1", (
        ("hsas@dhs.gov", "hsas&amp;dhs"),)),
    "from the day after tomorrow": (R.SENT_IN_FUTURE, "example1", (
        ("2003-04-02T14:39:01-05:00", "2026-06-11T13:00:00+07:00"),)),
    "an update of nothing": (R.REFERENCES_MISSING, "example3", (
        (f"<references>{REFERENCE}</references>", ""),)),
    "an update of an empty list": (R.REFERENCES_MISSING, "example3", ((REFERENCE, " "),)),
    "a cancellation of nothing": (R.REFERENCES_MISSING, "example1", ((">Alert<", ">Cancel<"),)),
    "an answer to nothing": (R.REFERENCES_MISSING, "example1", ((">Alert<", ">Ack<"),)),
    "an error of nothing": (R.REFERENCES_MISSING, "example1", ((">Alert<", ">Error<"),)),
    "an update of garbage": (R.REFERENCES_FORMAT, "example3", ((REFERENCE, "the-last-one"),)),
    "an update of an unnamed one": (R.REFERENCES_FORMAT, "example3", (
        (REFERENCE, REFERENCE.replace("TRI13970876.1", "")),)),
    "an update of a time in words": (R.REFERENCES_FORMAT, "example3", (
        (REFERENCE, "trinet@caltech.edu,TRI13970876.1,yesterday"),)),
    "an update of itself": (R.REFERENCES_SELF, "example3", (
        (REFERENCE, "trinet@caltech.edu,TRI13970876.2,2003-06-11T20:56:00-07:00"),)),
    "an update of a later one": (R.REFERENCES_LATER, "example3", (
        (REFERENCE, REFERENCE.replace("2003", "2004")),)),
    "an update of one at two times": (R.REFERENCES_CONTRADICT, "example3", (
        (REFERENCE, f"{REFERENCE} {REFERENCE.replace('20:30', '20:31')}"),)),
    "restricted to nobody knows whom": (R.RESTRICTION_MISSING, "example1", (scoped("Restricted"),)),
    "restricted to a blank": (R.RESTRICTION_MISSING, "example1", (
        scoped("Restricted", "<restriction> </restriction>"),)),
    "private without addresses": (R.ADDRESSES_MISSING, "example1", (scoped("Private"),)),
    "an exercise without a note": (R.NOTE_MISSING, "example1", ((">Actual<", ">Exercise<"),)),
    "without an event": (R.EVENT_EMPTY, "example2", ((">SEVERE THUNDERSTORM<", "> <"),)),
    "of an area without a name": (R.AREA_UNNAMED, "example4", (
        (">Los Angeles County</area", "> </area"),)),
    "over before it was sent": (R.EXPIRES_BEFORE_SENT, "example2", (
        ("2003-06-17T16:00:00-07:00", "2003-06-17T16:00:00-04:00"),)),
    "over before it takes effect": (R.EXPIRES_BEFORE_EFFECTIVE, "example2", (
        ("<expires>", "<effective>2003-06-17T17:00:00-07:00</effective><expires>"),)),
    "saying two things in one language": (R.LANGUAGES_CONTRADICT, "example4", (
        ("</alert>", SECOND_INFO),)),
    "leading to a script": (R.WEB_SCHEME, "example1", (
        ("<web>http:", "<web>javascript:"),)),
    "leading to a hidden script": (R.VALUE_FORMAT, "example1", (
        ("<web>http:", "<web>java&#9;script:"),)),
    "with a file of this computer": (R.URI_SCHEME, "example1", (
        resource("<uri>file:///etc/passwd</uri>"),)),
    "with a file that is nowhere": (R.URI_RELATIVE, "example1", (resource("<uri>a.mp3</uri>"),)),
    "with an address of no host": (R.URI_RELATIVE, "example1", (resource("<uri>http:</uri>"),)),
    "with a file of negative size": (R.SIZE_NEGATIVE, "example1", (
        resource("<size>-1</size>" + RESOURCE),)),
    "with content that is none": (R.CONTENT_FORMAT, "example1", (
        resource(RESOURCE + "<derefUri>Vang!</derefUri>"),)),
    "with a digest that is none": (R.DIGEST_FORMAT, "example1", (
        resource(RESOURCE + "<digest>secret</digest>"),)),
    "with content of another digest": (R.DIGEST_WRONG, "example1", (
        resource(RESOURCE + f"<derefUri>VmFuZw==</derefUri><digest>{SHA1_OF_VANG}</digest>"),)),
    "with a polygon in words": (R.POLYGON_NUMBER, "example2", (ring("abc"),)),
    "with a polygon of single numbers": (R.POLYGON_NUMBER, "example2", (
        ring(RING.replace(",", " ")),)),
    "with a polygon of commas": (R.POLYGON_NUMBER, "example2", (ring("1,2,3 4,5,6"),)),
    "with a decimal comma": (R.POLYGON_NUMBER, "example2", (ring(RING.replace(".", ",")),)),
    "with an empty polygon": (R.POLYGON_FEW_POINTS, "example2", (ring(""),)),
    "with a polygon of three points": (R.POLYGON_FEW_POINTS, "example2", (
        ring("38.47,-120.14 38.34,-119.95 38.47,-120.14"),)),
    "with an open polygon": (R.POLYGON_OPEN, "example2", (
        ring(RING.rpartition(" ")[0]),)),
    "with a bow": (R.POLYGON_CROSSING, "example2", (ring("15,108 16,109 16,108 15,109 15,108"),)),
    "with a polygon whose points were mixed up": (R.POLYGON_CROSSING, "example2", (
        ring("38.47,-120.14 38.52,-119.74 38.34,-119.95 38.62,-119.89 38.47,-120.14"),)),
    "at no number": (R.COORDINATES_FINITE, "example2", (ring(RING.replace("38.34", "NaN")),)),
    "at infinity": (R.COORDINATES_FINITE, "example2", (ring(RING.replace("38.34", "1e999")),)),
    "of Hà Nội the wrong way round": (R.COORDINATES_SWAPPED, "example2", (
        ring("105.8,21.0 105.9,21.0 105.9,21.1 105.8,21.0"),)),
    "around Đà Nẵng the wrong way round": (R.COORDINATES_SWAPPED, "example3", (
        circle("108.2,16.05 10"),)),
    "beyond the pole": (R.LATITUDE, "example2", (
        ring("138.47,-120.14 38.34,-119.95 38.52,-119.74 138.47,-120.14"),)),
    "beyond the date line": (R.LONGITUDE, "example2", (
        ring("38.47,-220.14 38.34,-119.95 38.52,-119.74 38.47,-220.14"),)),
    "with a circle in words": (R.CIRCLE_FORMAT, "example3", (circle("round here"),)),
    "with an empty circle": (R.CIRCLE_FORMAT, "example3", (circle(""),)),
    "with a circle of too much": (R.CIRCLE_FORMAT, "example3", (circle("1,2 3 4"),)),
    "with a circle of no radius": (R.RADIUS_MISSING, "example3", (circle("16.05,108.2"),)),
    "with a circle turned inside out": (R.RADIUS_NEGATIVE, "example3", (circle("16,108 -5"),)),
    "with a circle larger than the earth": (R.RADIUS_TOO_LARGE, "example3", (
        circle("16,108 20039"),)),
    "with a circle without end": (R.COORDINATES_FINITE, "example3", (circle("16,108 inf"),)),
    "with a ceiling over nothing": (R.ALTITUDE_MISSING, "example1", (
        ("</areaDesc>", "</areaDesc><ceiling>5</ceiling>"),)),
    "with a ceiling below the floor": (R.CEILING_BELOW, "example1", (
        ("</areaDesc>", "</areaDesc><altitude>9</altitude><ceiling>5</ceiling>"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_is_a_message(name: str) -> None:
    reason, example, changes = REFUSED[name]
    read(EXAMPLES[example], now=NOW)
    with pytest.raises(NotAccepted) as refusal:
        read(changed(example, *changes), now=NOW)
    assert (refusal.value.code, str(refusal.value)) == (reason.value, str(reason.text))


def test_every_reason_is_reached_here_or_among_the_hostile_ones() -> None:
    elsewhere = {R.TOO_LARGE, R.TOO_DEEP, R.TOO_MANY_ELEMENTS, R.TOO_MANY_POINTS, R.POLYGON_TANGLED}
    assert {reason for reason, _example, _changes in REFUSED.values()} | elsewhere == set(Reason)


TAKEN: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "in Latin letters of one byte": ("example4", (("UTF-8", "ISO-8859-1"),)),
    "with a time in UTC": ("example2", ((SENT, "2003-06-17T21:57:00-00:00"),)),
    "with plus nought": ("example2", ((SENT, "2003-06-17T21:57:00+00:00"),)),
    "sent at the end of a day": ("example1", (("T14:39:01", "T24:00:00"),)),
    "sent a little ahead of our clock": ("example1", (
        ("2003-04-02T14:39:01-05:00", "2026-06-11T11:59:00+07:00"),)),
    "with a time on a line of its own": ("example2", ((SENT, f"\n  {SENT}\n"),)),
    "without an end": ("example2", (("<expires>2003-06-17T16:00:00-07:00</expires>", ""),)),
    "expiring when it was sent": ("example2", (("2003-06-17T16:00:00-07:00", SENT),)),
    "an exercise with a note": ("example1", (
        (">Actual<", ">Exercise<"), ("</scope>", "</scope><note>Diễn tập 2026</note>"))),
    "restricted": ("example1", (scoped("Restricted", "<restriction>Công an</restriction>"),)),
    "private": ("example1", (scoped("Private", "<addresses>a@b.vn</addresses>"),)),
    "with a reference in Z": ("example3", (
        ("2003-06-11T20:30:00-07:00", "2003-06-12T03:30:00Z"),)),
    "naming the same message twice": ("example3", ((REFERENCE, f"{REFERENCE} {REFERENCE}"),)),
    "with a comment and an instruction": ("example1", (("Actual", "Act<!-- x --><?y z?>ual"),)),
    "with the word DOCTYPE in its text": ("example1", (("ORANGE", "<![CDATA[<!DOCTYPE a>]]>"),)),
    "with a web address without a scheme": ("example1", (
        ("http://www.dhs.gov/", "www.dhs.gov/"),)),
    "with another place in the same language": ("example4", (
        ("</alert>", SECOND_INFO.replace("Los Angeles", "Orange")),)),
    "with its content in it": ("example1", (resource(
        "<uri>a.txt</uri><derefUri>VmFuZw==</derefUri>"
        "<digest>ef86a0af9aa80d1ff9ef8ae7c6c2f5e6c5b2a5ee</digest>"),)),
    "with a polygon over several lines": ("example2", ((RING, RING.replace(" ", "\n   ")),)),
    "with a polygon that touches itself": ("example2", (
        ring("0,0 0,4 2,2 4,4 4,0 2,2 0,0"),)),
    "with numbers in every way of writing": ("example2", (
        ring("+38.47,-120.14 38.,-119.95 .5e2,-119.74 38.47,-120.14"),)),
    "across the date line": ("example2", (
        ring("10,179 10,-179 12,-179 12,179 10,179"),)),
    "round the pole": ("example2", (ring("80,0 80,90 80,180 80,-90 80,0"),)),
    "with a signature that nobody can check": ("example1", (
        ("</alert>", '<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"/></alert>'),)),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_taken_is_a_message(name: str) -> None:
    example, changes = TAKEN[name]
    data = changed(example, *changes)
    if name == "in Latin letters of one byte":
        data = data.decode().encode("iso-8859-1")
    if name == "with its content in it":
        import hashlib

        digest = hashlib.sha1(b"Vang").hexdigest()
        data = data.replace(b"ef86a0af9aa80d1ff9ef8ae7c6c2f5e6c5b2a5ee", digest.encode())
    reading = read(data, now=NOW)
    assert reading.has_signature is (name == "with a signature that nobody can check")
    if example == "example4":
        assert reading.alert.infos[1].event == "Abducción de Niño"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_message_may_come_in_another_encoding_but_no_doctype_hides_in_it(codec: str) -> None:
    text = EXAMPLES["example1"].decode().replace("UTF-8", codec.removesuffix("-sig"))
    assert read(text.encode(codec), now=NOW).alert.sender == "hsas@dhs.gov"
    with pytest.raises(NotAccepted) as refusal:
        read(text.replace("<alert", "<!DOCTYPE a><alert").encode(codec), now=NOW)
    assert refusal.value.code == "doctype"


CAUTIONS: dict[Caution, tuple[str, tuple[tuple[str, str], ...]]] = {
    Caution.ONSET_AFTER_EXPIRES: ("example2", (
        ("<expires>", "<onset>2003-06-18T16:00:00-07:00</onset><expires>"),)),
    Caution.NO_EXPIRES: ("example1", (("ORANGE", "RED"),)),
    Caution.OUTSIDE_VIETNAM: ("example2", (("SEVERE", "BAD"),)),
    Caution.POLYGON_UNTIDY: ("example2", (
        ring("15,108 15,109 15.5,109 15.5,108.9999 15.49999,109.0001 16,109 16,108 15,108"),)),
    Caution.CODE_TWICE: ("example1", (
        ("</scope>", "</scope><code>a</code><code>b</code><code>a</code>"),)),
    Caution.LANGUAGES_DIFFER: ("example4", ((">Severe<", ">Minor<"),)),
    Caution.NOT_PUBLIC: ("example1", (scoped("Private", "<addresses>a@b.vn</addresses>"),)),
    Caution.NOT_ACTIONABLE: ("example1", ((">Actual<", ">Test<"),)),
    Caution.NO_AREA: ("example1", (
        (WHOLE_AREA, ""),)),
}  # fmt: skip


@pytest.mark.parametrize("caution", CAUTIONS, ids=lambda one: one.value)
def test_what_is_odd_is_pointed_out(caution: Caution) -> None:
    example, changes = CAUTIONS[caution]
    found = {one.code for one in read(changed(example, *changes), now=NOW).cautions}
    assert caution in found
    assert set(CAUTIONS) | {Caution.NO_INFO} == set(Caution)


def test_a_warning_without_words_is_pointed_out() -> None:
    text = EXAMPLES["example1"].decode()
    bare = text[: text.index("<info>")] + "</alert>"
    assert [one.code for one in read(bare.encode(), now=NOW).cautions] == [Caution.NO_INFO]


def test_everything_in_the_example_is_read() -> None:
    alert = read(EXAMPLES["example3"], now=NOW).alert
    assert (alert.status, alert.msg_type) == (Status.ACTUAL, MsgType.UPDATE)
    assert alert.references[0].identifier == "TRI13970876.1"
    assert alert.sent - alert.references[0].sent == timedelta(minutes=26)
    info = alert.infos[0]
    assert (info.language, info.severity, info.line) == ("en-US", Severity.MINOR, 10)
    assert info.areas[0].circles[0].radius == 0
    assert {one.name: one.value for one in info.parameters}["Magnitude"] == "3.4 Ml"


def test_all_that_is_wrong_is_told_with_its_lines() -> None:
    wrong = changed("example2", ring("abc"), ("<value>006109</value>", "<value>1</value><x/>"))
    with pytest.raises(NotAccepted) as refusal:
        read(wrong, now=NOW)
    assert refusal.value.line == 31
    two = changed("example2", ring("abc"), (SENT, "0001-06-17T14:57:00-07:00"))
    with pytest.raises(NotAccepted) as refusal:
        read(two, now=NOW)
    told = {(one.code, one.line) for one in refusal.value.findings}
    assert told == {(R.POLYGON_NUMBER, 28), (R.TIME_RANGE, 5)}
