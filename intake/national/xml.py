"""National files in XML as tables: opened safely, and known by their root.

An entity, a reference to anything outside or too many elements refuse the file before it is
understood.  A table is rows of text, the first of them the names of its columns; the number
of a row is that of its element in the file.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from intake.national import cin
from intake.national.ctf import ROOT, Elements, read_transfer_file
from intake.national.ssda903 import load_tables
from intake.problems import IntakeError

Rows = list[tuple[int, tuple[str | None, ...]]]

SUFFIX = ".xml"
MAX_BYTES = 50 * 1024 * 1024
_SSDA903 = "EXPSSDA903"
#: What the XML of the SSDA903 calls otherwise than its tables do.
_OTHER_NAMES = {"CHILD": "CHILDID", "PLACE": "PL"}
#: Tables that stand in elements of their own below a child's header.
_NESTED = {"Reviews": "AREVIEW", "Missing": "AMISSING", "OC2": "OC2", "PrevPerm": "PERMANENCE"}

#: Returns of which the XML is known by an element in it, and not read: what it is, and what to do.
_NOT_READ = {
    ".//Persons/Person": "the SEN2 return as XML, of which not every name is known for certain, so "
    "it was not read. Ask for its tables as the collection gives them back (COLLECT, CSV).",
    ".//PupilsOnRoll": "the school census as XML, of which not every name is known for certain, so "
    "it was not read. Take its tables as the collection gives them back (COLLECT, CSV), or a "
    "Common Transfer File.",
}


@dataclass(frozen=True)
class XmlFile:
    """The tables of a file by their names, and what a person should know of it.

    elements: where rows stand, by table, if that is not the row's own number.
    """

    tables: Mapping[str, Rows]
    elements: Mapping[str, Elements] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_xml(data: bytes, name: str) -> XmlFile:
    """The tables of a national file; none of a file of another kind.

    IntakeError, in words, if the file called `name` is too large, unsafe or no XML.
    """
    if len(data) > MAX_BYTES:
        raise IntakeError(f"{name} is larger than 50 MB. Ask the sender for your children alone.")
    try:
        root = parse(io.BytesIO(data), forbid_dtd=True).getroot()
    except DefusedXmlException as error:
        raise IntakeError(
            f"{name} names entities or files, which no return does. Do not open it; ask the sender."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise IntakeError(
            f"{name} is damaged, or no XML. Ask for it again; it may have been cut off."
        ) from error
    if root.tag == ROOT:
        found = read_transfer_file(root)
        return XmlFile(found.tables, found.elements, found.notes)
    if cin.is_census(root):
        return XmlFile(cin.read_census(root))
    if words := next(
        (words for path, words in _NOT_READ.items() if root.find(path) is not None), None
    ):
        return XmlFile({}, notes=(words,))
    return XmlFile(_read_ssda903(root) if root.tag == _SSDA903 else {})


def _read_ssda903(root: Element) -> dict[str, Rows]:
    """The tables of the SSDA903: those of the header, of episodes, and of what is nested."""
    tables: dict[str, Rows] = {}
    for child in root.iter("CHILD"):
        header = child.find("HEADER")
        if header is None:
            header = Element("HEADER")
        own = {name: _get_text(header, _OTHER_NAMES.get(name, name)) for name in ("CHILD", "DOB")}
        _append(tables, "Header", [header], own)
        _append(tables, "Episodes", child.findall("EPISODE"), own)
        for kind, tag in _NESTED.items():
            _append(tables, kind, header.findall(tag), own)
    return tables


def _append(
    tables: dict[str, Rows], kind: str, elements: Sequence[Element], own: dict[str, str]
) -> None:
    """A row for each element, with the child's own number and birthday before it."""
    columns = list(load_tables()[kind])
    rows = tables.setdefault(kind, [(1, tuple(columns))])
    for element in elements:
        cells = [
            own.get(name) or _get_text(element, _OTHER_NAMES.get(name, name)) for name in columns
        ]
        if len(element):
            rows.append((len(rows) + 1, tuple(cells)))


def _get_text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()
