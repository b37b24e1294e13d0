"""The tables of a report, from what the gate lets out."""

from collections.abc import Iterable

from dashboard.report.content import figures
from dashboard.report.content.model import Table
from dashboard.text import words
from safeguards.disclosure import Attribute, Duty, GroupFigures, SumFigures
from safeguards.disclosure.solver.suppressed import MARK, Suppressed

#: The last column of a table of children, by whose they are.
CHILDREN_HEADERS = {
    figures.LOOKED_AFTER: "Children",
    figures.PREVIOUSLY: "Children previously looked after",
}
NOTE = f"{MARK}: held back, so that no child can be known. It may be any number, or none."


def tabulate_children(group: GroupFigures, attribute: Attribute) -> Table | None:
    """How many children are in each category, split by year groups where that may be told.

    None where every figure is held back, or where the group has no such table.
    """
    one_way = group.tables.get((attribute.key,))
    if one_way is None:
        return None
    split = group.tables.get((attribute.key, figures.YEARS.key), {})
    years = group.tables.get((figures.YEARS.key,), {})
    if not any(_is_published(each) for each in years.values()):
        # without them, nothing in the report says what the columns are
        split = {}
    columns = figures.YEARS.categories if any(map(_is_published, split.values())) else ()
    if not columns and not any(map(_is_published, one_way.values())):
        return None
    rows = tuple(
        (
            words.capitalise(category),
            *(split[category, column] for column in columns),
            one_way[category,],
        )
        for category in attribute.categories
    )
    shown = [cell for row in rows for cell in row[1:]]
    return Table(
        caption=attribute.label,
        header=(attribute.label, *columns, CHILDREN_HEADERS[group.name]),
        rows=rows,
        note=NOTE if any(isinstance(cell, Suppressed) for cell in shown) else "",
    )


def tabulate_groups(groups: Iterable[GroupFigures]) -> Table:
    """How many children there are, in each group of which that may be told."""
    return Table(
        caption="Children on roll",
        header=("Group", "Children"),
        rows=tuple((f"Children {each.name}", each.size) for each in groups if each.is_told),
    )


def tabulate_duty(duty: Duty, caption: str, noun: str, note: str = "") -> Table:
    """What was due, and what became of it."""
    return Table(
        caption=caption,
        header=("What became of them", noun),
        rows=(
            ("Due", duty.due),
            ("Done in time", duty.done - duty.done_late),
            ("Done late", duty.done_late),
            ("Not done yet", duty.due - duty.done),
        ),
        note=note,
    )


def tabulate_sessions(missed: SumFigures, possible: SumFigures) -> Table | None:
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


def tabulate_reasons(parts: Iterable[tuple[str, int]]) -> Table:
    """The sessions missed by reason, the most first."""
    return Table(
        caption="Sessions missed by reason, children looked after",
        header=("Reason", "Sessions"),
        rows=tuple((words.capitalise(label), count) for label, count in parts),
    )


def _is_published(count: object) -> bool:
    return not isinstance(count, Suppressed)
