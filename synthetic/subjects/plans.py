"""Education, Health and Care Plans: the dated steps from a request to the yearly reviews.

Children in care and in need have one as often as in the DfE's figures of 2023/24, which are in
`tests/golden/children_like_england.csv` with their sources.  Boys have one 2.4 times as often as
girls (7.4 against 3.1 in 100, January 2025: written answer 76537).
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from queries.contract import EHCP
from synthetic.calendar import advance_to_school_day, advance_to_working_day
from synthetic.population.child import Child
from synthetic.population.groups import IN_NEED, LOOKED_AFTER, ON_PROTECTION_PLAN
from synthetic.population.story import Chance, choose_for
from synthetic.subjects.records import Rhythm, Subject, book, derive_record

#: The chances of each course of a plan by status.  No figures are published for others in scope.
_NO_PLAN = ""
_LEAN = {"difficulties": 0.3, "boys": 1.75, "learning": -0.9}
_KINDS = {
    LOOKED_AFTER: {
        "for years": Chance(0.155, **_LEAN),
        "whole path": Chance(0.117, **_LEAN),
        "in hand": Chance(0.02, **_LEAN),
        "refused to assess": Chance(0.04, **_LEAN),
        _NO_PLAN: Chance(0.68),
    }
}
_KINDS[IN_NEED] = _KINDS[ON_PROTECTION_PLAN] = _KINDS[LOOKED_AFTER] | {_NO_PLAN: Chance(0.83)}
_OTHERS = _KINDS[LOOKED_AFTER] | {_NO_PLAN: Chance(1.5)}

#: Days from the request to each later step, most of them in time.
_PATH = {
    "agreed to assess": Rhythm((21, 40), (43, 60), late=0.25),
    "advice asked": Rhythm((61, 64)),
    "advice given": Rhythm((80, 98), (103, 112), late=0.25),
    "draft issued": Rhythm((113, 118), (120, 130), late=0.25),
    "plan issued": Rhythm((136, 138), (150, 240), late=0.5),
}
#: The days before the year on which a plan was asked for.  Negative ones are after its start.
_ASKED = {"whole path": (310, 970), "in hand": (-70, -5), "refused to assess": (180, 600)}
_YOUNGEST, _YEAR = 4, 365

#: Days from one yearly review to the next, from its meeting to the report and the decision, and
#: from that to an amended plan, then the share of decisions that amend a plan.
_YEARLY = Rhythm((310, 355), (370, 410), late=0.14)
_REPORT, _DECIDED = Rhythm((7, 13), (16, 19), 0.15), Rhythm((20, 27), (30, 75), 0.55)
_AMENDS = Rhythm((28, 54), (58, 80), 0.25)
_AMENDED = 0.35
#: In Year 6 the review is in the autumn, so that the plan names the next school by 15 February.
_LAST_GROUP, _AUTUMN, _APART = 6, (10, 1), timedelta(days=152)
_DAY = timedelta(days=1)

#: A step of a plan.  A request and an issued plan have the primary need.
Step = derive_record(EHCP, booked=lambda _: {"event": "review booked"})


def _generate_steps(rng: random.Random, child: Child, year: int) -> list[Any]:
    """Generate the steps of a child's plan until they leave.

    A plan that exists was asked for before the academic year `year`, and a request that is in hand
    was made after its start.
    """
    anchor = min(date(year, 9, 1), child.leaving)
    status, need = child.get_status(anchor), child.story.need
    kind = choose_for(rng, _KINDS.get(status, _OTHERS), child.story) if status else _NO_PLAN
    if kind == _NO_PLAN:
        return []
    if kind == "for years":
        # Only the issue and the reviews are known of a plan from before the child came.
        oldest = child.born + timedelta(days=_YOUNGEST * _YEAR + rng.randint(10, 300))
        days = max((min(anchor - timedelta(days=_YEAR), child.entry) - oldest).days, 1)
        issued = advance_to_working_day(oldest + timedelta(days=rng.randint(0, days)))
        steps = [Step(issued, "plan issued", need)]
    else:
        days = rng.randint(*_ASKED[kind])
        asked = advance_to_working_day(anchor - timedelta(days=days))
        steps = [Step(asked, "requested", need), *_list_path(rng, asked, kind, need)]
    if kind in ("for years", "whole path"):
        steps += _list_reviews(rng, child, steps[-1].day)
    return [step for step in steps if step.day <= child.leaving]


def _list_path(rng: random.Random, asked: date, kind: str, need: str) -> Iterator[Any]:
    """List the steps after a request, up to the plan or to a refusal."""
    last = asked
    if kind == "refused to assess":
        day = asked + timedelta(days=_PATH["agreed to assess"].draw_days(rng))
        yield Step(advance_to_working_day(day), kind)
        return
    for event, rhythm in _PATH.items():
        day = advance_to_working_day(asked + timedelta(days=rhythm.draw_days(rng)))
        last = max(last, advance_to_school_day(day) if event == "advice given" else day)
        yield Step(last, event, need if event == "plan issued" else None)


def _list_reviews(rng: random.Random, child: Child, issued: date) -> Iterator[Any]:
    """List the yearly reviews of a plan, with meeting, report, decision and any amended plan."""
    autumn = date(child.cohort + _LAST_GROUP - 3, *_AUTUMN) + timedelta(days=rng.randint(0, 55))
    met = issued
    while met <= child.leaving:
        day = met + timedelta(days=_YEARLY.draw_days(rng))
        is_brought_forward = met + _APART <= autumn < day
        met = advance_to_school_day(autumn if is_brought_forward else day)
        is_last_year = child.compute_year_group(met) == _LAST_GROUP
        yield Step(met, "review meeting", booked_on=book(rng, met))
        report = advance_to_school_day(met + timedelta(days=_REPORT.draw_days(rng)))
        yield Step(report, "report sent")
        days = _DECIDED.in_time[0] if is_last_year else _DECIDED.draw_days(rng)
        decided = advance_to_working_day(max(report + _DAY, met + timedelta(days=days)))
        is_amended = is_last_year or rng.random() < _AMENDED
        yield Step(decided, "decided to amend" if is_amended else "decided to keep")
        if is_amended:
            days = _AMENDS.in_time[0] if is_last_year else _AMENDS.draw_days(rng)
            yield Step(
                advance_to_working_day(decided + timedelta(days=days)), "amended plan issued"
            )


SUBJECT = Subject(EHCP, Step, _generate_steps)
