"""The tables of a report, from what the gate lets out."""

from collections.abc import Iterable

from dashboard.report.content import figures
from dashboard.report.content.model import Table
from dashboard.text import words
from safeguards.disclosure import Attribute, Duty, GroupFigures, SumFigures
from safeguards.disclosure.solver.suppressed import MARK, Suppressed

#: The last column of a table of children, by whose they are.
CHILDREN = {
    figures.LOOKED_AFTER: "Children",
    figures.PREVIOUSLY: "Children previously looked after",
}
NOTE = f"{MARK}: held back, so that no child can be known. It may be any number, or none."


def of_children(told: GroupFigures, attribute: Attribute) -> Table | None:
    """How many children are in each category, split by year groups where that may be told.

    None where every figure is held back, or where the group has no such table.
    """
    one_way = told.tables.get((attribute.key,))
    if one_way is None:
        return None
    split = told.tables.get((attribute.key, figures.YEARS.key), {})
    years = told.tables.get((figures.YEARS.key,), {})
    if not any(_is_told(each) for each in years.values()):
        # without them, nothing in the report says what the columns are
        split = {}
    columns = figures.YEARS.categories if any(map(_is_told, split.values())) else ()
    if not columns and not any(map(_is_told, one_way.values())):
        return None
    rows = tuple(
        (
            words.sentence(category),
            *(split[category, column] for column in columns),
            one_way[category,],
        )
        for category in attribute.categories
    )
    shown = [cell for row in rows for cell in row[1:]]
    return Table(
        caption=attribute.label,
        header=(attribute.label, *columns, CHILDREN[told.name]),
        rows=rows,
        note=NOTE if any(isinstance(cell, Suppressed) for cell in shown) else "",
    )


def of_groups(told: Iterable[GroupFigures]) -> Table:
    """How many children there are, in each group of which that may be told."""
    return Table(
        caption="Children on roll",
        header=("Group", "Children"),
        rows=tuple((f"Children {each.name}", each.size) for each in told if each.is_told),
    )


def of_duty(told: Duty, caption: str, noun: str, note: str = "") -> Table:
    """What was due, and what became of it."""
    return Table(
        caption=caption,
        header=("What became of them", noun),
        rows=(
            ("Due", told.due),
            ("Done in time", told.done - told.done_late),
            ("Done late", told.done_late),
            ("Not done yet", told.due - told.done),
        ),
        note=note,
    )


def of_sessions(missed: SumFigures, possible: SumFigures) -> Table | None:
    """The sessions of a school year; None where they may not be told."""
    if missed.total is None or possible.total is None:
        return None
    return Table(
        caption="Sessions this school year, children looked after",
        header=("Half days of school", "Sessions"),
        rows=(
            ("Could be attended", possible.total),
            ("Attended", possible.total - missed.total),
            ("Missed", missed.total),
        ),
    )


def of_reasons(parts: Iterable[tuple[str, int]]) -> Table:
    """The sessions missed by reason, the most first."""
    return Table(
        caption="Sessions missed by reason, children looked after",
        header=("Reason", "Sessions"),
        rows=tuple((words.sentence(label), count) for label, count in parts),
    )


def _is_told(count: object) -> bool:
    return not isinstance(count, Suppressed)
