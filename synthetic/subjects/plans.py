"""Education, Health and Care Plans: the dated steps from a request to the yearly reviews.

29 in 100 children in care had a plan in 2023/24 (DfE, of all ages): so have those drawn.
"""

import random
from datetime import date, timedelta

from synthetic.calendar import academic_year, school_day_from, working_day_from
from synthetic.population.child import Child
from synthetic.population.personas import LOOKED_AFTER
from synthetic.subjects.records import REVIEW_MEETING, Step

#: What became of a child's needs: shares of children in care, and of the others in scope.
#: The first two make a plan that holds, and so do most of the third in time.
_IN_CARE = {
    "for years": 0.155,
    "whole path": 0.117,
    "in hand": 0.02,
    "refused": 0.03,
    "refused a plan": 0.01,
    "ceased": 0.015,
}
_OUT_OF_CARE = {"for years": 0.05, "whole path": 0.03, "in hand": 0.01, "refused": 0.02}

_NEEDS = {"SEMH": 0.45, "SLCN": 0.18, "ASD": 0.14, "MLD": 0.12, "SPLD": 0.06, "OTH": 0.05}

_ISSUED = ("draft issued", "plan issued")

_YOUNGEST = 4
_YEAR = 365
_LAST_GROUP = 6

#: Shares of steps that the authority, or the school, takes in time.
_IN_TIME, _REPORT_IN_TIME = 0.75, 0.85
_AMENDED, _IS_BOOKED = 0.35, 0.75

#: A review in Year 6 is held in autumn, so that the next school can be named, unless the
#: last one was not so many days ago.
_AUTUMN = (9, 10, 11)
_SINCE_THE_LAST = 150


def draw_steps(rng: random.Random, child: Child, anchor: date) -> list[Step]:
    """The steps of a child's plan until it leaves, in order of date.

    A plan that holds was issued before `anchor`, and a request that is in hand was made
    after it.
    """
    status = child.status_on(anchor)
    if not status:
        return []
    shares = _IN_CARE if status == LOOKED_AFTER else _OUT_OF_CARE
    luck, kind = rng.random(), ""
    for name, share in shares.items():
        if 0 <= luck < share:
            kind = name
        luck -= share
    need = rng.choices(list(_NEEDS), list(_NEEDS.values()))[0]
    steps = _tell(rng, child, kind, anchor, need)
    return [step for step in steps if step.day <= child.leaving]


def _tell(rng: random.Random, child: Child, kind: str, anchor: date, need: str) -> list[Step]:
    match kind:
        case "for years":
            return _for_years(rng, child, anchor, need)
        case "whole path":
            path = _path(rng, _back(rng, anchor, 240, 900), need)
            return [*path, *_reviews(rng, child, path[-1].day)]
        case "in hand":
            asked = working_day_from(anchor + timedelta(days=rng.randint(5, 70)))
            return _path(rng, asked, need)
        case "refused" | "refused a plan":
            return _refused(rng, anchor, need, is_assessed=kind == "refused a plan")
        case "ceased":
            return _ceased(rng, child, anchor, need)
        case _:
            return []


def _for_years(rng: random.Random, child: Child, anchor: date, need: str) -> list[Step]:
    """A plan from the years before, of which only its issue and its reviews are known."""
    oldest = child.born + timedelta(days=_YOUNGEST * _YEAR + rng.randint(10, 300))
    days = max((anchor - oldest).days - _YEAR, 1)
    issued = min(working_day_from(oldest + timedelta(days=rng.randint(0, days))), anchor)
    return [Step(issued, "plan issued", need), *_reviews(rng, child, issued)]


def _refused(rng: random.Random, anchor: date, need: str, *, is_assessed: bool) -> list[Step]:
    asked = _back(rng, anchor, 180, 600)
    if not is_assessed:
        return [
            Step(asked, "requested", need),
            Step(_by(rng, asked, 6, _IN_TIME), "refused to assess"),
        ]
    path = [step for step in _path(rng, asked, need) if step.event not in _ISSUED]
    last = max(_by(rng, asked, 16, _IN_TIME), path[-1].day + timedelta(days=7))
    return [*path, Step(working_day_from(last), "refused to issue")]


def _ceased(rng: random.Random, child: Child, anchor: date, need: str) -> list[Step]:
    """A plan that ended with its first review."""
    issued = _back(rng, anchor, 900, 1200)
    meeting, report, *_ = _reviews(rng, child, issued)
    decided = max(_by(rng, meeting.day, 4, _IN_TIME), report.day)
    return [
        Step(issued, "plan issued", need),
        meeting,
        report,
        Step(decided, "decided to cease"),
        Step(working_day_from(decided + timedelta(days=30)), "ceased"),
    ]


def _path(rng: random.Random, asked: date, need: str) -> list[Step]:
    """From a request to the plan: about 6 weeks to agree, 20 to issue, or later."""
    agreed = _by(rng, asked, 6, _IN_TIME)
    sought = working_day_from(agreed + timedelta(days=rng.randint(1, 6)))
    given = school_day_from(sought + timedelta(days=rng.randint(18, 46)))
    draft = max(_by(rng, asked, 17, _IN_TIME), given + timedelta(days=7))
    draft = working_day_from(draft)
    issued = max(_by(rng, asked, 20, _IN_TIME), draft + timedelta(days=16))
    return [
        Step(asked, "requested", need),
        Step(agreed, "agreed to assess"),
        Step(sought, "advice asked"),
        Step(given, "advice given"),
        Step(draft, "draft issued"),
        Step(working_day_from(issued), "plan issued", need),
    ]


def _reviews(rng: random.Random, child: Child, issued: date) -> list[Step]:
    """Yearly reviews after a plan: meeting, report, decision and, if so, the amended plan."""
    steps: list[Step] = []
    last = issued
    while last <= child.leaving:
        wait = rng.randint(320, 355) if rng.random() < _IN_TIME else rng.randint(356, 430)
        meeting = school_day_from(last + timedelta(days=wait))
        is_last_year = child.year_group(meeting) == _LAST_GROUP
        if is_last_year and meeting.month not in _AUTUMN:
            autumn = date(academic_year(meeting), 9, 20) + timedelta(days=rng.randint(0, 55))
            if (autumn - last).days > _SINCE_THE_LAST:
                meeting = school_day_from(autumn)
        arranged = meeting - timedelta(days=rng.randint(21, 56))
        booked_on = arranged if rng.random() < _IS_BOOKED else None
        steps.append(Step(meeting, REVIEW_MEETING, booked_on=booked_on))
        report = _by(rng, meeting, 2, _REPORT_IN_TIME)
        decided = max(_by(rng, meeting, 4, _IN_TIME), report)
        is_amended = is_last_year or rng.random() < _AMENDED
        steps.append(Step(report, "report sent"))
        steps.append(Step(decided, "decided to amend" if is_amended else "decided to keep"))
        if is_amended:
            amended = max(_by(rng, meeting, 12, _IN_TIME), decided + timedelta(days=14))
            steps.append(Step(working_day_from(amended), "amended plan issued"))
        last = decided
    return steps


def _by(rng: random.Random, day: date, weeks: int, in_time: float) -> date:
    """A working day near the end of so many weeks after `day`, a share of them in time."""
    limit = 7 * weeks
    if rng.random() < in_time:
        early = working_day_from(day + timedelta(days=rng.randint(limit * 2 // 3, limit - 4)))
        return min(early, day + timedelta(days=limit))
    return working_day_from(day + timedelta(days=limit + rng.randint(1, max(limit // 3, 7))))


def _back(rng: random.Random, anchor: date, least: int, most: int) -> date:
    return working_day_from(anchor - timedelta(days=rng.randint(least, most)))
