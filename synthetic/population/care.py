"""Dated care episodes for the children in scope who are not of the cast."""

import random
from datetime import date, timedelta

from synthetic.population.child import Episode
from synthetic.population.personas import (
    ADOPTED_LAST_YEAR,
    IN_NEED,
    LOOKED_AFTER,
    ON_PROTECTION_PLAN,
    OUT_OF_AREA,
    PREVIOUSLY_LOOKED_AFTER,
    RECENT_MOVE,
    Persona,
)

#: Made-up authorities: the school's own, then those from further away.
HOME_AUTHORITY = "Ashmere"
OTHER_AUTHORITIES = ("Wexbourne", "Saltersea", "Thornmere", "Eastholm")

_HOMES = ("foster", "kinship", "with parents", "children's home", "other", "residential school")
_HOME_WEIGHTS = (0.68, 0.14, 0.06, 0.06, 0.04, 0.02)

#: Shares of children, 0 to 1: placed by an authority that is not the school's own; in
#: care for more than a year; known to a social worker before they came into care.
_FROM_ELSEWHERE = 0.3
_OVER_A_YEAR = 0.8
_KNOWN_BEFORE = 0.4

#: What the school knows of a child who left care: its kinds and their shares.
_LEFT_CARE = {"start unknown": 0.1, "care and order": 0.4, "order only": 0.5}

#: How a child came to be in need: its kinds and their shares.
_CAME_TO_NEED = {"after a plan": 0.35, "for the second time": 0.2, "for the first time": 0.45}

#: Days in care before a home may change again.
_BEFORE_A_MOVE = 60

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
    rng: random.Random, status: str, persona: Persona, born: date, year: int, anchor: date
) -> tuple[Episode, ...]:
    """The story that led a child to `status`, in order of date.

    Starts lie before `anchor`, but for a home that changes early in the academic year
    `year` for a child with a recent move.
    """
    authority = _authority(rng, persona)
    if status == LOOKED_AFTER:
        longest = (anchor - born).days - 300
        days = (
            rng.randint(400, min(2200, longest))
            if rng.random() < _OVER_A_YEAR
            else rng.randint(60, 360)
        )
        start = _subtract_days(anchor, days)
        before = (
            _generate_earlier_episodes(rng, start, authority)
            if rng.random() < _KNOWN_BEFORE
            else []
        )
        move = date(year, 9, 1) + timedelta(days=rng.randint(-40, 50))
        moved = (
            [move] if persona is RECENT_MOVE and start < move < _subtract_days(anchor, -60) else []
        )
        return (*before, *_generate_care_period(rng, start, None, authority, anchor, moved))
    if status == PREVIOUSLY_LOOKED_AFTER:
        return tuple(_generate_previous_care(rng, persona, authority, born, year, anchor))
    if status == ON_PROTECTION_PLAN:
        start = _subtract_days(anchor, rng.randint(20, 400))
        in_need = _subtract_days(start, rng.randint(30, 300))
        return (
            Episode(IN_NEED, in_need, start, authority),
            Episode(ON_PROTECTION_PLAN, start, None, authority),
        )
    return tuple(_generate_in_need(rng, authority, anchor))


def _authority(rng: random.Random, persona: Persona) -> str:
    if persona is OUT_OF_AREA or rng.random() < _FROM_ELSEWHERE:
        return rng.choice(OTHER_AUTHORITIES)
    return HOME_AUTHORITY


def _generate_earlier_episodes(rng: random.Random, start: date, authority: str) -> list[Episode]:
    """In need, then on a plan, up to the day the child came into care."""
    plan = _subtract_days(start, rng.randint(30, 300))
    in_need = _subtract_days(plan, rng.randint(20, 400))
    return [
        Episode(IN_NEED, in_need, plan, authority),
        Episode(ON_PROTECTION_PLAN, plan, start, authority),
    ]


def _generate_care_period(
    rng: random.Random,
    start: date,
    end: date | None,
    authority: str,
    anchor: date,
    moves: list[date],
) -> list[Episode]:
    """One period of care, split where the home or the legal status changed."""
    last = end or anchor
    length = (last - start).days
    order = start + timedelta(days=rng.randint(150, 330))
    homes = {
        start + timedelta(days=rng.randrange(20, length))
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3)))
        if length > _BEFORE_A_MOVE
    } | set(moves)
    turns = sorted({start, *homes} | ({order} if order < last else set()))
    legal, home = rng.choice(("V2", "C1")), _home(rng)
    episodes = []
    for n, turn in enumerate(turns):
        if turn >= order:
            legal = "C2"
        if turn in homes:
            home = _home(rng)
        until = turns[n + 1] if n + 1 < len(turns) else end
        episodes.append(Episode(LOOKED_AFTER, turn, until, authority, legal, home))
    return episodes


def _generate_previous_care(
    rng: random.Random, persona: Persona, authority: str, born: date, year: int, anchor: date
) -> list[Episode]:
    if persona is ADOPTED_LAST_YEAR:
        order = min(
            _subtract_days(anchor, 1), date(year - 1, 9, 10) + timedelta(days=rng.randint(0, 300))
        )
        placed = _subtract_days(order, rng.randint(120, 300))
        start = _subtract_days(placed, rng.randint(200, 900))
        return [
            Episode(LOOKED_AFTER, start, placed, authority, "C2", "foster"),
            Episode(LOOKED_AFTER, placed, order, authority, "E1", "adoptive"),
            Episode(PREVIOUSLY_LOOKED_AFTER, order),
        ]
    latest = min(1800, (anchor - born).days - 700)
    order = _subtract_days(anchor, rng.randint(370, max(371, latest)))
    known = rng.choices(list(_LEFT_CARE), list(_LEFT_CARE.values()))[0]
    if known == "start unknown":
        return [
            Episode(
                PREVIOUSLY_LOOKED_AFTER,
                None,
                known_since=_subtract_days(anchor, rng.randint(10, 300)),
            )
        ]
    if known == "care and order":
        start = _subtract_days(order, rng.randint(200, 600))
        return [
            *_generate_care_period(rng, start, order, authority, anchor, []),
            Episode(PREVIOUSLY_LOOKED_AFTER, order),
        ]
    return [Episode(PREVIOUSLY_LOOKED_AFTER, order)]


def _generate_in_need(rng: random.Random, authority: str, anchor: date) -> list[Episode]:
    start = _subtract_days(anchor, rng.randint(30, 500))
    came = rng.choices(list(_CAME_TO_NEED), list(_CAME_TO_NEED.values()))[0]
    if came == "after a plan":
        plan = Episode(
            ON_PROTECTION_PLAN, _subtract_days(start, rng.randint(90, 360)), start, authority
        )
        return [plan, Episode(IN_NEED, start, None, authority)]
    if came == "for the second time":
        closed = _subtract_days(start, rng.randint(60, 300))
        earlier = Episode(IN_NEED, _subtract_days(closed, rng.randint(40, 250)), closed, authority)
        return [earlier, Episode(IN_NEED, start, None, authority)]
    return [Episode(IN_NEED, start, None, authority)]


def _home(rng: random.Random) -> str:
    return rng.choices(_HOMES, _HOME_WEIGHTS)[0]


def _subtract_days(day: date, days: int) -> date:
    return day - timedelta(days=days)
