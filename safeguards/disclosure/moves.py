"""Who moved between the records of two days, as numbers by public category."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from safeguards.disclosure.solver.groups import Attribute, Cell, Group
from safeguards.disclosure.solver.timeline import Moves


def count_moves(
    linked: Sequence[Attribute], before: Mapping[str, Cell], group: Group, printed: int
) -> Moves:
    """Who joined, left and changed in these attributes since `before`, the records then.

    printed: how many there were then by the report.  Where today's data tell of more or
    fewer on that day, the difference moved too, and nobody knows who.
    """
    places = [group.attributes.index(each) for each in linked]
    then = {child: tuple(record[at] for at in places) for child, record in before.items()}
    now = group.select_categories(tuple(each.key for each in linked))

    def tally(kinds: Iterable[Cell]) -> dict[Cell, int]:
        public = Counter(
            tuple(c for c, each in zip(kind, linked, strict=True) if each.is_public)
            for kind in kinds
        )
        return dict(sorted(public.items()))

    changed = [child for child in now if child in then and now[child] != then[child]]
    return Moves(
        joined=tally(now[child] for child in now if child not in then),
        left=tally(then[child] for child in then if child not in now),
        changed=len(changed),
        before=tally(then[child] for child in changed),
        after=tally(now[child] for child in changed),
        by_key={
            each.key: sum(now[child][place] != then[child][place] for child in changed)
            for place, each in enumerate(linked)
        },
        more_joined=max(0, len(then) - printed),
        more_left=max(0, printed - len(then)),
    )
