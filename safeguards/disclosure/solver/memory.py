"""What several releases say together: the memory of whoever keeps every report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from safeguards.disclosure.solver.attack import Clock, Knowledge, Row
from safeguards.disclosure.solver.groups import Attribute, Cell, Table
from safeguards.disclosure.solver.release import Count, GroupFigures
from safeguards.disclosure.solver.suppressed import Suppressed
from safeguards.disclosure.solver.timeline import Moment, Moves, Timeline

#: The category of each attribute of a cell, by key, and its count.
Counted = tuple[Mapping[str, str], int]


def list_moments(releases: Sequence[GroupFigures], linked: Sequence[Attribute]) -> list[Moment]:
    """What each release said of these attributes, and who moved before it."""
    return [
        Moment(
            figures.size,
            tuple(
                (dict(zip(table, cell, strict=True)), count)
                for table, counts in _shared(figures, linked)
                for cell, count in counts.items()
                if not isinstance(count, Suppressed)
            ),
            _moves_of(figures, linked),
        )
        for figures in releases
    ]


def list_suppressed_cells(
    figures: GroupFigures, linked: Sequence[Attribute]
) -> list[dict[str, str]]:
    """The cells of these attributes that a release hid: the category of each, by key."""
    return [
        dict(zip(table, cell, strict=True))
        for table, counts in _shared(figures, linked)
        for cell, count in counts.items()
        if isinstance(count, Suppressed)
    ]


def build_knowledge(timeline: Timeline, newest: Sequence[Counted], clock: Clock) -> Knowledge:
    """What is known over a timeline, whose newest moment counts these cells."""
    last = len(timeline.moments) - 1
    cells = [timeline.sum_children(last, where) for where, _ in newest]
    return Knowledge(timeline.list_known_rows(), cells, [count for _, count in newest], clock)


def reconcile_timeline(
    timeline: Timeline, newest: Sequence[Counted], clock: Clock
) -> tuple[Timeline, Knowledge]:
    """A timeline and what is known over it, with less of the moves where they do not fit.

    Corrections that came later make it so: today's data of a day are not what was printed
    then.  Only the step that contradicts is loosened, and only as far as it takes; that the
    moments follow from each other stays known.
    """
    said = list(timeline.moments)
    for last in range(1, len(said)):
        counted = newest if last == len(said) - 1 else said[last].published
        for loosened in _LOOSER:
            part = Timeline(timeline.attributes, said[: last + 1])
            known = build_knowledge(part, counted, clock)
            if is_possible(part, known, len(counted)):
                break
            said[last] = replace(said[last], moves=loosened(said[last - 1], said[last]))
    timeline = Timeline(timeline.attributes, said)
    return timeline, build_knowledge(timeline, newest, clock)


def is_possible(timeline: Timeline, known: Knowledge, newest: int) -> bool:
    """Whether any world fits all that is known, with the `newest` moment's cells published."""
    nothing = timeline.sum_children(0) * 0.0
    return known.is_possible([(Row(nothing),)], frozenset(range(newest)))


def _shared(
    figures: GroupFigures, linked: Sequence[Attribute]
) -> list[tuple[Table, Mapping[Cell, Count]]]:
    """The tables of a release whose attributes are the very same as these."""
    same = {each.key for each in linked if each in figures.attributes}
    return [(table, counts) for table, counts in figures.tables.items() if set(table) <= same]


def _moves_of(figures: GroupFigures, linked: Sequence[Attribute]) -> Moves | None:
    """What a release knows of moves in these attributes; None for the first of a home.

    Where its own tables linked others, it is what they have in common: who joined and left,
    and in how many each attribute changed.
    """
    component = tuple(each.key for each in linked)
    if component in figures.moves or not figures.moves:
        return figures.moves.get(component)
    public = {each.key for each in linked if each.is_public}
    own = {each.key for each in figures.attributes if each.is_public}
    for keys, moves in figures.moves.items():
        if own & set(keys) == public:
            base = moves
            break
    else:
        base = _of_nobody_known(next(iter(figures.moves.values())))
    by_key = {
        key: count
        for moves in figures.moves.values()
        for key, count in moves.by_key.items()
        if key in component
    }
    return replace(base, changed=figures.size, before={}, after={}, by_key=by_key, is_exact=False)


def _unsure(before: Moment, after: Moment) -> Moves | None:
    """The moves, but for how many changed; and as many as the sizes tell of."""
    moves = after.moves
    if moves is None:
        return None
    grown = after.size - before.size
    told = sum(moves.joined.values()) - sum(moves.left.values())
    return replace(
        moves,
        changed=max(before.size, after.size),
        by_key={},
        is_exact=False,
        more_joined=max(0, grown - told),
        more_left=max(0, told - grown),
    )


def _of_anybody(before: Moment, after: Moment) -> Moves | None:
    """How many joined and left, as far as the sizes allow, and nothing of who they were."""
    moves = after.moves
    if moves is None:
        return None
    left = min(before.size, sum(moves.left.values()) + moves.more_left)
    joined = after.size - before.size + left
    if joined < 0:
        joined, left = 0, before.size - after.size
    return replace(moves, joined={}, left={}, more_joined=joined, more_left=left)


def _of_nobody_known(moves: Moves) -> Moves:
    """The same moves without anybody's public category."""
    return replace(
        moves,
        joined={},
        left={},
        more_joined=sum(moves.joined.values()) + moves.more_joined,
        more_left=sum(moves.left.values()) + moves.more_left,
    )


#: One after the other, until the step fits.
_LOOSER = (_unsure, _of_anybody)
