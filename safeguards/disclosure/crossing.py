"""A child who goes from one group to another between two releases, and is told of in both.

What is left open of it in each group by itself may be one thing for both together: for
whoever takes it that an attribute stayed as it was.  So each group is held against what
the other leaves open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import permutations, product

from safeguards.disclosure.component import Component
from safeguards.disclosure.groups import Cell, Group
from safeguards.disclosure.release import Crossing, Release
from safeguards.disclosure.suppress import Demand

#: The components of each group, by the group's name.
Components = Mapping[str, Sequence[Component]]


@dataclass(frozen=True)
class _Side:
    """The child as one component of a group has it.

    moment: before which it moved, of those of the component.  movement: "left" or "joined".
    known_by: its category of each public attribute in that group, by key.
    """

    component: Component
    moment: int
    movement: str
    known_by: Mapping[str, str]

    def may_be(self, where: Mapping[str, str]) -> bool:
        """Whether the child can be in these categories, with what is published until now."""
        return self.demand([where]).is_met(self.component.published)

    def demand(self, wheres: Iterable[Mapping[str, str]]) -> Demand:
        """That the child can be in the categories of one of these."""
        keys = {each.key for each in self.component.attributes}
        known = {key: category for key, category in self.known_by.items() if key in keys}
        cases = [{**known, **where} for where in wheres]
        return Demand(partial(self.component.allows_mover, self.moment, self.movement, cases))


def crossings(
    groups: Sequence[Group], before: Mapping[str, Mapping[str, Cell]]
) -> tuple[Crossing, ...]:
    """How children crossed since `before`, which has the records by group; each way once."""
    found: list[Crossing] = []
    for out_of, into in permutations(groups, 2):
        then = before.get(out_of.name, {})
        for child in sorted(into.children.keys() & then.keys()):
            crossing = Crossing(
                out_of=out_of.name,
                into=into.name,
                before=_public(out_of, then[child]),
                after=_public(into, into.children[child]),
            )
            if crossing not in found:
                found.append(crossing)
    return tuple(sorted(found, key=repr))


def demands(
    own: str, components: Components, releases: Sequence[Release], newest: Sequence[Crossing]
) -> dict[Component, list[Demand]]:
    """What must stay possible of who crossed, for each component of the group `own`.

    components: of every group.  releases: all before the one that is weighed now.  newest:
    who crossed since the last of them.
    """
    found: dict[Component, list[Demand]] = {}
    for at, step in enumerate((*(each.crossings for each in releases), newest)):
        for crossing in step:
            ends = (
                (crossing.out_of, "left", crossing.before),
                (crossing.into, "joined", crossing.after),
            )
            if own not in (crossing.out_of, crossing.into):
                continue
            mine, other = ends if crossing.out_of == own else ends[::-1]
            for each in _sides(mine, components, releases, at):
                for beside in _sides(other, components, releases, at):
                    found.setdefault(each.component, []).extend(_between(each, beside))
    return found


def _sides(
    end: tuple[str, str, Mapping[str, str]],
    components: Components,
    releases: Sequence[Release],
    at: int,
) -> list[_Side]:
    """One end of a crossing before the release of number `at`, in each component of its group."""
    name, movement, known_by = end
    is_there = [name in each.groups for each in releases] + [True]
    if not (is_there[at - 1] and is_there[at]):
        return []
    moment = sum(is_there[:at])
    return [_Side(each, moment, movement, known_by) for each in components[name]]


def _between(own: _Side, other: _Side) -> Iterator[Demand]:
    """Of each attribute that both have: that it may be more than one thing if it stayed.

    Of each by itself, and of all of them at once.
    """
    there = other.component.attributes
    shared = [each for each in own.component.attributes if each in there and not each.is_public]
    kept = [[each] for each in shared]
    if len(shared) > 1:
        kept.append(shared)
    for attributes in kept:
        wheres = [
            dict(zip((each.key for each in attributes), categories, strict=True))
            for categories in product(*(each.categories for each in attributes))
        ]
        able = [where for where in wheres if other.may_be(where)]
        for each in attributes:
            for category in each.categories:
                yield own.demand([where for where in able if where[each.key] != category])


def _public(group: Group, record: Cell) -> dict[str, str]:
    return {
        each.key: category
        for each, category in zip(group.attributes, record, strict=True)
        if each.is_public
    }
