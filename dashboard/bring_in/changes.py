"""The words and tables of what a load would change; pure functions."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import polars as pl

from dashboard.text import words
from queries.contract import UNKNOWN

Make = Callable[[], bytes]

START = """
No files have been loaded yet. You need four things. They can be in one workbook or
in separate files:

1. **The school and its days**: its name, and its terms and its staff training days (INSET).
2. **Who is on roll**: a list from your own system will do, or a Common Transfer File.
3. **Who is in care, or has a social worker**, and since when.
4. **The register**, if you have it to hand. You can also load it later.

Drop the files below, and type in anything that is not in them. You will see how each file was
read and what to fix, and nothing is loaded until you say so.
"""
#: In an empty home, what no file says yet, and what to do.
MISSING = {
    "school.csv": "Which school it is. Type it above, or drop a file with the school's details.",
    "calendar.csv": "When the school is open. Type its terms above, or drop a list of them.",
    "care_episodes.csv": "Who is in care or has a social worker. Type it above, or drop a list of "
    "them.",
    "roll.csv": "Who is on roll. Drop a list from your own system, or a Common Transfer File.",
}
NOT_YET = "Nothing can be loaded without this."
SCHOOL_FIELDS = (
    "The school's Department for Education number (7 digits)",
    "The school's name",
    "The ages it teaches",
)
PHASES = ("infant", "junior", "primary", "secondary", "all-through", "special")
#: What may be typed in place of a file, a line each: what to type, an example, and more of it.
TYPED = {
    "terms.csv": (
        "Terms and staff training days, a line each: kind, first day, last day",
        "term, 02/09/2026, 23/10/2026\nINSET, 01/09/2026",
        (
            "Give each half term a line that begins with term, and each staff training day one "
            "that begins with INSET. Leave out weekends and bank holidays. You can paste a list."
        ),
    ),
    "care_episodes.csv": (
        "Children in care or with a social worker, a line each: number, status, start, authority",
        "H001999926001, looked after, 14/03/2025, Ashmere\nX001999926002, in need, 02/06/2026",
        (
            "The number is on the roll: a letter and 12 digits. The status is looked after, "
            "previously looked after, in need or on a protection plan. The authority is needed "
            "for looked after. If the start is not known, write unknown: the child counts from "
            "today. You can paste a list."
        ),
    ),
}
_TYPED_COLUMNS = {
    "terms.csv": ("kind", "first_day", "last_day"),
    "care_episodes.csv": (
        *("upn", "status", "start", "authority", "end"),
        *("known_since", "legal_status", "home"),
    ),
}
KEPT = (
    "Removed: earlier marks and times on roll, from the dates of these files, that the files no "
    "longer have. No longer in the file: other earlier rows missing from these files. Those rows "
    "are kept."
)
STEP_WORDS = {
    "read": "Reading the files",
    "check": "Checking every row",
    "vault": "Encrypting who the children are",
    "store": "Writing the new data",
    "verify": "Checking what was written",
    "publish": "Updating the pages",
    "prune": "Clearing up",
}
_LAYOUTS = {
    "a day a row": "a row is a child's day",
    "a week a row": "a row is a child's week",
    "a string of marks a row": "a row is all of a child's marks in one cell",
    "a session a column": "a column is a session",
    "a day a column": "a column is a day with two marks",
    "a week a column": "a column is a week",
}


def build_typed_files(
    school: Sequence[str], typed: Mapping[str, str], today: date
) -> dict[str, bytes]:
    """What was typed as the files that it stands for; without those of which nothing was."""
    files = {}
    if any(school):
        files["school.csv"] = _write_csv([("school_id", "name", "phase"), tuple(school)])
    for name, text in typed.items():
        header = _TYPED_COLUMNS[name]
        lines = [
            # as cells of a spreadsheet are pasted, or as a person types them
            [cell.strip() for cell in line.split("\t" if "\t" in line else ",")]
            for line in text.splitlines()
        ]
        rows = [[*line, *[""] * (len(header) - len(line))] for line in lines if any(line)]
        for row in rows:
            if "known_since" in header and row[header.index("start")].casefold() == UNKNOWN:
                row[header.index("known_since")] = f"{today:%d/%m/%Y}"
        if rows:
            files[name] = _write_csv([header, *rows])
    return files


def _write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows(rows)
    return content.getvalue().encode()


def describe_layout(file: str, layout: str) -> str:
    """What a table seems to be, in a sentence."""
    name = file.removesuffix(".csv").replace("_", " ")
    how = _LAYOUTS.get(layout)
    return (
        f"This looks like your {name}, in which {how}." if how else f"This looks like your {name}."
    )


def list_sentences(
    children_new: int, children_left: int, earlier_until: date | None, data_until: date | None
) -> list[str]:
    """Who comes and goes, and up to which day the data reach then."""
    new, left = (words.format_count(each, "child") for each in (children_new, children_left))
    until = "no day" if data_until is None else words.format_day(data_until)
    if earlier_until is None:
        return [f"{words.capitalise(new)} would be shown, with data up to {until}."]
    return [
        f"{words.capitalise(new)} would be added, and {left} would leave the roll.",
        f"The data would run up to {until}. It now runs up to {words.format_day(earlier_until)}.",
    ]


def describe_changed(handles: Sequence[str], *, has_names: bool) -> str:
    """Of whom earlier rows would change: by code name to who may see that."""
    if not handles:
        return "Earlier rows would stay as they are."
    number = words.format_count(len(handles), "child")
    who = f": {', '.join(handles)}" if has_names else ""
    return f"Earlier rows about {number} would change or be removed{who}."


def tabulate(
    changes: Sequence[tuple[str, int, int, int, int]], left_out: Mapping[str, int]
) -> pl.DataFrame:
    """Rows new, changed, taken away, left out and no longer there, of each kind that has any."""
    rows = [
        {
            "What": file.removesuffix(".csv").replace("_", " "),
            "New rows": f"{new:,}",
            "Changed": f"{changed:,}",
            "Removed": f"{away:,}",
            "Left out": f"{left_out.get(file, 0):,}",
            "No longer in the file": f"{gone:,}",
        }
        for file, new, changed, away, gone in changes
        if new or changed or away or gone or left_out.get(file)
    ]
    return pl.DataFrame(rows)
