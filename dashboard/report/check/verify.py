"""Attacks a finished report with nothing but what stands in its files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.report.check import reading
from dashboard.report.check.reading import ParsedFile
from safeguards.disclosure import GroupFigures
from safeguards.disclosure.solver import knows
from safeguards.disclosure.solver.groups import Cell, Table
from safeguards.errors import ReportError

#: Values that a hidden count must be able to have, whatever a home's own setting.
NARROWEST = 4


@dataclass(frozen=True)
class SuppressedCount:
    """What an exact attacker can tell of one hidden count: from `least` to `most`, with both."""

    group: str
    table: Table
    cell: Cell
    least: int
    most: int

    @property
    def values(self) -> int:
        """How many numbers it may be."""
        return self.most - self.least + 1


@dataclass(frozen=True)
class Verdict:
    """Of the files of one report: every hidden count, and what is certain of some child.

    day: of its data, as printed.  certain: in words, a line each; none is as it should be.
    """

    day: str
    files: tuple[str, ...]
    hidden: tuple[SuppressedCount, ...]
    certain: tuple[str, ...]
    published: int

    @property
    def narrowest(self) -> SuppressedCount | None:
        """The hidden count of which most is known; None if none is hidden."""
        return min(self.hidden, key=lambda each: each.values, default=None)

    @property
    def is_safe(self) -> bool:
        """Whether nothing is certain of a child and no hidden count is narrow."""
        wide = all(each.values >= NARROWEST for each in self.hidden)
        return wide and not self.certain


def attack_files(papers: Sequence[ParsedFile]) -> tuple[Verdict, ...]:
    """A verdict on each report among these files, those of one day together, in their order.

    ReportError for files that differ or that are no report; DisclosureError for figures that
    contradict each other.
    """
    days: dict[str, list[ParsedFile]] = {}
    for each in papers:
        days.setdefault(each.day, []).append(each)
    if not days:
        raise ReportError("Name the files of a report, .docx or .pdf.")
    return tuple(_verdict(day, found) for day, found in days.items())


def _verdict(day: str, papers: Sequence[ParsedFile]) -> Verdict:
    groups = reading.extract_groups(papers)
    return Verdict(
        day=day,
        files=tuple(each.name for each in papers),
        hidden=tuple(
            SuppressedCount(name, table, cell, least, most)
            for name, figures in groups.items()
            for (table, cell), (least, most) in knows.compute_intervals(figures).items()
        ),
        certain=tuple(_describe_certain(groups.values())),
        published=sum(len(counts) for each in groups.values() for counts in each.tables.values())
        - sum(each.suppressed_count for each in groups.values()),
    )


def _describe_certain(groups: Iterable[GroupFigures]) -> Iterable[str]:
    for figures in groups:
        for each in knows.find_certain_facts([figures]):
            known = f" in {' and '.join(each.known_by.values())}" if each.known_by else ""
            label = next(one.label for one in figures.attributes if one.key == each.attribute)
            yield f"children {figures.name}{known}: {label}, {each.category}"
