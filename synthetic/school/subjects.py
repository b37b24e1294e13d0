"""The frames of sdq.csv, health.csv, ehcp.csv and pep.csv, and a group without files."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import polars as pl

from intake.contract import EHCP, HEALTH, PEP, SDQ, Export
from synthetic.calendar import register
from synthetic.cast.story import FIRST_TOLD, CastMember, last_planned_day
from synthetic.population.care import draw_episodes
from synthetic.population.child import Child
from synthetic.population.people import Person
from synthetic.population.personas import LOOKED_AFTER, SETTLED
from synthetic.subjects.health import draw_checks
from synthetic.subjects.meetings import draw_meetings
from synthetic.subjects.plans import draw_steps
from synthetic.subjects.records import Check, Meeting, Records
from synthetic.subjects.sdq import draw_scores

_NO_SCALES = (None,) * 5

#: The stories of the cast hold for so long after their last planned day.
_QUIET = timedelta(weeks=6)

_CLA12_DAYS = 366
_Arranged = TypeVar("_Arranged", Check, Meeting)

_NOBODY = Person("Nobody", "Nobody", None, "U", "", "")


def draw_records(seed: int, child: Child, year: int) -> Records:
    """What is told of one child, to the day it leaves; `year` is the current academic year."""

    def rng(subject: str) -> random.Random:
        return random.Random(f"{seed}/{child.upn}/{subject}")

    anchor = min(date(year, 9, 1), child.leaving)
    return Records(
        scores=tuple(draw_scores(rng("sdq"), child)),
        checks=tuple(draw_checks(rng("health"), child)),
        steps=tuple(draw_steps(rng("ehcp"), child, anchor)),
        meetings=tuple(draw_meetings(rng("pep"), child)),
    )


def cast_records(seed: int, member: CastMember, year: int) -> Records:
    """What the story tells; some weeks after its last day, what is drawn goes on from it.

    Nothing is drawn of a kind that the story is silent about.
    """
    told = member.records.moved(year - FIRST_TOLD)
    drawn = draw_records(seed, member.child(year), year)
    end = last_planned_day(year)

    def goes_on(told: tuple[object, ...], day: date) -> bool:
        return bool(told) and day > end + _QUIET

    return Records(
        scores=(*told.scores, *(s for s in drawn.scores if goes_on(told.scores, s.day))),
        checks=(
            *told.checks,
            *(_unarranged(c, end) for c in drawn.checks if goes_on(told.checks, c.day)),
        ),
        steps=told.steps,
        meetings=(
            *told.meetings,
            *(_unarranged(m, end) for m in drawn.meetings if goes_on(told.meetings, m.day)),
        ),
    )


def subject_frames(
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
        told = cast_records(seed, member, year) if member else draw_records(seed, child, year)
        found.append((child.upn, told.known(until, child.leaving)))
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


def draw_care_group(seed: int, children: int, until: date) -> list[Records]:
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
            entry=register(cohort).open_days[0],
            leaving=register(cohort + 3).days[-1],
            rank=rng.random(),
            persona=SETTLED,
        )
        while not child.episodes or (until - _care_began(child)).days < _CLA12_DAYS:
            anchor = date(year, 9, 1)
            story = draw_episodes(rng, LOOKED_AFTER, SETTLED, child.born, year, anchor)
            child = replace(child, episodes=story)
        group.append(draw_records(seed, child, year).known(until, child.leaving))
    return group


def _care_began(child: Child) -> date:
    return min(e.first_day for e in child.episodes if e.status == LOOKED_AFTER)


def _unarranged(record: _Arranged, end: date) -> _Arranged:
    """The record, as one that nobody had arranged by the day `end`."""
    early = record.booked_on is not None and record.booked_on <= end
    return replace(record, booked_on=None) if early else record


def _frame(export: Export, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    kinds = {"date": pl.Date(), "whole number": pl.Int64()}
    schema = {column.name: kinds.get(column.kind, pl.String()) for column in export.columns}
    return pl.DataFrame(rows, schema=schema, orient="row")
