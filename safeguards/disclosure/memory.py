"""What several releases say together: the memory of whoever keeps every report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from safeguards.disclosure.attack import Clock, Knowledge, Row
from safeguards.disclosure.groups import Attribute, Cell, Table
from safeguards.disclosure.release import Count, GroupFigures
from safeguards.disclosure.timeline import Moment, Moves, Timeline
from safeguards.suppressed import Suppressed

#: The category of each attribute of a cell, by key, and its count.
Counted = tuple[Mapping[str, str], int]


def moments(releases: Sequence[GroupFigures], linked: Sequence[Attribute]) -> list[Moment]:
    """What each release said of these attributes, and who moved before it."""
    component = tuple(each.key for each in linked)
    return [
        Moment(
            figures.size,
            tuple(
                (dict(zip(table, cell, strict=True)), count)
                for table, counts in _shared(figures, linked)
                for cell, count in counts.items()
                if not isinstance(count, Suppressed)
            ),
            # of other components than today's, little is known
            figures.moves.get(component),
        )
        for figures in releases
    ]


def hidden(figures: GroupFigures, linked: Sequence[Attribute]) -> list[dict[str, str]]:
    """The cells of these attributes that a release hid: the category of each, by key."""
    return [
        dict(zip(table, cell, strict=True))
        for table, counts in _shared(figures, linked)
        for cell, count in counts.items()
        if isinstance(count, Suppressed)
    ]


def knowledge(timeline: Timeline, newest: Sequence[Counted], clock: Clock) -> Knowledge:
    """What is known over a timeline, whose newest moment counts these cells."""
    last = len(timeline.moments) - 1
    cells = [timeline.children(last, where) for where, _ in newest]
    return Knowledge(timeline.known(), cells, [count for _, count in newest], clock)


def agreed(
    timeline: Timeline, newest: Sequence[Counted], clock: Clock
) -> tuple[Timeline, Knowledge]:
    """A timeline and what is known over it, with moves left out that do not fit the counts.

    Corrections that came later make it so.  What contradicts itself proves nothing.
    """
    size = timeline.moments[-1].size
    known = knowledge(timeline, newest, clock)
    for loosened in (_unsure, _unlinked):
        if is_possible(timeline, known, len(newest)):
            break
        first, *rest = timeline.moments
        timeline = Timeline(
            timeline.attributes,
            [first, *(replace(each, moves=loosened(each, size)) for each in rest)],
        )
        known = knowledge(timeline, newest, clock)
    return timeline, known


def is_possible(timeline: Timeline, known: Knowledge, newest: int) -> bool:
    """Whether any world fits all that is known, with the `newest` moment's cells published."""
    nothing = timeline.children(0) * 0.0
    return known.allows([(Row(nothing),)], frozenset(range(newest)))


def _shared(
    figures: GroupFigures, linked: Sequence[Attribute]
) -> list[tuple[Table, Mapping[Cell, Count]]]:
    """The tables of a release whose attributes are the very same as these."""
    same = {each.key for each in linked if each in figures.attributes}
    return [(table, counts) for table, counts in figures.tables.items() if set(table) <= same]


def _unsure(moment: Moment, most: int) -> Moves | None:
    """The moves, but for how many changed."""
    moves = moment.moves
    return moves and replace(moves, changed=max(most, moment.size), is_exact=False)


def _unlinked(_moment: Moment, _most: int) -> Moves | None:
    return None
