"""The only way out for figures about children."""

import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from safeguards.disclosure.moves import count_moves
from safeguards.disclosure.solver.attack import Clock
from safeguards.disclosure.solver.component import Component, Limits, Place
from safeguards.disclosure.solver.crossing import build_demands, find_crossings
from safeguards.disclosure.solver.groups import (
    Attribute,
    Cell,
    Group,
    Table,
    find_components,
    find_table_to_drop,
    list_cells,
)
from safeguards.disclosure.solver.memory import list_moments
from safeguards.disclosure.solver.memory import list_suppressed_cells as hidden_cells
from safeguards.disclosure.solver.release import Count, Duty, Extent, GroupFigures, Release
from safeguards.disclosure.solver.sessions import SumFigures, Sums, suppress_sums
from safeguards.disclosure.solver.suppress import Demand
from safeguards.disclosure.solver.suppressed import HIDDEN
from safeguards.disclosure.solver.timeline import Moves
from safeguards.errors import DisclosureError

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
    weighed = {
        group.name: _Weighed(
            group,
            [each.groups[group.name] for each in earlier if group.name in each.groups],
            before.get(group.name, {}),
            limits,
            clock,
        )
        for group in groups
    }
    crossed = find_crossings(groups, before, earlier[-1]) if earlier else ()
    linked = {name: each.components for name, each in weighed.items()}
    tie = hashlib.sha256(key + as_at.isoformat().encode()).digest()
    found = {
        name: each.compute_figures(build_demands(name, linked, earlier, crossed, clock), tie)
        for name, each in weighed.items()
    }
    sizes = {group.name: group.size for group in groups}
    then = sums_before or {}
    return Release(
        as_at=as_at,
        groups=found,
        duties={each.key: _told(each, sizes[each.group], limits) for each in duties},
        sums={
            each.key: suppress_sums(each, then.get(each.key, ()), limits.largest_share)
            if sizes[each.group] >= limits.fewest
            else SumFigures(None)
            for each in sums
        },
        crossings=crossed,
    )


def _told(duty: Duty, size: int, limits: Limits) -> Duty | Extent:
    return duty if size >= limits.fewest else duty.extent


class _Weighed:
    """One group: its components, with what earlier releases have said of each."""

    def __init__(
        self,
        group: Group,
        earlier: Sequence[GroupFigures],
        before: Mapping[str, Cell],
        limits: Limits,
        clock: Clock,
    ) -> None:
        attributes = {each.key: each for each in group.attributes}
        dropped = find_table_to_drop(group.tables, attributes, limits.atoms)
        if dropped:
            names = " by ".join(attributes[each].label for each in dropped)
            raise DisclosureError(
                f"These tables tell too many kinds of child apart (over {limits.atoms}). "
                f"Leave out the table {names}."
            )
        self._group = group
        self._is_told = group.size >= limits.fewest
        self._tables = _tables_of(group, limits)
        self._moves: dict[Table, Moves] = {}
        self.components: list[Component] = []
        # by all that is asked for, so that a group that grows is the same group to the next one
        for keys in find_components(group.tables, attributes):
            linked = [attributes[each] for each in keys]
            if earlier:
                self._moves[keys] = count_moves(linked, before, group, earlier[-1].size)
            self.components.append(
                Component(
                    linked,
                    [
                        Place(table, cell, count)
                        for table in self._tables
                        if set(table) <= set(keys)
                        for cell, count in _counted(group, table, attributes).items()
                    ],
                    Counter(group.select_categories(keys).values()),
                    list_moments(earlier, linked),
                    [hidden_cells(each, linked) for each in earlier],
                    self._moves.get(keys),
                    limits,
                    clock,
                )
            )

    def compute_figures(
        self, more: Mapping[Component, Sequence[Demand]], tie: bytes
    ) -> GroupFigures:
        """What is said of the group.

        more: what else must stay possible of a component.  tie: breaks ties.
        """
        told: dict[Table, dict[Cell, Count]] = {table: {} for table in self._tables}
        narrowest: list[int] = []
        for component in self.components:
            costs = [_cost(place, tie, self._group) for place in component.places]
            component.hide(costs, more.get(component, ()))
            narrowest += [most - least + 1 for least, most in component.compute_intervals()]
            for at, place in enumerate(component.places):
                is_told = at in component.published
                told[place.table][place.cell] = place.count if is_told else HIDDEN
        return GroupFigures(
            name=self._group.name,
            size=self._group.size,
            is_told=self._is_told,
            attributes=self._group.attributes,
            tables=told,
            moves=self._moves,
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
    counts = Counter(group.select_categories(table).values())
    return {cell: counts[cell] for cell in list_cells(table, attributes)}


def _cost(place: Place, key: bytes, group: Group) -> float:
    """Of hiding a cell: more for a larger count, and a little by chance, which is keyed.

    The chance hangs on all that is counted: whoever does not have the key cannot tell which
    of two equally good ways was taken, and so nothing from the way.
    """
    records = sorted(group.children.values())
    told = repr((group.name, records, place.table, place.cell)).encode()
    chance = int.from_bytes(hmac.digest(key, told, "sha256")[:6]) / 2**48
    return 1 + math.log1p(place.count) + _TIE * chance
