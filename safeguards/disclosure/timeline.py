"""What an attacker knows of one component of attributes, over the releases of a group.

A release is a moment.  Its unknowns are the children of each kind (a category of every
attribute).  From one moment to the next children join, leave, or change to another kind;
how many do, and their public categories, is what anybody at the school gate may know.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from safeguards.disclosure.attack import Case, Row, Vector
from safeguards.disclosure.groups import Attribute, Cell

#: The ways in which a child moves; the last two are of those who changed.
MOVEMENTS = ("joined", "left", "before", "after")

#: Sums the children who are in these categories, by attribute key.
Total = Callable[[Mapping[str, str]], Vector]

#: How many children of each public category did something.
Tally = Mapping[Cell, int]


@dataclass(frozen=True)
class Moves:
    """Who came, went and changed since the moment before, as numbers by public category.

    changed: of those who stayed, the most whose kind may be another now; they did change if
    `is_exact`.  For these, `before` and `after` tell their public categories; empty if not.
    """

    joined: Tally
    left: Tally
    changed: int
    before: Tally
    after: Tally
    is_exact: bool = True


@dataclass(frozen=True, eq=False)
class Claim:
    """That all of some children are in one category of a private attribute.

    denied: what holds if one of them is not.
    """

    attribute: str
    category: str
    denied: Case


@dataclass(frozen=True)
class Moment:
    """What one release says of the component: its children, and counts that it published.

    moves: since the moment before; None where nothing is known of them, or for the first.
    """

    size: int
    published: tuple[tuple[Mapping[str, str], int], ...]
    moves: Moves | None = None


class Timeline:
    """The unknowns of some moments in one vector, and what is known of them whatever is hidden.

    The newest moment is the one that is about to be published.
    """

    def __init__(self, attributes: Sequence[Attribute], moments: Sequence[Moment]) -> None:
        self.attributes = tuple(attributes)
        self.kinds = tuple(product(*(each.categories for each in self.attributes)))
        self.moments = tuple(moments)
        blocks = len(moments) + 4 * (len(moments) - 1)
        self._width = blocks * len(self.kinds)
        self.public = tuple(each for each in self.attributes if each.is_public)

    def children(self, moment: int, where: Mapping[str, str] | None = None) -> Vector:
        """Sums the children of a moment who are in these categories, by attribute key."""
        return self._block(moment, where or {})

    def movers(self, moment: int, movement: str, where: Mapping[str, str] | None = None) -> Vector:
        """Sums those who moved before a moment (from 1): joined, left, or changed.

        movement: "joined", "left", "before" or "after"; the last two are those who changed,
        as they were and as they are.
        """
        place = len(self.moments) + 4 * (moment - 1)
        place += MOVEMENTS.index(movement)
        return self._block(place, where or {})

    def known(self) -> list[Row]:
        """Every row but the counts of the newest moment."""
        rows = []
        for number, moment in enumerate(self.moments):
            rows.append(_exactly(self.children(number), moment.size))
            if number < len(self.moments) - 1:
                rows += [
                    _exactly(self.children(number, where), count)
                    for where, count in moment.published
                ]
            if number > 0:
                rows += self._moved(number, moment.moves)
        return rows

    def _moved(self, moment: int, moves: Moves | None) -> list[Row]:
        """How a moment follows from the one before; nothing where nothing is known."""
        if moves is None:
            return []
        rows = []
        joined, left = self._each(moment, "joined"), self._each(moment, "left")
        before, after = self._each(moment, "before"), self._each(moment, "after")
        then, now = self._kinds(moment - 1), self._kinds(moment)
        for place in range(len(self.kinds)):
            rows.append(
                _exactly(
                    now[place]
                    - then[place]
                    - joined[place]
                    + left[place]
                    + before[place]
                    - after[place],
                    0,
                )
            )
            rows.append(Row(then[place] - left[place] - before[place]))
            # who changed is of another kind now: those of a kind before and after are two
            rows.append(Row(before[place] + after[place], high=moves.changed))
        rows.append(_exactly(self.movers(moment, "before") - self.movers(moment, "after"), 0))
        if moves.is_exact:
            rows.append(_exactly(self.movers(moment, "before"), moves.changed))
        else:
            rows.append(Row(self.movers(moment, "before"), high=moves.changed))
        for movement in ("joined", "left", *(("before", "after") if moves.is_exact else ())):
            rows += self._tallied(moment, movement, getattr(moves, movement))
        return rows

    def _tallied(self, moment: int, movement: str, tally: Tally) -> list[Row]:
        """How many of each public category moved: everybody knows."""
        return [
            _exactly(self.movers(moment, movement, self.where(cell)), tally.get(cell, 0))
            for cell in self.public_cells()
        ]

    def public_cells(self) -> tuple[Cell, ...]:
        """What a child can be known by; one empty cell where no attribute is public."""
        return tuple(product(*(each.categories for each in self.public)))

    def where(self, cell: Cell) -> dict[str, str]:
        """The category of each public attribute, by key."""
        return {each.key: category for each, category in zip(self.public, cell, strict=True)}

    def who_moved(self, moment: int) -> list[tuple[str, Cell]]:
        """How children moved before a moment (from 1), and the public category of each."""
        moves = self.moments[moment].moves
        if moves is None:
            return []
        return [
            (movement, cell)
            for movement in (MOVEMENTS if moves.is_exact else MOVEMENTS[:2])
            for cell, count in getattr(moves, movement).items()
            if count
        ]

    def claims(self, total: Total, cell: Cell) -> list[Claim]:
        """For each private attribute and category, that these children are all in it.

        total: sums children in given categories.  cell: the public category that is known.
        A child whose attribute is certain makes one of them hold.
        """
        where = self.where(cell)
        return [
            Claim(
                each.key,
                category,
                (Row(total(where) - total({**where, each.key: category}), low=1),),
            )
            for each in self.attributes
            if not each.is_public
            for category in each.categories
        ]

    def _kinds(self, moment: int) -> list[Vector]:
        return [self._unit(moment, place) for place in range(len(self.kinds))]

    def _each(self, moment: int, movement: str) -> list[Vector]:
        block = len(self.moments) + 4 * (moment - 1)
        block += MOVEMENTS.index(movement)
        return [self._unit(block, place) for place in range(len(self.kinds))]

    def _unit(self, block: int, place: int) -> Vector:
        vector = np.zeros(self._width)
        vector[block * len(self.kinds) + place] = 1.0
        return vector

    def _block(self, block: int, where: Mapping[str, str]) -> Vector:
        keys = [each.key for each in self.attributes]
        wanted = {keys.index(key): category for key, category in where.items()}
        vector = np.zeros(self._width)
        start = block * len(self.kinds)
        for place, kind in enumerate(self.kinds):
            if all(kind[at] == category for at, category in wanted.items()):
                vector[start + place] = 1.0
        return vector


def _exactly(total: Vector, count: float) -> Row:
    return Row(total, low=count, high=count)
