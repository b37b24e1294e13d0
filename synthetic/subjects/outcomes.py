"""What the national return asks beside health, and how care ends for good.

Of English children looked after for 12 months 88 in 100 under 5 have their developmental checks up
to date (DfE, 2025).  How many children of these years offend, or have a problem with substances,
is made up: the published lines are of all ages, and most of these are teenagers.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from queries.contract import DEVELOPMENT, OFFENDING, PERMANENCE, SUBSTANCE
from synthetic.calendar import choose_working_day
from synthetic.population.child import Child, Episode
from synthetic.population.personas import LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER
from synthetic.population.story import Chance, choose, is_so
from synthetic.subjects.records import Record, Subject, add_months, derive_record

_UP_TO_DATE = 0.88
_CHECKED_AT = (2, 4)

_OFFENDS, _OFFENDS_FROM = Chance(0.02, difficulties=0.6, outward=1.0), 10
_OFFENCES = {"youth caution": 0.6, "youth conditional caution": 0.25, "conviction": 0.15}
_MISUSES, _MISUSES_FROM = Chance(0.02, difficulties=0.8, outward=0.6), 10
_HAS_HELP = 0.7

#: Days from the decision to the placement order, and from the match to the new home.
_DECIDED, _MATCHED = (20, 90), (10, 40)
_OTHER_ORDERS = {"special guardianship order": 0.75, "child arrangements order": 0.25}
#: Those of which the school knows the order alone; who is adopted is so at an early age.
_KNOWN_ALONE, _YOUNG = _OTHER_ORDERS | {"adoption order": 0.8}, 7

_YEAR = 365


Check, Offence, Misuse, Step = map(derive_record, (DEVELOPMENT, OFFENDING, SUBSTANCE, PERMANENCE))


def _generate_checks(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Those of children who were in care while they were under 5."""
    for age in _CHECKED_AT:
        day = choose_working_day(rng, add_months(child.born, 12 * age + rng.randint(1, 8)))
        if child.get_status(day) == LOOKED_AFTER:
            yield Check(day, "up to date" if rng.random() < _UP_TO_DATE else "not up to date")


def _generate_offences(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """One at most, of a child of 10 or over while it is at the school."""
    if is_so(rng, _OFFENDS, child.story) and (day := _choose_day(rng, child, _OFFENDS_FROM)):
        yield Offence(day, choose(rng, _OFFENCES))


def _generate_misuse(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """One at most, of an older child in care."""
    if is_so(rng, _MISUSES, child.story) and (day := _choose_day(rng, child, _MISUSES_FROM)):
        yield Misuse(day, "yes") if rng.random() < _HAS_HELP else Misuse(day, "no", "yes")


def _choose_day(rng: random.Random, child: Child, age: int) -> date | None:
    """A working day at the school from that birthday on; None where there is no such time."""
    first = max(child.entry, add_months(child.born, 12 * age + 1))
    if (child.leaving - first).days < _YEAR // 6:
        return None
    return choose_working_day(rng, first + timedelta(days=rng.randrange(20, _YEAR // 6)))


def _generate_permanence(rng: random.Random, child: Child, _year: int) -> list[Any]:
    """The decisions behind a placement order and an adoptive home, and the order at the end."""
    steps: list[Any] = []
    for each in child.episodes:
        if each.legal_status == "E1" and not any(step.event == "placement order" for step in steps):
            decided = choose_working_day(
                rng, each.first_day - timedelta(days=rng.randint(*_DECIDED))
            )
            # It is decided of a child who is no longer with its parents.
            left = [one.end for one in child.episodes if one.home == "with parents" and one.end]
            decided = max([decided, *(day for day in left if day <= each.first_day)])
            if decided < each.first_day:
                steps.append(Step(decided, "adoption decided"))
            steps.append(Step(each.first_day, "placement order"))
        if each.home == "adoptive" and not any(step.event == "matched" for step in steps):
            matched = choose_working_day(
                rng, each.first_day - timedelta(days=rng.randint(*_MATCHED))
            )
            before = max([step.day for step in steps], default=matched)
            steps.append(Step(min(max(matched, before), each.first_day), "matched"))
            steps.append(Step(each.first_day, "placed for adoption"))
    for before_it, after in pairwise((None, *child.episodes)):
        if after and after.status == PREVIOUSLY_LOOKED_AFTER and after.start:
            is_young = before_it is None and child.compute_age(after.start) < _YOUNG
            steps.append(Step(after.start, _name_order(rng, before_it, is_young=is_young)))
    return sorted(steps, key=lambda step: step.day)


def _name_order(rng: random.Random, before: Episode | None, *, is_young: bool) -> str:
    is_adopted = before is not None and before.home == "adoptive"
    orders = _KNOWN_ALONE if is_young else _OTHER_ORDERS
    return "adoption order" if is_adopted else choose(rng, orders)


SUBJECTS = (
    Subject(SUBSTANCE, Misuse, _generate_misuse),
    Subject(DEVELOPMENT, Check, _generate_checks),
    Subject(PERMANENCE, Step, _generate_permanence),
    Subject(OFFENDING, Offence, _generate_offences),
)
