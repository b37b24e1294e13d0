"""The disclosure check in words: what a report holds back, and how safe that is."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.report.content.facts import Facts
from dashboard.report.content.model import Document, Picture, Table, number_captions
from dashboard.text import words
from safeguards.disclosure.solver.suppressed import Suppressed


@dataclass(frozen=True)
class DisclosureCheck:
    """headline: the finding.  lines: what it rests on, table by table; none where nothing is."""

    headline: str
    lines: tuple[str, ...]


def describe_disclosure_check(facts: Facts, document: Document, earlier: int) -> DisclosureCheck:
    """What was tested, of the part of a report that has its tables.

    earlier: how many final reports it was held against.
    """
    groups = facts.release.groups.values()
    if not any(each.tables for each in groups):
        return DisclosureCheck(
            "This report gives no numbers about children.",
            (
                f"About fewer than {facts.limits.fewest} children it says words and duties only.",
                "So there is nothing from which a child could be known.",
            ),
        )
    hidden = tuple(_count_suppressed(document))
    left_out = sum(
        len(table) == 1 and all(isinstance(each, Suppressed) for each in counts.values())
        for group in groups
        for table, counts in group.tables.items()
    )
    if not (hidden or left_out):
        return DisclosureCheck("No number had to be held back.", ())
    lines = [
        f"Table {number}: {words.format_count(count, 'number')} could point to a child, "
        f"so {'it is' if count == 1 else 'they are'} held back."
        for number, count in hidden
    ]
    if left_out:
        lines.append(
            f"{words.format_count(left_out, 'table')} {words.pluralise(left_out, 'is')} left out, "
            "because each of the numbers would be held back. A sentence stands there."
        )
    narrowest = min((each.narrowest for each in groups if each.narrowest), default=None)
    if narrowest:
        lines.append(f"Each number held back may be any of at least {narrowest} numbers.")
    return DisclosureCheck(f"{_tables(len(hidden))} {_describe_safety(earlier)}", tuple(lines))


def _tables(number: int) -> str:
    if number == 0:
        return "Some numbers are held back."
    holds = "holds" if number == 1 else "hold"
    return f"{words.format_count(number, 'table')} {holds} numbers back."


def _describe_safety(earlier: int) -> str:
    beside = f", not even with {words.format_count(earlier, 'earlier report')}" if earlier else ""
    return f"Nobody can work them out{beside}."


def _count_suppressed(document: Document) -> Iterator[tuple[int, int]]:
    """The number of each table that holds something back, and how many of its cells."""
    drawn = [block for block in document.blocks if isinstance(block, Table | Picture)]
    for caption, block in zip(number_captions(document.blocks), drawn, strict=True):
        if isinstance(block, Table):
            number = int(caption.removeprefix("Table ").partition(".")[0])
            if count := sum(isinstance(cell, Suppressed) for row in block.rows for cell in row):
                yield number, count
