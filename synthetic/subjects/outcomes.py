"""The other outcomes of the national return beside health, and the steps to a final order.

In England 88 in 100 children under 5 who were looked after for 12 months have up-to-date
developmental checks (DfE, 2025).  The rates of offending and of substance misuse are made up for
these ages: the published figures are for all ages, and are mostly about teenagers.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from queries.contract import DEVELOPMENT, OFFENDING, PERMANENCE, SUBSTANCE
from synthetic.calendar import advance_to_working_day
from synthetic.population.child import Child
from synthetic.population.groups import LOOKED_AFTER, PREVIOUSLY_LOOKED_AFTER
from synthetic.population.story import Chance, choose, is_so
from synthetic.subjects.records import Record, Subject, add_months, derive_record

_UP_TO_DATE, _CHECKED_AT = 0.88, (2, 4)

_OFFENDS, _MISUSES = (Chance(0.02, difficulties=0.7, outward=0.8) for _ in range(2))
_OFFENCES = {"youth caution": 0.6, "youth conditional caution": 0.25, "conviction": 0.15}
_OLD_ENOUGH, _HAS_HELP = 10, 0.7

#: Days from the decision on adoption to the placement order, and from the match to the new home.
_DECIDED, _MATCHED = (20, 90), (10, 19)
_ORDERS = {"special guardianship order": 0.75, "child arrangements order": 0.25}


Check, Offence, Misuse, Step = map(derive_record, (DEVELOPMENT, OFFENDING, SUBSTANCE, PERMANENCE))


def _generate_checks(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate developmental checks of a child who was in care while under 5."""
    for age in _CHECKED_AT:
        day = advance_to_working_day(add_months(child.born, 12 * age + rng.randint(1, 8)))
        if child.get_status(day) == LOOKED_AFTER:
            yield Check(day, "up to date" if rng.random() < _UP_TO_DATE else "not up to date")


def _generate_offences(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate at most one offence of a child of 10 or over while they are at the school."""
    if is_so(rng, _OFFENDS, child.story) and (day := _choose_day(rng, child)):
        yield Offence(day, choose(rng, _OFFENCES))


def _generate_misuse(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate at most one record of misuse of a child of 10 or over while they are here."""
    if is_so(rng, _MISUSES, child.story) and (day := _choose_day(rng, child)):
        yield Misuse(day, "yes") if rng.random() < _HAS_HELP else Misuse(day, "no", "yes")


def _choose_day(rng: random.Random, child: Child) -> date | None:
    """Choose a working day after the tenth birthday, or None if the child leaves before."""
    first = max(child.entry, add_months(child.born, 12 * _OLD_ENOUGH + 1))
    day = advance_to_working_day(first + timedelta(days=rng.randrange(60)))
    return day if day < child.leaving else None


def _generate_permanence(rng: random.Random, child: Child, _year: int) -> list[Any]:
    """Generate the decisions behind a placement order and an adoptive home, and the final order."""
    steps: dict[str, Any] = {}

    def add(event: str, day: date, before: tuple[int, int] = (0, 0)) -> None:
        day = advance_to_working_day(day - timedelta(days=rng.randint(*before)))
        steps.setdefault(event, Step(day, event))

    for before, now in pairwise((None, *child.episodes)):
        if now and now.legal_status == "E1":
            add("adoption decided", now.first_day, _DECIDED)
            add("placement order", now.first_day)
        if now and now.home == "adoptive":
            add("matched", now.first_day, _MATCHED)
            add("placed for adoption", now.first_day)
        if now and now.status == PREVIOUSLY_LOOKED_AFTER and now.start:
            is_adopted = before is not None and before.home == "adoptive"
            add("adoption order" if is_adopted else choose(rng, _ORDERS), now.start)
    return sorted(steps.values(), key=lambda step: step.day)


SUBJECTS = (
    Subject(SUBSTANCE, Misuse, _generate_misuse),
    Subject(DEVELOPMENT, Check, _generate_checks),
    Subject(PERMANENCE, Step, _generate_permanence),
    Subject(OFFENDING, Offence, _generate_offences),
)
