"""Describe in words what a load would change; pure functions."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.text import words
from queries.contract import UNKNOWN
from queries.rows import write_rows

START, NOT_YET, KEPT = (words.TEXTS["load"][key] for key in ("start", "not_yet", "kept"))
MISSING, STEP_WORDS = words.TEXTS["load_missing"], words.TEXTS["load_steps"]
TYPED = words.TEXTS["load_typed"]
SCHOOL_FIELDS = (
    "The school's Department for Education number (7 digits)",
    "The school's name",
    "The ages it teaches",
)
PHASES = ("infant", "junior", "primary", "secondary", "all-through", "special")


def build_typed_files(
    school: Sequence[str], typed: Mapping[str, str], today: date
) -> dict[str, bytes]:
    """Build the small files from what was typed, leaving out those for which nothing was."""
    files = {}
    if any(school):
        files["school.csv"] = write_rows([("school_id", "name", "phase"), tuple(school)])
    for name, text in typed.items():
        header = TYPED[name]["columns"]
        lines = [
            # tabs when pasted from a spreadsheet, commas when typed
            [cell.strip() for cell in line.split("\t" if "\t" in line else ",")]
            for line in text.splitlines()
        ]
        rows = [[*line, *[""] * (len(header) - len(line))] for line in lines if any(line)]
        for row in rows:
            if "known_since" in header and row[header.index("start")].casefold() == UNKNOWN:
                row[header.index("known_since")] = f"{today:%d/%m/%Y}"
        if rows:
            files[name] = write_rows([header, *rows])
    return files


def describe_layout(file: str, layout: str) -> str:
    """Say in a sentence what a table seems to be."""
    name = file.removesuffix(".csv").replace("_", " ")
    how = words.TEXTS["load_layouts"].get(layout)
    return (
        f"This looks like your {name}, in which {how}." if how else f"This looks like your {name}."
    )


def list_sentences(
    children_new: int, children_left: int, earlier_until: date | None, data_until: date | None
) -> list[str]:
    """Return sentences about the children who come and go, and the day the data would reach."""
    new, left = (words.format_count(number, "child") for number in (children_new, children_left))
    until = "no day" if data_until is None else words.format_day(data_until)
    if earlier_until is None:
        return [f"{words.capitalise(new)} would be shown, with data up to {until}."]
    return [
        f"{words.capitalise(new)} would be added, and {left} would leave the roll.",
        f"The data would run up to {until}. It now runs up to {words.format_day(earlier_until)}.",
    ]


def describe_changed(handles: Sequence[str], *, has_names: bool) -> str:
    """Say how many children's earlier rows would change, by code name if `has_names`."""
    if not handles:
        return "Earlier rows would stay as they are."
    count = words.format_count(len(handles), "child")
    listed = f": {', '.join(handles)}" if has_names else ""
    return f"Earlier rows about {count} would change or be removed{listed}."
