"""Steps of children in need and of protection plans, in step with the status of the child.

A status of in need begins with a referral, a plan with the conference of its first day.
Review conferences are on time as often as the DfE's line of 2024 says (89.8 in 100); no line of
the other clocks is at hand, so how often they are kept is made up; and so is how many referrals,
enquiries and conferences come to nothing, and how often the category of a plan changes.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from queries.contract import PROTECTION
from synthetic.calendar import (
    add_working_days,
    advance_to_working_day,
    choose_working_day,
    subtract_working_days,
)
from synthetic.population.child import Child, Episode
from synthetic.population.personas import HAS_WORKER, IN_NEED, LOOKED_AFTER, ON_PROTECTION_PLAN
from synthetic.population.story import Chance, choose, choose_for
from synthetic.subjects.records import Record, Subject, add_months, derive_record

_ABUSE = {
    "NEG": Chance(0.48),
    "EMO": Chance(0.38, difficulties=0.2),
    "PHY": Chance(0.08, outward=0.2),
    "SAB": Chance(0.04),
    "MUL": Chance(0.02),
}
SCHOOL, POLICE = "2A", "6"
_REFERRED_BY = {"6": 0.29, "2A": 0.2, "3A": 0.1, "5A": 0.1, "1A": 0.09, "3C": 0.03, "9": 0.02}
_CLOSED = {"RC7": 0.4, "RC9": 0.35, "RC8": 0.25}

#: Shares of steps taken in time.
_ASSESSED, _CONFERRED, _MET, _REVIEWED, _DECIDED = 0.84, 0.8, 0.88, 0.898, 0.93

#: Working days in time, and of those that come late.
_ASSESSMENT, _CONFERENCE, _GROUP = ((15, 45), (46, 60)), ((7, 15), (16, 22)), ((4, 10), (11, 15))
_FIRST_REVIEW, _LATER_REVIEWS, _BETWEEN_REVIEWS = 3, 6, 180
_LONGEST = timedelta(days=36)
#: Share of core groups that the next follows in time, and working days between the two.
_MEETS_AGAIN, _BETWEEN_GROUPS = 0.88, ((24, 34), (37, 48))
#: Working days from a referral that nobody told the school of to the strategy discussion.
_BEFORE = (12, 40)

#: Referrals a year of a child without a social worker of its own that come to nothing, the shares
#: of them that are assessed first, and that the police make, called to the home on any day of the
#: week; a child in need, of whom an enquiry ends without a conference, or a conference without a
#: plan; and plans whose category changes at a review.
_TO_NOTHING, _IS_ASSESSED, _CALLED_OUT = 0.14, 0.3, 0.3
_NO_CONFERENCE, _NO_PLAN, _CHANGES = 0.25, 0.08, 0.12
#: Shares of referrals decided on the same day, and of enquiries that begin with the discussion;
#: working days from the beginning of care to the conference that ends the plan.
_AT_ONCE, _BEGINS_AT_ONCE, _AFTER_CARE = 0.33, 0.6, (0, 2, 4, 7, 10)
#: Referrals that a strategy discussion follows on the next working day.
_IS_AT_ONCE = 0.3
#: Days after a referral, and before the next change, in which no second enquiry begins.
_CALM = 100
_YEAR = 365

_IS_BOOKED = {"review conference": "conference booked", "core group": "core group booked"}

Step = derive_record(PROTECTION, booked=lambda step: {"event": _IS_BOOKED[step.event]})


def _generate_steps(rng: random.Random, child: Child, _year: int) -> list[Record]:
    """The steps of every time in need and on a plan, to the day on which the child leaves."""
    steps: list[Record] = []
    before: Episode | None = None
    for each, after in pairwise([*child.episodes, None]):
        if each is None:
            continue
        last = before if before and before.end == each.first_day else None
        if each.status == IN_NEED:
            is_new = not (last and last.status == ON_PROTECTION_PLAN)
            until = min(each.end or date.max, child.leaving)
            steps += _refer(rng, child, each.first_day, until) if is_new else []
            if each.end and not (after and after.first_day == each.end):
                steps.append(Step(each.end, "case closed", reason=choose(rng, _CLOSED)))
            steps += _enquire_in_vain(rng, each, child)
        elif each.status == ON_PROTECTION_PLAN:
            known_since = last.first_day if last and last.status == IN_NEED else None
            steps += _enquire(rng, child, each.first_day, known_since)
            steps += _hold_plan(rng, child, each, after)
        before = each
    steps += _refer_in_vain(rng, child)
    return sorted(steps, key=lambda step: step.day)


def _refer_in_vain(rng: random.Random, child: Child) -> Iterator[Record]:
    """Referrals of which no more came, at once or after an assessment."""
    day = child.entry
    while True:
        day += timedelta(days=int(1 + rng.expovariate(_TO_NOTHING / _YEAR)))
        source = POLICE if rng.random() < _CALLED_OUT else SCHOOL
        day = child.find_day_in(day) if source == SCHOOL else day
        if day >= child.leaving:
            return
        around = [day + timedelta(days=days) for days in (-_CALM, 0, _CALM)]
        if any(child.get_status(each) in HAS_WORKER for each in around):
            continue
        yield Step(day, "referral", referred_by=source)
        decided = _decide(rng, advance_to_working_day(day))
        enquiry = _discuss_at_once(rng, day, child.leaving)
        yield from enquiry
        if enquiry or rng.random() < _IS_ASSESSED:
            yield Step(decided, "referral accepted")
            decided = add_working_days(day, rng.randint(*_ASSESSMENT[0]))
            yield Step(decided, "assessment completed")
        yield Step(decided, "no further action")
        day += timedelta(days=_CALM)


def _enquire_in_vain(rng: random.Random, need: Episode, child: Child) -> Iterator[Record]:
    """An enquiry about a child in need that ends without a conference, or without a plan."""
    first = need.first_day + timedelta(days=_CALM)
    last = min(need.end or date.max, child.leaving) - timedelta(days=_CALM)
    luck = rng.random()
    if first >= last or luck >= _NO_CONFERENCE + _NO_PLAN:
        return
    day = choose_working_day(rng, first + timedelta(days=rng.randrange((last - first).days)))
    is_needed = luck >= _NO_CONFERENCE
    yield from _discuss(rng, day, "initial conference" if is_needed else "conference not needed")


def _discuss_at_once(rng: random.Random, day: date, end: date) -> list[Record]:
    """What follows some referrals on the next working day, where all of it comes by `end`."""
    if rng.random() >= _IS_AT_ONCE or day + timedelta(days=_CALM) >= end:
        return []
    return list(_discuss(rng, add_working_days(day, 1)))


def _discuss(
    rng: random.Random, day: date, result: str = "conference not needed"
) -> Iterator[Record]:
    """A strategy discussion, and the enquiry that began with it up to its result."""
    yield Step(day, "strategy discussion")
    yield Step(_begin(rng, day), "section 47 begun")
    yield Step(add_working_days(day, rng.randint(*_CONFERENCE[0])), result)


def _decide(rng: random.Random, day: date) -> date:
    """The day on which a referral is decided on: in a working day, or late."""
    luck = rng.random()
    return day if luck < _AT_ONCE else add_working_days(day, 1 if luck < _DECIDED else 3)


def _begin(rng: random.Random, day: date) -> date:
    """The day on which the enquiry begins that a strategy discussion decided on."""
    return day if rng.random() < _BEGINS_AT_ONCE else add_working_days(day, rng.randint(1, 2))


def _refer(rng: random.Random, child: Child, day: date, end: date) -> Iterator[Record]:
    """The referral, what came of it at once, and the assessment if it was over by `end`."""
    source = choose(rng, _REFERRED_BY)
    is_out = source == SCHOOL and child.find_day_in(day) != day
    yield Step(day, "referral", referred_by=POLICE if is_out else source)
    yield Step(_decide(rng, day), "referral accepted")
    assessed = add_working_days(day, _draw_days(rng, _ASSESSED, _ASSESSMENT))
    yield from _discuss_at_once(rng, day, end)
    if assessed < end:
        yield Step(assessed, "assessment completed")


def _enquire(
    rng: random.Random, child: Child, conference: date, known_since: date | None
) -> Iterator[Record]:
    """From the strategy discussion to the conference; a referral first, if none is known."""
    strategy = subtract_working_days(conference, _draw_days(rng, _CONFERRED, _CONFERENCE))
    # Nobody meets about Christmas: it took so long at most.
    strategy = advance_to_working_day(max(strategy, conference - _LONGEST))
    if known_since is None:
        referred = subtract_working_days(strategy, rng.randint(*_BEFORE))
        yield from _refer(rng, child, referred, strategy)
    else:
        strategy = max(strategy, add_working_days(known_since, 1))
    yield Step(strategy, "strategy discussion")
    yield Step(min(_begin(rng, strategy), conference), "section 47 begun")
    yield Step(conference, "initial conference")


def _hold_plan(
    rng: random.Random, child: Child, plan: Episode, after: Episode | None
) -> Iterator[Record]:
    """The plan: core groups and review conferences, the last of which ends it.

    Of a child who came into care it is held in the days after.
    """
    start, end = plan.first_day, plan.end
    until = min(end or date.max, child.leaving)
    abuse = choose_for(rng, _ABUSE, child.story)
    yield Step(start, "plan begun", abuse=abuse)
    is_changed = rng.random() >= _CHANGES
    met = add_working_days(start, _draw_days(rng, _MET, _GROUP))
    groups: set[date] = set()
    while met < until:
        groups.add(met)
        yield Step(met, "core group", booked_on=_book(rng, met))
        met = add_working_days(met, _draw_days(rng, _MEETS_AGAIN, _BETWEEN_GROUPS))
    for each in _list_reviews(rng, start, end):
        review = add_working_days(each, 1) if each in groups else each
        if review >= until:
            break
        yield Step(review, "review conference", booked_on=_book(rng, review))
        if not is_changed:
            is_changed = True
            others = {code: chance for code, chance in _ABUSE.items() if code != abuse}
            yield Step(review, "category changed", abuse=choose_for(rng, others, child.story))
    if end:
        if after and after.status == LOOKED_AFTER:
            end = add_working_days(end, rng.choice(_AFTER_CARE))
        yield Step(end, "review conference", booked_on=_book(rng, end))
        yield Step(end, "plan ended")


def _list_reviews(rng: random.Random, start: date, end: date | None) -> Iterator[date]:
    """The days of a plan's review conferences, but for the one that ends it on about `end`."""

    def choose_day(day: date) -> date:
        near = rng.randint(-16, -4) if rng.random() < _REVIEWED else rng.randint(5, 15)
        return choose_working_day(rng, day + timedelta(days=near))

    review = choose_day(add_months(start, _FIRST_REVIEW))
    if end:
        later = round((end - review).days / _BETWEEN_REVIEWS)
        for n in range(later):
            yield choose_working_day(rng, review + n * (end - review) / later)
    while not end:
        yield review
        review = choose_day(add_months(review, _LATER_REVIEWS))


def _draw_days(
    rng: random.Random, share: float, bounds: tuple[tuple[int, int], tuple[int, int]]
) -> int:
    """Working days: within the first bounds with the share given, else within the second."""
    return rng.randint(*bounds[rng.random() >= share])


def _book(rng: random.Random, day: date) -> date:
    return day - timedelta(days=rng.randint(14, 40))


SUBJECT = Subject(PROTECTION, Step, _generate_steps)
