"""A whole made-up junior school, as the export files that a real one has."""

from collections.abc import Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from queries import contract
from synthetic.calendar import build_calendar, build_register, enter_school
from synthetic.cast.cast import CAST
from synthetic.population import personas
from synthetic.population.care import generate_episodes, generate_statuses
from synthetic.population.child import Child
from synthetic.population.details import generate_contacts, generate_other_numbers
from synthetic.population.roll import JUNIOR, make_roll
from synthetic.population.story import open_stream
from synthetic.school import register
from synthetic.school.part import generate_part
from synthetic.school.records import add_absences, apply_register, to_frame

SCHOOL_ID = "0019999"
SCHOOL_NAME = "Quarry Lane Junior School"

#: One in so many of the children in scope has left, up to eight months before September.
_ONE_LEFT_IN = 8

#: How much rather a child is in scope that came later than its class, and by when that comes.
_CAME_LATE, _IN_TIME = 3, (9, 14)

#: Seats of the school, as a rule.
_SEATS = 280
#: No more than this share of a school is in scope, however many children are asked for.
_LARGEST_SHARE_IN_SCOPE = 0.75


@dataclass(frozen=True)
class School:
    """A made-up school: its export files by name, and what lies behind them.

    `frames` holds a frame for each file, with the contract's columns in their order:
    text, whole numbers or dates, null where a value is blank.  `children` are the
    children who stand in roll.csv, in its order, with what the school does not know yet.
    """

    until: date
    frames: dict[str, pl.DataFrame]
    children: tuple[Child, ...]


def make_school(
    seed: int,
    children: int = 24,
    years: int = 3,
    until: date = date(2026, 11, 20),
    groups: range = JUNIOR,
) -> School:
    """A school with `children` in scope, and marks of `years` academic years to `until`.

    `children` (0 or more) have care episodes and are on roll or left lately; the first
    are the cast.  `years` is 1 or more, and the last of them holds `until`.  There are
    more seats where the children would not fit.  The same arguments give the same school.
    groups: its year groups, 0 for Reception; without all of a junior school's there is no cast.
    """
    return copy_context().run(_make_school, seed, children, years, until, groups)


def _make_school(seed: int, children: int, years: int, until: date, groups: range) -> School:
    window = register.compute_export_window(years, until)
    enter_school(seed)
    cast = [
        member
        for member in (CAST[:children] if set(JUNIOR) <= set(groups) else ())
        if member.to_child(window.last).entry <= window.last_day
    ]
    on_roll = max(_SEATS, 4 * round(children / _LARGEST_SHARE_IN_SCOPE / 4))
    players = [member.to_child(window.last) for member in cast]
    everybody = make_roll(seed, window.first, window.last, on_roll, players, groups)
    everybody = _assign_care(seed, everybody, len(cast), children, window)
    everybody = _assign_personas(seed, everybody, len(cast), window.last)
    listed = tuple(child for child in everybody if window.is_listed(child))
    part = generate_part(seed, everybody, cast, window)
    attendance, spells = register.generate_attendance(seed, everybody, cast, part.told, window)
    concerns = add_absences(seed, listed, spells, part.frames[contract.CONCERNS.name], until)
    frames = part.frames | apply_register(part.frames, attendance)
    return School(
        until=until,
        children=listed,
        frames={
            contract.SCHOOL.name: to_frame(contract.SCHOOL, [(SCHOOL_ID, SCHOOL_NAME, "junior")]),
            contract.CALENDAR.name: to_frame(
                contract.CALENDAR, list(build_calendar(window.first, window.last, until).items())
            ),
            contract.ROLL.name: to_frame(
                contract.ROLL,
                [
                    (*_build_roll_row(child, until), provision)
                    for child, provision in zip(listed, part.provisions, strict=True)
                ],
            ),
            contract.CARE_EPISODES.name: to_frame(
                contract.CARE_EPISODES, list(_build_care_rows(listed, until))
            ),
            contract.ATTENDANCE.name: attendance,
            **frames,
            contract.CONCERNS.name: concerns,
            contract.OTHER_NUMBERS.name: to_frame(
                contract.OTHER_NUMBERS, generate_other_numbers(seed, listed)
            ),
            contract.CONTACTS.name: to_frame(
                contract.CONTACTS, generate_contacts(seed, listed, until)
            ),
        },
    )


def _assign_care(
    seed: int, everybody: list[Child], cast: int, children: int, window: register.ExportWindow
) -> list[Child]:
    """Care episodes for as many children as the cast leaves to be found."""
    rng = open_stream(seed, "care")
    september = date(window.last, 9, 1)
    opens = build_register(window.last).open_days[0]
    here, left = [], []
    for n, child in enumerate(everybody[cast:], start=cast):
        if child.entry <= opens <= min(child.leaving, window.last_day):
            here.append(n)
        elif date(window.last, 1, 1) <= child.leaving < september:
            left.append(n)
    given = [child.get_status(window.until) for child in everybody[:cast]]
    wanted = generate_statuses(rng, children, given)
    gone = min(len(left), len(wanted) // _ONE_LEFT_IN if len(wanted) > 1 else 0)
    late = {n for n in here if everybody[n].entry > date(everybody[n].cohort, *_IN_TIME)}
    here.sort(key=lambda n: rng.random() ** (1 / _CAME_LATE if n in late else 1))
    places = rng.sample(left, gone) + here[len(here) - len(wanted) + gone :]
    rng.shuffle(places)
    cared = list(everybody)
    for n, status in zip(places, wanted, strict=True):
        child = everybody[n]
        stream = open_stream(seed, child.upn, "care")
        episodes = generate_episodes(stream, status, child, window.last)
        cared[n] = replace(child, episodes=episodes)
    return cared


def _assign_personas(seed: int, everybody: list[Child], cast: int, year: int) -> list[Child]:
    """A persona for every child beyond the cast, by chance and story."""
    september = date(year, 9, 1)
    statuses = [child.get_status(min(september, child.leaving)) for child in everybody]
    ranks = np.array([child.story.absence_rank for child in everybody], dtype=np.float64)
    rates = personas.compute_rates(statuses, ranks).tolist()
    drawn = [
        replace(
            child,
            persona=personas.choose_persona(
                open_stream(seed, child.upn, "persona"), status, rate, child.story
            ),
        )
        for child, status, rate in zip(everybody[cast:], statuses[cast:], rates[cast:], strict=True)
    ]
    return [*everybody[:cast], *drawn]


def _build_roll_row(child: Child, until: date) -> tuple[object, ...]:
    group = child.compute_year_group(min(child.leaving, max(until, child.entry)))
    person = child.person
    return (
        child.upn,
        person.surname,
        person.forename,
        person.preferred,
        child.born,
        person.sex,
        str(group) if group else "R",
        f"{group}{child.letter}",
        child.entry,
        child.leaving if child.leaving <= until else None,
        person.address,
        person.postcode,
    )


def _build_care_rows(children: Iterable[Child], until: date) -> Iterator[tuple[object, ...]]:
    for child in children:
        for each in child.episodes:
            if each.first_day <= until:
                yield (
                    child.upn,
                    each.status,
                    each.start.isoformat() if each.start else contract.UNKNOWN,
                    each.known_since,
                    each.end if each.end and each.end <= until else None,
                    each.authority,
                    each.legal_status,
                    each.home,
                )
