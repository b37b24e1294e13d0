"""What an attacker knows of one component of attributes, over the releases of a group.

A release is a moment.  Its unknowns are the children of each kind (a category of every
attribute).  From one moment to the next children join, leave, or change to another kind;
how many do, and their public categories, is what anybody at the school gate may know.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from safeguards.disclosure.solver.attack import Case, Row, Vector
from safeguards.disclosure.solver.groups import Attribute, Cell

#: The ways in which a child moves; the last two are of those who changed.
MOVEMENTS = ("joined", "left", "before", "after")

#: Sums the children who are in these categories, by attribute key.
Total = Callable[[Mapping[str, str]], Vector]

#: How many children of each public category did something.
Tally = Mapping[Cell, int]


@dataclass(frozen=True)
class Moves:
    """Who came, went and changed since the moment before, as numbers by public category.

    more_joined and more_left: how many more did, of whom no public category is known.
    changed: of those who stayed, the most whose kind may be another now; they did change if
    `is_exact`.  For these, `before` and `after` tell their public categories.  by_key: in how
    many an attribute changed, where that is known.
    """

    joined: Tally
    left: Tally
    changed: int
    before: Tally
    after: Tally
    by_key: Mapping[str, int] = field(default_factory=dict)
    is_exact: bool = True
    more_joined: int = 0
    more_left: int = 0


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
        steps = len(moments) - 1
        self._margins = (len(moments) + len(MOVEMENTS) * steps) * len(self.kinds)
        self._margin = 2 * sum(len(each.categories) for each in self.attributes)
        self._width = self._margins + self._margin * steps
        self.public = tuple(each for each in self.attributes if each.is_public)

    def sum_children(self, moment: int, where: Mapping[str, str] | None = None) -> Vector:
        """Sums the children of a moment who are in these categories, by attribute key."""
        return self._block(moment, where or {})

    def sum_movers(
        self, moment: int, movement: str, where: Mapping[str, str] | None = None
    ) -> Vector:
        """Sums those who moved before a moment (from 1): joined, left, or changed.

        movement: "joined", "left", "before" or "after"; the last two are those who changed,
        as they were and as they are.
        """
        return self._block(self._place(moment, movement), where or {})

    def sum_turned(self, moment: int, way: str, where: Mapping[str, str]) -> Vector:
        """Counts those in whom one attribute changed before a moment (from 1).

        way: "from" or "to" the category that `where` gives for it.
        """
        ((key, category),) = where.items()
        place = self._margins + self._margin * (moment - 1)
        for each in self.attributes:
            if each.key == key:
                place += each.categories.index(category)
                place += len(each.categories) if way == "to" else 0
                break
            place += 2 * len(each.categories)
        vector = np.zeros(self._width)
        vector[place] = 1.0
        return vector

    def list_known_rows(self) -> list[Row]:
        """Every row but the counts of the newest moment."""
        rows = []
        for number, moment in enumerate(self.moments):
            rows.append(_exactly(self.sum_children(number), moment.size))
            if number < len(self.moments) - 1:
                rows += [
                    _exactly(self.sum_children(number, where), count)
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
        rows.append(
            _exactly(self.sum_movers(moment, "before") - self.sum_movers(moment, "after"), 0)
        )
        if moves.is_exact:
            rows.append(_exactly(self.sum_movers(moment, "before"), moves.changed))
        else:
            rows.append(Row(self.sum_movers(moment, "before"), high=moves.changed))
        rows += self._tallied(moment, "joined", moves.joined, moves.more_joined)
        rows += self._tallied(moment, "left", moves.left, moves.more_left)
        if moves.is_exact:
            rows += self._tallied(moment, "before", moves.before)
            rows += self._tallied(moment, "after", moves.after)
        for each in self.attributes:
            if each.key in moves.by_key:
                rows += self._turned(moment, each, moves.by_key[each.key])
        return rows

    def _turned(self, moment: int, attribute: Attribute, changed: int) -> list[Row]:
        """How one attribute changed by itself: in how many children is known."""
        rows = []
        every = [{attribute.key: category} for category in attribute.categories]
        for where in every:
            out, come = self.sum_turned(moment, "from", where), self.sum_turned(moment, "to", where)
            then, now = self.sum_children(moment - 1, where), self.sum_children(moment, where)
            joined, left = (
                self.sum_movers(moment, "joined", where),
                self.sum_movers(moment, "left", where),
            )
            rows += [
                _exactly(now - then - joined + left + out - come, 0),
                Row(then - left - out),
                Row(out + come, high=changed),
                Row(self.sum_movers(moment, "before", where) - out),
                Row(self.sum_movers(moment, "after", where) - come),
            ]
        for way in ("from", "to"):
            total = sum((self.sum_turned(moment, way, where) for where in every), self._nothing())
            rows.append(_exactly(total, changed))
        return rows

    def _tallied(self, moment: int, movement: str, tally: Tally, more: int = 0) -> list[Row]:
        """How many of each public category moved: everybody knows, but of `more`."""
        rows = [_exactly(self.sum_movers(moment, movement), sum(tally.values()) + more)]
        for cell in self.list_public_cells():
            total, count = (
                self.sum_movers(moment, movement, self.to_categories(cell)),
                tally.get(cell, 0),
            )
            rows.append(Row(total, low=count, high=count + more))
        return rows

    def list_public_cells(self) -> tuple[Cell, ...]:
        """What a child can be known by; one empty cell where no attribute is public."""
        return tuple(product(*(each.categories for each in self.public)))

    def to_categories(self, cell: Cell | None) -> dict[str, str]:
        """The category of each public attribute, by key; none where nothing is known."""
        known = () if cell is None else zip(self.public, cell, strict=True)
        return {each.key: category for each, category in known}

    def list_movements(self, moment: int) -> list[tuple[str, Cell | None]]:
        """How children moved before a moment (from 1), and the public category; None unknown."""
        moves = self.moments[moment].moves
        if moves is None:
            return []
        found: list[tuple[str, Cell | None]] = [
            (movement, cell)
            for movement in (MOVEMENTS if moves.is_exact else MOVEMENTS[:2])
            for cell, count in getattr(moves, movement).items()
            if count
        ]
        more = (("joined", moves.more_joined), ("left", moves.more_left))
        return found + [(movement, None) for movement, count in more if count]

    def sum_stayers(self, moment: int, where: Mapping[str, str] | None = None) -> Vector:
        """Sums those who were there a moment before this one (from 1), and are as they were."""
        return (
            self.sum_children(moment - 1, where)
            - self.sum_movers(moment, "left", where)
            - self.sum_movers(moment, "before", where)
        )

    def list_claims(self, total: Total, cell: Cell | None) -> list[Claim]:
        """For each private attribute and category, that these children are all in it.

        total: sums children in given categories.  cell: the public category that is known.
        A child whose attribute is certain makes one of them hold.
        """
        where = self.to_categories(cell)
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

    def list_change_claims(self, moment: int) -> list[Claim]:
        """Of each private attribute that changed before a moment: that all changed alike.

        Whoever knows that it changed in a child knows from what, or to what, where one holds.
        """
        moves = self.moments[moment].moves
        if moves is None:
            return []
        return [
            Claim(each.key, category, (self._other_turn(moment, way, each, category),))
            for each in self.attributes
            if not each.is_public and moves.by_key.get(each.key)
            for way in ("from", "to")
            for category in each.categories
        ]

    def _other_turn(self, moment: int, way: str, attribute: Attribute, category: str) -> Row:
        others = [
            self.sum_turned(moment, way, {attribute.key: other})
            for other in attribute.categories
            if other != category
        ]
        return Row(sum(others, self._nothing()), low=1)

    def _nothing(self) -> Vector:
        return np.zeros(self._width)

    def _place(self, moment: int, movement: str) -> int:
        """The block of those who moved so before a moment."""
        return len(self.moments) + len(MOVEMENTS) * (moment - 1) + MOVEMENTS.index(movement)

    def _kinds(self, moment: int) -> list[Vector]:
        return [self._unit(moment, place) for place in range(len(self.kinds))]

    def _each(self, moment: int, movement: str) -> list[Vector]:
        block = self._place(moment, movement)
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
