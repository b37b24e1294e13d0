"""The frames of sdq.csv, health.csv, ehcp.csv and pep.csv, and a group without files."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import polars as pl

from intake.contract import EHCP, HEALTH, PEP, SDQ, Export
from synthetic.calendar import build_register
from synthetic.cast.story import RECORDS_YEAR, CastMember, compute_last_planned_day
from synthetic.population.care import generate_episodes
from synthetic.population.child import Child
from synthetic.population.people import Person
from synthetic.population.personas import LOOKED_AFTER, SETTLED
from synthetic.subjects.health import generate_checks
from synthetic.subjects.meetings import generate_meetings
from synthetic.subjects.plans import generate_steps
from synthetic.subjects.records import Check, Meeting, Records
from synthetic.subjects.sdq import generate_scores

_NO_SCALES = (None,) * 5

#: The stories of the cast hold for so long after their last planned day.
_QUIET = timedelta(weeks=6)

_CLA12_DAYS = 366
_Arranged = TypeVar("_Arranged", Check, Meeting)

_NOBODY = Person("Nobody", "Nobody", None, "U", "", "")


def generate_records(seed: int, child: Child, year: int) -> Records:
    """What is told of one child, to the day it leaves; `year` is the current academic year."""

    def rng(subject: str) -> random.Random:
        return random.Random(f"{seed}/{child.upn}/{subject}")

    anchor = min(date(year, 9, 1), child.leaving)
    return Records(
        scores=tuple(generate_scores(rng("sdq"), child)),
        checks=tuple(generate_checks(rng("health"), child)),
        steps=tuple(generate_steps(rng("ehcp"), child, anchor)),
        meetings=tuple(generate_meetings(rng("pep"), child)),
    )


def generate_cast_records(seed: int, member: CastMember, year: int) -> Records:
    """What the story tells; some weeks after its last day, what is drawn goes on from it.

    Nothing is drawn of a kind that the story is silent about.
    """
    story_records = member.records.shift_years(year - RECORDS_YEAR)
    drawn = generate_records(seed, member.to_child(year), year)
    end = compute_last_planned_day(year)

    def goes_on(told: tuple[object, ...], day: date) -> bool:
        return bool(told) and day > end + _QUIET

    return Records(
        scores=(
            *story_records.scores,
            *(s for s in drawn.scores if goes_on(story_records.scores, s.day)),
        ),
        checks=(
            *story_records.checks,
            *(
                _drop_early_booking(c, end)
                for c in drawn.checks
                if goes_on(story_records.checks, c.day)
            ),
        ),
        steps=story_records.steps,
        meetings=(
            *story_records.meetings,
            *(
                _drop_early_booking(m, end)
                for m in drawn.meetings
                if goes_on(story_records.meetings, m.day)
            ),
        ),
    )


def generate_subject_frames(
    seed: int, children: Iterable[Child], cast: Mapping[str, CastMember], year: int, until: date
) -> dict[str, pl.DataFrame]:
    """The four frames by file name: what is known on `until` of the children in scope.

    `cast` are the members by pupil number.  Children in their order, each by date.
    """
    found: list[tuple[str, Records]] = []
    for child in children:
        if not child.episodes:
            continue
        member = cast.get(child.upn)
        told = (
            generate_cast_records(seed, member, year)
            if member
            else generate_records(seed, child, year)
        )
        found.append((child.upn, told.filter_known(until, child.leaving)))
    scores = [
        (upn, s.day, s.informant, s.total, *(s.scales or _NO_SCALES), s.impact, s.reason)
        for upn, records in found
        for s in records.scores
    ]
    checks = [
        (upn, c.kind, c.day, c.outcome, c.next_due, c.reason)
        for upn, records in found
        for c in records.checks
    ]
    steps = [(upn, s.day, s.event, s.need) for upn, records in found for s in records.steps]
    meetings = [
        (upn, m.day, m.outcome, m.quality, m.child_attended, m.targets)
        for upn, records in found
        for m in records.meetings
    ]
    return {
        SDQ.name: _frame(SDQ, scores),
        HEALTH.name: _frame(HEALTH, checks),
        EHCP.name: _frame(EHCP, steps),
        PEP.name: _frame(PEP, meetings),
    }


def generate_care_group(seed: int, children: int, until: date) -> list[Records]:
    """What is known on `until` of children in care for a year or more, without files.

    They are of junior age and at one school; records for each.
    """
    rng = random.Random(f"{seed}/group")
    year = until.year - (until.month < 9)  # noqa: PLR2004 - September
    group = []
    for n in range(children):
        cohort = year - n % 4
        child = Child(
            upn=f"group {n}",
            person=_NOBODY,
            born=date(cohort - 8, 9, 1) + timedelta(days=rng.randrange(365)),
            cohort=cohort,
            letter="A",
            entry=build_register(cohort).open_days[0],
            leaving=build_register(cohort + 3).days[-1],
            rank=rng.random(),
            persona=SETTLED,
        )
        while not child.episodes or (until - _get_care_start(child)).days < _CLA12_DAYS:
            anchor = date(year, 9, 1)
            story = generate_episodes(rng, LOOKED_AFTER, SETTLED, child.born, year, anchor)
            child = replace(child, episodes=story)
        group.append(generate_records(seed, child, year).filter_known(until, child.leaving))
    return group


def _get_care_start(child: Child) -> date:
    return min(e.first_day for e in child.episodes if e.status == LOOKED_AFTER)


def _drop_early_booking(record: _Arranged, end: date) -> _Arranged:
    """The record, as one that nobody had arranged by the day `end`."""
    early = record.booked_on is not None and record.booked_on <= end
    return replace(record, booked_on=None) if early else record


def _frame(export: Export, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    kinds = {"date": pl.Date(), "whole number": pl.Int64()}
    schema = {column.name: kinds.get(column.kind, pl.String()) for column in export.columns}
    return pl.DataFrame(rows, schema=schema, orient="row")
