"""What a school has at hand on its first day: a transfer file, a grid of its own, its terms.

Made-up children under numbers of a real authority, worked out when a test runs; see
`real_home`.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tests.support.schools.real_home import real_exports
from tests.support.schools.transfer_file import Rows, read_rows, write_transfer_file

#: The first day of the grid.
_GRID_FROM = date(2026, 11, 2)
_SCHOOL_NUMBER = "2019999"
_ONE_DAY = timedelta(days=1)
#: What the school writes in place of the codes of the register.
_SIGNS = {"/": "p", "\\": "p", "": "."}


@dataclass(frozen=True)
class FirstFiles:
    """files: by name, to be dropped.  number, name: of the school.  terms, care: to be typed."""

    files: dict[str, str]
    number: str
    name: str
    terms: str
    care: str


@cache
def build_first_files(children: int = 24) -> FirstFiles:
    """Those of one school with so many children in care or with a social worker."""
    folder = real_exports(children)
    own = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    marks = read_rows(own["attendance.csv"])
    given = write_transfer_file(own)
    name, text = next((name, text) for name, text in given.items() if name.endswith(".xml"))
    since = [row for row in marks if date.fromisoformat(row["date"]) >= _GRID_FROM]
    return FirstFiles(
        files={
            name.replace("001", "201", 1): text.replace("<LEA>001<", "<LEA>201<"),
            "Register since half-term.csv": _write_grid(read_rows(own["roll.csv"]), since),
        },
        number=_SCHOOL_NUMBER,
        name="Brook Lane Junior School",
        terms=_list_terms(read_rows(own["calendar.csv"])),
        care=_list_care(read_rows(own["care_episodes.csv"])),
    )


def _write_grid(roll: Rows, marks: Rows) -> str:
    """A row a child and a column a session, under a title and headings of the school's own."""
    sessions = sorted({(row["date"], row["session"]) for row in marks})
    codes = {(row["upn"], row["date"], row["session"]): row["code"] for row in marks}
    upns = {upn for upn, *_ in codes}
    names = ["Pupil no. (UPN)", "Who", "Base"]
    names += [f"{date.fromisoformat(day):%a} {_write_day(day)} {half}" for day, half in sessions]
    lines = [["Brook Lane: register since half-term"], names]
    for child in roll:
        if child["upn"] in upns:
            cells = [codes.get((child["upn"], *each), "") for each in sessions]
            who = f"{child['forename']} {child['surname'][:1]}."
            lines.append([child["upn"], who, child["class"], *(_SIGNS.get(c, c) for c in cells)])
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows(lines)
    return content.getvalue()


def _write_day(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b}"


def _list_terms(days: Rows) -> str:
    """The halves of terms and INSET days of a calendar, as a person types them."""
    lines: list[str] = []
    open_days = [date.fromisoformat(row["date"]) for row in days if row["kind"] == "school day"]
    first = last = open_days[0]
    for day in [*open_days[1:], None]:
        # a bank holiday or an INSET day is within a half of a term, a week off is not
        if day is not None and day - last <= 5 * _ONE_DAY:
            last = day
            continue
        lines.append(f"term, {first:%d/%m/%Y}, {last:%d/%m/%Y}")
        if day is not None:
            first = last = day
    inset = [date.fromisoformat(row["date"]) for row in days if row["kind"] == "INSET"]
    lines += [f"INSET, {day:%d/%m/%Y}" for day in inset]
    return "\n".join(lines)


def _list_care(episodes: Rows) -> str:
    """The periods that last, a line each as a person types them."""
    lines: dict[str, str] = {}
    for row in episodes:
        if not row["end"] and row["start"] != "unknown":
            start = date.fromisoformat(row["start"])
            kept = row["authority"] if row["status"] == "looked after" else ""
            lines[row["upn"]] = f"{row['upn']}, {row['status']}, {start:%d/%m/%Y}, {kept}"
    return "\n".join(lines.values())
