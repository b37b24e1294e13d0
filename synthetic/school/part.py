"""A part of a made-up school: the rows of every file for some of its children."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter

import numpy as np
import polars as pl

from queries import contract
from queries.contract import Column, Export
from synthetic.cast.cast import CAST, CastMember
from synthetic.population.child import Child
from synthetic.population.personas import choose_persona, compute_rates
from synthetic.population.story import open_stream
from synthetic.school.contacts import generate_contacts, generate_other_numbers
from synthetic.school.records import generate_cast_records, generate_provision, generate_records
from synthetic.school.register import ExportWindow, Spells, generate_attendance
from synthetic.subjects import SUBJECTS, concerns
from synthetic.subjects.records import Records, filter_known

#: How many children a part has.  Another number would be another school.
AT_A_TIME = 1000
#: The codes of a child that is there, and of one out with its class; and how soon a test that was
#: missed is sat after all.
_PRESENT, _VISIT, _SOON = ("/", "\\", "L"), "V", "14d"
#: The outcome of a test that a child did not sit.
ABSENT = "A"

#: Frames by the name of their file.
Frames = dict[str, pl.DataFrame]


def generate_part(
    seed: int, window: ExportWindow, upns: frozenset[str], number: int, children: Sequence[Child]
) -> Frames:
    """Generate the frames of the part `number`, which has these `children`.

    Args:
        seed: The school's.
        window: What a file of the school's last day knows.
        upns: The pupil numbers of the cast.
        number: The place of the part in the school.
        children: Those of the part, also who has not come yet.
    """
    cast = {member.upn: member for member in CAST if member.upn in upns}
    children = _assign_personas(seed, children, cast, window.last)
    listed = [child for child in children if window.is_listed(child)]
    records = {
        child.upn: generate_cast_records(seed, cast[child.upn], window.last)
        if child.upn in cast
        else generate_records(seed, child, window.last)
        for child in children
        if child.upn in cast or (child.episodes and window.is_listed(child))
    }
    frames = _build_record_frames(records, listed, window.until)
    marks, spells = generate_attendance(seed, number, children, cast, records, window)
    first = number * AT_A_TIME
    return {
        contract.ROLL.name: to_frame(
            contract.ROLL,
            [_build_roll_row(seed, child, cast, records, window.until) for child in listed],
        ),
        contract.CARE_EPISODES.name: to_frame(
            contract.CARE_EPISODES, list(_build_care_rows(listed, window.until))
        ),
        contract.ATTENDANCE.name: marks,
        **frames,
        **_apply_register(frames, marks),
        contract.CONCERNS.name: _add_absences(
            seed, listed, spells, frames[contract.CONCERNS.name], window.until
        ),
        contract.OTHER_NUMBERS.name: to_frame(
            contract.OTHER_NUMBERS, list(generate_other_numbers(seed, first, listed))
        ),
        contract.CONTACTS.name: to_frame(
            contract.CONTACTS, generate_contacts(seed, first, listed, records, window.until)
        ),
    }


def _assign_personas(
    seed: int, children: Sequence[Child], cast: Mapping[str, CastMember], year: int
) -> list[Child]:
    """Return the children with a persona by chance and story, the cast as they are."""
    september = date(year, 9, 1)
    statuses = [child.get_status(min(september, child.leaving)) for child in children]
    ranks = np.array([child.story.absence_rank for child in children], dtype=np.float64)
    rates = compute_rates(statuses, ranks).tolist()
    return [
        child
        if child.upn in cast
        else replace(
            child,
            persona=choose_persona(
                open_stream(seed, child.upn, "persona"), status, rate, child.story
            ),
        )
        for child, status, rate in zip(children, statuses, rates, strict=True)
    ]


def _build_roll_row(
    seed: int,
    child: Child,
    cast: Mapping[str, CastMember],
    records: Mapping[str, Records],
    until: date,
) -> tuple[object, ...]:
    group = child.compute_year_group(min(child.leaving, max(until, child.entry)))
    person, member = child.person, cast.get(child.upn)
    provision = generate_provision(seed, records.get(child.upn, {}), child, until, member)
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
        provision,
    )


def _build_care_rows(children: Iterable[Child], until: date) -> Iterator[tuple[object, ...]]:
    for child in children:
        for episode in child.episodes:
            if episode.first_day <= until:
                yield (
                    child.upn,
                    episode.status,
                    episode.start.isoformat() if episode.start else contract.UNKNOWN,
                    episode.known_since,
                    episode.end if episode.end and episode.end <= until else None,
                    episode.authority,
                    episode.legal_status,
                    episode.home,
                )


def _build_record_frames(
    records: Mapping[str, Records], children: Iterable[Child], until: date
) -> Frames:
    """Build a frame for each file of records, of what is known on `until`, children in order."""
    leaving = {child.upn: child.leaving for child in children if child.upn in records}

    def list_rows(export: Export) -> list[tuple[object, ...]]:
        names = ("day" if column.name == "date" else column.name for column in export.columns[1:])
        get_values = attrgetter(*names)
        return [
            (upn, *get_values(record))
            for upn, last in leaving.items()
            for record in filter_known(records[upn].get(export.name, ()), until, last)
        ]

    exports = [subject.export for subject in SUBJECTS]
    return {export.name: to_frame(export, list_rows(export)) for export in exports}


def _add_absences(
    seed: int, children: Sequence[Child], spells: Spells, notes: pl.DataFrame, until: date
) -> pl.DataFrame:
    """Return the notes of concern with those of absences, one a day."""
    name = contract.CONCERNS.name
    new: dict[str, Records] = {}
    for child in children:
        if child.upn in spells:
            rng = open_stream(seed, child.upn, concerns.AWAY)
            new[child.upn] = {name: tuple(concerns.write_absences(rng, child, spells[child.upn]))}
    both = pl.concat([notes, _build_record_frames(new, children, until)[name]])
    both = both.unique(["upn", "date"], keep="first", maintain_order=True)
    return both.sort(pl.col("upn").cast(pl.Enum([child.upn for child in children])), "date")


def _apply_register(frames: Frames, marks: pl.DataFrame) -> Frames:
    """Return the files that hang on who was there: others sat tests later, or said nothing."""
    tests, peps, words = (
        frames[export.name] for export in (contract.TESTS, contract.PEP, contract.WORDS)
    )
    upns = pl.concat([frame.select("upn") for frame in (tests, peps, words)]).unique()
    code = pl.col("code").cast(pl.String)
    days = (
        marks.drop_nulls("code")
        .join(upns, on="upn", how="semi")
        .group_by("upn", "date")
        .agg(is_there=code.is_in(_PRESENT).any() & (code != _VISIT).all())
    )
    is_away = ~pl.col("is_there").fill_null(value=True)
    there = days.filter("is_there").select("upn", "date", later="date").sort("date")
    sat = pl.col("score").is_not_null() & is_away
    tests = (
        tests.join(days, on=["upn", "date"], how="left", maintain_order="left")
        .with_row_index()
        .sort("date")
        .join_asof(
            there, on="date", by="upn", tolerance=_SOON, strategy="forward", check_sortedness=False
        )
        .sort("index")
        .with_columns(
            date=pl.when(sat).then(pl.coalesce("later", "date")).otherwise("date"),
            outcome=pl.when(sat & pl.col("later").is_null())
            .then(pl.lit(ABSENT))
            .otherwise("outcome"),
        )
        .filter((pl.col("test") != "reading age") | pl.col("outcome").is_null())
        .with_columns(score=pl.when(pl.col("outcome").is_null()).then("score"))
        .sort(pl.col("index").min().over("upn"), "date", "index")
    )
    came = pl.when(is_away & (pl.col("child_attended") == "yes")).then(pl.lit("no"))
    peps = peps.join(days, on=["upn", "date"], how="left", maintain_order="left").with_columns(
        child_attended=came.otherwise("child_attended")
    )
    words = words.join(days, on=["upn", "date"], how="left", maintain_order="left").filter(
        ~is_away | (pl.col("setting") == "review of care")
    )
    return {
        export.name: frame.select(frames[export.name].columns)
        for export, frame in (
            (contract.TESTS, tests),
            (contract.PEP, peps),
            (contract.WORDS, words),
        )
    }


def to_frame(export: Export, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Return a frame of the rows, whose values stand in the order of the columns.

    Text, whole numbers or dates, null where a value is blank, as in the last columns where rows
    are shorter.  A column in which a word may stand for a date is text.
    """
    schema = {column.name: _get_type(column) for column in export.columns}
    missing = [None] * (len(schema) - len(rows[0])) if rows else []
    whole = [(*row, *missing) for row in rows] if missing else rows
    return pl.DataFrame(whole, schema=schema, orient="row")


def _get_type(column: Column) -> pl.DataType:
    if column.kind == "date" and not column.also_allowed:
        return pl.Date()
    return pl.Int64() if column.range is not None else pl.String()
