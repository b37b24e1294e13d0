"""The words of what a load would change; pure functions."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.text import words
from queries.contract import UNKNOWN
from queries.rows import write_rows

START, NOT_YET, KEPT = (words.TEXTS["load"][each] for each in ("start", "not_yet", "kept"))
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
    """What was typed as the files that it stands for; without those of which nothing was."""
    files = {}
    if any(school):
        files["school.csv"] = write_rows([("school_id", "name", "phase"), tuple(school)])
    for name, text in typed.items():
        header = TYPED[name]["columns"]
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
            files[name] = write_rows([header, *rows])
    return files


def describe_layout(file: str, layout: str) -> str:
    """What a table seems to be, in a sentence."""
    name = file.removesuffix(".csv").replace("_", " ")
    how = words.TEXTS["load_layouts"].get(layout)
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
