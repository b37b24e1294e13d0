"""Meetings of the personal education plan, one each term for a child in care."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from queries.contract import PEP
from synthetic.calendar import (
    add_working_days,
    advance_to_school_day,
    compute_academic_year,
    list_terms,
)
from synthetic.population.child import Child
from synthetic.population.story import Chance, choose, is_so
from synthetic.subjects.records import Record, Rhythm, Subject, book, derive_record

#: The quality of plans in each authority's own words, which are those of the stories.
_WORDS = {"good": 0.35, "developing": 0.5, "not yet good": 0.15}
_OTHER_WORDS = {"outstanding": 0.35, "good": 0.5, "requires improvement": 0.15}
_WORDS_OF = dict.fromkeys(("Ashmere", "Thornmere"), _OTHER_WORDS)

#: Working days to the first meeting, and the shares of terms in which the meeting is held, and in
#: which it slips into the next term.  All are made up.
_FIRST = Rhythm((8, 18), (21, 35), late=0.15)
_HELD, _SLIPS = 0.84, 0.13
#: The shares of meetings that the authority has judged, and that the child attended.
_JUDGED, _ATTENDED = 0.85, Chance(0.6, difficulties=-0.4)
#: The open days of a term before its meetings begin, and the fewest days between two meetings.
_FIRST_DAY, _APART = 15, timedelta(days=21)


Meeting = derive_record(
    PEP, is_at_school=True, outcome="held", booked=lambda _: {"outcome": "booked"}
)


def _generate_meetings(rng: random.Random, child: Child, _year: int) -> Iterator[Record]:
    """Generate the meetings of a child while they are in care and at the school."""
    for period in child.care_periods:
        begin = max(period.start, child.entry)
        first = add_working_days(begin, _FIRST.draw_days(rng))
        days = [advance_to_school_day(first), *_list_term_days(rng, begin, period.end)]
        last = date.min
        for day in sorted(day for day in days if day < period.end):
            # A first meeting late in a term is the meeting of that term.
            if day - _APART > last:
                last = day
                is_judged, came = rng.random() < _JUDGED, is_so(rng, _ATTENDED, child.story)
                words = _WORDS_OF.get(period.authority, _WORDS)
                yield Meeting(
                    day=day,
                    quality=choose(rng, words) if is_judged else None,
                    child_attended="yes" if came else "no",
                    targets_set=rng.randint(2, 6),
                    booked_on=book(rng, day),
                )


def _list_term_days(rng: random.Random, begin: date, end: date) -> Iterator[date]:
    """List a day in each term that starts after `begin`, or early in the next one, or none."""
    years = range(compute_academic_year(begin), compute_academic_year(end) + 2)
    terms = [term for year in years for term in list_terms(year)]
    for term, after in pairwise(terms):
        if begin < term[0] < end:
            luck = rng.random()
            if luck < _HELD:
                yield rng.choice(term[_FIRST_DAY:])
            elif luck < _HELD + _SLIPS:
                yield rng.choice(after[1:_FIRST_DAY])


SUBJECT = Subject(PEP, Meeting, _generate_meetings)
