"""Steps of children in need and of protection plans, which agree with the status of the child.

A time in need begins with a referral, and a plan with the conference of its first day.  Review
conferences are on time as often as in the DfE's figure of 2024 (89.8 in 100).  No figures for the
other deadlines are at hand, so those are made up, and so are the rates of referrals and enquiries
that come to nothing, and of plans whose category changes.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from queries.contract import PROTECTION
from synthetic.calendar import add_working_days, advance_to_school_day, advance_to_working_day
from synthetic.population.child import Child, Episode
from synthetic.population.groups import HAS_WORKER, IN_NEED, ON_PROTECTION_PLAN
from synthetic.population.story import Chance, choose, choose_for
from synthetic.subjects.records import Record, Rhythm, Subject, book, derive_record

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

#: Working days from a referral to the decision and to the assessment, from a strategy discussion
#: to the conference, from the plan to the first core group and from one to the next.
_DECIDED, _ASSESSED = Rhythm((0, 1), (2, 3), 0.07), Rhythm((15, 45), (46, 50), 0.16)
_CONFERRED = Rhythm((7, 15), (16, 22), late=0.2)
_MET, _MEETS_AGAIN = Rhythm((4, 10), (11, 15), 0.12), Rhythm((24, 34), (37, 48), 0.12)
#: Days from the plan to its first review conference, and from one to the next.
_REVIEWED, _REVIEWED_AGAIN = Rhythm((70, 88), (95, 105), 0.1), Rhythm((150, 178), (187, 197), 0.1)

#: Days between referrals that come to nothing, of a child without a social worker, and the fewest
#: days between one of them and a time with a social worker.
_TO_NOTHING, _CALM = Rhythm((200, 2500)), timedelta(days=100)
#: The shares of referrals that an enquiry follows on the next working day, and of plans whose
#: category changes at the first review.
_IS_URGENT, _CHANGES = 0.3, 0.12

_IS_BOOKED = {"review conference": "conference booked", "core group": "core group booked"}

Step = derive_record(PROTECTION, booked=lambda step: {"event": _IS_BOOKED[step.event]})


def _generate_steps(rng: random.Random, child: Child, _year: int) -> list[Record]:
    """Generate the steps of all times in need and on a plan, until the child leaves."""
    steps = list(_refer_in_vain(rng, child))
    episodes = child.episodes
    for before, now, after in zip((None, *episodes), episodes, (*episodes[1:], None), strict=False):
        end = min(now.end or date.max, child.leaving)
        if now.status == IN_NEED:
            if not (before and before.status == ON_PROTECTION_PLAN):
                steps += _refer(rng, now.first_day, end, choose(rng, _REFERRED_BY))
            if now.end and not (after and after.first_day == now.end):
                steps.append(Step(now.end, "case closed", reason=choose(rng, _CLOSED)))
        elif now.status == ON_PROTECTION_PLAN:
            strategy = add_working_days(now.first_day, -_CONFERRED.draw_days(rng))
            known = before.first_day if before else date.min
            steps += _enquire(rng, max(strategy, add_working_days(known, 1)), now.first_day)
            steps += _hold_plan(rng, child, now, end)
    return sorted(steps, key=lambda step: step.day)


def _refer_in_vain(rng: random.Random, child: Child) -> Iterator[Record]:
    """List referrals that came to nothing after the assessment."""
    for working_day in list(_TO_NOTHING.list_days(rng, child.entry, child.leaving))[1:]:
        day = advance_to_school_day(working_day)
        if not any(
            child.get_status(near) in HAS_WORKER for near in (day - _CALM, day, day + _CALM)
        ):
            steps = list(_refer(rng, day, child.leaving, rng.choice((SCHOOL, POLICE))))
            yield from steps
            yield Step(max(step.day for step in steps), "no further action")


def _refer(rng: random.Random, day: date, end: date, source: str) -> Iterator[Record]:
    """List a referral and the steps that follow it before the day `end`."""
    is_closed = source == SCHOOL and advance_to_school_day(day) != day
    yield Step(day, "referral", referred_by=POLICE if is_closed else source)
    yield Step(add_working_days(day, _DECIDED.draw_days(rng)), "referral accepted")
    if rng.random() < _IS_URGENT and day + _CALM < end:
        begun = add_working_days(day, 1)
        result = add_working_days(begun, _CONFERRED.draw_days(rng))
        yield from _enquire(rng, begun, result, "conference not needed")
    assessed = add_working_days(day, _ASSESSED.draw_days(rng))
    if assessed < end:
        yield Step(assessed, "assessment completed")


def _enquire(
    rng: random.Random, begun: date, ended: date, result: str = "initial conference"
) -> Iterator[Record]:
    """List the strategy discussion, the enquiry that it begins, and the result."""
    yield Step(begun, "strategy discussion")
    yield Step(min(add_working_days(begun, rng.randint(0, 2)), ended), "section 47 begun")
    yield Step(ended, result)


def _hold_plan(rng: random.Random, child: Child, plan: Episode, end: date) -> Iterator[Record]:
    """List the core groups and review conferences of a plan.  The last conference ends it."""
    start = plan.first_day
    abuse = choose_for(rng, _ABUSE, child.story)
    yield Step(start, "plan begun", abuse=abuse)
    first = advance_to_working_day(start + timedelta(days=_REVIEWED.draw_days(rng)))
    # The conference that ends a plan replaces one that would come soon before it.
    reviews = list(_REVIEWED_AGAIN.list_days(rng, first, end - _CALM if plan.end else end))
    if rng.random() < _CHANGES and reviews:
        others = {code: chance for code, chance in _ABUSE.items() if code != abuse}
        yield Step(first, "category changed", abuse=choose_for(rng, others, child.story))
    for day in reviews:
        yield Step(day, "review conference", booked_on=book(rng, day))
    met = add_working_days(start, _MET.draw_days(rng))
    while met < end:
        if met not in reviews:
            yield Step(met, "core group", booked_on=book(rng, met))
        met = add_working_days(met, _MEETS_AGAIN.draw_days(rng))
    if plan.end:
        yield Step(plan.end, "review conference", booked_on=book(rng, plan.end))
        yield Step(plan.end, "plan ended")


SUBJECT = Subject(PROTECTION, Step, _generate_steps)
