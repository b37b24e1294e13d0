"""The SSDA903 of a made-up school's children: in place of their rows in care_episodes.csv."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from synthetic.returns.tables import (
    Rows,
    find_last_day,
    format_day,
    group_by_child,
    load_columns,
    read_rows,
    write_rows,
)

#: The commonest placement of each kind of home, and the one that tells a second home of that
#: kind from the first; a blank one is another.
_PLACES = {
    "foster": ("U6", "U4"),
    "kinship": ("U3", "U1"),
    "children's home": ("K2", "K1"),
    "residential school": ("S1", "S1"),
    "with parents": ("P1", "P1"),
    "adoptive": ("A6", "A6"),
    "other": ("Z11", "R1"),
}
#: Postcodes that exist and are nobody's home: of the Houses of Parliament for where a child is
#: from, of the Department for Education for where it lives.
_HOME_POSTCODE, _POSTCODE = "SW1A 0AA", "SW1P 3BT"
#: A number of Ofsted's that is nobody's; homes with parents or of another kind have none.
_OFSTED_NUMBER = "SC999999"
#: Who provides a home: for the others somebody else than the authority.
_PROVIDERS = {"P1": "PR0", "Z11": "", "R1": ""}
#: From this birthday on an offence can be a child's.
_CAN_OFFEND = 10
_CARE, _ROLL = "care_episodes.csv", "roll.csv"
_REVIEWS, _MISSING = "reviews.csv", "missing.csv"
#: What of a review, and of a time missing, a return tells.
_TOLD_COLUMNS = {
    _REVIEWS: ("upn", "date", "outcome", "took_part"),
    _MISSING: ("upn", "date", "kind", "back"),
}
#: The files of which a return tells what came of them in the year.
_CHECKED = ("sdq.csv", "health.csv")
#: The columns of each table, by its file.
COLUMNS = load_columns("ssda903")


@dataclass(frozen=True)
class Year:
    """A collection year, its last day in it."""

    first: date
    last: date

    def has(self, row: Mapping[str, str]) -> bool:
        """Whether the row's day is one of the year's."""
        return self.first <= date.fromisoformat(row["date"]) <= self.last


@dataclass(frozen=True)
class Child:
    """A child of the return: its number there, its row of the roll and its time in care."""

    number: str
    stay: Mapping[str, str]
    rows: Rows

    @property
    def own(self) -> dict[str, str]:
        """What stands in every table but the episodes."""
        return {"CHILD": self.number, "DOB": format_day(self.stay["date_of_birth"])}

    def is_in_care_through(self, first: date, last: date) -> bool:
        """Whether the child is looked after on every day from one to the other."""
        day = first
        for row in self.rows:
            end = date.fromisoformat(row["end"]) if row["end"] else date.max
            if date.fromisoformat(row["start"]) <= day < end:
                day = end
        return day > last

    def has_turned(self, age: int, day: date) -> bool:
        """Whether the child has had this birthday."""
        born = date.fromisoformat(self.stay["date_of_birth"])
        return (day.year - age, day.month, day.day) >= (born.year, born.month, born.day)


def write_return(files: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The files with the return of one authority in them, and the authority's name.

    It is the one with most children; their rows leave care_episodes.csv.  Whoever has a
    period that a return cannot tell, such as one of unknown start, stays there.  Episodes go
    back to the first; everything else is of the collection year, from 1 April, that the school
    year began in.  Reviews and times missing leave their files where the return tells all of them.
    """
    roll = {row["upn"]: row for row in read_rows(files[_ROLL])}
    care = read_rows(files[_CARE])
    counted = Counter(row["authority"] for row in care if row["status"] == "looked after")
    authority = counted.most_common(1)[0][0]
    told = {
        upn: [row for row in rows if row["status"] == "looked after"]
        for upn, rows in group_by_child(care).items()
        if upn in roll and _is_told(rows, authority)
    }
    last = find_last_day(files)
    year = Year(date(last.year - 1, 4, 1), date(last.year, 3, 31))
    of_children = (*_CHECKED, _REVIEWS, _MISSING)
    known = {name: group_by_child(read_rows(files.get(name, ""))) for name in of_children}
    tables: dict[str, Rows] = {name: [] for name in COLUMNS}
    for number, (upn, rows) in enumerate(told.items(), start=1001):
        child = Child(f"X{number}", roll[upn], sorted(rows, key=lambda row: row["start"]))
        tables["ssda903_header.csv"].append(_build_header(child))
        tables["ssda903_episodes.csv"] += _build_episodes(child)
        tables["ssda903_reviews.csv"] += _build_reviews(child, year, known[_REVIEWS][upn])
        tables["ssda903_missing.csv"] += _build_missing(child, year, known[_MISSING][upn])
        checked = (known[name][upn] for name in _CHECKED)
        tables["ssda903_oc2.csv"] += _build_year(child, year, *checked)
    rest = [row for row in care if not (row["upn"] in told and row["status"] == "looked after")]
    written = {name: write_rows(columns, tables[name]) for name, columns in COLUMNS.items()}
    own = {_CARE: write_rows(list(care[0]), rest)}
    for name, told_columns in _TOLD_COLUMNS.items():
        if rows := read_rows(files.get(name, "")):
            kept = [row for row in rows if not _is_all_told(row, told, year, told_columns)]
            own[name] = write_rows(list(rows[0]), kept)
    return {**files, **own, **written}, authority


def _is_all_told(
    row: Mapping[str, str], told: Mapping[str, Rows], year: Year, columns: Sequence[str]
) -> bool:
    """Whether a return tells all that is known of a review or a time missing."""
    return (
        row["upn"] in told
        and year.has(row)
        and row.get("took_part") != ""
        and not any(text for name, text in row.items() if name not in columns)
    )


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


def _build_header(child: Child) -> dict[str, str]:
    is_girl = child.stay["sex"] == "F"
    return child.own | {
        "SEX": child.stay["sex"],
        "ETHNIC": "NOBT",
        "UPN": child.stay["upn"],
        "MOTHER": "0" if is_girl else "",
    }


def _build_episodes(child: Child) -> Iterator[dict[str, str]]:
    """A period that goes on at once is the same time in care: what changed is said."""
    before: dict[str, str] = {}
    following = [*(row["start"] for row in child.rows[1:]), ""]
    for row, after in zip(child.rows, following, strict=True):
        goes_on = bool(before) and before["end"] == row["start"]
        first, second = _PLACES[row["home"]]
        is_same_order = goes_on and before["LS"] == row["legal_status"]
        # a move between two homes of a kind, unless the order is what changed
        is_second = goes_on and before["PLACE"] == first and is_same_order
        place = second if is_second else first
        if goes_on and not is_same_order and before["PLACE"] in (first, second):
            place = before["PLACE"]
        moved = goes_on and before["PLACE"] != place
        reason = {(True, True): "P", (True, False): "B", (False, False): "L"}.get(
            (moved, is_same_order), "P"
        )
        ended = "" if not row["end"] else "X1" if row["end"] == after else "E8"
        before = {"end": row["end"], "LS": row["legal_status"], "PLACE": place}
        yield {
            "CHILD": child.number,
            "DECOM": format_day(row["start"]),
            "RNE": reason if goes_on else "S",
            "LS": row["legal_status"],
            "CIN": "N1",
            "PLACE": place,
            "PLACE_PROVIDER": _PROVIDERS.get(place, "PR4"),
            "DEC": format_day(row["end"]),
            "REC": ended,
            "REASON_PLACE_CHANGE": "OTHER" if ended == "X1" else "",
            "HOME_POST": _HOME_POSTCODE,
            "PL_POST": _HOME_POSTCODE if place == "P1" else _POSTCODE,
            "URN": "" if place in _PROVIDERS else _OFSTED_NUMBER,
        }


def _build_reviews(child: Child, year: Year, reviews: Rows) -> Iterator[dict[str, str]]:
    """The reviews that were held in the year, with how the child took part."""
    for row in reviews:
        if row["took_part"] and year.has(row):
            told = {"REVIEW": format_day(row["date"]), "REVIEW_CODE": row["took_part"]}
            yield child.own | told


def _build_missing(child: Child, year: Year, times: Rows) -> Iterator[dict[str, str]]:
    """The times missing or away that began in the year."""
    for row in times:
        if year.has(row):
            away = {"MIS_START": format_day(row["date"]), "MIS_END": format_day(row["back"])}
            yield child.own | {"MISSING": row["kind"]} | away


def _build_year(child: Child, year: Year, scores: Rows, checks: Rows) -> Iterator[dict[str, str]]:
    """Of whoever is looked after for the whole of the year: what the school's files have."""
    if not child.is_in_care_through(year.first, year.last):
        return
    ages = [row["total"] for row in scores if row["informant"] == "carer" and year.has(row)]
    score = next((total for total in reversed(ages) if total), "")
    done = {row["kind"] for row in checks if row["outcome"] == "done" and year.has(row)}
    yield child.own | {
        "SDQ_SCORE": score,
        "SDQ_REASON": "" if score else "SDQ4",
        "CONVICTED": "0" if child.has_turned(_CAN_OFFEND, year.last) else "",
        "IMMUNISATIONS": f"{int('immunisations' in done)}",
        "TEETH_CHECK": f"{int('dental check' in done)}",
        "HEALTH_ASSESSMENT": f"{int('review assessment' in done)}",
        "SUBSTANCE_MISUSE": "0",
    }
