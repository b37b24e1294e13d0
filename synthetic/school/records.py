"""The records of one child in scope, and their special needs on the roll."""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from queries.contract import ASSESSMENTS, CHOICES, EHCP, PREMIUM, SUSPENSIONS, TESTS, WORDS
from synthetic.cast.cast import CastMember, compute_last_planned_day
from synthetic.population.child import Child
from synthetic.population.story import Chance, is_so, open_stream
from synthetic.subjects import SUBJECTS
from synthetic.subjects.records import Records, filter_known
from synthetic.subjects.suspensions import Suspension

#: No record is drawn from this day of the next year on.
_HORIZON = (12, 31)
#: No record is drawn for the cast until so long after the last planned day of their stories.
_QUIET = timedelta(weeks=6)
#: The files that are drawn for the cast if a story has no rows for them.
_OF_EVERYBODY = {export.name for export in (ASSESSMENTS, CHOICES, PREMIUM, TESTS, WORDS)}

_NONE, _SUPPORT, _PLAN = "N", "K", "E"
#: The steps that begin a plan, and the steps that end it.
_BEGINS, _ENDS = ("plan issued",), ("decided to cease", "ceased")
#: The share of blanks on the roll, and the chances of support without a plan, in scope and others.
_BLANK, _NEEDS_IT = 0.03, {"difficulties": 0.5, "learning": -2.2}
_IN_SCOPE, _OTHERS = Chance(0.22, **_NEEDS_IT), Chance(0.045, **_NEEDS_IT)


def generate_records(
    seed: int, child: Child, year: int, known: Records = MappingProxyType({})
) -> Records:
    """Generate the records of one child until they leave, by file.

    A subject has its own random stream, and gets the records of the files that it follows.

    Args:
        seed: The seed of the school.
        child: The child whose records these are.
        year: The current academic year.
        known: The records that are given and not drawn.
    """
    # Nothing after the horizon is booked on any day of the year.
    child = replace(child, leaving=min(child.leaving, date(year + 1, *_HORIZON)))
    records = dict(known)
    for subject in SUBJECTS:
        if subject.export.name not in records:
            followed = (records[export.name] for export in subject.follows)
            stream = open_stream(seed, child.upn, subject.name)
            records[subject.export.name] = tuple(subject.generate(stream, child, year, *followed))
    return records


def generate_cast_records(seed: int, member: CastMember, year: int) -> Records:
    """Return the records of a story, with records drawn from some weeks after its last day on.

    If a story has no rows of a kind, only the kinds that every child has are drawn, and no plan.
    """
    child, end = member.to_child(year), compute_last_planned_day(year) + _QUIET
    drawn = generate_records(seed, child, year)
    known = {
        name: (*rows, *(row for row in drawn[name] if row.day > end and rows and name != EHCP.name))
        for name, rows in member.build_records(year).items()
        if rows or name not in _OF_EVERYBODY
    }
    away = {day for day, _ in member.build_planned_marks(year)}
    for suspension in known[SUSPENSIONS.name]:
        if isinstance(suspension, Suspension):
            away |= {suspension.day, *suspension.list_days()}
    return {
        name: tuple(row for row in rows if name in known or row.day not in away)
        for name, rows in generate_records(seed, child, year, known).items()
    }


def generate_provision(
    seed: int, records: Records, child: Child, until: date, member: CastMember | None
) -> str | None:
    """Return N, K or E as on the roll of the day `until`, or None for a blank."""
    steps = list(filter_known(records.get(EHCP.name, ()), until, child.leaving))
    changes = [step.event in _BEGINS for step in steps if step.event in (*_BEGINS, *_ENDS)]
    provision = _PLAN if changes and changes[-1] else _SUPPORT if steps else _NONE
    if member:
        return member.sen_provision or provision
    rng = open_stream(seed, child.upn, "provision")
    needs_it = is_so(rng, _IN_SCOPE if child.episodes else _OTHERS, child.story)
    provision = _SUPPORT if provision == _NONE and needs_it else provision
    return None if provision != _PLAN and rng.random() < _BLANK else provision
