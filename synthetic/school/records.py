"""The records of the children in scope, as they are known on one day, and the files of them.

What the roll says of special educational needs is, as a rule, what the steps of a plan say.  A few
rolls lag behind, as real ones do: they go on saying SEN support of a child with a plan, or a plan
of a child who has none.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter
from types import MappingProxyType

import polars as pl

from queries.contract import ASSESSMENTS, CHOICES, EHCP, PEP, PREMIUM, TESTS, WORDS, Column, Export
from synthetic.cast.cast import CastMember, compute_last_planned_day
from synthetic.population.child import Child
from synthetic.population.story import Chance, is_so, open_stream
from synthetic.subjects import SUBJECTS, concerns, suspensions
from synthetic.subjects.records import Record, Records, filter_known

#: The stories of the cast hold for so long after their last planned day.
_QUIET = timedelta(weeks=6)

#: What is told of every child of the cast.
_OF_EVERYBODY = {each.name for each in (ASSESSMENTS, CHOICES, PREMIUM, TESTS, WORDS)}

#: The codes of a child that is there, and of one out with its class; days within which a test is
#: sat after all.
_PRESENT, _VISIT, _SOON = ("/", "\\", "L"), "V", "14d"
#: The outcome of a test that a child did not sit.
ABSENT = "A"

_NONE, _SUPPORT, _PLAN = "N", "K", "E"
#: The steps that begin a plan, and those that end it.
_BEGINS, _ENDS = ("plan issued",), ("decided to cease", "ceased")
#: Shares of rolls that lag behind a plan, that say one without it, and that say nothing.
_LAGS, _SAYS_ONE, _BLANK = 0.01, 0.002, 0.03
#: Children without a plan who have support, those in scope and the others: those who are behind.
_NEEDS_IT = {"difficulties": 0.5, "learning": -2.2}
_IN_SCOPE, _OTHERS = Chance(0.22, **_NEEDS_IT), Chance(0.045, **_NEEDS_IT)
#: A child who was suspended so often has it.
_OFTEN = 4


def generate_records(
    seed: int, child: Child, year: int, known: Records = MappingProxyType({})
) -> Records:
    """All that is told of one child, to the day it leaves; `year` is the current academic year.

    Each subject has a stream of its own, and knows what the files say that it follows.  What is
    `known` is not drawn.
    """
    told = dict(known)
    for each in SUBJECTS:
        if each.export.name in told:
            continue
        followed = (told[export.name] for export in each.follows)
        stream = open_stream(seed, child.upn, each.name)
        told[each.export.name] = tuple(each.generate(stream, child, year, *followed))
    return told


def generate_cast_records(seed: int, member: CastMember, year: int) -> Records:
    """What the story tells; some weeks after its last day, what is drawn goes on from it.

    Of a kind that the story is silent about only what every child has is drawn, and no plan.
    """
    child, end = member.to_child(year), compute_last_planned_day(year)
    drawn = generate_records(seed, child, year)
    known = {
        name: told + tuple(_list_later(drawn[name], end)) if told and name != EHCP.name else told
        for name, told in member.build_records(year).items()
        if told or name not in _OF_EVERYBODY
    }
    away = {day for day, _ in member.build_planned_marks(year)}
    for each in known[suspensions.SUBJECT.export.name]:
        if isinstance(each, suspensions.Suspension):
            away |= {each.day, *each.list_days()}
    return {
        name: tuple(each for each in told if name in known or each.day not in away)
        for name, told in generate_records(seed, child, year, known).items()
    }


def _list_later(records: Iterable[Record], end: date) -> Iterator[Record]:
    """Those that come some weeks after the day `end`, and that nobody had arranged by it."""
    for each in records:
        if each.day > end + _QUIET:
            is_early = each.booked_on is not None and each.booked_on <= end
            yield replace(each, booked_on=None) if is_early else each


def build_record_frames(
    records: Mapping[str, Records], children: Iterable[Child], until: date
) -> dict[str, pl.DataFrame]:
    """A frame for each file by its name: what is known on `until`.

    `records` are by pupil number.  Children in their order, each by date.
    """
    leaving = {child.upn: child.leaving for child in children if child.upn in records}

    def list_rows(export: Export) -> list[tuple[object, ...]]:
        names = ("day" if column.name == "date" else column.name for column in export.columns[1:])
        get_values = attrgetter(*names)
        return [
            (upn, *get_values(record))
            for upn, last in leaving.items()
            for record in filter_known(records[upn].get(export.name, ()), until, last)
        ]

    exports = [each.export for each in SUBJECTS]
    return {export.name: to_frame(export, list_rows(export)) for export in exports}


def add_absences(
    seed: int,
    children: Sequence[Child],
    spells: Mapping[str, Iterable[Sequence[date]]],
    told: pl.DataFrame,
    until: date,
) -> pl.DataFrame:
    """The frame of concerns with the notes of spells away; one a day."""
    name = concerns.SUBJECT.export.name
    notes: dict[str, Records] = {}
    for child in children:
        if child.upn in spells:
            rng = open_stream(seed, child.upn, concerns.AWAY)
            noted = concerns.write_absences(rng, child, spells[child.upn])
            notes[child.upn] = {name: tuple(noted)}
    new = build_record_frames(notes, children, until)[name]
    both = pl.concat([told, new])
    both = both.unique(["upn", "date"], keep="first", maintain_order=True)
    return both.sort(pl.col("upn").cast(pl.Enum([child.upn for child in children])), "date")


def apply_register(
    frames: Mapping[str, pl.DataFrame], marks: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The files that hang on who was there: others sat a test later or never, and said nothing."""
    upns = pl.concat([frames[each.name].select("upn") for each in (TESTS, PEP, WORDS)]).unique()
    code = pl.col("code").cast(pl.String)
    days = (
        marks.drop_nulls("code")
        .join(upns, on="upn", how="semi")
        .group_by("upn", "date")
        .agg(is_there=code.is_in(_PRESENT).any() & (code != _VISIT).all())
    )
    tests, peps, words = (
        frames[each.name].join(days, on=["upn", "date"], how="left", maintain_order="left")
        for each in (TESTS, PEP, WORDS)
    )
    is_away = ~pl.col("is_there").fill_null(value=True)
    sat = pl.col("score").is_not_null() & is_away
    never = sat & pl.col("later").is_null()
    there = days.filter("is_there").select("upn", "date", later="date").sort("date")
    tests = (
        tests.with_row_index()
        .sort("date")
        .join_asof(
            there, on="date", by="upn", tolerance=_SOON, strategy="forward", check_sortedness=False
        )
        .sort("index")
        .with_columns(
            date=pl.when(sat).then(pl.coalesce("later", "date")).otherwise("date"),
            outcome=pl.when(never).then(pl.lit(ABSENT)).otherwise("outcome"),
        )
        .filter((pl.col("test") != "reading age") | pl.col("outcome").is_null())
        .with_columns(score=pl.when(pl.col("outcome").is_null()).then("score"))
        .sort(pl.col("index").min().over("upn"), "date", "index")
    )
    came = pl.when(is_away & (pl.col("child_attended") == "yes")).then(pl.lit("no"))
    peps = peps.with_columns(child_attended=came.otherwise("child_attended"))
    words = words.filter(~is_away | (pl.col("setting") == "review of care"))
    return {
        each.name: told.select(frames[each.name].columns)
        for each, told in ((TESTS, tests), (PEP, peps), (WORDS, words))
    }


def to_frame(export: Export, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """A frame of the rows, whose values stand in the order of the columns.

    Text, whole numbers or dates, null where a value is blank, as in the last columns where rows
    are shorter.  A column in which a word may stand for a date is text.
    """
    schema = {column.name: _get_type(column) for column in export.columns}
    whole = [
        row if len(row) == len(schema) else (*row, *[None] * (len(schema) - len(row)))
        for row in rows
    ]
    return pl.DataFrame(whole, schema=schema, orient="row")


def _get_type(column: Column) -> pl.DataType:
    if column.kind == "date" and not column.also_allowed:
        return pl.Date()
    return pl.Int64() if column.range is not None else pl.String()


def find_provision(steps: Iterable[Record], child: Child, until: date) -> str:
    """N, K or E by the steps of the child's plan up to the day `until`."""
    known = [step.event for step in filter_known(steps, until, child.leaving) if step.day <= until]
    turns = [event in _BEGINS for event in known if event in (*_BEGINS, *_ENDS)]
    if turns and turns[-1]:
        return _PLAN
    return _SUPPORT if known else _NONE


def generate_provision(rng: random.Random, told: Records, child: Child, until: date) -> str | None:
    """N, K or E on the roll of the day `until`; None where it says nothing."""
    steps = told.get(EHCP.name, ())
    was_out = sum(each.day <= until for each in told.get(suspensions.SUBJECT.export.name, ()))
    found, lags, is_blank = find_provision(steps, child, until), rng.random(), rng.random()
    if found == _PLAN:
        return _SUPPORT if lags < _LAGS else _PLAN
    if child.episodes and lags < _SAYS_ONE:
        return _PLAN
    if is_blank < _BLANK:
        return None
    has_support = is_so(rng, _IN_SCOPE if child.episodes else _OTHERS, child.story)
    return _SUPPORT if has_support or was_out >= _OFTEN else found
