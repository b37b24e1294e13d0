"""Children who go from one group to another between two releases, and are told of in both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import permutations, product

from safeguards.disclosure.solver.attack import Clock
from safeguards.disclosure.solver.component import Component
from safeguards.disclosure.solver.groups import Cell, Group, build_record
from safeguards.disclosure.solver.release import Crossing, Release
from safeguards.disclosure.solver.suppress import Demand
from safeguards.disclosure.solver.together import Crossed, list_joint_demands

#: The components of each group, by the group's name.
Components = Mapping[str, Sequence[Component]]


def find_crossings(
    groups: Sequence[Group], before: Mapping[str, Mapping[str, Cell]], last: Release
) -> tuple[Crossing, ...]:
    """How children crossed since the `last` release, `before` being today's records of then.

    Where they have more children in a group than it told of, and fewer in another, that many
    crossed too, and their records came late: nobody knows which they are.
    """
    found, late = [], []
    for out_of, into in permutations(groups, 2):
        then = before.get(out_of.name, {})
        kept = _shared(out_of, into)
        for child in sorted(into.children.keys() & then.keys()):
            was = build_record(out_of.attributes, then[child])
            now = build_record(into.attributes, into.children[child])
            found.append(
                Crossing(
                    out_of=out_of.name,
                    into=into.name,
                    before=_public(out_of, was),
                    after=_public(into, now),
                    kept=tuple(key for key in kept if was[key] == now[key]),
                    children=1,
                )
            )
        fewer = _printed(last, out_of.name) - len(then)
        more = len(before.get(into.name, {})) - _printed(last, into.name)
        if min(fewer, more) > 0:
            late.append(Crossing(out_of.name, into.name, {}, {}, kept, min(fewer, more)))
    return (*_counted(found), *late)


def build_demands(
    own: str,
    components: Components,
    releases: Sequence[Release],
    newest: Sequence[Crossing],
    clock: Clock,
) -> dict[Component, list[Demand]]:
    """What must stay possible of both groups together, for each component of the group `own`.

    components: of every group.  releases: all before the one that is weighed now.  newest:
    who crossed since the last of them.
    """
    found: dict[Component, list[Demand]] = {}
    for name in components:
        steps = _steps(own, name, releases, newest)
        if name != own and steps:
            for mine, other in product(components[own], components[name]):
                found.setdefault(mine, []).extend(list_joint_demands(mine, other, steps, clock))
    return found


def _steps(
    own: str, other: str, releases: Sequence[Release], newest: Sequence[Crossing]
) -> list[Crossed]:
    """The crossings between two groups, with the moments of each before which they were."""
    every = (*(each.crossings for each in releases), newest)
    return [
        Crossed(crossing, crossing.out_of == own, *moments)
        for at, step in enumerate(every)
        if all(moments := [_moment(name, releases, at) for name in (own, other)])
        for crossing in step
        if {crossing.out_of, crossing.into} == {own, other}
    ]


def _moment(name: str, releases: Sequence[Release], at: int) -> int:
    """Which of a group's own moments the release of this number is; 0 if it has none before."""
    is_there = [name in each.groups for each in releases] + [True]
    return sum(is_there[:at]) if is_there[at] and is_there[at - 1] else 0


def _counted(found: Iterable[Crossing]) -> list[Crossing]:
    """Each way of crossing once, with how many children crossed so."""
    ways: dict[str, Crossing] = {}
    for each in found:
        there = ways.get(repr(each))
        ways[repr(each)] = replace(there, children=there.children + 1) if there else each
    return [each for _, each in sorted(ways.items())]


def _printed(release: Release, name: str) -> int:
    """How many children a release told of; none of a group that it did not have."""
    return release.groups[name].size if name in release.groups else 0


def _public(group: Group, child: Mapping[str, str]) -> dict[str, str]:
    return {each.key: child[each.key] for each in group.attributes if each.is_public}


def _shared(one: Group, other: Group) -> Cell:
    """The private attributes that both groups have, by key."""
    return tuple(
        each.key for each in one.attributes if each in other.attributes and not each.is_public
    )
