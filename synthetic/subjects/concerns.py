"""Notes of concern: more of them the more the difficulties, and one behind a school's referral.

How many there are is made up: no line is published.
"""

import random
from datetime import date, timedelta
from typing import Any

from queries.contract import CONCERNS, PROTECTION, SUSPENSIONS
from synthetic.calendar import add_working_days, find_last_school_day, list_school_days
from synthetic.population.child import Child
from synthetic.population.personas import IN_NEED, LOOKED_AFTER, NO_STATUS, ON_PROTECTION_PLAN
from synthetic.population.story import Chance, choose, choose_for
from synthetic.subjects.protection import Step
from synthetic.subjects.records import Lines, Record, Subject, derive_record
from synthetic.subjects.suspensions import Suspension, list_days_away

#: Notes a year, by status, and how the story leans on them.
_A_YEAR = {ON_PROTECTION_PLAN: 5.0, IN_NEED: 3.0, NO_STATUS: 0.5}
_OTHERS = 1.2

#: Kinds of those behind which no referral came.
_KINDS = {
    "care": Chance(0.2, difficulties=0.2),
    "feelings": Chance(0.24, outward=-0.4),
    "other children": Chance(0.14, outward=0.6),
    "bullying": Chance(0.08, outward=-0.2),
    "home": Chance(0.12),
    "family time": Chance(0.1),
    "online": Chance(0.05),
    "hurt": Chance(0.03),
    "other": Chance(0.04),
}
_LEVELS = {"note": 0.6, "concern": 0.38, "urgent": 0.02}
_URGENT = {"hurt": 0.5, "home": 0.5}
_RAISED_BY = {
    "teacher": 0.4,
    "teaching assistant": 0.22,
    "lunchtime staff": 0.12,
    "pastoral staff": 0.16,
    "parent or carer": 0.05,
    "the child": 0.05,
}
_DONE = {"spoke with the child": 0.4, "called the carer": 0.3, "kept under watch": 0.3}
#: What is done about what cannot wait, or about a mark: whoever has a social worker tells them.
_TOLD, _MET = "told the social worker", "met the family"

#: Working days until somebody looks again, and share closed by then; the others take longer.
_FOLLOW_UP, _IN_TIME, _LATER = (3, 10), 0.88, (4, 15)
#: School days in a year.
_YEAR = 190
_A_DAY = timedelta(days=1)


Concern = derive_record(CONCERNS, is_at_school=True, later=("closed",))


def _generate_concerns(
    rng: random.Random,
    child: Child,
    _year: int,
    steps: tuple[Step, ...],
    suspensions: tuple[Suspension, ...],
) -> list[Record]:
    """The notes of a child on days at the school: one on each day of a referral or before."""
    away = list_days_away(suspensions)
    days = [day for day in list_school_days(child.entry, child.leaving) if day not in away]
    lines = Lines(rng)
    notes: list[Record] = []
    place = 0
    while place < len(days):
        status = child.get_status(days[place])
        often = _A_YEAR.get(status, _OTHERS) * (1 + max(child.story.difficulties, 0))
        place += 1 + int(rng.expovariate(often / _YEAR))
        if place < len(days):
            notes.append(_write_note(rng, child, days[place], lines))
    for step in steps:
        day = find_last_school_day(step.day)
        if step.event == "referral" and day in days[1:-1] and day >= step.day - _A_DAY:
            kind, raised_by = choose(rng, _URGENT), choose(rng, _RAISED_BY)
            closed = add_working_days(step.day, 1)
            line = lines.draw("urgent", kind)
            notes.append(Concern(day, kind, "urgent", raised_by, line, "referred", closed, closed))
    by_day = {note.day: note for note in notes}
    return [by_day[day] for day in sorted(by_day)]


def _write_note(rng: random.Random, child: Child, day: date, lines: Lines) -> Any:
    kind = choose_for(rng, _KINDS, child.story)
    follow_up = add_working_days(day, rng.randint(*_FOLLOW_UP))
    is_in_time = rng.random() < _IN_TIME
    closed = follow_up if is_in_time else add_working_days(follow_up, rng.randint(*_LATER))
    level, done = choose(rng, _LEVELS), choose(rng, _DONE)
    if level == "urgent" or kind == "hurt":
        has_worker = child.get_status(day) in (LOOKED_AFTER, IN_NEED, ON_PROTECTION_PLAN)
        done = _TOLD if has_worker else _MET
    line = lines.draw("concerns", kind)
    return Concern(day, kind, level, choose(rng, _RAISED_BY), line, done, follow_up, closed)


SUBJECT = Subject(CONCERNS, Concern, _generate_concerns, follows=(PROTECTION, SUSPENSIONS))
