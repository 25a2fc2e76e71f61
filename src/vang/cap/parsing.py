"""From a stranger's bytes to a tree of elements, before anything in it is believed.

In this order: size; encoding, as declared; no DOCTYPE, so no entities; well-formed, nothing is
fetched; depth and number of elements; the namespace of CAP 1.2; the schema of OASIS.
"""

import codecs
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from vang.cap.findings import MOST, Finding, NotAccepted, finding, refuse
from vang.cap.model import NAMESPACE
from vang.cap.reasons import Reason

MOST_BYTES = 900 * 1024
MOST_DEPTH = 24
MOST_ELEMENTS = 60_000
TIMES = frozenset({"sent", "effective", "onset", "expires"})

_OLDER = re.compile(
    r"(urn:oasis:names:tc:emergency:cap:1\.[01]|http://www\.incident\.com/cap/1\.0)"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>")
_TAKEN = re.compile(r"utf-8|ascii|iso8859-\d+|cp125[0-8]|utf-16(-[lb]e)?|koi8-[ru]")
_SCHEMA = Path(__file__).with_name("CAP-v1.2.xsd")
_validating = Lock()


def parse(data: bytes) -> Any:
    """The root element, valid by the schema. Raises NotAccepted."""
    root = well_formed(data)
    _check_root(root)
    _check_order(root)
    if findings := [*_times(root)] or _invalid(root):
        raise NotAccepted(findings)
    return root


def well_formed(data: bytes, *, whole: bool = False) -> Any:
    """The root element of any harmless XML. Raises NotAccepted.

    ``whole`` keeps comments and instructions, which a signature may cover and nobody should read:
    a comment cuts a text in two.
    """
    if len(data) > MOST_BYTES:
        raise refuse(Reason.TOO_LARGE, name=f"{len(data)} bytes")
    text = _decoded(data)
    _check_prolog(text)
    root = _tree(text, whole=whole)
    _check_size(root)
    return root


def _decoded(data: bytes) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], name)
    for pattern, name in ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be")):
        if data.startswith(pattern):
            return _decode(data, name)
    found = _DECLARED.match(data)
    name = found[1].decode() if found else "utf-8"
    if name.lower().startswith("utf-16"):  # it could not have been read so far
        raise refuse(Reason.ENCODING, name=name)
    return _decode(data, name)


def _decode(data: bytes, name: str) -> str:
    try:
        codec = codecs.lookup(name).name
        if not _TAKEN.fullmatch(codec):
            raise refuse(Reason.ENCODING, name=name)
        return data.decode(codec)
    except (LookupError, UnicodeError) as error:
        raise refuse(Reason.ENCODING, name=name) from error


def _check_prolog(text: str) -> None:
    """Before the first element only comments and instructions may stand: a DOCTYPE nowhere else."""
    place, ends = 0, {"<?": "?>", "<!--": "-->"}
    while True:
        while place < len(text) and text[place].isspace():
            place += 1
        opened = next((mark for mark in ends if text.startswith(mark, place)), "")
        if not opened:
            break
        place = text.find(ends[opened], place + len(opened))
        if place < 0:
            raise refuse(Reason.NOT_XML)
        place += len(ends[opened])
    if text.startswith("<!", place):
        raise refuse(Reason.DOCTYPE, text.count("\n", 0, place) + 1)


def _tree(text: str, *, whole: bool) -> Any:
    declared = _DECLARATION.match(text)
    plain = text[declared.end() :] if declared else text
    lines = text.count("\n", 0, declared.end()) if declared else 0
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not whole,
        remove_pis=not whole,
    )
    try:
        return etree.fromstring(("\n" * lines + plain).encode(), parser)
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error)
        reason = Reason.TOO_DEEP if deep else Reason.NOT_XML
        raise refuse(reason, (error.position or (0, 0))[0]) from error
    except (ValueError, UnicodeError) as error:
        raise refuse(Reason.NOT_XML) from error


def _check_size(root: Any) -> None:
    depth = number = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        number += event == "start"
        if depth > MOST_DEPTH:
            raise refuse(Reason.TOO_DEEP, element.sourceline or 0)
        if number > MOST_ELEMENTS:
            raise refuse(Reason.TOO_MANY_ELEMENTS, element.sourceline or 0)


def _check_root(root: Any) -> None:
    name = etree.QName(root)
    if name.localname == "alert" and _OLDER.match(name.namespace or ""):
        raise refuse(Reason.OLD_VERSION, root.sourceline or 0, name=name.namespace)
    if name.localname != "alert" or name.namespace != NAMESPACE:
        raise refuse(Reason.NOT_CAP, root.sourceline or 0, name=name.text[:200])


def _check_order(root: Any) -> None:
    """libxml2 lets an info follow a signature, which the schema has at the end."""
    foreign = False
    for child in root:
        if foreign and child.tag.startswith(f"{{{NAMESPACE}}}"):
            raise refuse(Reason.STRUCTURE, child.sourceline or 0, etree.QName(child).localname)
        foreign = foreign or not child.tag.startswith(f"{{{NAMESPACE}}}")


def _times(root: Any) -> Iterator[Finding]:
    """The schema only says that a pattern fails; people want to know what is wrong."""
    for element in root.iter(*(f"{{{NAMESPACE}}}{name}" for name in sorted(TIMES))):
        value = (element.text or "").strip()
        if value[-1:] in {"Z", "z"}:
            reason = Reason.TIME_Z
        elif re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", value):
            reason = Reason.TIME_NO_OFFSET
        else:
            continue
        yield finding(reason, element.sourceline or 0, etree.QName(element).localname, value)


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.parse(str(_SCHEMA)))


def _invalid(root: Any) -> list[Finding]:
    """What the schema refuses, one finding for each element.

    The first pass counts: of thousands of errors the second, which knows their places, would take
    minutes to find them.
    """
    with _validating:  # the log of errors is the schema's own
        schema = _schema()
        kinds = _errors_at_once(root, schema)
        if not kinds:
            return []
        if len(kinds) > MOST:
            return [finding(Reason.STRUCTURE)]
        schema.validate(root)
        errors = [(one.path, one.type_name, one.line) for one in schema.error_log]
    found: dict[str, Finding] = {}
    for path, kind, line in errors:
        if path not in found:
            found[path] = _told(_element_at(root, path), kind, line)
    return sorted(found.values(), key=lambda one: one.line)


def _errors_at_once(root: Any, schema: Any) -> list[str]:
    parser = etree.XMLParser(schema=schema, resolve_entities=False, no_network=True)
    try:
        etree.fromstring(etree.tostring(root), parser)
    except etree.XMLSyntaxError as error:
        return [one.type_name for one in parser.error_log] or [str(error)]
    return []


def _element_at(root: Any, path: str | None) -> Any:
    """By the path in the schema's log, which uses the prefixes of the file; else the root."""
    prefixes = {prefix: name for prefix, name in root.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path, namespaces=prefixes) if path else []
    except etree.XPathError:
        found = []
    return found[0] if found else root


def _told(element: Any, kind: str, line: int) -> Finding:
    name, value = etree.QName(element).localname, element.text or ""
    if kind == "SCHEMAV_CVC_ENUMERATION_VALID":
        return finding(Reason.VALUE_UNKNOWN, line, name, value)
    if kind in {"SCHEMAV_CVC_PATTERN_VALID", "SCHEMAV_CVC_DATATYPE_VALID_1_2_1"}:
        reason = Reason.TIME_FORMAT if name in TIMES else Reason.VALUE_FORMAT
        return finding(reason, line, name, value)
    return finding(Reason.STRUCTURE, line, name)
