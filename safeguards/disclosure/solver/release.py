"""A release: what one report says in figures, and what the next ones must remember of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from safeguards.disclosure.solver.groups import Attribute, Cell, Table
from safeguards.disclosure.solver.sessions import SumFigures
from safeguards.disclosure.solver.suppressed import Suppressed
from safeguards.disclosure.solver.timeline import Moves

Count = int | Suppressed
Counts = Mapping[Cell, Count]

#: How much of a duty was done, in a word, where numbers would tell how few children there are.
Extent = Literal["nothing due", "all", "all, some late", "some", "none"]


@dataclass(frozen=True)
class Duty:
    """Something that the school or others owe every child of a group, such as a PEP a term.

    It is about the duty: all and none may be said.  Its base is the whole group, or many
    kinds of duty at once: one that only some children are owed would tell how many they are.
    """

    key: str
    group: str
    due: int
    done: int
    done_late: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.done_late <= self.done <= self.due:
            raise ValueError(f"{self.key}: more was done than was due")

    @property
    def extent(self) -> Extent:
        """How much was done, in a word."""
        if self.due == 0:
            return "nothing due"
        if self.done == self.due:
            return "all, some late" if self.done_late else "all"
        return "some" if self.done else "none"


@dataclass(frozen=True)
class GroupFigures:
    """What is said of one group: each table with true counts and hidden ones.

    size: how many children, which an attacker is taken to know; `is_told` whether the
    report says it.  tables: those that may be told; empty for a group that is too small.
    moves: since the release before, by component.  narrowest: of every hidden count, how
    many values it can have at least, for whoever has this release; None if none is hidden.
    """

    name: str
    size: int
    is_told: bool
    attributes: tuple[Attribute, ...]
    tables: Mapping[Table, Counts]
    moves: Mapping[Table, Moves] = field(default_factory=dict)
    narrowest: int | None = None

    @property
    def suppressed_count(self) -> int:
        """How many cells are hidden."""
        return sum(
            isinstance(count, Suppressed)
            for counts in self.tables.values()
            for count in counts.values()
        )


@dataclass(frozen=True)
class Crossing:
    """That so many children went `out_of` one group `into` another since the release before.

    before, after: their category of each public attribute, by key, in the one and the other;
    empty where nobody knows.  kept: the attributes, by key, that stayed as they were.
    """

    out_of: str
    into: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    kept: tuple[str, ...]
    children: int


@dataclass(frozen=True)
class Release:
    """The figures of one report, Part One and Part Two together.

    crossings: since the release before, each way of it once.
    """

    as_at: date
    groups: Mapping[str, GroupFigures]
    duties: Mapping[str, Duty | Extent]
    sums: Mapping[str, SumFigures]
    crossings: tuple[Crossing, ...] = ()
