"""The Headteacher's own figures about the looked-after children as a group of any size."""

from typing import Any

from dashboard.report.content.model import Heading, Sheet, Table
from dashboard.sheets.filtered import build_sheet
from dashboard.text import words
from queries import read
from safeguards.access import access

#: Rows of group_figure by measure and part.
Figures = dict[str, dict[str, dict[str, Any]]]

#: The readers of the figures: the Headteacher alone, or with the named governor.
_ALONE = "For the Headteacher only: the school has not agreed to show them to a governor."
_WITH_GOVERNOR = (
    "For the Headteacher. The school has agreed that the governor named for children looked after "
    "may be shown them, and nobody else."
)
_NOTE = (
    "With few children a figure may be about one child. So these "
    "figures are no part of the report to governors. Attendance and progress are of the children "
    "who are looked after and on the roll on this day. A PEP meeting counts once it was held or "
    "its deadline has passed."
)


def build_group_sheet(session: access.Session) -> Sheet:
    """Return the sheet of the group's figures.

    A measure without a record is "not recorded", which is not zero.
    """
    figures: Figures = {}
    for row in read.fetch_group_figures(session).to_dicts():
        figures.setdefault(row["measure"], {})[row["part"]] = row
    children = figures["looked after"][""]["counted"]
    blocks = (
        *_build_table(
            "Attendance this school year",
            ("Sessions missed", _describe(figures, "missed sessions", "session")),
            ("Persistently absent", _describe_persistent(figures)),
            ("Suspended", _describe(figures, "suspended", "child")),
        ),
        *_build_table(
            "Plans and wellbeing",
            (
                "PEP meetings of this school year held in time",
                _describe(figures, "PEP meetings", "meeting"),
            ),
            ("Carer's SDQ score on record", _describe(figures, "SDQ scores", "child")),
            *_list_parts(figures, "SDQ band", "SDQ score in the {} band"),
        ),
        *_build_table(
            "Children who kept pace with their class since their own start",
            *(_list_parts(figures, "progress", "{}") or [("All subjects", words.NOT_RECORDED)]),
        ),
        *_build_table(
            "Pupil premium plus this school year",
            ("Planned", _describe_pounds(figures, "planned")),
            ("Spent", _describe_pounds(figures, "spent")),
        ),
        *_build_table(
            "Overdue today",
            ("For the school to do", _describe(figures, "overdue", "step", "school")),
            ("For others to do", _describe(figures, "overdue", "step", "others")),
        ),
    )
    title = words.capitalise(f"{words.format_count(children, 'child')} looked after")
    readers = _WITH_GOVERNOR if session.is_group_for_governor else _ALONE
    note = f"{readers} {_NOTE} {words.spell_out_terms('PEP', 'SDQ')}"
    return build_sheet(session, title, blocks, note=note)


def _build_table(title: str, *rows: tuple[str, str]) -> tuple[Heading, Table]:
    """Return a table of two columns under its heading."""
    return Heading(1, title), Table(title, ("What", "Figure"), rows)


def _describe(figures: Figures, measure: str, noun: str, part: str = "") -> str:
    """Return "12 of 340 sessions (3.5%)", "2 steps", or "not recorded"."""
    if part not in figures.get(measure, {}):
        return words.NOT_RECORDED
    row = figures[measure][part]
    if row["out_of"] is None:
        return words.format_count(row["counted"], noun)
    return words.format_part(row["counted"], row["out_of"], noun, with_percent=noun == "session")


def _describe_persistent(figures: Figures) -> str:
    """Return how many are persistently absent, or that it is too early to say."""
    if "missed sessions" in figures and "persistently absent" not in figures:
        return words.TOO_EARLY
    return _describe(figures, "persistently absent", "child")


def _list_parts(figures: Figures, measure: str, label: str) -> list[tuple[str, str]]:
    """Return a line for each part of a measure about children."""
    return [
        (words.capitalise(label.format(part)), _describe(figures, measure, "child", part))
        for part in figures.get(measure, {})
    ]


def _describe_pounds(figures: Figures, part: str) -> str:
    """Return the pounds of pupil premium plus, or that they are not recorded."""
    amounts = figures.get("premium", {})
    return words.format_pounds(amounts[part]["pounds"]) if part in amounts else words.NOT_RECORDED
