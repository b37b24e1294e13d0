"""Downloads of Get information about pupils of a made-up school, in place of its tests there."""

from collections.abc import Iterable, Mapping
from datetime import date

from synthetic.returns.tables import (
    Rows,
    find_last_day,
    format_day,
    load_columns,
    read_rows,
    write_rows,
)

_ROLL, _CARE, _TESTS = "roll.csv", "care_episodes.csv", "tests.csv"
_IN_CARE, _AFTER_CARE = "looked after", "previously looked after"
#: The grant for a child and year, in pounds.
_GRANT = 2630
_APRIL, _SEPTEMBER = 4, 9
COLUMNS = load_columns("giap")
_PREMIUM, _KS2, _MTC, _PHONICS = COLUMNS
_SUBJECTS = {"reading": "READ", "maths": "MAT", "spelling": "GPS"}


def write_downloads(files: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The files with downloads among them; the second value is no authority.

    What they tell leaves tests.csv: all but reading ages, and checks of tables that were not
    taken, since the reasons are not known for certain.
    """
    roll = {row["upn"]: row for row in read_rows(files[_ROLL])}
    tests = [row for row in read_rows(files[_TESTS]) if row["upn"] in roll]
    tables: dict[str, Rows] = {name: [] for name in COLUMNS}
    tables[_PREMIUM] = list(_build_premium(files, roll))
    told: Rows = []
    sittings: dict[tuple[str, str], dict[str, str]] = {}
    for row in tests:
        stay = roll[row["upn"]]
        own = {
            "date": format_day(row["date"]),
            "UPN": row["upn"],
            "DOB": format_day(stay["date_of_birth"]),
        }
        names = {"Surname": stay["surname"], "Forename": stay["forename"], "Sex": stay["sex"]}
        year = {"ACADYR": _name_year(row["date"])}
        if row["test"] in _SUBJECTS:
            subject = _SUBJECTS[row["test"]]
            of_names = {"SURNAME": stay["surname"], "FORENAMES": stay["forename"]}
            sitting = sittings.setdefault(
                (row["upn"], row["date"]), own | year | of_names | {"SEX": stay["sex"]}
            )
            sitting |= {f"{subject}SCORE": row["score"], f"{subject}OUTCOME": row["outcome"]}
        elif row["test"] == "tables" and row["score"]:
            marked = {"FormMark": row["score"], "PupilStatus": "Complete"}
            tables[_MTC].append(own | year | names | marked)
        elif row["test"] == "phonics" and (row["score"] or row["outcome"] in ("A", "L")):
            marked = {"PHONICS_MARK": row["score"], "PHONICS_OUTCOME": row["outcome"]}
            about = own | year | marked
            prefixed = {f"Phonics_{key}": text for key, text in about.items() if key != "date"}
            tables[_PHONICS].append(prefixed | {"date": own["date"]})
        else:
            continue
        told.append(row)
    tables[_KS2] = list(sittings.values())
    rest = [row for row in read_rows(files[_TESTS]) if row not in told]
    written = {name: write_rows(COLUMNS[name], rows) for name, rows in tables.items() if rows}
    return {**files, _TESTS: write_rows(list(tests[0]), rest), **written}, ""


def _build_premium(
    files: Mapping[str, str], roll: Mapping[str, Mapping[str, str]]
) -> Iterable[dict[str, str]]:
    """A row for whoever is or was in care on the first day of the financial year."""
    last = find_last_day(files)
    first = date(last.year if last.month >= _APRIL else last.year - 1, _APRIL, 1)
    flags: dict[str, set[str]] = {}
    for row in read_rows(files[_CARE]):
        begins = row["start"] if row["start"] != "unknown" else row["known_since"]
        if begins <= f"{first}" and (not row["end"] or f"{first}" < row["end"]):
            flags.setdefault(row["upn"], set()).add(row["status"])
    for upn, statuses in flags.items():
        if upn not in roll or not statuses & {_IN_CARE, _AFTER_CARE}:
            continue
        stay = roll[upn]
        yield {
            "UPN": upn,
            "Surname": stay["surname"],
            "Forename": stay["forename"],
            "Sex": stay["sex"],
            "DOB": format_day(stay["date_of_birth"]),
            "NCYear": stay["year_group"],
            "Deprivation Pupil Premium": "0",
            "Service Child Premium": "0",
            "Adopted from Care Premium": f"{int(_AFTER_CARE in statuses)}",
            "Looked After Premium": f"{int(_IN_CARE in statuses)}",
            "PupilPremiumFTE": "1",
            "PupilPremiumCashAmount": f"{_GRANT}",
            "PupilPremiumFYStartDate": f"{first:%d/%m/%Y}",
            "PupilPremiumFYEndDate": f"31/03/{first.year + 1}",
        }


def _name_year(day: str) -> str:
    found = date.fromisoformat(day)
    start = found.year if found.month >= _SEPTEMBER else found.year - 1
    return f"{start}/{start + 1}"
