"""The SSDA903 of a made-up school's children: in place of their rows in care_episodes.csv."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

Rows = list[dict[str, str]]

#: The commonest placement of each kind of home; a blank one is another.
_PLACES = {
    "foster": "U6",
    "kinship": "U3",
    "children's home": "K2",
    "residential school": "S1",
    "with parents": "P1",
    "adoptive": "A6",
    "other": "Z1",
}
_CARE, _ROLL = "care_episodes.csv", "roll.csv"
#: The columns of each table, by its file.
COLUMNS = {
    "header.csv": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "episodes.csv": (
        *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
        *("REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
    ),
    "reviews.csv": ("CHILD", "DOB", "REVIEW", "REVIEW_CODE"),
    "missing.csv": ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
    "oc2.csv": (
        *("CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK"),
        *("IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE"),
        *("INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
    ),
}


def write_return(files: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The files with the return of one authority in them, and the authority's name.

    It is the one with most children; their rows leave care_episodes.csv.  Whoever has a
    period that a return cannot tell, such as one of unknown start, stays there.
    """
    roll = {row["upn"]: row for row in _read(files[_ROLL])}
    care = _read(files[_CARE])
    by_child: dict[str, Rows] = {}
    for row in care:
        by_child.setdefault(row["upn"], []).append(row)
    counted = Counter(row["authority"] for row in care if row["status"] == "looked after")
    authority = counted.most_common(1)[0][0]
    told = {
        upn: [row for row in rows if row["status"] == "looked after"]
        for upn, rows in by_child.items()
        if upn in roll and _is_told(rows, authority)
    }
    tables: dict[str, Rows] = {name: [] for name in COLUMNS}
    for number, (upn, rows) in enumerate(told.items(), start=1001):
        _add_child(tables, f"X{number}", roll[upn], sorted(rows, key=lambda row: row["start"]))
    rest = [row for row in care if not (row["upn"] in told and row["status"] == "looked after")]
    written = {name: _write(columns, tables[name]) for name, columns in COLUMNS.items()}
    own = {_CARE: _write(list(care[0]), rest)}
    return {**files, **own, **written}, authority


def _is_told(rows: Rows, authority: str) -> bool:
    """Whether a return tells every period in care of a child."""
    in_care = [row for row in rows if row["status"] == "looked after"]
    return bool(in_care) and all(
        row["authority"] == authority
        and row["start"] != "unknown"
        and row["legal_status"]
        and row["home"] in _PLACES
        for row in in_care
    )


def _add_child(tables: dict[str, Rows], child: str, stay: Mapping[str, str], rows: Rows) -> None:
    """A child's rows of every table; a period that goes on at once is the same time in care."""
    own = {"CHILD": child, "DOB": _to_day(stay["date_of_birth"])}
    tables["header.csv"].append(
        own | {"SEX": stay["sex"], "ETHNIC": "NOBT", "UPN": stay["upn"], "MOTHER": ""}
    )
    before = ""
    following = [*(row["start"] for row in rows[1:]), ""]
    for row, after in zip(rows, following, strict=True):
        ended = "" if not row["end"] else "X1" if row["end"] == after else "E8"
        tables["episodes.csv"].append(
            {
                "CHILD": child,
                "DECOM": _to_day(row["start"]),
                "RNE": "B" if row["start"] == before else "S",
                "LS": row["legal_status"],
                "CIN": "N1",
                "PLACE": _PLACES[row["home"]],
                "PLACE_PROVIDER": "PR1",
                "DEC": _to_day(row["end"]),
                "REC": ended,
                "REASON_PLACE_CHANGE": "OTHER" if ended == "X1" else "",
            }
        )
        before = row["end"]
    day = _to_day(rows[0]["start"])
    tables["reviews.csv"].append(own | {"REVIEW": day, "REVIEW_CODE": "PN1"})
    tables["missing.csv"].append(own | {"MISSING": "M", "MIS_START": day, "MIS_END": day})
    checks = ("CONVICTED", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE")
    tables["oc2.csv"].append(own | {"SDQ_SCORE": "12"} | dict.fromkeys(checks, "0"))


def _to_day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""


def _read(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text)))


def _write(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    content = io.StringIO()
    writer = csv.DictWriter(content, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue()
