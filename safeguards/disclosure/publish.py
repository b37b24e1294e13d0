"""The only way out for figures about children."""

import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from safeguards.disclosure.attack import Clock
from safeguards.disclosure.component import Component, Limits, Place
from safeguards.disclosure.groups import (
    Attribute,
    Cell,
    Group,
    Table,
    cells,
    components,
    table_to_drop,
)
from safeguards.disclosure.memory import hidden as hidden_cells
from safeguards.disclosure.memory import moments
from safeguards.disclosure.release import Count, Duty, Extent, GroupFigures, Release
from safeguards.disclosure.sessions import SumFigures, Sums, said
from safeguards.disclosure.timeline import Moves
from safeguards.errors import DisclosureError
from safeguards.suppressed import HIDDEN

# less than any difference between two costs that counts
_TIE = 1e-3


def publish(
    groups: Sequence[Group],
    *,
    as_at: date,
    earlier: Sequence[Release],
    before: Mapping[str, Mapping[str, tuple[str, ...]]],
    key: bytes,
    limits: Limits,
    duties: Sequence[Duty] = (),
    sums: Sequence[Sums] = (),
    sums_before: Mapping[str, Sequence[tuple[Sums, SumFigures]]] | None = None,
) -> Release:
    """The release that may be told to governors: true figures, and hidden ones.

    earlier: every final release of this home, the oldest first, withdrawn ones too.
    before: by group, its children's records on the day of the newest of those.
    key: ties between equally good ways to hide are broken with it, so that nobody who knows
    the method knows which way was taken; the same data and day give the same release.
    sums_before: by key, of each earlier release that told the sum, the shares then and what
    it told.

    DisclosureError where no safe release is found within the time of the limits.
    """
    clock = Clock(limits.seconds)
    found = {
        group.name: _figures(
            group,
            [each.groups[group.name] for each in earlier if group.name in each.groups],
            before.get(group.name, {}),
            hashlib.sha256(key + as_at.isoformat().encode()).digest(),
            limits,
            clock,
        )
        for group in groups
    }
    sizes = {group.name: group.size for group in groups}
    then = sums_before or {}
    return Release(
        as_at=as_at,
        groups=found,
        duties={each.key: _told(each, sizes[each.group], limits) for each in duties},
        sums={
            each.key: said(each, then.get(each.key, ()), limits.largest_share)
            if sizes[each.group] >= limits.fewest
            else SumFigures(None)
            for each in sums
        },
    )


def _told(duty: Duty, size: int, limits: Limits) -> Duty | Extent:
    return duty if size >= limits.fewest else duty.extent


def _figures(
    group: Group,
    earlier: Sequence[GroupFigures],
    before: Mapping[str, tuple[str, ...]],
    key: bytes,
    limits: Limits,
    clock: Clock,
) -> GroupFigures:
    attributes = {each.key: each for each in group.attributes}
    dropped = table_to_drop(group.tables, attributes, limits.atoms)
    if dropped:
        names = " by ".join(attributes[each].label for each in dropped)
        raise DisclosureError(
            f"These tables tell too many kinds of child apart (over {limits.atoms}). "
            f"Leave out the table {names}."
        )
    tables = _tables_of(group, limits)
    moves: dict[Table, Moves] = {}
    told: dict[Table, dict[Cell, Count]] = {table: {} for table in tables}
    narrowest: list[int] = []
    # by all that is asked for, so that a group that grows is the same group to the next one
    for component in components(group.tables, attributes):
        linked = [attributes[each] for each in component]
        if earlier:
            then = _records(before, group, component)
            moves[component] = _moves(linked, then, group, earlier[-1].size)
        own = [table for table in tables if set(table) <= set(component)]
        if not own:
            continue
        records = group.of(component)
        places = [
            Place(table, cell, count)
            for table in own
            for cell, count in _counted(group, table, attributes).items()
        ]
        asked = Component(
            linked,
            places,
            Counter(records.values()),
            moments(earlier, linked),
            [hidden_cells(each, linked) for each in earlier],
            moves.get(component),
            limits,
            clock,
        )
        hidden = asked.hidden([_cost(place, key, group) for place in places])
        narrowest += [most - least + 1 for _, least, most in asked.intervals(hidden)]
        for at, place in enumerate(places):
            told[place.table][place.cell] = HIDDEN if at in hidden else place.count
    return GroupFigures(
        name=group.name,
        size=group.size,
        is_told=group.size >= limits.fewest,
        attributes=group.attributes,
        tables=told,
        moves=moves,
        narrowest=min(narrowest, default=None),
    )


def _tables_of(group: Group, limits: Limits) -> tuple[Table, ...]:
    """The tables that a group of this size may have at all."""
    if group.size < limits.fewest:
        return ()
    if group.size < limits.fewest_for_splits:
        return tuple(each for each in group.tables if len(each) == 1)
    return group.tables


def _counted(group: Group, table: Table, attributes: Mapping[str, Attribute]) -> dict[Cell, int]:
    counts = Counter(group.of(table).values())
    return {cell: counts[cell] for cell in cells(table, attributes)}


def _cost(place: Place, key: bytes, group: Group) -> float:
    """Of hiding a cell: more for a larger count, and a little by chance, which is keyed.

    The chance hangs on all that is counted: whoever does not have the key cannot tell which
    of two equally good ways was taken, and so nothing from the way.
    """
    records = sorted(group.children.values())
    told = repr((group.name, records, place.table, place.cell)).encode()
    chance = int.from_bytes(hmac.digest(key, told, "sha256")[:6]) / 2**48
    return 1 + math.log1p(place.count) + _TIE * chance


def _records(
    before: Mapping[str, tuple[str, ...]], group: Group, component: Table
) -> dict[str, Cell]:
    places = [group.attributes.index(group.attribute(key)) for key in component]
    return {child: tuple(record[at] for at in places) for child, record in before.items()}


def _moves(
    linked: Sequence[Attribute], then: Mapping[str, Cell], group: Group, printed: int
) -> Moves:
    """Who joined, left and changed, by public category.

    printed: how many there were then by the report.  Where today's data tell of more or
    fewer on that day, the difference moved too, and nobody knows who.
    """
    now = group.of(tuple(each.key for each in linked))

    def tally(kinds: list[Cell]) -> dict[Cell, int]:
        public = Counter(
            tuple(c for c, each in zip(kind, linked, strict=True) if each.is_public)
            for kind in kinds
        )
        return dict(sorted(public.items()))

    changed = [child for child in now if child in then and now[child] != then[child]]
    return Moves(
        joined=tally([now[child] for child in now if child not in then]),
        left=tally([then[child] for child in then if child not in now]),
        changed=len(changed),
        before=tally([then[child] for child in changed]),
        after=tally([now[child] for child in changed]),
        by_key={
            each.key: sum(now[child][place] != then[child][place] for child in changed)
            for place, each in enumerate(linked)
        },
        more_joined=max(0, len(then) - printed),
        more_left=max(0, printed - len(then)),
    )
