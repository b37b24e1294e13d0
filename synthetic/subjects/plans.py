"""Education, Health and Care Plans: the dated steps from a request to the yearly reviews.

Children in care and in need have one as often as the DfE's lines of 2023/24 say, which
`tests/golden/children_like_england.csv` has with their sources; boys have one 2.4 times as often as
girls (7.4 against 3.1 in 100, January 2025: written answer 76537).
"""

import random
from datetime import date, timedelta
from typing import Any

from queries.contract import EHCP
from synthetic.calendar import (
    add_working_days,
    advance_to_school_day,
    advance_to_working_day,
    choose_school_day,
    choose_working_day,
    compute_academic_year,
    find_last_school_day,
)
from synthetic.population.child import Child
from synthetic.population.personas import IN_NEED, LOOKED_AFTER, ON_PROTECTION_PLAN
from synthetic.population.story import Chance, choose_for
from synthetic.subjects.records import Subject, derive_record

REVIEW_MEETING, REVIEW_BOOKED = "review meeting", "review booked"

#: What became of a child's needs: by status, and for the others in scope, of whom no line is
#: published.  The first two make a plan that holds, and so do most of the third in time.
_NO_PLAN = ""
_LEAN = {"difficulties": 0.3, "boys": 1.75, "learning": -0.9}
_KINDS = {
    LOOKED_AFTER: {
        "for years": Chance(0.155, **_LEAN),
        "whole path": Chance(0.117, **_LEAN),
        "in hand": Chance(0.02, **_LEAN),
        "refused": Chance(0.03, **_LEAN),
        "refused a plan": Chance(0.01, **_LEAN),
        _NO_PLAN: Chance(0.68),
    }
}
_KINDS[IN_NEED] = _KINDS[ON_PROTECTION_PLAN] = _KINDS[LOOKED_AFTER] | {_NO_PLAN: Chance(0.83)}
_OTHERS = _KINDS[LOOKED_AFTER] | {_NO_PLAN: Chance(1.5)}

_ISSUED = ("draft issued", "plan issued")

_YOUNGEST = 4
_YEAR = 365
_LAST_GROUP = 6

#: Shares of steps that the authority, or the school, takes in time; of decisions after a review,
#: and of those never told; how late the others are, in parts of the time that there was.
_IN_TIME, _REPORT_IN_TIME, _PLAN_IN_TIME = 0.75, 0.85, 0.62
_DECIDED_IN_TIME, _NOT_TOLD, _LATE, _DECIDED_LATE = 0.45, 0.07, 0.45, 1.2
_MET_IN_TIME, _MEETING = 0.86, ((295, 332), (338, 410))
_AMENDED, _IS_BOOKED, _HARDLY_SOONER = 0.35, 0.75, (100, 136)
#: Days before a break on which what was due in it is held; working days from a report to the
#: decision at least.
_BEFORE_A_BREAK, _AFTER_THE_REPORT, _WEEKEND = (3, 24), (1, 5), timedelta(days=2)

#: A review in Year 6 is held in autumn, so many days after the last at least, so that the plan
#: names the next school by 15 February; the latest day for that, and the share of plans that do.
_SINCE_THE_LAST = 152
_LAST_REVIEW, _NAMED, _NAMES_IT = (12, 12), (2, 13), 0.9

#: The primary need stands with a request and a plan that is issued.
Step = derive_record(EHCP, booked=lambda _: {"event": REVIEW_BOOKED})


def _generate_steps(rng: random.Random, child: Child, year: int) -> list[Any]:
    """The steps of a child's plan until it leaves.

    A plan that holds was issued before the academic year `year`, and a request that is in
    hand was made after it began.
    """
    anchor = min(date(year, 9, 1), child.leaving)
    status = child.get_status(anchor)
    if not status:
        return []
    kind = choose_for(rng, _KINDS.get(status, _OTHERS), child.story)
    steps = _generate_path(rng, child, kind, anchor, child.story.need)
    return [step for step in steps if step.day <= child.leaving]


def _generate_path(
    rng: random.Random, child: Child, kind: str, anchor: date, need: str
) -> list[Any]:
    match kind:
        case "for years":
            return _generate_established_plan(rng, child, anchor, need)
        case "whole path":
            path = _generate_new_plan(rng, _generate_earlier_date(rng, anchor, 310, 970), need)
            return [*path, *_generate_reviews(rng, child, path[-1].day)]
        case "in hand":
            asked = choose_working_day(rng, anchor + timedelta(days=rng.randint(5, 70)))
            return _generate_new_plan(rng, asked, need)
        case "refused" | "refused a plan":
            return _generate_refusal(rng, anchor, need, is_assessed=kind == "refused a plan")
        case _:
            return []


def _generate_established_plan(
    rng: random.Random, child: Child, anchor: date, need: str
) -> list[Any]:
    """A plan from before the child came, of which only its issue and its reviews are known."""
    oldest = child.born + timedelta(days=_YOUNGEST * _YEAR + rng.randint(10, 300))
    days = max((min(anchor - timedelta(days=_YEAR), child.entry) - oldest).days, 1)
    issued = choose_working_day(rng, oldest + timedelta(days=rng.randint(0, days)))
    return [Step(issued, "plan issued", need), *_generate_reviews(rng, child, issued)]


def _generate_refusal(
    rng: random.Random, anchor: date, need: str, *, is_assessed: bool
) -> list[Any]:
    asked = _generate_earlier_date(rng, anchor, 180, 600)
    if not is_assessed:
        return [
            Step(asked, "requested", need),
            Step(_generate_deadline_date(rng, asked, 6, _IN_TIME), "refused to assess"),
        ]
    path = [step for step in _generate_new_plan(rng, asked, need) if step.event not in _ISSUED]
    last = max(_generate_deadline_date(rng, asked, 16, _IN_TIME), path[-1].day + timedelta(days=7))
    return [*path, Step(advance_to_working_day(last), "refused to issue")]


def _generate_new_plan(rng: random.Random, asked: date, need: str) -> list[Any]:
    """From a request to the plan: about 6 weeks to agree, 20 to issue, or later."""
    agreed = _generate_deadline_date(rng, asked, 6, _IN_TIME)
    sought = advance_to_working_day(agreed + timedelta(days=rng.randint(1, 6)))
    given = choose_working_day(rng, sought + timedelta(days=rng.randint(18, 46)))
    given = choose_school_day(rng, given)
    draft = max(_generate_deadline_date(rng, asked, 17, _IN_TIME), given + timedelta(days=7))
    draft = advance_to_working_day(draft)
    soon = max(draft + timedelta(days=16), asked + timedelta(days=rng.randint(*_HARDLY_SOONER)))
    issued = max(_generate_deadline_date(rng, asked, 20, _PLAN_IN_TIME), soon)
    return [
        Step(asked, "requested", need),
        Step(agreed, "agreed to assess"),
        Step(sought, "advice asked"),
        Step(given, "advice given"),
        Step(draft, "draft issued"),
        Step(advance_to_working_day(issued), "plan issued", need),
    ]


def _generate_reviews(rng: random.Random, child: Child, issued: date) -> list[Any]:
    """Yearly reviews after a plan: meeting, report, decision and, if so, the amended plan."""
    steps: list[Any] = []
    last = met = issued
    while last <= child.leaving:
        is_late = rng.random() >= _MET_IN_TIME
        meeting = last + timedelta(days=rng.randint(*_MEETING[is_late]))
        # Before the holidays, if there is time only until then.
        if not is_late and (last_day := find_last_school_day(meeting)) < meeting - _WEEKEND:
            meeting = find_last_school_day(last_day - timedelta(days=rng.randint(*_BEFORE_A_BREAK)))
        meeting = choose_school_day(rng, meeting if is_late else find_last_school_day(meeting))
        year = child.cohort + _LAST_GROUP - 3
        autumn = date(year, 9, 20) + timedelta(days=rng.randint(0, 55))
        autumn = max(autumn, met + timedelta(days=_SINCE_THE_LAST))
        if meeting > autumn <= date(year, *_LAST_REVIEW) and compute_academic_year(met) < year:
            meeting = choose_school_day(rng, autumn)
        is_last_year = child.compute_year_group(meeting) == _LAST_GROUP
        arranged = meeting - timedelta(days=rng.randint(21, 56))
        booked_on = arranged if rng.random() < _IS_BOOKED else None
        steps.append(Step(meeting, REVIEW_MEETING, booked_on=booked_on))
        report = find_last_school_day(_generate_deadline_date(rng, meeting, 2, _REPORT_IN_TIME))
        report = max(report, advance_to_school_day(meeting + timedelta(days=1)))
        in_time, late = (_IN_TIME, _LATE) if is_last_year else (_DECIDED_IN_TIME, _DECIDED_LATE)
        soon = add_working_days(report, rng.randint(*_AFTER_THE_REPORT))
        decided = max(_generate_deadline_date(rng, meeting, 4, in_time, late), soon)
        steps.append(Step(report, "report sent"))
        met, last = meeting, min(decided, meeting + timedelta(weeks=4))
        if rng.random() < _NOT_TOLD and not is_last_year:
            continue
        is_amended = is_last_year or rng.random() < _AMENDED
        steps.append(Step(decided, "decided to amend" if is_amended else "decided to keep"))
        if is_amended:
            amended = _generate_deadline_date(rng, decided, 8, _IN_TIME)
            if is_last_year and rng.random() < _NAMES_IT:
                amended = min(amended, find_last_school_day(date(year + 1, *_NAMED)))
            amended = max(amended, decided + timedelta(days=14))
            steps.append(Step(advance_to_working_day(amended), "amended plan issued"))
    return steps


def _generate_deadline_date(
    rng: random.Random, day: date, weeks: int, in_time: float, late: float = _LATE
) -> date:
    """A working day in so many weeks after `day` for the share `in_time`, and later for the others.

    late: by how much of that time these are late, about; by all of it at most, or twice as much.
    """
    limit = 7 * weeks
    if rng.random() < in_time:
        early = choose_working_day(rng, day + timedelta(days=rng.randint(limit // 2, limit - 2)))
        last = day + timedelta(days=limit)
        return early if early <= last else max(day, find_last_school_day(last))
    longest = limit * max(2 * late, 1)
    days = 1 + min(rng.expovariate(1 / (late * limit)), rng.uniform(0.5, 1) * longest)
    return choose_working_day(rng, day + timedelta(days=limit + int(days)))


def _generate_earlier_date(rng: random.Random, anchor: date, least: int, most: int) -> date:
    return choose_working_day(rng, anchor - timedelta(days=rng.randint(least, most)))


SUBJECT = Subject(EHCP, Step, _generate_steps)
