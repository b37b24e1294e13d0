"""A Common Transfer File of a made-up school, in place of its roll."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

Rows = list[dict[str, str]]

_ROLL = "roll.csv"
_ESTABLISHMENT = {"LEA": "001", "Estab": "9999"}


def write_transfer_file(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files with a transfer file in place of the roll."""
    root = Element("CTfile")
    header = SubElement(root, "Header")
    _add_all(header, DocumentName="Common Transfer File")
    _add_all(header, CTFversion="26.0", DocumentQualifier="full")
    _add_all(SubElement(header, "SourceSchool"), **_ESTABLISHMENT)
    pupils = SubElement(root, "CTFpupilData")
    for rows in _group_by_child(read_rows(files[_ROLL])).values():
        _add_pupil(SubElement(pupils, "Pupil"), rows)
    indent(root)
    rest = {name: text for name, text in files.items() if name != _ROLL}
    name = f"{''.join(_ESTABLISHMENT.values())}_CTF_{_ESTABLISHMENT['LEA']}LLLL_001.xml"
    return {**rest, name: tostring(root, encoding="unicode", xml_declaration=False)}


def read_rows(text: str) -> Rows:
    """The rows of a file below the names of its columns."""
    return list(csv.DictReader(io.StringIO(text)))


def _group_by_child(rows: Iterable[dict[str, str]]) -> defaultdict[str, Rows]:
    found: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row["upn"]].append(row)
    return found


def _add_all(element: Element, **texts: str) -> None:
    """An element for each text; none where there is nothing to say."""
    for tag, text in texts.items():
        if text:
            SubElement(element, tag).text = text


def _add_pupil(pupil: Element, stays: Rows) -> None:
    last = stays[-1]
    _add_all(pupil, UPN=last["upn"], Surname=last["surname"], Forename=last["forename"])
    _add_all(pupil, DOB=last["date_of_birth"], Sex=last["sex"])
    details = SubElement(pupil, "BasicDetails")
    _add_all(details, PreferredForename=last["preferred_forename"], NCyearActual=last["year_group"])
    if last["sen_provision"]:
        needs = SubElement(SubElement(pupil, "SENhistory"), "SEN")
        _add_all(needs, StartDate=last["entry_date"], SENprovision=last["sen_provision"])
    address = SubElement(pupil, "Address")
    _add_all(SubElement(address, "AddressLines"), AddressLine1=last["address"])
    _add_all(address, PostCode=last["postcode"])
    history = SubElement(pupil, "SchoolHistory")
    for stay in stays:
        days = {"EntryDate": stay["entry_date"], "LeavingDate": stay["leaving_date"]}
        _add_all(SubElement(history, "School"), **_ESTABLISHMENT, **days)
