"""Meetings of the personal education plan, one each term for a child in care."""

import random
from datetime import date, timedelta
from typing import Any

from queries.contract import PEP
from synthetic.calendar import (
    add_working_days,
    advance_to_school_day,
    compute_academic_year,
    list_terms,
)
from synthetic.population.child import CarePeriod, Child
from synthetic.population.story import Chance, choose_place, is_so
from synthetic.subjects.records import Record, Subject, derive_record

HELD, BOOKED = "held", "booked"

#: Each authority has its own words, from the best down, the same as in the stories; their shares.
_WORDS = ("good", "developing", "not yet good")
_WORDS_OF = dict.fromkeys(("Ashmere", "Thornmere"), ("outstanding", "good", "requires improvement"))
_WORD_SHARES, _CHANGES = (0.35, 0.5, 0.15), 0.35

#: The first meeting: shares held in 20 working days, and held at all before the next term.
_IN_TIME, _EVER = 0.85, 0.93
_WORKING_DAYS = 20

#: Shares of the terms whose meeting is held, and is moved into the next term: made up.
_HELD, _SLIPS = 0.84, 0.13

#: Shares: meetings that the authority has judged, that show while arranged, and to which
#: the child came.
_JUDGED, _IS_BOOKED = 0.85, 0.8
_ATTENDED = Chance(0.6, difficulties=-0.4)

#: Open days of a term before its meetings begin, and for those that are moved into it.
_FIRST_DAY, _SLIPPED_DAYS = 15, (1, 14)


Meeting = derive_record(PEP, is_at_school=True, outcome=HELD, booked=lambda _: {"outcome": BOOKED})


def _generate_meetings(rng: random.Random, child: Child, _year: int) -> list[Record]:
    """The meetings while a child is in care and at the school."""
    meetings: list[Record] = []
    for period in child.care_periods:
        begin = max(period.start, child.entry)
        words = _WORDS_OF.get(period.authority, _WORDS)
        drawn = [
            *_generate_first_meeting(rng, period, child.entry),
            *_generate_term_meetings(rng, begin, period.end),
        ]
        days = {child.find_day_in(day) for day in drawn}
        # A plan is mostly as good as the one before.
        last: date | None = None
        grade = choose_place(rng, _WORD_SHARES)
        for day in sorted(day for day in days if begin <= day < period.end):
            # A first meeting late in a term is the meeting of that term.
            if last is None or (day - last).days > 21:  # noqa: PLR2004 - three weeks
                if rng.random() < _CHANGES:
                    grade = min(max(grade + rng.choice((-1, 1)), 0), len(words) - 1)
                meetings.append(_hold_meeting(rng, child, day, words[grade]))
                last = day
    return meetings


def _generate_first_meeting(rng: random.Random, period: CarePeriod, entry: date) -> list[date]:
    """The first meeting of a time in care, or of a child who came to the school in care."""
    luck = rng.random()
    if luck >= _EVER:
        return []
    begin = max(period.start, entry)
    if luck < _IN_TIME:
        # Working days run on through the holidays, in which nobody meets.
        limit = add_working_days(begin, _WORKING_DAYS)
        day = advance_to_school_day(add_working_days(begin, rng.randint(8, 18)))
        if day > limit:
            day = advance_to_school_day(add_working_days(begin, 2))
        return [day]
    return [advance_to_school_day(add_working_days(begin, rng.randint(21, 35)))]


def _generate_term_meetings(rng: random.Random, begin: date, end: date) -> list[date]:
    """A day in each term that starts after `begin`, or early in the next one, or none."""
    days = []
    slot = rng.uniform(0.1, 0.75)
    for year in range(compute_academic_year(begin), compute_academic_year(end) + 1):
        for n, term in enumerate(list_terms(year)):
            if not begin < term[0] < end:
                continue
            luck = rng.random()
            place = min(max(slot + rng.uniform(-0.12, 0.12), 0), 0.97)
            if luck < _HELD:
                days.append(term[_FIRST_DAY + int(place * (len(term) - _FIRST_DAY))])
            elif luck < _HELD + _SLIPS:
                after = (*list_terms(year), *list_terms(year + 1))[n + 1]
                days.append(after[rng.randint(*_SLIPPED_DAYS)])
    return days


def _hold_meeting(rng: random.Random, child: Child, day: date, quality: str) -> Any:
    return Meeting(
        day=day,
        quality=quality if rng.random() < _JUDGED else None,
        child_attended="yes" if is_so(rng, _ATTENDED, child.story) else "no",
        targets_set=rng.randint(2, 6),
        booked_on=day - timedelta(days=rng.randint(10, 40)) if rng.random() < _IS_BOOKED else None,
    )


SUBJECT = Subject(PEP, Meeting, _generate_meetings)
