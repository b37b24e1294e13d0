"""A reader of Common Transfer Files (CTF): the XML as a table with a row for each stay of a child.

It reads what public programs show of the format.  A value that is not sure is left out and counted,
for a person to see.  So are marks, since no public description says which days they belong to.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from intake.national.layout import load_layout
from intake.national.returns import Return, Rows, get_text
from queries import reference
from queries.contract.model.dates import parse_date

_NAME, _PUPIL = "ctf", "Pupil"
#: The path of each column of the table in a child's element.
_PATHS = {
    "UPN": "UPN",
    "Surname": "Surname",
    "Forename": "Forename",
    "DOB": "DOB",
    "PreferredForename": "BasicDetails/PreferredForename",
    "NCyearActual": "BasicDetails/NCyearActual",
    "FormerUPN": "BasicDetails/FormerUPN",
    "PostCode": "Address/PostCode",
}
_ADDRESS = (
    *(f"Address/BS7666Address/{part}" for part in ("SAON", "PAON", "Street", "Locality", "Town")),
    *(f"Address/AddressLines/AddressLine{number}" for number in range(1, 6)),
)
_IN_CARE = {"true": "yes", "1": "yes", "false": "no", "0": "no", "": "no"}
_NOT_SURE = "not sure"


def _read_root(root: Element) -> Mapping[str, Rows] | None:
    """Return the table with its columns first, or None for a file of another kind.

    The number of a row is that of its child in the file, the header being row 1.
    """
    if root.tag != "CTfile":
        return None
    columns = load_layout(_NAME).tables[_PUPIL].columns
    school = [get_text(root, f"Header/SourceSchool/{tag}") for tag in ("LEA", "Estab")]
    rows: Rows = [(1, columns)]
    for number, pupil in enumerate(root.iter(_PUPIL), start=2):
        rows += [
            (number, tuple(cells.get(name, "") for name in columns))
            for cells in _list_stays(pupil, school)
        ]
    return {_PUPIL: rows}


def _list_stays(pupil: Element, school: list[str]) -> Iterator[dict[str, str]]:
    """Yield the cells of each stay at the school that sent the file.

    If the child's history names no such stay, the child's last school stands for it.  Only the
    row of the newest stay has the present facts and those that are counted.
    """
    schools = list(pupil.iterfind("SchoolHistory/School"))
    stays = [
        stay for stay in schools if [get_text(stay, tag) for tag in ("LEA", "Estab")] == school
    ]
    if not stays:
        stays = [max(schools, key=_get_entry, default=Element("School"))]
    address = filter(None, (get_text(pupil, path) for path in _ADDRESS))
    cells = {name: get_text(pupil, path) for name, path in _PATHS.items()}
    cells |= {"Address": ", ".join(address)}
    cells |= {"Sex": get_text(pupil, "Sex") or get_text(pupil, "Gender")}
    provision = find_provision(pupil)
    now = {
        "SENprovision": provision or "",
        "SENhistory": _NOT_SURE if provision is None else "",
        "InCare": _IN_CARE.get(get_text(pupil, "LookedAfter/InCare").casefold(), _NOT_SURE),
        "Attendance": "yes" if pupil.find("Attendance/YearData") is not None else "",
    }
    newest = max(stays, key=_get_entry)
    for stay in stays:
        days = {tag: get_text(stay, tag) for tag in ("EntryDate", "LeavingDate")}
        yield cells | days | (now if stay is newest else {})


def _get_entry(stay: Element) -> str:
    return get_text(stay, "EntryDate")


def find_provision(pupil: Element) -> str | None:
    """Return the newest provision for special educational needs, or "" without a history.

    Returns None if that is not sure: it has ended, a start is no date, two start on that day, or
    its code is no longer in use.  An earlier provision is never taken for the present one.
    """
    rows = list(pupil.iterfind("SENhistory/SEN"))
    if not rows:
        return ""
    days = [parsed[0] for row in rows if (parsed := parse_date(get_text(row, "StartDate")))]
    if len(days) < len(rows):
        return None
    newest = [row for day, row in zip(days, rows, strict=True) if day == max(days)]
    codes = {get_text(row, "SENprovision") for row in newest if not get_text(row, "EndDate")}
    known = set(reference.read("sen_provision")["code"])  # less the kinds that ended by 2018
    return codes.pop() if len(newest) == 1 and codes and codes <= known else None


TRANSFER_FILE = Return(_NAME, read_root=_read_root)
