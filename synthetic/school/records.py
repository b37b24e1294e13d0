"""The records of one child in scope, and what the roll says of its special needs."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from queries.contract import ASSESSMENTS, CHOICES, EHCP, PREMIUM, SUSPENSIONS, TESTS, WORDS
from synthetic.cast.cast import CastMember, compute_last_planned_day
from synthetic.population.child import Child
from synthetic.population.story import Chance, is_so, open_stream
from synthetic.subjects import SUBJECTS
from synthetic.subjects.records import Record, Records, filter_known
from synthetic.subjects.suspensions import Suspension

#: Nothing is drawn from this day of the next year on.
_HORIZON = (12, 31)
#: The stories of the cast hold for so long after their last planned day.
_QUIET = timedelta(weeks=6)
#: What is drawn of the cast where a story is silent.
_OF_EVERYBODY = {export.name for export in (ASSESSMENTS, CHOICES, PREMIUM, TESTS, WORDS)}

_NONE, _SUPPORT, _PLAN = "N", "K", "E"
#: The steps that begin a plan, and those that end it.
_BEGINS, _ENDS = ("plan issued",), ("decided to cease", "ceased")
#: Shares of rolls that lag behind a plan, that say one without it, and that say nothing.
_LAGS, _SAYS_ONE, _BLANK = 0.01, 0.002, 0.03
#: Children without a plan who have support, in scope and others; who is suspended so often has it.
_NEEDS_IT = {"difficulties": 0.5, "learning": -2.2}
_IN_SCOPE, _OTHERS, _OFTEN = Chance(0.22, **_NEEDS_IT), Chance(0.045, **_NEEDS_IT), 4


def generate_records(
    seed: int, child: Child, year: int, known: Records = MappingProxyType({})
) -> Records:
    """Generate the records of one child to the day it leaves, by file.

    Each subject has a stream of its own, and the records of the files that it follows.

    Args:
        seed: The school's.
        child: Whose records they are.
        year: The current academic year.
        known: The records that are not drawn.
    """
    # What lies so far ahead is not booked by any day of the year.
    child = replace(child, leaving=min(child.leaving, date(year + 1, *_HORIZON)))
    records = dict(known)
    for subject in SUBJECTS:
        if subject.export.name not in records:
            followed = (records[export.name] for export in subject.follows)
            stream = open_stream(seed, child.upn, subject.name)
            records[subject.export.name] = tuple(subject.generate(stream, child, year, *followed))
    return records


def generate_cast_records(seed: int, member: CastMember, year: int) -> Records:
    """Return the records of a story, and what is drawn from some weeks after its last day on.

    Of a kind that the story is silent about only what every child has is drawn, and no plan.
    """
    child, end = member.to_child(year, seed), compute_last_planned_day(year)
    drawn = generate_records(seed, child, year)
    known = {
        name: rows + tuple(_list_later(drawn[name], end)) if rows and name != EHCP.name else rows
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


def _list_later(records: Iterable[Record], end: date) -> Iterator[Record]:
    """List those that come some weeks after the day `end`, and that nobody had arranged by it."""
    for record in records:
        if record.day > end + _QUIET:
            is_early = record.booked_on is not None and record.booked_on <= end
            yield replace(record, booked_on=None) if is_early else record


def generate_provision(
    seed: int, records: Records, child: Child, until: date, member: CastMember | None
) -> str | None:
    """Return N, K or E on the roll of the day `until`, None where it says nothing.

    As a rule it is what the steps of a plan say.  A few rolls lag behind, as real ones do.
    """
    steps = list(filter_known(records.get(EHCP.name, ()), until, child.leaving))
    turns = [step.event in _BEGINS for step in steps if step.event in (*_BEGINS, *_ENDS)]
    provision = _PLAN if turns and turns[-1] else _SUPPORT if steps else _NONE
    if member:
        return member.sen_provision or provision
    rng = open_stream(seed, child.upn, "provision")
    lags, is_blank = rng.random(), rng.random() < _BLANK
    if provision == _PLAN:
        return _SUPPORT if lags < _LAGS else _PLAN
    if child.episodes and lags < _SAYS_ONE:
        return _PLAN
    if is_blank:
        return None
    suspensions = sum(row.day <= until for row in records.get(SUSPENSIONS.name, ()))
    has_support = is_so(rng, _IN_SCOPE if child.episodes else _OTHERS, child.story)
    return _SUPPORT if has_support or suspensions >= _OFTEN else provision
