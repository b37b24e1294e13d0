"""A whole made-up junior school, as the export files that a real one has."""

import random
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from faker import Faker

from intake.contract import (
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    CONTACTS,
    OTHER_NUMBERS,
    ROLL,
    SCHOOL,
    SUSPENSIONS,
    UNKNOWN,
)
from synthetic.calendar import build_calendar, build_register
from synthetic.cast.cast import CAST
from synthetic.population.care import generate_episodes, generate_statuses
from synthetic.population.child import Child
from synthetic.population.contacts import generate_contacts
from synthetic.population.numbers import generate_other_numbers
from synthetic.population.personas import (
    ABSENCE_DISTRIBUTIONS,
    ARRIVED_MID_YEAR,
    LEFT_MID_YEAR,
    NO_STATUS,
    PERSONAS,
    choose_personas,
)
from synthetic.population.roll import is_mid_year, make_roll
from synthetic.school.codes import CODES
from synthetic.school.marks import NEVER_UNSETTLED, Pupils, generate_marks, mask_pending_reasons
from synthetic.school.register import ExportWindow, compute_export_window, generate_attendance
from synthetic.school.subjects import generate_subject_frames
from synthetic.school.suspensions import generate_suspensions

SCHOOL_ID = "0019999"
SCHOOL_NAME = "Quarry Lane Junior School"

#: One in so many of the children in scope has left, up to eight months before September.
_ONE_LEFT_IN = 8

#: No more than this share of a school is in scope, however many children are asked for.
_LARGEST_SHARE_IN_SCOPE = 0.75


@dataclass(frozen=True)
class School:
    """A made-up school: its export files by name, and what lies behind them.

    `frames` holds a frame for each file, with the contract's columns in their order:
    text, whole numbers or dates, null where a value is blank.  `children` are the
    children who stand in roll.csv, in its order, with what the school does not know yet.
    """

    seed: int
    until: date
    frames: dict[str, pl.DataFrame]
    children: tuple[Child, ...]


def make_school(
    seed: int,
    children: int = 24,
    years: int = 3,
    until: date = date(2026, 11, 20),
    on_roll: int = 280,
) -> School:
    """A school with `children` in scope, and marks of `years` academic years to `until`.

    `children` (0 or more) have care episodes and are on roll or left lately; the first
    are the cast.  `years` is 1 or more, and the last of them holds `until`.  `on_roll` is
    the number of seats; it grows where the children would not fit.  The same arguments
    give the same school.
    """
    window = compute_export_window(years, until)
    cast = [
        member
        for member in CAST[:children]
        if member.to_child(window.last).entry <= window.last_day
    ]
    on_roll = max(on_roll, 4 * round(children / _LARGEST_SHARE_IN_SCOPE / 4))
    rng = random.Random(f"{seed}/roll")
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    players = [member.to_child(window.last) for member in cast]
    everybody = make_roll(rng, faker, window.first, window.last, on_roll, players)
    everybody = _assign_care(seed, everybody, len(cast), children, window)
    everybody = _assign_personas(seed, everybody, len(cast))
    start = build_register(window.first).days[0]
    listed = tuple(
        child for child in everybody if child.entry <= window.last_day and child.leaving >= start
    )
    members = {member.upn: member for member in cast}
    marks = generate_attendance(seed, everybody, cast, window)
    return School(
        seed=seed,
        until=until,
        children=listed,
        frames={
            SCHOOL.name: _school_rows(),
            CALENDAR.name: _calendar_rows(window),
            ROLL.name: _roll_rows(listed, until),
            CARE_EPISODES.name: _care_rows(listed, until),
            ATTENDANCE.name: marks,
            SUSPENSIONS.name: generate_suspensions(seed, marks),
            OTHER_NUMBERS.name: generate_other_numbers(seed, listed),
            CONTACTS.name: generate_contacts(seed, listed, until),
            **generate_subject_frames(seed, listed, members, window.last, until),
        },
    )


def generate_group(seed: int, status: str, children: int, start: int = 2024) -> list[list[str]]:
    """A full academic year's marks of `children` of one care status, a list for each.

    The marks of one day after another, morning then afternoon, with every reason known;
    "" stands for a blank.  No files are written.
    """
    rng = np.random.default_rng([seed, start])
    year = build_register(start)
    rate = ABSENCE_DISTRIBUTIONS[status].compute_quantile(rng.random(children))
    pupils = Pupils(
        rate=rate,
        persona=choose_personas(status, rate, rng.random(children)),
        first=np.zeros(children, dtype=np.int64),
        last=np.full(children, len(year.days) - 1, dtype=np.int64),
        form=np.arange(children) // 30,
        unsettled_from=np.full(children, NEVER_UNSETTLED, dtype=np.int64),
    )
    grid = generate_marks(rng, pupils, year)
    codes = mask_pending_reasons(grid, np.full(len(year.days), 999, dtype=np.int64))
    names = np.array(CODES)
    marks: list[list[str]] = names[codes.reshape(children, -1)].tolist()
    return marks


def _assign_care(
    seed: int, everybody: list[Child], cast: int, children: int, window: ExportWindow
) -> list[Child]:
    """Care episodes for as many children as the cast leaves to be found."""
    rng = random.Random(f"{seed}/care")
    september = date(window.last, 9, 1)
    here, left = [], []
    for n, child in enumerate(everybody[cast:], start=cast):
        if (
            child.entry
            <= build_register(window.last).open_days[0]
            <= min(child.leaving, window.last_day)
        ):
            here.append(n)
        elif date(window.last, 1, 1) <= child.leaving < september:
            left.append(n)
    given = [child.get_status(window.until) for child in everybody[:cast]]
    wanted = generate_statuses(rng, children, given)
    gone = min(len(left), len(wanted) // _ONE_LEFT_IN if len(wanted) > 1 else 0)
    places = rng.sample(left, gone) + rng.sample(here, len(wanted) - gone)
    rng.shuffle(places)
    cared = list(everybody)
    for n, status in zip(places, wanted, strict=True):
        child = everybody[n]
        rate = ABSENCE_DISTRIBUTIONS[status].compute_quantile(np.array([child.rank]))
        persona = PERSONAS[choose_personas(status, rate, np.array([rng.random()]))[0]]
        anchor = min(september, child.leaving)
        story = generate_episodes(rng, status, persona, child.born, window.last, anchor)
        if is_mid_year(child.entry, window.last - 1):
            persona = ARRIVED_MID_YEAR
        elif is_mid_year(child.leaving, window.last):
            persona = LEFT_MID_YEAR
        cared[n] = replace(child, persona=persona, episodes=story)
    return cared


def _assign_personas(seed: int, everybody: list[Child], cast: int) -> list[Child]:
    """A persona for every child who is not in scope."""
    rng = np.random.default_rng([seed, 1])
    ranks = np.array([child.rank for child in everybody], dtype=np.float64)
    rates = ABSENCE_DISTRIBUTIONS[NO_STATUS].compute_quantile(ranks)
    chosen = choose_personas(NO_STATUS, rates, rng.random(len(everybody)))
    return [
        child if n < cast or child.episodes else replace(child, persona=PERSONAS[chosen[n]])
        for n, child in enumerate(everybody)
    ]


def _school_rows() -> pl.DataFrame:
    return pl.DataFrame({"school_id": [SCHOOL_ID], "name": [SCHOOL_NAME], "phase": ["junior"]})


def _calendar_rows(window: ExportWindow) -> pl.DataFrame:
    kinds = build_calendar(window.first, window.last, window.until)
    return pl.DataFrame({"date": list(kinds), "kind": list(kinds.values())})


def _roll_rows(children: tuple[Child, ...], until: date) -> pl.DataFrame:
    rows = []
    for child in children:
        group = child.compute_year_group(min(child.leaving, max(until, child.entry)))
        person = child.person
        rows.append(
            {
                "upn": child.upn,
                "surname": person.surname,
                "forename": person.forename,
                "preferred_forename": person.preferred,
                "date_of_birth": child.born,
                "sex": person.sex,
                "year_group": str(group),
                "class": f"{group}{child.letter}",
                "entry_date": child.entry,
                "leaving_date": child.leaving if child.leaving <= until else None,
                "address": person.address,
                "postcode": person.postcode,
            }
        )
    dates = dict.fromkeys(("date_of_birth", "entry_date", "leaving_date"), pl.Date)
    schema = {name: dates.get(name, pl.String) for name in ROLL.header}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _care_rows(children: tuple[Child, ...], until: date) -> pl.DataFrame:
    rows = [
        (
            child.upn,
            episode.status,
            episode.start.isoformat() if episode.start else UNKNOWN,
            episode.known_since,
            episode.end if episode.end and episode.end <= until else None,
            episode.authority,
            episode.legal_status,
            episode.home,
        )
        for child in children
        for episode in child.episodes
        if episode.first_day <= until
    ]
    dates = dict.fromkeys(("known_since", "end"), pl.Date)
    schema = {name: dates.get(name, pl.String) for name in CARE_EPISODES.header}
    return pl.DataFrame(rows, schema=schema, orient="row")
