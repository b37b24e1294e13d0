"""One component of a group's attributes: what must stay possible, and what is hidden for it.

What must stay possible, with c a hidden count:
- from this release alone, c is 0, or any number up to 3 at least; and so for whoever knows
  one child fully, of the other children;
- from all releases, c is not one number only, nor is a count that an earlier one hid;
- from all releases, no child who is known by public categories, and nobody who joined,
  left, changed or stayed as they were, is certain to be in one category of a private
  attribute.
What would be known of these with nothing published is known already, and stops no release.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from safeguards.disclosure.attack import Clock, Row
from safeguards.disclosure.groups import Attribute, Cell, Table
from safeguards.disclosure.memory import agreed, knowledge
from safeguards.disclosure.suppress import Demand, hide
from safeguards.disclosure.timeline import Moment, Moves, Timeline, Total


@dataclass(frozen=True)
class Limits:
    """The settings of the gate; see threshold.csv for each."""

    fewest: int
    fewest_for_splits: int
    small: int
    narrowest: int
    largest_share: float
    seconds: float
    atoms: int


@dataclass(frozen=True)
class Place:
    """One cell of one table of the component, with its true count."""

    table: Table
    cell: Cell
    count: int

    @property
    def where(self) -> dict[str, str]:
        """The category of each attribute, by key."""
        return dict(zip(self.table, self.cell, strict=True))


class Component:
    """What is asked of one component, and what earlier releases have said of it."""

    def __init__(
        self,
        attributes: Sequence[Attribute],
        places: Sequence[Place],
        kinds: Mapping[Cell, int],
        earlier: Sequence[Moment],
        hidden_earlier: Sequence[Sequence[Mapping[str, str]]],
        moves: Moves | None,
        limits: Limits,
        clock: Clock,
    ) -> None:
        """kinds: how many children are of each kind now.  moves: since the newest of `earlier`.

        hidden_earlier: the cells that each earlier release hid.
        """
        size = sum(kinds.values())
        self.attributes = tuple(attributes)
        #: The places of which the count is published, none until `hidden` has said so.
        self.published: frozenset[int] = frozenset()
        self.places = tuple(places)
        self._present = tuple(sorted(kind for kind, count in kinds.items() if count))
        self._hidden_earlier = hidden_earlier
        self._limits = limits
        self._clock = clock
        counted = [(place.where, place.count) for place in places]
        self._alone = Timeline(attributes, [Moment(size, ())])
        self._alone_known = knowledge(self._alone, counted, clock)
        chain = Timeline(attributes, [*earlier, Moment(size, (), moves)])
        self._chain, self._chain_known = agreed(chain, counted, clock)

    def hidden(self, costs: Sequence[float], more: Iterable[Demand] = ()) -> frozenset[int]:
        """The places to hide; DisclosureError if there is no way.

        more: what else must stay possible, unless it is not so with nothing published.
        """
        if not self.places:
            return frozenset()
        small = [at for at, place in enumerate(self.places) if self._is_small(place)]
        demands = [*self._alone_demands(), *_not_known_already([*self._remembered(), *more])]
        hidden = hide(costs, small, demands, self._clock)
        self.published = frozenset(range(len(self.places))) - hidden
        return hidden

    def intervals(self, hidden: frozenset[int]) -> Iterator[tuple[Place, int, int]]:
        """What whoever has this release alone knows of each hidden count: least and most."""
        published = frozenset(range(len(self.places))) - hidden
        for at in sorted(hidden):
            place = self.places[at]
            total = self._alone.children(0, place.where)
            yield (place, *self._alone_known.interval(total, published))

    def allows_mover(
        self,
        moment: int,
        movement: str,
        wheres: Iterable[Mapping[str, str]],
        published: frozenset[int],
    ) -> bool:
        """Whether somebody who moved so before a moment can be in the categories of one of these.

        Asked of whoever has every release, the newest with these places published.
        """
        cases = [(Row(self._chain.movers(moment, movement, where), low=1),) for where in wheres]
        return self._chain_known.allows(cases, published)

    def _is_small(self, place: Place) -> bool:
        return 1 <= place.count <= self._limits.small

    def _alone_demands(self) -> Iterator[Demand]:
        for at, place in enumerate(self.places):
            yield from self._wide(at, place)

    def _remembered(self) -> Iterator[Demand]:
        """What must stay possible for whoever has every release."""
        newest = len(self._chain.moments) - 1
        for at, place in enumerate(self.places):
            if self._is_small(place):
                total = self._chain.children(newest, place.where)
                yield Demand(partial(self._chain_known.varies, total), hidden=at)
        public = {self._public(kind) for kind in self._present}
        for cell in sorted(public):
            yield from self._uncertain(partial(self._chain.children, newest), cell)
        yield from self._earlier()

    def _wide(self, at: int, place: Place) -> Iterator[Demand]:
        """A hidden count is nought or many, for everybody and for each who knows one child."""
        total = self._alone.children(0, place.where)
        keys = [each.key for each in self._alone.attributes]
        for insider in (None, *self._present):
            record = dict(zip(keys, insider, strict=True)) if insider else {}
            rows = (Row(self._alone.children(0, record), low=1),) if insider else ()
            own = int(bool(insider) and place.where.items() <= record.items())
            for row in (Row(total, high=own), Row(total, low=own + self._limits.narrowest - 1)):
                yield Demand(partial(self._alone_known.allows, [(*rows, row)]), hidden=at)

    def _earlier(self) -> Iterator[Demand]:
        """What must stay possible of earlier moments, and of who moved since."""
        for moment in range(len(self._chain.moments) - 1):
            for where in self._hidden_earlier[moment]:
                total = self._chain.children(moment, where)
                yield Demand(partial(self._chain_known.varies, total))
            for cell in self._chain.public_cells():
                yield from self._uncertain(partial(self._chain.children, moment), cell)
        for moment in range(1, len(self._chain.moments)):
            for movement, known_by in self._chain.who_moved(moment):
                movers = partial(self._chain.movers, moment, movement)
                yield from self._uncertain(movers, known_by)
            if self._chain.moments[moment].moves is not None:
                stayers = partial(self._chain.stayers, moment)
                for known_by in (None, *self._chain.public_cells()):
                    yield from self._uncertain(stayers, known_by)
            for claim in self._chain.turns(moment):
                yield Demand(partial(self._chain_known.allows, [claim.denied]))

    def _uncertain(self, total: Total, cell: Cell | None) -> Iterator[Demand]:
        for claim in self._chain.claims(total, cell):
            yield Demand(partial(self._chain_known.allows, [claim.denied]))

    def _public(self, kind: Cell) -> Cell:
        return tuple(
            category
            for each, category in zip(self._alone.attributes, kind, strict=True)
            if each.is_public
        )


def _not_known_already(demands: Iterable[Demand]) -> list[Demand]:
    """Those that hold with nothing published; the others are not held against this release."""
    return [each for each in demands if each.is_met(frozenset())]
