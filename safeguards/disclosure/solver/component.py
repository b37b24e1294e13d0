"""One component of a group's attributes: what must stay possible, and what is hidden for it.

What must stay possible, with c a hidden count:
- from this release alone, c is 0, or any number up to 3 at least; and so for whoever knows
  one child fully, of the other children;
- from all releases, c is not one number only, nor is a count that an earlier one hid;
- from all releases, no child who is known by public categories, and nobody who joined,
  left, changed or stayed as they were, is certain to be in one category of a private
  attribute;
- the same two again, for whoever takes it that a child who went from one group to another
  stayed as it was, and so reads both groups together (see `together`).
What would be known of these with nothing published is known already, and stops no release.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from safeguards.disclosure.solver.attack import Case, Clock, Knowledge, Row, Vector
from safeguards.disclosure.solver.groups import Attribute, Cell, Table, build_record
from safeguards.disclosure.solver.memory import build_knowledge, reconcile_timeline
from safeguards.disclosure.solver.suppress import Demand, hide
from safeguards.disclosure.solver.timeline import Moment, Moves, Timeline, Total


@dataclass(frozen=True)
class Limits:
    """The settings of the gate; see threshold.csv for each that a school can change.

    seconds: how long a release may take.  atoms: the most kinds of child that linked
    attributes may tell apart.
    """

    fewest: int
    fewest_for_splits: int
    small: int
    narrowest: int
    largest_share: float
    seconds: float = 30.0
    atoms: int = 100

    @classmethod
    def from_thresholds(cls, value: Callable[[str], float]) -> "Limits":
        """The school's settings; `value` gives what a row of threshold.csv says, by its name."""
        return cls(
            fewest=int(value("report_fewest_children")),
            fewest_for_splits=int(value("report_fewest_for_splits")),
            small=int(value("report_small_count")),
            narrowest=int(value("report_narrowest")),
            largest_share=value("report_largest_share"),
        )


@dataclass(frozen=True)
class Place:
    """One cell of one table of the component, with its true count."""

    table: Table
    cell: Cell
    count: int

    @property
    def categories(self) -> dict[str, str]:
        """The category of each attribute, by key."""
        return dict(zip(self.table, self.cell, strict=True))


@dataclass(frozen=True, eq=False)
class Question:
    """What must stay possible: that a sum is this or that, or else that all of a case holds."""

    total: Vector | None = None
    case: Case = ()

    def to_demand(
        self, known: Knowledge, placed: Callable[[Vector], Vector] = lambda vector: vector
    ) -> Demand:
        """Of whoever knows this.  placed: where the unknowns of the question are among theirs."""
        if self.total is not None:
            return Demand(partial(known.is_uncertain, placed(self.total)), is_of_all=True)
        case = tuple(replace(row, weights=placed(row.weights)) for row in self.case)
        return Demand(partial(known.is_possible, [case]), is_of_all=True)


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
        #: The places of which the count is published, none until `hide` was asked.
        self.published: frozenset[int] = frozenset()
        self.places = tuple(places)
        self._present = tuple(sorted(kind for kind, count in kinds.items() if count))
        self._hidden_earlier = hidden_earlier
        self._limits = limits
        self._clock = clock
        counted = [(place.categories, place.count) for place in places]
        self._alone = Timeline(attributes, [Moment(size, ())])
        self._alone_known = build_knowledge(self._alone, counted, clock)
        chain = Timeline(attributes, [*earlier, Moment(size, (), moves)])
        self._chain, self._chain_known = reconcile_timeline(chain, counted, clock)

    def hide(self, costs: Sequence[float], more: Iterable[Demand] = ()) -> None:
        """Settle which places are hidden; DisclosureError if there is no way.

        more: what else must stay possible.
        """
        if not self.places:
            return
        small = [at for at, place in enumerate(self.places) if self._is_small(place)]
        remembered = (each.to_demand(self._chain_known) for each in self.list_questions())
        hidden = hide(costs, small, [*self._alone_demands(), *remembered, *more], self._clock)
        self.published = frozenset(range(len(self.places))) - hidden

    def compute_intervals(self) -> Iterator[tuple[int, int]]:
        """What whoever has this release alone knows of each hidden count: least and most."""
        for at, place in enumerate(self.places):
            if at not in self.published:
                total = self._alone.sum_children(0, place.categories)
                yield self._alone_known.compute_interval(total, self.published)

    @property
    def timeline(self) -> Timeline:
        """The unknowns, over every release; the newest is the last moment."""
        return self._chain

    @property
    def place_counts(self) -> list[tuple[Vector, int]]:
        """The sum of each place of the newest release, with its count."""
        newest = len(self._chain.moments) - 1
        return [
            (self._chain.sum_children(newest, each.categories), each.count) for each in self.places
        ]

    def list_questions(self) -> Iterator[Question]:
        """What must not be certain for whoever has every release."""
        newest = len(self._chain.moments) - 1
        for place in self.places:
            if self._is_small(place):
                yield Question(total=self._chain.sum_children(newest, place.categories))
        public = {self._public(kind) for kind in self._present}
        for cell in sorted(public):
            yield from self._uncertain(partial(self._chain.sum_children, newest), cell)
        yield from self._earlier()

    def _is_small(self, place: Place) -> bool:
        return 1 <= place.count <= self._limits.small

    def _alone_demands(self) -> Iterator[Demand]:
        for at, place in enumerate(self.places):
            yield from self._wide(at, place)

    def _wide(self, at: int, place: Place) -> Iterator[Demand]:
        """A hidden count is nought or many, for everybody and for each who knows one child."""
        total = self._alone.sum_children(0, place.categories)
        for insider in (None, *self._present):
            known = build_record(self.attributes, insider) if insider else {}
            rows = (Row(self._alone.sum_children(0, known), low=1),) if insider else ()
            own = int(bool(insider) and place.categories.items() <= known.items())
            for row in (Row(total, high=own), Row(total, low=own + self._limits.narrowest - 1)):
                yield Demand(partial(self._alone_known.is_possible, [(*rows, row)]), hidden=at)

    def _earlier(self) -> Iterator[Question]:
        """What must stay possible of earlier moments, and of who moved since."""
        for moment in range(len(self._chain.moments) - 1):
            for where in self._hidden_earlier[moment]:
                total = self._chain.sum_children(moment, where)
                yield Question(total=total)
            for cell in self._chain.list_public_cells():
                yield from self._uncertain(partial(self._chain.sum_children, moment), cell)
        for moment in range(1, len(self._chain.moments)):
            for movement, known_by in self._chain.list_movements(moment):
                movers = partial(self._chain.sum_movers, moment, movement)
                yield from self._uncertain(movers, known_by)
            if self._chain.moments[moment].moves is not None:
                stayers = partial(self._chain.sum_stayers, moment)
                for known_by in (None, *self._chain.list_public_cells()):
                    yield from self._uncertain(stayers, known_by)
            for claim in self._chain.list_change_claims(moment):
                yield Question(case=claim.denied)

    def _uncertain(self, total: Total, cell: Cell | None) -> Iterator[Question]:
        for claim in self._chain.list_claims(total, cell):
            yield Question(case=claim.denied)

    def _public(self, kind: Cell) -> Cell:
        return tuple(
            category
            for each, category in zip(self._alone.attributes, kind, strict=True)
            if each.is_public
        )
