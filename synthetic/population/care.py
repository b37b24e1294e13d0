"""Dated care episodes for the children in scope who are not of the cast.

Orders, conferences and adoptions are on working days; a home and a legal status go together
as the DfE's rules for the SSDA903 return have it: nobody lives with parents under section 20
(378), and nobody is placed for adoption without a placement order (408) or adopted from
another home (390).
"""

import random
from dataclasses import replace
from datetime import date, timedelta
from math import exp

from synthetic.calendar import advance_to_working_day, choose_working_day, compute_academic_year
from synthetic.population.child import Child, Episode
from synthetic.population.personas import (
    IN_NEED,
    LOOKED_AFTER,
    ON_PROTECTION_PLAN,
    PREVIOUSLY_LOOKED_AFTER,
)
from synthetic.population.roll import is_mid_year
from synthetic.population.story import Chance, Story, choose, choose_for

#: Made-up authorities: the school's own, then those from further away.
HOME_AUTHORITY = "Ashmere"
OTHER_AUTHORITIES = ("Wexbourne", "Saltersea", "Thornmere", "Eastholm")

#: Legal statuses one after the other, with the days for which each holds.
_Route = tuple[tuple[str, int, int], ...]

_HOMES = {
    "foster": Chance(0.56),
    "kinship": Chance(0.14, difficulties=-0.5),
    "with parents": Chance(0.12),
    "children's home": Chance(0.12, difficulties=1.1, outward=0.3),
    "other": Chance(0.045, difficulties=0.2),
}
#: Nobody is with parents under an agreement; a child who is to be adopted waits in a foster
#: home, or is with the adopters.
_HOMES_BY_STATUS = {
    "V2": {kind: each for kind, each in _HOMES.items() if kind != "with parents"},
    "E1": {"foster": Chance(0.6), "adoptive": Chance(0.4)},
}
#: Whence a child leaves care under another order than that of adoption.
_HOMES_FOR_GOOD = {"foster": 0.45, "kinship": 0.55}

#: How a time in care goes at law; the last status is for good.  Of all ages 77, 17 and 6 in 100
#: children are under a care order, an agreement and a placement order (DfE, children looked after
#: at 31 March 2020).  Most of those under an agreement are teenagers, many of them unaccompanied:
#: of children of these years the shares are set for a tenth.
#: A placement order is for those who come into care at an early age.
_FOR_ADOPTION, _YOUNG = (("C1", 150, 330), ("E1", 0, 0)), 7
#: Few are adopted from this age on, or live in a children's home before it; few wait for the order
#: in the new home for more days than these.
_TOO_OLD, _WAITS_AT_MOST = 9, 450
_ROUTES: dict[_Route, float] = {
    (("C1", 150, 330), ("C2", 0, 0)): 0.475,
    (("V2", 40, 200), ("C1", 150, 330), ("C2", 0, 0)): 0.365,
    (("V2", 0, 0),): 0.105,
    _FOR_ADOPTION: 0.097,
}
_IN_CARE: _Route = (("C1", 150, 330), ("C2", 0, 0))
_ADOPTED: _Route = (("C1", 150, 300), ("E1", 0, 0))

#: Days in the last home before an adoption or another order.
_SETTLED = (120, 300)

#: Moves a year, in the first year of care and later, and how much likelier one is for each
#: standard deviation of difficulties: set for 10 in 100 children with three homes or more in
#: a year (DfE, 2025).  Days between two moves, or a move and an order, at least.
_MOVES_AT_FIRST, _MOVES_LATER, _MOVES_LEAN = 1.0, 0.5, 0.5
_APART = 25
_YEAR = 365

#: Shares of children, 0 to 1: placed by an authority that is not the school's own; in care
#: for more than a year; known to a social worker before they came into care, of whom the school
#: knows it as a rule if they were there by then, or if a court ordered it; and of these on a plan.
_FROM_ELSEWHERE, _OVER_A_YEAR = 0.3, 0.8
_KNOWN_BEFORE, _KNOWN_HERE, _KNOWN_BY_ORDER, _ON_A_PLAN = 0.3, 0.85, 0.75, 0.65

#: What the school knows of a child who left care: its kinds and their shares.
_LEFT_CARE = {"adopted": 0.15, "start unknown": 0.1, "care and order": 0.3, "order only": 0.5}

#: How a child came to be in need: its kinds and their shares.
_CAME_TO_NEED = {"after a plan": 0.35, "for the second time": 0.2, "for the first time": 0.45}

#: How often an earlier plan came before a plan: 24.5 in 100 of plans that begin are a second one
#: or a later (DfE, 2025).  Days of age at which that can have been, as of two in three it can, and
#: between the two plans at least.
_PLAN_BEFORE, _OLD_ENOUGH_FOR_TWO, _BETWEEN_PLANS = 0.67, 1900, 120

#: The first order of a court.
_BY_ORDER = "C1"

#: Days of age at which a child who comes into care can have been in need, then on a plan.
_OLD_ENOUGH = 900

#: Days for which a plan was held that is over, and how often: up to its first review conference, at
#: three months, or to one of the next two, at most six months apart.  (About a fifth of the plans
#: that end do so in three months, a quarter after a year: DfE, children in need, memory.)
_HELD = {(82, 88): 0.2, (228, 256): 0.55, (395, 428): 0.25}
#: Days for which a child was in need before it came into care.
_WAS_IN_NEED = (108, 330)

#: Share of each status among the children in scope; the rest are looked after.
_SHARES = {PREVIOUSLY_LOOKED_AFTER: 0.21, IN_NEED: 0.17, ON_PROTECTION_PLAN: 0.12}


def generate_statuses(rng: random.Random, children: int, given: list[str]) -> list[str]:
    """The present status of each of the `children` in scope beyond those `given`.

    About half of all are looked after.
    """
    wanted = {status: round(share * children) for status, share in _SHARES.items()}
    wanted[LOOKED_AFTER] = children - sum(wanted.values())
    rest: list[str] = []
    for status, count in wanted.items():
        rest += [status] * max(0, count - given.count(status))
    rng.shuffle(rest)
    missing = max(0, children - len(given))
    return (rest + [LOOKED_AFTER] * missing)[:missing]


def generate_episodes(
    rng: random.Random, status: str, child: Child, year: int
) -> tuple[Episode, ...]:
    """How the child came to `status`, in order of date.

    The status holds since a day before the academic year `year`, or before the child left;
    after it only a home changes.
    """
    anchor = min(date(year, 9, 1), child.leaving)
    is_from_elsewhere = rng.random() < _FROM_ELSEWHERE
    authority = rng.choice(OTHER_AUTHORITIES) if is_from_elsewhere else HOME_AUTHORITY
    if status == PREVIOUSLY_LOOKED_AFTER:
        return tuple(_generate_previous_care(rng, child, authority, year, anchor))
    if status == LOOKED_AFTER:
        longest = (anchor - child.born).days - 300
        is_long = rng.random() < _OVER_A_YEAR
        start = _before(rng, anchor, *((400, min(2200, longest)) if is_long else (60, 360)))
        until = min(date(year + 1, 8, 31), child.leaving + timedelta(days=1))
        route = choose(rng, _ROUTES)
        is_too_old = route == _FOR_ADOPTION and child.compute_age(start) >= _YOUNG
        route = _IN_CARE if is_too_old else route
        episodes = _generate_care_period(rng, child, start, None, route, until)
        episodes[:0] = _generate_history(rng, child, episodes[0])
    elif status == ON_PROTECTION_PLAN:
        episodes = _generate_plan(rng, child.born, _before(rng, anchor, 20, 400), None)
    else:
        episodes = _generate_in_need(rng, child.born, anchor)
    return tuple(replace(episode, authority=authority) for episode in episodes)


def _generate_history(rng: random.Random, child: Child, first: Episode) -> list[Episode]:
    """In need, or on a plan, up to the day on which the child came into care."""
    start = first.first_day
    known, is_on_plan = rng.random(), rng.random() < _ON_A_PLAN
    is_old_enough = (start - child.born).days > _OLD_ENOUGH
    often = _KNOWN_BY_ORDER if first.legal_status == _BY_ORDER else _KNOWN_BEFORE
    if known >= (_KNOWN_HERE if start > child.entry else often) or not is_old_enough:
        return []
    if is_on_plan:
        return _generate_plan(rng, child.born, _begin_plan(rng, start), start)
    return [Episode(IN_NEED, _before(rng, start, *_WAS_IN_NEED), start)]


def _begin_plan(rng: random.Random, end: date) -> date:
    """The day on which a plan began that a review conference about `end` ended."""
    return _before(rng, end, *choose(rng, _HELD))


def _generate_plan(rng: random.Random, born: date, start: date, end: date | None) -> list[Episode]:
    """In need, then on a plan from `start` up to `end`; some after an earlier plan."""
    known = _before(rng, start, 20, 400)
    episodes = [Episode(IN_NEED, known, start), Episode(ON_PROTECTION_PLAN, start, end)]
    is_later = (start - known).days >= _BETWEEN_PLANS
    if rng.random() < _PLAN_BEFORE and is_later and (known - born).days > _OLD_ENOUGH_FOR_TWO:
        begun = _begin_plan(rng, known)
        earlier = Episode(IN_NEED, _before(rng, begun, 20, 200), begun)
        return [earlier, Episode(ON_PROTECTION_PLAN, begun, known), *episodes]
    return episodes


def _generate_in_need(rng: random.Random, born: date, anchor: date) -> list[Episode]:
    start = _before(rng, anchor, 30, 500)
    now = Episode(IN_NEED, start)
    match choose(rng, _CAME_TO_NEED):
        case "after a plan":
            return [*_generate_plan(rng, born, _begin_plan(rng, start), start), now]
        case "for the second time":
            closed = _before(rng, start, 60, 300)
            return [Episode(IN_NEED, _before(rng, closed, 40, 250), closed), now]
        case _:
            return [now]


def _generate_care_period(
    rng: random.Random,
    child: Child,
    start: date,
    end: date | None,
    route: _Route,
    until: date,
    last_home: str = "",
) -> list[Episode]:
    """One period of care up to `end`, split where the home or the legal status changed.

    What happens from the day `until` on is left out.  In the last home, if it is given, the
    child is for four months at least.
    """
    orders, day = {}, start
    for status, least, most in route:
        orders[day] = status
        day = choose_working_day(rng, day + timedelta(days=rng.randint(least, most)))
    settled = _before(rng, until, *_SETTLED) if last_home else until
    moves = _generate_moves(rng, child.story, start, settled)
    # Who leaves the school in mid-year does so for a home elsewhere.
    moves += [child.leaving] * is_mid_year(child.leaving, compute_academic_year(child.leaving))
    moves = [day for day in moves if all(abs((day - each).days) > _APART for each in orders)]
    changes: list[tuple[date, str, str]] = []
    legal = home = ""
    for day in sorted({*orders, *moves, settled}):
        if day >= until:
            break
        legal = orders.get(day, legal)
        homes = _HOMES_BY_STATUS.get(legal, _HOMES)
        out = {"children's home"} if child.compute_age(day) < _TOO_OLD else set()
        out |= {"adoptive"} if (until - day).days > _WAITS_AT_MOST else set()
        homes = {kind: each for kind, each in homes.items() if kind not in out}
        if day >= settled:
            home = last_home
        elif home not in homes or (day in moves and home != "adoptive"):
            home = choose_for(rng, homes, child.story)
        elif day not in orders:
            continue
        changes.append((day, legal, home))
    ends = [*(day for day, *_ in changes[1:]), end]
    return [
        Episode(LOOKED_AFTER, day, last, legal_status=legal, home=home)
        for (day, legal, home), last in zip(changes, ends, strict=True)
    ]


def _generate_moves(rng: random.Random, story: Story, start: date, last: date) -> list[date]:
    """Days on which the home changes: likelier at first, and the more the difficulties."""
    lean = exp(_MOVES_LEAN * story.difficulties - _MOVES_LEAN**2 / 2)
    moves: list[date] = []
    day = start
    while True:
        often = _MOVES_AT_FIRST if (day - start).days < _YEAR else _MOVES_LATER
        wait = _APART + rng.expovariate(often * lean / _YEAR)
        if wait + _APART > (last - day).days:
            return moves
        day = choose_working_day(rng, day + timedelta(days=int(wait)))
        moves.append(day)


def _generate_previous_care(
    rng: random.Random, child: Child, authority: str, year: int, anchor: date
) -> list[Episode]:
    latest = min(1800, (anchor - child.born).days - 1300)
    kind = choose(rng, _LEFT_CARE)
    if kind == "adopted" and child.compute_age(anchor) >= _TOO_OLD:
        kind = "order only"
    if kind == "start unknown":
        since = _before(rng, anchor, 10, 300)
        return [Episode(PREVIOUSLY_LOOKED_AFTER, None, known_since=since)]
    if kind == "adopted":
        days = (anchor - date(year - 1, 9, 10)).days
        order = _before(rng, anchor, 5, max(days, 40))
    else:
        # Care that ended while the child was at the school is on file.
        least = 370 if kind == "care and order" else max(370, (anchor - child.entry).days + 20)
        order = _before(rng, anchor, least, max(least + 1, latest))
    now = Episode(PREVIOUSLY_LOOKED_AFTER, order)
    if kind == "order only":
        return [now]
    is_adopted = kind == "adopted"
    last_home = "adoptive" if is_adopted else choose(rng, _HOMES_FOR_GOOD)
    start = _before(rng, order, 680, 950)
    route = _ADOPTED if is_adopted else _IN_CARE
    care = _generate_care_period(rng, child, start, order, route, order, last_home)
    care[:0] = _generate_history(rng, child, care[0])
    return [*(replace(episode, authority=authority) for episode in care), now]


def _before(rng: random.Random, day: date, least: int, most: int) -> date:
    """A working day `least` to `most` days before `day`, or a few days later; never that day."""
    earlier = day - timedelta(days=rng.randint(least, max(least, most)))
    return min(choose_working_day(rng, earlier), advance_to_working_day(day - timedelta(days=14)))
