"""Notes of concern: more of them the more the difficulties, and those behind what happened.

A note stands behind each referral by the school, most suspensions and enquiries, most calls of the
police, half of the new homes, and most absences of days on end.  How many notes there are is made
up: no line is published.  Their words are those of lines.csv.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from queries import contract
from synthetic.calendar import (
    add_working_days,
    advance_to_school_day,
    choose_school_day,
    find_last_school_day,
    list_school_days,
)
from synthetic.population.child import Child
from synthetic.population.personas import (
    HAS_WORKER,
    IN_NEED,
    LOOKED_AFTER,
    NO_STATUS,
    ON_PROTECTION_PLAN,
)
from synthetic.population.story import Chance, choose, choose_for
from synthetic.subjects.protection import POLICE, SCHOOL
from synthetic.subjects.records import LINES, Record, Subject, derive_record
from synthetic.subjects.suspensions import Suspension

#: Notes a year by status, at average difficulties, and the school days of a year.
_A_YEAR = {ON_PROTECTION_PLAN: 5.5, IN_NEED: 2.8, LOOKED_AFTER: 1.4, NO_STATUS: 0.5}
_AFTER_CARE, _SCHOOL_DAYS = 1.2, 190
#: What a note is about that nothing stands behind.
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
AWAY, _MOVED, _SUSPENDED, _CALL_OUT = "away", "moved", "suspended", "police"

#: What is done about what is grave, and about the rest; nobody only watches more than a note.
_GRAVE = ("care", "home", "online", "hurt", AWAY)
_DONE_IF_GRAVE = {"called the carer": 0.75, "met the family": 0.25}
_WATCHED = "kept under watch"
_DONE = {"spoke with the child": 0.55, "called the carer": 0.25, _WATCHED: 0.2}
#: How often the social worker is told beside these: of what is grave, and of the rest.
_TOLD, _TOLD_IF_GRAVE, _TOLD_OF_REST = "told the social worker", 0.5, 0.1
_LEVELS = {"note": 0.6, "concern": 0.4}

#: Shares of what happened that a note is of, and days around it in which the note is written.
_OF_A_SUSPENSION, _OF_A_MOVE, _OF_A_CALL_OUT, _OF_AN_ENQUIRY = 0.9, 0.5, 0.75, 0.7
_SETTLES_IN, _NEAR, _WEEKEND = 31, 10, timedelta(days=4)
#: Days from what happened to a suspension that begins in the morning.
_LOOKED_INTO = (1, 1, 1, 2, 4)
#: Share of absences without a reason that are noted, by their days, and the places of the days
#: on which they are; the office writes again after so many days.
_OF_SPELLS, _NOTED_ON, _AND_AGAIN = {1: 0.0, 2: 0.3}, (1, 1, 1, 2, 2), 7
_OF_LONG_SPELLS = 0.97

#: Working days until somebody looks again, if it is urgent too, and by how many some take longer.
_FOLLOW_UP, _AT_ONCE, _LATER = (3, 10), (2, 5), (4, 15)
_IN_TIME, _NO_DATE, _NEVER_CLOSED = 0.88, 0.2, 0.05
#: What comes of a referral, and in how many days.
_RESULTS = ("assessment completed", "conference not needed", "initial conference")
_RESULTS_IN = 110
_A_DAY = timedelta(days=1)

Concern = derive_record(contract.CONCERNS, is_at_school=True, later={"closed": ()})


def _generate_concerns(
    rng: random.Random,
    child: Child,
    _year: int,
    steps: tuple[Any, ...],
    suspensions: tuple[Suspension, ...],
) -> list[Record]:
    """Return the notes of a child, one a day at most, on days on which it is at the school."""
    out = {day for each in suspensions for day in each.list_days()}
    on_roll = list_school_days(child.entry, child.leaving)
    for start in range(on_roll[0].year - 1, on_roll[-1].year + 1):
        out |= child.list_trip_days(start)
    begins = {each.day for each in suspensions}
    in_school = set(on_roll) - out
    days = sorted(in_school - begins)
    notes: dict[date, Record] = {}
    for day in _choose_days(rng, child, days):
        notes[day] = _write_note(rng, child, day, _choose_kind(rng, child, day))
    for day, kind, of, share in _list_occasions(rng, child, steps, suspensions):
        is_of_it = of.startswith(_SUSPENDED) or day not in begins
        if day in in_school and is_of_it and rng.random() < share:
            notes[day] = _write_note(rng, child, day, kind, of)
    notes |= {note.day: note for note in _write_referrals(rng, child, in_school, steps)}
    return [notes[day] for day in sorted(notes)]


def _choose_days(rng: random.Random, child: Child, days: Sequence[date]) -> Iterator[date]:
    lean = 1 + max(child.story.difficulties, 0)
    most, place = max(_A_YEAR.values()), -1
    while (place := place + 1 + int(rng.expovariate(most * lean / _SCHOOL_DAYS))) < len(days):
        often = _A_YEAR.get(child.get_status(days[place]), _AFTER_CARE)
        if rng.random() * most < often:
            yield days[place]


def _choose_kind(rng: random.Random, child: Child, day: date) -> str:
    """Return what a note is about: of home, or of family time, by where the child lives."""
    kinds = dict(_KINDS)
    if child.get_status(day) == LOOKED_AFTER:
        del kinds["home"]
    if not _is_in_care(child, day) or any(each.home == "adoptive" for each in child.episodes):
        del kinds["family time"]
    return choose_for(rng, kinds, child.story)


def _list_occasions(
    rng: random.Random, child: Child, steps: Sequence[Any], suspensions: Sequence[Suspension]
) -> Iterator[tuple[date, str, str, float]]:
    """List the day, kind and lines of each note of something that happened, and how often it is."""
    for each in suspensions:
        kind = "other children" if each.reason == "PP" else "other"
        before = each.day in each.list_days() and rng.choice(_LOOKED_INTO)
        day = find_last_school_day(each.day - before * _A_DAY)
        yield day, kind, f"{_SUSPENDED} {each.reason}", _OF_A_SUSPENSION
    for moved in child.upheavals:
        day = advance_to_school_day(moved + rng.randrange(1, _SETTLES_IN) * _A_DAY)
        if moved > child.entry and _is_in_care(child, moved) and _is_in_care(child, day):
            yield day, "feelings", _MOVED, _OF_A_MOVE * (day not in child.upheavals)
    for step in steps:
        if step.referred_by == POLICE:
            # They tell the school in the morning, or on Monday (Operation Encompass).
            day = advance_to_school_day(step.day + _A_DAY)
            yield day, "home", _CALL_OUT, _OF_A_CALL_OUT * (day - step.day <= _WEEKEND)
        elif step.event == "strategy discussion":
            day = find_last_school_day(step.day - rng.randint(1, _NEAR) * _A_DAY)
            kind = rng.choice(("care", "home"))
            yield day, kind, kind, _OF_AN_ENQUIRY


def _write_referrals(
    rng: random.Random, child: Child, in_school: set[date], steps: Sequence[Any]
) -> Iterator[Record]:
    """Write the note of each referral by the school; it is open until what came of it is over."""
    for step in steps:
        if step.referred_by != SCHOOL or step.day not in in_school:
            continue
        # The police are spoken with at once about what an adult did.
        soon = add_working_days(step.day, 1)
        is_urgent = any(
            each.event == "strategy discussion" and step.day <= each.day <= soon for each in steps
        )
        kind = rng.choice(("hurt" if is_urgent else "care", "home"))
        raised_by, line = rng.choice(LINES[f"urgent {kind}" if is_urgent else kind])
        wait = rng.randint(*_AT_ONCE)
        ends = [
            each.day
            for each in steps
            if each.event in _RESULTS and 0 <= (each.day - step.day).days <= _RESULTS_IN
        ]
        closed = add_working_days(max(ends, default=step.day), rng.randint(1, wait))
        look = choose_school_day(rng, add_working_days(step.day, wait))
        look_again = look if look <= child.leaving else None
        level, closed = "urgent" if is_urgent else "concern", min(closed, child.leaving)
        yield Concern(step.day, kind, level, raised_by, line, "referred", look_again, closed)


def write_absences(
    rng: random.Random, child: Child, spells: Iterable[Sequence[date]]
) -> Iterator[Record]:
    """Write the notes of most spells away without a reason, of a child with a social worker."""
    for days in spells:
        if child.get_status(days[0]) in HAS_WORKER:
            share = _OF_SPELLS.get(len(days), _OF_LONG_SPELLS)
            for day in days[min(rng.choice(_NOTED_ON), len(days) - 1) :: _AND_AGAIN]:
                if rng.random() < share:
                    yield _write_note(rng, child, day, AWAY)


def _is_in_care(child: Child, day: date) -> bool:
    """Return whether the child is in care on the day, and not with its parents."""
    return child.get_status(day) == LOOKED_AFTER and not child.is_with_family(day)


def _write_note(rng: random.Random, child: Child, day: date, kind: str, of: str = "") -> Any:
    days = rng.randint(*_FOLLOW_UP)
    took = rng.randint(1, days) if rng.random() < _IN_TIME else days + rng.randint(*_LATER)
    look: date | None = choose_school_day(rng, add_working_days(day, days))
    closed: date | None = choose_school_day(rng, add_working_days(day, took))
    # Nobody looks again at a child who has left.
    closed = min(closed, child.leaving) if closed and rng.random() >= _NEVER_CLOSED else None
    if not closed or not look or look > child.leaving or rng.random() < _NO_DATE:
        look = None
    is_grave = kind in _GRAVE
    level = "concern" if of or kind == "hurt" else choose(rng, _LEVELS)
    done = dict(_DONE_IF_GRAVE if is_grave else _DONE)
    if level != "note":
        done.pop(_WATCHED, None)
    if child.get_status(day) in HAS_WORKER:
        done[_TOLD] = _TOLD_IF_GRAVE if is_grave else _TOLD_OF_REST
    raised_by, line = rng.choice(LINES[of or kind])
    return Concern(day, kind, level, raised_by, line, choose(rng, done), look, closed)


SUBJECT = Subject(
    contract.CONCERNS,
    Concern,
    _generate_concerns,
    follows=(contract.PROTECTION, contract.SUSPENSIONS),
)
