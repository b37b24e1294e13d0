"""Dated care episodes for the children in scope who are not of the cast.

Orders, conferences and adoptions are on working days.  A home and a legal status go together as in
the DfE's rules for the SSDA903 return: nobody lives with parents under section 20 (378), and nobody
is placed for adoption without a placement order (408) or adopted from another home (390).
"""

import random
from dataclasses import replace
from datetime import date, timedelta
from math import exp

from synthetic.calendar import add_working_days, advance_to_working_day
from synthetic.population.child import Child, Episode
from synthetic.population.groups import (
    IN_NEED,
    LOOKED_AFTER,
    ON_PROTECTION_PLAN,
    PREVIOUSLY_LOOKED_AFTER,
)
from synthetic.population.story import Chance, Story, choose, choose_for

#: Made-up authorities: the school's own, then others from further away.
HOME_AUTHORITY = "Ashmere"
OTHER_AUTHORITIES = ("Wexbourne", "Saltersea", "Thornmere", "Eastholm")

#: Legal statuses one after the other, with the days for which each holds.
_Route = tuple[tuple[str, int, int], ...]

_HOMES = {
    "foster": Chance(0.8),
    "kinship": Chance(0.2, difficulties=-0.5),
    "with parents": Chance(0.12),
    "children's home": Chance(0.08, difficulties=1.1, outward=0.3),
    "other": Chance(0.045, difficulties=0.2),
}
#: Nobody is with parents under an agreement.  A child who will be adopted waits in a foster home
#: or is with the adopters.
_HOMES_BY_STATUS = {
    "V2": {kind: chance for kind, chance in _HOMES.items() if kind != "with parents"},
    "E1": {"foster": Chance(0.6), "adoptive": Chance(0.4)},
}

#: The legal statuses of a time in care, of which the last stays.  Of all ages 77, 17 and 6 in 100
#: children are under a care order, an agreement and a placement order (DfE, children looked after
#: at 31 March 2020).  Most of those under an agreement are teenagers, many of them unaccompanied,
#: so for these ages the shares are set to give one tenth.
_ROUTES: dict[_Route, float] = {
    (("C1", 150, 330), ("C2", 0, 0)): 0.475,
    (("V2", 40, 200), ("C1", 150, 330), ("C2", 0, 0)): 0.365,
    (("V2", 0, 0),): 0.105,
    (("C1", 150, 330), ("E1", 0, 0)): 0.062,
}
#: Days of care before an adoption or another final order, and from the start of care to the order
#: that comes with the last home.
_UNTIL_FOR_GOOD, _UNTIL_LAST_HOME = (680, 950), (150, 300)

#: Moves a year in the first year of care and later, and how much likelier a move is for each
#: standard deviation of difficulties: set so that 10 in 100 children have three homes or more in
#: a year (DfE, 2025).  The fewest days between two moves, or a move and an order.
_MOVES_AT_FIRST, _MOVES_LATER, _MOVES_LEAN = 1.0, 0.5, 0.5
_APART, _YEAR = 25, 365

#: Shares of children, 0 to 1: placed by another authority than the school's own, in care for more
#: than a year, known to a social worker before they came into care, and of these on a plan.  The
#: age in days from which a child can have been known.
_FROM_ELSEWHERE, _OVER_A_YEAR, _KNOWN_BEFORE, _ON_A_PLAN = 0.3, 0.8, 0.85, 0.5
_OLD_ENOUGH = 1200

#: The shares of what the school knows of a child who left care, and of the ways to being in need.
_LEFT_CARE = {"adopted": 0.15, "start unknown": 0.1, "care and order": 0.3, "order only": 0.5}
_CAME_TO_NEED = {"after a plan": 0.35, "for the second time": 0.2, "for the first time": 0.45}

#: The days for which a plan that is over was held, and their shares: up to its first review
#: conference, at three months, or to one of the next two, at most six months apart.  (A fifth or so
#: of ended plans end in three months, and a quarter after a year: DfE, children in need, memory.)
_HELD = {(82, 88): 0.2, (228, 256): 0.55, (395, 428): 0.25}

#: The share of each status among the children in scope.  The rest are looked after.
_SHARES = {PREVIOUSLY_LOOKED_AFTER: 0.21, IN_NEED: 0.17, ON_PROTECTION_PLAN: 0.12}


def generate_statuses(rng: random.Random, children: int, given: list[str]) -> list[str]:
    """Return the present status of each of the `children` in scope beyond those `given`.

    About half of all are looked after.
    """
    wanted = {status: round(share * children) for status, share in _SHARES.items()}
    wanted[LOOKED_AFTER] = children - sum(wanted.values())
    rest = [status for status, count in wanted.items() for _ in range(count - given.count(status))]
    rng.shuffle(rest)
    missing = max(0, children - len(given))
    return (rest + [LOOKED_AFTER] * missing)[:missing]


def generate_episodes(
    rng: random.Random, status: str, child: Child, year: int
) -> tuple[Episode, ...]:
    """Generate the episodes that lead to `status`, in order of date.

    The status began before the academic year `year`, or before the child left.
    """
    anchor = min(date(year, 9, 1), child.leaving)
    is_from_elsewhere = rng.random() < _FROM_ELSEWHERE
    authority = rng.choice(OTHER_AUTHORITIES) if is_from_elsewhere else HOME_AUTHORITY
    if status == PREVIOUSLY_LOOKED_AFTER:
        episodes = _generate_previous_care(rng, child, anchor)
    elif status == LOOKED_AFTER:
        longest = (anchor - child.born).days - 300
        is_long = rng.random() < _OVER_A_YEAR
        start = _before(rng, anchor, *((400, min(2200, longest)) if is_long else (60, 360)))
        episodes = [*_generate_history(rng, child, start), *_generate_care(rng, child, start, year)]
    elif status == ON_PROTECTION_PLAN:
        episodes = _generate_plan(rng, _before(rng, anchor, 20, 400), None)
    else:
        episodes = _generate_in_need(rng, _before(rng, anchor, 30, 500))
    return tuple(
        episode
        if episode.status == PREVIOUSLY_LOOKED_AFTER
        else replace(episode, authority=authority)
        for episode in episodes
    )


def _generate_history(rng: random.Random, child: Child, start: date) -> list[Episode]:
    """Generate episodes in need, or on a plan, up to the day on which the child came into care."""
    if (start - child.born).days <= _OLD_ENOUGH or rng.random() >= _KNOWN_BEFORE:
        return []
    if rng.random() < _ON_A_PLAN:
        return _generate_plan(rng, _begin_plan(rng, start), start)
    return [Episode(IN_NEED, _before(rng, start, 108, 330), start)]


def _begin_plan(rng: random.Random, end: date) -> date:
    """Return the first day of a plan that a review conference about `end` ended."""
    return _before(rng, end, *choose(rng, _HELD))


def _generate_plan(rng: random.Random, start: date, end: date | None) -> list[Episode]:
    """Generate an episode in need, then one on a plan from `start` up to `end`."""
    known = _before(rng, start, 20, 400)
    return [Episode(IN_NEED, known, start), Episode(ON_PROTECTION_PLAN, start, end)]


def _generate_in_need(rng: random.Random, start: date) -> list[Episode]:
    now = Episode(IN_NEED, start)
    match choose(rng, _CAME_TO_NEED):
        case "after a plan":
            return [*_generate_plan(rng, _begin_plan(rng, start), start), now]
        case "for the second time":
            closed = _before(rng, start, 120, 300)
            return [Episode(IN_NEED, _before(rng, closed, 108, 250), closed), now]
        case _:
            return [now]


def _generate_care(rng: random.Random, child: Child, start: date, year: int) -> list[Episode]:
    """Generate a time in care that goes on, with an episode for each home and legal status."""
    until = min(date(year + 1, 8, 31), child.leaving)
    orders, day = {}, start
    for status, least, most in choose(rng, _ROUTES):
        orders[day] = status
        day = advance_to_working_day(day + timedelta(days=rng.randint(least, most)))
    moves = _generate_moves(rng, child.story, start, until)
    moves = [day for day in moves if all(abs((day - order).days) > _APART for order in orders)]
    episodes: list[Episode] = []
    legal = home = ""
    for day in sorted({*orders, *moves}):
        if day > until:
            break
        legal = orders.get(day, legal)
        # A child who will be adopted does not live with their parents before.
        kind = "V2" if legal == "C1" and "E1" in orders.values() else legal
        homes = _HOMES_BY_STATUS.get(kind, _HOMES)
        if home not in homes or (day in moves and home != "adoptive"):
            home = choose_for(rng, homes, child.story)
        elif day not in orders:
            continue
        episodes[-1:] = [replace(episode, end=day) for episode in episodes[-1:]]
        episodes.append(Episode(LOOKED_AFTER, day, legal_status=legal, home=home))
    return episodes


def _generate_moves(rng: random.Random, story: Story, start: date, last: date) -> list[date]:
    """Return the days of new homes: likelier at first, and with more difficulties."""
    lean = exp(_MOVES_LEAN * story.difficulties - _MOVES_LEAN**2 / 2)
    moves: list[date] = []
    day = start
    while True:
        often = _MOVES_AT_FIRST if (day - start).days < _YEAR else _MOVES_LATER
        wait = _APART + rng.expovariate(often * lean / _YEAR)
        if wait + _APART > (last - day).days:
            return moves
        day = advance_to_working_day(day + timedelta(days=int(wait)))
        moves.append(day)


def _generate_previous_care(rng: random.Random, child: Child, anchor: date) -> list[Episode]:
    """Generate the episode after care, and the care before it if the school has it on file."""
    kind = choose(rng, _LEFT_CARE)
    if kind == "start unknown":
        since = _before(rng, anchor, 10, 300)
        return [Episode(PREVIOUSLY_LOOKED_AFTER, None, known_since=since)]
    # Care that ended while the child was at the school is on file.
    at_school = (anchor - child.entry).days + 20
    least = {"adopted": 5, "care and order": 370}.get(kind, max(370, at_school))
    most = (anchor - child.born).days - 1300 if kind != "adopted" else 355
    order = _before(rng, anchor, least, max(least + 1, min(1800, most)))
    now = Episode(PREVIOUSLY_LOOKED_AFTER, order)
    if kind == "order only":
        return [now]
    start = _before(rng, order, *_UNTIL_FOR_GOOD)
    changed = advance_to_working_day(start + timedelta(days=rng.randint(*_UNTIL_LAST_HOME)))
    home = rng.choice(("foster", "kinship"))
    legal, last_home = ("E1", "adoptive") if kind == "adopted" else ("C2", home)
    return [
        *_generate_history(rng, child, start),
        Episode(LOOKED_AFTER, start, changed, legal_status="C1", home=home),
        Episode(LOOKED_AFTER, changed, order, legal_status=legal, home=last_home),
        now,
    ]


def _before(rng: random.Random, day: date, least: int, most: int) -> date:
    """Return a working day `least` to `most` days before `day`."""
    earlier = advance_to_working_day(day - timedelta(days=rng.randint(least, max(least, most))))
    return min(earlier, add_working_days(day, -2))
