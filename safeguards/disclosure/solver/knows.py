"""What whoever reads releases can conclude from them, without the children's records.

It asks the same solver as the gate, but begins with what is printed: so it also answers
for figures that did not come through the gate.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from safeguards.disclosure.solver.attack import Clock, Knowledge
from safeguards.disclosure.solver.groups import Attribute, Cell, Table, find_components
from safeguards.disclosure.solver.memory import is_possible, list_moments, reconcile_timeline
from safeguards.disclosure.solver.release import GroupFigures
from safeguards.disclosure.solver.suppressed import Suppressed
from safeguards.disclosure.solver.timeline import Timeline, Total
from safeguards.errors import DisclosureError

#: A child who was there at a moment, beside the movements of those who came, went or changed.
PRESENT = "present"
#: A child in whom the attribute is known to have changed.
TURNED = "turned"

_SECONDS = 30.0


@dataclass(frozen=True)
class Certain:
    """Something that is certain of all children of whom so much is known.

    moment: which release, from 0 for the oldest.  movement: "present", or how they moved
    before it: joined, left, before and after (a change), or "turned",
    of those in whom this very attribute changed.  known_by: their category of each
    public attribute, by key.  attribute: the key of what is certain, and its category.
    """

    moment: int
    movement: str
    known_by: Mapping[str, str]
    attribute: str
    category: str


@dataclass(frozen=True)
class _Attacker:
    """Who has read a chain of releases, and thinks of one component of attributes."""

    timeline: Timeline
    known: Knowledge
    published: frozenset[int]

    @property
    def newest(self) -> int:
        return len(self.timeline.moments) - 1

    def compute_interval(self, where: Mapping[str, str]) -> tuple[int, int]:
        total = self.timeline.sum_children(self.newest, where)
        return self.known.compute_interval(total, self.published)

    def find_certain_facts(self) -> Iterator[Certain]:
        for moment in range(self.newest + 1):
            children = partial(self.timeline.sum_children, moment)
            for cell in self.timeline.list_public_cells():
                # of nobody everything is certain, and means nothing
                if self.known.compute_interval(
                    children(self.timeline.to_categories(cell)), self.published
                )[0]:
                    yield from self._certain(moment, PRESENT, children, cell)
        for moment in range(1, self.newest + 1):
            for movement, known_by in self.timeline.list_movements(moment):
                movers = partial(self.timeline.sum_movers, moment, movement)
                yield from self._certain(moment, movement, movers, known_by)
            for claim in self.timeline.list_change_claims(moment):
                if not self.known.is_possible([claim.denied], self.published):
                    yield Certain(moment, TURNED, {}, claim.attribute, claim.category)

    def _certain(
        self, moment: int, movement: str, total: Total, cell: Cell | None
    ) -> Iterator[Certain]:
        known_by = self.timeline.to_categories(cell)
        for claim in self.timeline.list_claims(total, cell):
            if not self.known.is_possible([claim.denied], self.published):
                yield Certain(moment, movement, known_by, claim.attribute, claim.category)


def compute_intervals(
    figures: GroupFigures,
    earlier: Sequence[GroupFigures] = (),
    *,
    seconds: float = _SECONDS,
) -> dict[tuple[Table, Cell], tuple[int, int]]:
    """Of every hidden count the least and the most that it can be; equal where it is found out.

    earlier: releases of the same group that the reader has too, the oldest first.
    DisclosureError when the figures contradict each other, or there is no more time.
    """
    chain = [*earlier, figures]
    clock = Clock(seconds)
    found = {}
    for linked in _linked(figures):
        attacker = _attacker(chain, linked, clock)
        for table, counts in figures.tables.items():
            if set(table) <= {each.key for each in linked}:
                for cell, count in counts.items():
                    if isinstance(count, Suppressed):
                        where = dict(zip(table, cell, strict=True))
                        found[table, cell] = attacker.compute_interval(where)
    return found


def find_certain_facts(
    chain: Sequence[GroupFigures], *, seconds: float = _SECONDS
) -> list[Certain]:
    """What is certain of any child, for whoever has these releases of one group, the oldest first.

    Readers know the number of children, and of those who moved in between how many there
    were and their public categories.  Of children who were there all along it tells only
    what holds where the figures themselves show that there is one of that public category.
    DisclosureError as in `intervals`.
    """
    if not chain:
        return []
    clock = Clock(seconds)
    return [
        each
        for linked in _linked(chain[-1])
        for each in _attacker(chain, linked, clock).find_certain_facts()
    ]


def _attacker(
    chain: Sequence[GroupFigures], linked: Sequence[Attribute], clock: Clock
) -> _Attacker:
    said = list_moments(chain, linked)
    newest = said[-1].published
    timeline, known = reconcile_timeline(Timeline(linked, said), newest, clock)
    if not is_possible(timeline, known, len(newest)):
        raise DisclosureError("The figures contradict each other: no children could be so counted.")
    return _Attacker(timeline, known, frozenset(range(len(newest))))


def _linked(figures: GroupFigures) -> list[list[Attribute]]:
    """The attributes of each component; as the gate had them, where the release says so."""
    attributes = {each.key: each for each in figures.attributes}
    found = tuple(figures.moves) or find_components(tuple(figures.tables), attributes)
    return [[attributes[key] for key in component] for component in found]
