"""Which statements a report may make about children: decided without what is true of them.

A statement names a band of counts (`bands`).  The partition that it is taken from hangs on
who was in which group when, and on what was said before, and on nothing else; so whether an
attribute is spoken of, and in which bands, says nothing.  It is the finest partition every
band of which leaves everybody in doubt about every child (`worlds`), beside all that was
said, and beside all that may be said of another group in the same report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from safeguards.disclosure.bands import Partition, list_partitions
from safeguards.disclosure.certificate import Statement
from safeguards.disclosure.families import Attribute
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.worlds import Worlds


@dataclass(frozen=True)
class Row:
    """A statement that was made, and the children whom it was about."""

    statement: Statement
    children: frozenset[str]


@dataclass(frozen=True)
class Choice:
    """What a report may say of a family in a group: an attribute, in one of these bands."""

    attribute: Attribute
    group: str
    partition: Partition


def choose_statements(
    groups: Mapping[str, frozenset[str]],
    attributes: Sequence[Attribute],
    earlier: Sequence[Row],
    *,
    year: str,
    settings: Settings,
) -> tuple[Choice, ...]:
    """What may be said anew of the children of each group, by name.

    attributes: those that are recorded; of a family the first one is spoken of, but the one
    that it began with as long as a child is there of whom that was said.  earlier: all that
    was ever said.  year: the academic year, which parts statements about yearly attributes.
    """
    chooser = _Chooser(settings)
    families: dict[str, list[Attribute]] = {}
    for attribute in attributes:
        families.setdefault(attribute.family, []).append(attribute)
    return tuple(
        choice
        for family in families.values()
        for choice in chooser.choose(groups, family, list_linked(family[0], earlier, year))
    )


def list_linked(attribute: Attribute, earlier: Sequence[Row], year: str) -> list[Row]:
    """What was said of the attribute's family, as far as it is still about the same thing."""
    return [
        row
        for row in earlier
        if row.statement.family == attribute.family
        and (row.statement.year == year or not attribute.is_yearly)
    ]


@dataclass(frozen=True)
class _Open:
    """A row, and the bands of which one was said of it or is going to be."""

    children: frozenset[str]
    partition: Partition
    attribute: str = field(default="", compare=False)


class _Chooser:
    """Chooses for one report; families with the same history share worlds and decisions."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worlds: dict[tuple[frozenset[str], ...], Worlds] = {}
        self._decided: dict[tuple[tuple[_Open, ...], frozenset[str], str], Partition | None] = {}

    def choose(
        self, groups: Mapping[str, frozenset[str]], family: Sequence[Attribute], said: Sequence[Row]
    ) -> list[Choice]:
        """What may be said of a family; each group beside all that may be said of those before."""
        rows = [_Open(row.children, (row.statement.band,), row.statement.attribute) for row in said]
        chosen = []
        for group, children in groups.items():
            linked = _link(rows, children)
            begun = {row.attribute for row in linked}
            attribute = next(
                (each for each in family if group in each.groups and begun <= {each.key}), None
            )
            if attribute is None:
                continue
            partition = self._decide(tuple(linked), children, attribute.finest)
            if partition is not None:
                chosen.append(Choice(attribute, group, partition))
                rows.append(_Open(children, partition, attribute.key))
        return chosen

    def _decide(
        self, linked: tuple[_Open, ...], children: frozenset[str], finest: str
    ) -> Partition | None:
        key = (linked, children, finest)
        if key not in self._decided:
            self._decided[key] = next(
                (
                    partition
                    for partition in list_partitions(len(children), self._settings, finest)
                    if self._is_safe(linked, _Open(children, partition))
                ),
                None,
            )
        return self._decided[key]

    def _is_safe(self, linked: tuple[_Open, ...], new: _Open) -> bool:
        """Whether nobody could be certain of a child, whichever bands will come to be said."""
        rows = tuple(row.children for row in (*linked, new))
        worlds = self._worlds[rows] = self._worlds.get(rows) or Worlds(rows)
        return all(
            worlds.is_doubt_left(outcome, self._settings.values_left)
            for outcome in product(*(row.partition for row in (*linked, new)))
        )


def _link(rows: Sequence[_Open], children: frozenset[str]) -> list[_Open]:
    """The rows that share a child with these children, or with another such row."""
    seen, before = children, 0
    while before < len(seen):
        before = len(seen)
        seen = seen.union(*(row.children for row in rows if row.children & seen))
    return [row for row in rows if row.children & seen]
