"""Notes of concern: more for children with more difficulties, and one for each referral.

The number of notes is made up: no figures are published.  Their words are those of lines.csv.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from queries.contract import CONCERNS, PROTECTION, SUSPENSIONS
from synthetic.calendar import add_working_days, advance_to_school_day, list_school_days
from synthetic.population.child import Child
from synthetic.population.groups import (
    HAS_WORKER,
    IN_NEED,
    LOOKED_AFTER,
    NO_STATUS,
    ON_PROTECTION_PLAN,
)
from synthetic.population.story import Chance, choose, choose_for
from synthetic.subjects.protection import SCHOOL
from synthetic.subjects.records import LINES, Record, Rhythm, Subject, derive_record
from synthetic.subjects.suspensions import Suspension

#: Notes a year by status for average difficulties, then after care, and the school days of a year.
_A_YEAR = {ON_PROTECTION_PLAN: 5.5, IN_NEED: 2.8, LOOKED_AFTER: 1.4, NO_STATUS: 0.5}
_AFTER_CARE, _SCHOOL_DAYS = 1.2, 190
_KINDS = {
    "care": Chance(0.2, difficulties=0.2),
    "feelings": Chance(0.24, outward=-0.4),
    "other children": Chance(0.12, difficulties=0.2, outward=1.1),
    "bullying": Chance(0.08, outward=-0.2),
    "home": Chance(0.12),
    "family time": Chance(0.1),
    "online": Chance(0.05),
    "hurt": Chance(0.03),
    "other": Chance(0.04),
}
_LEVELS = {"note": 0.6, "concern": 0.4}
#: What is done.  If the child has a social worker, that person may be told instead.
_DONE = {"spoke with the child": 0.4, "called the carer": 0.3, "met the family": 0.1}
_WATCHED, _TOLD, _IS_TOLD = {"kept under watch": 0.2}, "told the social worker", 0.3

#: Working days until somebody looks again and until it is closed, then the shares of notes without
#: a date to look again, and of notes that are never closed.
_LOOKED_AT, _CLOSED, _NO_DATE, _NEVER_CLOSED = (3, 10), Rhythm((1, 10), (8, 25), 0.12), 0.2, 0.05
#: The highest level, and the working days after which every assessment is over.
_URGENT, _REFERRED = "urgent", 62

Concern = derive_record(CONCERNS, is_at_school=True, later={"closed": ()})


def _generate_concerns(
    rng: random.Random,
    child: Child,
    _year: int,
    steps: tuple[Any, ...],
    suspensions: tuple[Suspension, ...],
) -> list[Record]:
    """Return the notes of a child, at most one a day, on days when the child is at the school."""
    out = {day for suspension in suspensions for day in suspension.list_days()}
    days = [day for day in list_school_days(child.entry, child.leaving) if day not in out]
    notes = {day: _write_note(rng, child, day, steps) for day in _choose_days(rng, child, days)}
    referred = [step.day for step in steps if step.referred_by == SCHOOL]
    notes |= {day: _write_note(rng, child, day, steps) for day in referred if day >= child.entry}
    return [notes[day] for day in sorted(notes)]


def _choose_days(rng: random.Random, child: Child, days: Sequence[date]) -> Iterator[date]:
    lean = 1 + max(child.story.difficulties, 0)
    most, place = max(_A_YEAR.values()), -1
    while (place := place + 1 + int(rng.expovariate(most * lean / _SCHOOL_DAYS))) < len(days):
        often = _A_YEAR.get(child.get_status(days[place]), _AFTER_CARE)
        if rng.random() * most < often:
            yield days[place]


def _write_note(rng: random.Random, child: Child, day: date, steps: Sequence[Any]) -> Any:
    """Write the note of a day, which is about the referral if the school made one on that day."""
    kinds, status = dict(_KINDS), child.get_status(day)
    if status == LOOKED_AFTER:
        del kinds["home"]
    if child.is_with_family(day):
        del kinds["family time"]
    kind, level = choose_for(rng, kinds, child.story), choose(rng, _LEVELS)
    done = choose(rng, _DONE | (_WATCHED if level == "note" else {}))
    if status in HAS_WORKER and rng.random() < _IS_TOLD:
        done = _TOLD
    raised_by, line = rng.choice(LINES[kind])
    if any(step.day == day and step.referred_by == SCHOOL for step in steps):
        soon = add_working_days(day, 1)
        enquiries = [step.day for step in steps if step.event == "strategy discussion"]
        is_urgent = any(day <= begun <= soon for begun in enquiries)
        kind, level, done = "hurt" if is_urgent else "home", "concern", "referred"
        level = _URGENT if is_urgent else level
        raised_by, line = rng.choice(LINES[_URGENT if is_urgent else kind])
    look: date | None = advance_to_school_day(add_working_days(day, rng.randint(*_LOOKED_AT)))
    days = _REFERRED if done == "referred" else _CLOSED.draw_days(rng)
    closed: date | None = advance_to_school_day(add_working_days(day, days))
    if rng.random() < _NEVER_CLOSED:
        closed = None
    # Nobody looks again at a child who has left.
    if not look or look > child.leaving or rng.random() < _NO_DATE:
        look = None
    closed = closed and min(closed, child.leaving)
    return Concern(day, kind, level, raised_by, line, done, look, closed)


SUBJECT = Subject(CONCERNS, Concern, _generate_concerns, follows=(PROTECTION, SUSPENSIONS))
