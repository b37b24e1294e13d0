"""The attacker agrees with trying every group of children, and takes a plain masking apart."""

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from tests.proofs.attacker import cohorts
from tests.proofs.attacker.bruteforce import Groups, Way, without
from tests.proofs.attacker.exact import Attack, Mover, Step, components
from tests.proofs.attacker.files.figures import ContradictionError
from tests.support.sizes import Count, rng, size

SMALL = {"A": ("a", "b"), "B": ("u", "v", "w")}
TINY = {"A": ("a", "b"), "B": ("u", "v")}


def test_it_agrees_with_trying_every_group() -> None:
    groups = Groups(SMALL)
    for case in range(size("attacker.groups")):
        draw = rng(f"attacker group {case}")
        children = cohorts.children(draw.randint(1, 6), draw, SMALL)
        true = cohorts.truth(children, SMALL, [("A", "B")])
        told = cohorts.at_random(true, draw, draw.random())
        attack, every = Attack([told]), groups.one(told)
        me = draw.choice(children)
        mine: Way = (groups.number(me), None)
        with_me = [group for group in every if mine in group]
        for place in told.counts:
            where = dict(place)
            for insider, able in ((None, every), ([me], with_me)):
                numbers = sorted({groups.count(group, 0, where) for group in able})
                assert attack.values(place, insider=insider) == tuple(numbers)
                assert attack.interval(place, insider=insider) == (numbers[0], numbers[-1])
            assert true.counts[place] in attack.values(place, insider=[me])
        narrow = {(each.insider, each.cell) for each in attack.narrow([[me]])}
        for who, able in ((None, every), (0, with_me)):
            for place in told.hidden:
                least = int(who == 0 and groups.matches(mine[0], dict(place)))
                counts = {groups.count(group, 0, dict(place)) for group in able}
                assert ((who, place) in narrow) == (len(counts) < 4 or least not in counts)
        known = {"A": draw.choice(children)["A"]}
        assert attack.possible(known, "B") == tuple(
            label
            for label in SMALL["B"]
            if any(groups.count(group, 0, {**known, "B": label}) for group in every)
        )
        others = [without(group, mine) for group in with_me]
        labels = tuple(
            label
            for label in SMALL["B"]
            if any(groups.count(group, 0, {**known, "B": label}) for group in others)
        )
        if labels:
            assert attack.possible(known, "B", insider=[me]) == labels


def test_it_agrees_with_trying_every_pair_of_groups() -> None:
    groups = Groups(TINY)
    for case in range(size("attacker.pairs")):
        draw = rng(f"attacker pair {case}")
        ways = _ways(draw)
        told = [
            cohorts.at_random(
                cohorts.truth([way[side] for way in ways if way[side]], TINY, [("A", "B")]),
                draw,
                draw.random(),
            )
            for side in (0, 1)
        ]
        moved = [way for way in ways if way[0] != way[1]]
        step = Step(
            sum(way[0] is None for way in ways),
            sum(way[1] is None for way in ways),
            {frozenset(TINY): sum(None not in way for way in moved)},
        )
        attack = Attack(told, [step])
        every = groups.two(told, step.joiners, step.leavers, step.changed[frozenset(TINY)])
        me = draw.choice(ways)
        mine = _numbers(groups, me)
        for insider, able in ((None, every), (me, [each for each in every if mine in each])):
            for side in (0, 1):
                for place in told[side].counts:
                    numbers = {groups.count(group, side, dict(place)) for group in able}
                    assert set(attack.values(place, side, insider)) == numbers
            rest = able if insider is None else [without(group, mine) for group in able]
            for kind, side in (
                *(("joiner", 1), ("leaver", 0)),
                *(("before change", 0), ("after change", 1)),
            ):
                _agrees(attack, groups, rest, kind, side, insider)


def _ways(draw: Random) -> list[Any]:
    """One to three who stay, some of whom change, one who may join and one who may leave."""
    ways: list[Any] = [(one, one) for one in cohorts.children(draw.randint(1, 3), draw, TINY)]
    for at in range(len(ways)):
        if draw.random() < 0.4:
            ways[at] = (ways[at][0], cohorts.one(draw, TINY))
    ways += [(None, cohorts.one(draw, TINY))] * draw.randint(0, 1)
    ways += [(cohorts.one(draw, TINY), None)] * draw.randint(0, 1)
    return ways


def _numbers(groups: Groups, way: Any) -> Way:
    before, after = (None if one is None else groups.number(one) for one in way)
    return before, after


def _agrees(attack: Attack, groups: Groups, every: Any, kind: Any, side: int, insider: Any) -> None:
    """What can be of a mover, of whom A is known on its own side."""
    is_kinds: dict[str, Callable[[Way], bool]] = {
        "joiner": lambda way: way[0] is None,
        "leaver": lambda way: way[1] is None,
        "before change": lambda way: None not in way and way[0] != way[1],
        "after change": lambda way: None not in way and way[0] != way[1],
    }
    is_kind = is_kinds[kind]
    for label in TINY["A"]:
        able = tuple(
            each
            for each in TINY["B"]
            if any(
                is_kind(way) and groups.matches(way[side], {"A": label, "B": each})
                for group in every
                for way in group
            )
        )
        mover = Mover(0, kind, {"A": label})
        if able:
            assert attack.possible_mover(mover, "B", insider) == able
        elif not kind.endswith("change"):
            with pytest.raises(ContradictionError):
                attack.possible_mover(mover, "B", insider)


def test_the_truth_of_a_chain_is_always_possible() -> None:
    attributes = dict(list(cohorts.ATTRIBUTES.items())[:3])
    for case in range(max(1, size("attacker.pairs") // 20)):
        draw = rng(f"attacker chain {case}")
        group = {str(at): one for at, one in enumerate(cohorts.children(9, draw, attributes))}
        chain = [group]
        for at in range(3):
            later = dict(chain[-1])
            later.pop(draw.choice(sorted(later)))
            later[draw.choice(sorted(later))] = cohorts.one(draw, attributes)
            later[f"new {at}"] = cohorts.one(draw, attributes)
            chain.append(later)
        true = [cohorts.truth(list(each.values()), attributes) for each in chain]
        told = [cohorts.at_random(each, draw, 0.7) for each in true]
        sets = components(told)
        attack = Attack(told, [Step.between(a, b, sets) for a, b in pairwise(chain)])
        path = [each.get("0") for each in chain]
        for at, place in attack.hidden:
            low, high = attack.interval(place, at, path)
            assert low <= (true[at].counts[place] or 0) <= high
        for at in range(3):
            came = chain[at + 1][f"new {at}"]
            mover = Mover(at, "joiner", {"Year group": came["Year group"]})
            for name, label in attack.certain_mover(mover).items():
                assert came[name] == label


def test_hiding_small_counts_alone_hides_few(count: Count) -> None:
    """Counts of 1 to 5 that are hidden one by one: most groups lose one, for all that is hidden."""
    cases, broken, hidden, recovered, narrow = size("attacker.control"), 0, 0, 0, 0
    for case in range(cases):
        draw = rng(f"attacker control {case}")
        true = cohorts.truth(cohorts.children(draw.randint(5, 30), draw))
        told = cohorts.primary_only(true)
        attack = Attack([told])
        values = [attack.values(place) for place in told.hidden]
        exact = sum(len(each) == 1 for each in values)
        for place, able in zip(told.hidden, values, strict=True):
            assert true.counts[place] in able
        broken += exact > 0
        recovered += exact
        narrow += sum(len(each) < 4 for each in values)
        hidden += len(values)
    count("attacker_primary_groups", cases, 0, broken)
    count("attacker_primary_counts", hidden, 0, recovered)
    count("attacker_primary_narrow", hidden, 0, narrow)
    assert broken > cases / 2
