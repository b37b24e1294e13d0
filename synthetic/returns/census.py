"""The school census of a made-up school, as an authority's collection gives it back."""

from collections.abc import Mapping
from datetime import date, timedelta

from synthetic.returns.tables import (
    Rows,
    find_last_day,
    format_moment,
    load_columns,
    read_rows,
    write_rows,
)

_ROLL, _CARE, _SUSPENSIONS = "roll.csv", "care_episodes.csv", "suspensions.csv"
_AFTER_CARE = "previously looked after"
_OCTOBER, _THURSDAY = 10, 3
COLUMNS = load_columns("census")
_CENSUS, _ON_ROLL, _LEFT, _EXCLUSIONS = COLUMNS


def write_school_census(files: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The files with a census in place of the roll and the suspensions; it has no authority.

    Who was looked after before is told there too, and stays in care_episodes.csv, which
    says since when.
    """
    last = find_last_day(files)
    day = date(last.year if last.month >= _OCTOBER else last.year - 1, _OCTOBER, 1)
    day += timedelta((_THURSDAY - day.weekday()) % 7)
    after_care = {row["upn"] for row in read_rows(files[_CARE]) if row["status"] == _AFTER_CARE}
    tables: dict[str, Rows] = {name: [] for name in COLUMNS}
    tables[_CENSUS] = [
        {
            **_link("schoolcensustableid", 1),
            "term": "AUT",
            "collection": "SC",
            "name": "School Census",
            "year": f"{day.year}",
            "referencedate": format_moment(f"{day}"),
            "sourcelevel": "S",
            "lea": "001",
        }
    ]
    links: dict[str, dict[str, str]] = {}
    for number, stay in enumerate(read_rows(files[_ROLL]), start=1):
        own = {
            "schoolcensustableid": "00000001-0",
            "dob": format_moment(stay["date_of_birth"]),
            "entrydate": format_moment(stay["entry_date"]),
            **{name: stay[name] for name in ("surname", "forename", "upn", "sex")},
            "parttime": "False",
            "boarder": "N",
        }
        if stay["leaving_date"]:
            left = {"leavingdate": format_moment(stay["leaving_date"])}
            left |= {"ncyearleaving": stay["year_group"]}
            tables[_LEFT].append(_link("pupilnolongeronrolltableid", number) | own | left)
        else:
            links[stay["upn"]] = _link("pupilonrolltableid", number)
            more = {
                "enrolstatus": "C",
                "ncyearactual": stay["year_group"],
                "senprovision": stay["sen_provision"],
            }
            more |= {"plaa": "A" if stay["upn"] in after_care else "N", "ethnicity": "NOBT"}
            tables[_ON_ROLL].append(links[stay["upn"]] | own | more)
    rest: Rows = []
    for number, row in enumerate(read_rows(files.get(_SUSPENSIONS, "")), start=1):
        if row["upn"] not in links:
            rest.append(row)
            continue
        tables[_EXCLUSIONS].append(
            {
                **_link("termlyexclusionsonrolltableid", number),
                **links[row["upn"]],
                "startdate": format_moment(row["date"]),
                "sessions": f"{row['sessions']}.0",
                "reason1": row["reason"],
                "category": row["category"],
                "senprovision": "N",
            }
        )
    written = {name: write_rows(COLUMNS[name], rows) for name, rows in tables.items() if rows}
    kept = {name: text for name, text in files.items() if name not in (_ROLL, _SUSPENSIONS)}
    if rest:
        kept[_SUSPENSIONS] = write_rows(list(rest[0]), rest)
    return {**kept, **written}, ""


def _link(column: str, number: int) -> dict[str, str]:
    return {column: f"{number:08d}-0", "NativeId": "SCH1", "sourceid": "s1"}
