"""What one release says of its group of children: counts by attribute, some of them hidden."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

#: A count of children by one attribute or two: sorted pairs of attribute and category.
Cell = tuple[tuple[str, str], ...]

HIDDEN_MARK: Final = "c"
CHILDREN: Final = "Children"
#: Whose the tables are that have no more than `CHILDREN` above their last column.
LOOKED_AFTER: Final = "looked after"
PREVIOUSLY: Final = "previously looked after"
_GROUP_ROWS: Final = (f"{CHILDREN} {LOOKED_AFTER}", f"{CHILDREN} {PREVIOUSLY}")


class UnreadableError(ValueError):
    """A file or a table that is not as a report's are; nothing is concluded from it."""


class ContradictionError(ValueError):
    """Figures that no group of children can have."""


@dataclass(frozen=True)
class Table:
    """A table as it is printed: "Table 3. Attendance", its header row, its other rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Release:
    """All figures about children of one release.

    `children` is how many there are, None where it is not printed.  `attributes` holds the
    categories of each attribute, `counts` every count of one or two attributes that has a
    place in a table: a number from 0, or None where it is hidden.  `group` is what else stands
    beside the number of children; it is about no attribute.  `duties` are the other tables.
    """

    children: int | None
    attributes: Mapping[str, tuple[str, ...]]
    counts: Mapping[Cell, int | None]
    group: Mapping[str, int | None] = field(default_factory=dict)
    duties: tuple[Table, ...] = ()

    @property
    def hidden(self) -> tuple[Cell, ...]:
        """The counts that are held back, in the order of the tables."""
        return tuple(place for place, count in self.counts.items() if count is None)

    @property
    def shown(self) -> dict[Cell, int]:
        """The counts that are printed."""
        return {place: count for place, count in self.counts.items() if count is not None}


def cell(where: Mapping[str, str]) -> Cell:
    """`{"SEN": "none", "Year group": "upper"}` as a key."""
    return tuple(sorted(where.items()))


def release_of(
    tables: Iterable[Table],
    whose: str = LOOKED_AFTER,
    known: Mapping[str, tuple[str, ...]] | None = None,
) -> Release:
    """The figures about one group in all tables of a release, of both parts together.

    `known` are categories of attributes that any reader knows, such as year groups.
    """
    column = CHILDREN if whose == LOOKED_AFTER else f"{CHILDREN} {whose}"
    tables = tuple(tables)
    told = _Told(f"{CHILDREN} {whose}", {**(known or {}), **_labels(tables)})
    crossed: list[Table] = []
    duties: list[Table] = []
    for table in tables:
        if CHILDREN in table.header and any(row[0] in _GROUP_ROWS for row in table.rows):
            told.group_table(table)
        elif column not in table.header:
            duties.append(table)
        elif len(table.header) == 2 and table.header[1] == column:
            told.attribute(table)
            for label, text in table.rows:
                told.count({table.header[0]: label}, text, table)
        elif len(table.header) > 3 and table.header.index(column) == len(table.header) - 1:
            told.attribute(table)
            crossed.append(table)
        else:
            raise UnreadableError(f"neither one attribute nor two: {table.caption} {table.header}")
    for table in crossed:  # once every attribute is known
        told.cross(table)
    return Release(told.children, told.attributes, told.counts, told.group, tuple(duties))


def _labels(tables: Iterable[Table]) -> dict[str, tuple[str, ...]]:
    """The categories of each attribute that has a table of its own, about any group."""
    return {
        table.header[0]: tuple(row[0] for row in table.rows)
        for table in tables
        if len(table.header) == 2 and table.header[1].startswith(CHILDREN)
    }


class _Told:
    def __init__(self, row: str, labels: Mapping[str, tuple[str, ...]]) -> None:
        self._row, self._labels = row, labels
        self.children: int | None = None
        self.attributes: dict[str, tuple[str, ...]] = {}
        self.counts: dict[Cell, int | None] = {}
        self.group: dict[str, int | None] = {}

    def group_table(self, table: Table) -> None:
        column = table.header.index(CHILDREN)
        for row in table.rows:
            number = _number(row[column], table)
            if row[0] != self._row:
                self.group[row[0]] = _agreed(self.group.get(row[0]), number, row[0])
            elif number is None:
                raise UnreadableError(f"the number of children is hidden: {table.caption}")
            else:
                self.children = _agreed(self.children, number, self._row)

    def attribute(self, table: Table) -> None:
        name, labels = table.header[0], tuple(row[0] for row in table.rows)
        if not name or len(set(labels)) != len(labels) or not all(labels):
            raise UnreadableError(f"rows without a name of their own: {table.caption}")
        if self.attributes.setdefault(name, labels) != labels:
            raise UnreadableError(f"two tables have other rows of {name}: {table.caption}")

    def cross(self, table: Table) -> None:
        name, labels = table.header[0], table.header[1:-1]
        other = self._owner(labels, table)
        self.attributes.setdefault(other, labels)
        for row in table.rows:
            for label, text in zip(labels, row[1:-1], strict=True):
                self.count({name: row[0], other: label}, text, table)
            self.count({name: row[0]}, row[-1], table)

    def count(self, where: Mapping[str, str], text: str, table: Table) -> None:
        place = cell(where)
        self.counts[place] = _agreed(self.counts.get(place), _number(text, table), str(place))

    def _owner(self, labels: tuple[str, ...], table: Table) -> str:
        """The attribute whose categories these columns are; the caption tells two apart."""
        able = [
            name
            for name, own in {**self._labels, **self.attributes}.items()
            if own == labels and name != table.header[0]
        ]
        if len(able) > 1:
            able = [name for name in able if name.lower() in table.caption.lower()]
        if len(able) != 1:
            raise UnreadableError(f"whose columns are these? {table.caption} {labels}")
        return able[0]


def _number(text: str, table: Table) -> int | None:
    if text == HIDDEN_MARK:
        return None
    if not re.fullmatch(r"[0-9]+", text):
        raise UnreadableError(f"no count: {text!r} in {table.caption}")
    return int(text)


def _agreed(earlier: int | None, number: int | None, what: str) -> int | None:
    """What two tables tell of one count: who is told of it once knows it."""
    if earlier is None or number is None:
        return number if earlier is None else earlier
    if earlier != number:
        raise ContradictionError(f"{what} is {earlier} and {number}")
    return number
