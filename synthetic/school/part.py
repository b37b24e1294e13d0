"""A part of a made-up school: the rows of all files for some of its children."""

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
from synthetic.population.groups import GROUPS, compute_rates
from synthetic.population.story import open_stream
from synthetic.school.contacts import generate_contacts, generate_other_numbers
from synthetic.school.records import generate_cast_records, generate_provision, generate_records
from synthetic.school.register import ExportWindow, generate_attendance
from synthetic.subjects import SUBJECTS
from synthetic.subjects.records import Records, filter_known

#: The number of children in a part.  Another number would give another school.
AT_A_TIME = 1000

#: Frames by the name of their file.
Frames = dict[str, pl.DataFrame]


def generate_part(
    seed: int, window: ExportWindow, upns: frozenset[str], number: int, children: Sequence[Child]
) -> Frames:
    """Generate the frames of the part `number` with these `children`.

    Args:
        seed: The seed of the school.
        window: The days that a file of the school's last day covers.
        upns: The UPNs of the cast.
        number: The place of the part in the school.
        children: The children of the part, also those who have not come yet.
    """
    cast = {member.upn: member for member in CAST if member.upn in upns}
    children = list(_choose_habits(seed, children, cast, window.last))
    listed = [child for child in children if window.is_listed(child)]
    records = {
        child.upn: generate_cast_records(seed, cast[child.upn], window.last)
        if child.upn in cast
        else generate_records(seed, child, window.last)
        for child in children
        if child.upn in cast or (child.episodes and window.is_listed(child))
    }
    first, until = number * AT_A_TIME, window.until
    rows = [
        (contract.ROLL, [_build_roll_row(seed, child, cast, records, until) for child in listed]),
        (contract.CARE_EPISODES, list(_build_care_rows(listed, until))),
        *(
            (subject.export, _list_rows(subject.export, records, until, listed))
            for subject in SUBJECTS
        ),
        (contract.OTHER_NUMBERS, list(generate_other_numbers(seed, first, listed))),
        (contract.CONTACTS, generate_contacts(seed, first, listed, records, until)),
    ]
    frames = {export.name: to_frame(export, lines) for export, lines in rows}
    marks = generate_attendance(seed, number, children, cast, records, window)
    return frames | {contract.ATTENDANCE.name: marks}


def _choose_habits(
    seed: int, children: Sequence[Child], cast: Mapping[str, CastMember], year: int
) -> Iterator[Child]:
    """Give children a habit by chance and by their absence.  The cast keep their own."""
    september = date(year, 9, 1)
    statuses = [child.get_status(min(september, child.leaving)) for child in children]
    ranks = np.array([child.story.absence_rank for child in children], dtype=np.float64)
    rates = compute_rates(statuses, ranks).tolist()
    for child, status, rate in zip(children, statuses, rates, strict=True):
        rng = open_stream(seed, child.upn, "habit")
        habit = child.habit if child.upn in cast else GROUPS[status].choose_habit(rng, rate)
        yield replace(child, habit=habit)


def _build_roll_row(
    seed: int,
    child: Child,
    cast: Mapping[str, CastMember],
    records: Mapping[str, Records],
    until: date,
) -> tuple[object, ...]:
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
        generate_provision(seed, records.get(child.upn, {}), child, until, cast.get(child.upn)),
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


def _list_rows(
    export: Export, records: Mapping[str, Records], until: date, children: Iterable[Child]
) -> list[tuple[object, ...]]:
    """List the rows of a file for the records that are known on `until`, in order of children."""
    names = ("day" if column.name == "date" else column.name for column in export.columns[1:])
    get_values = attrgetter(*names)
    return [
        (child.upn, *get_values(record))
        for child in children
        if child.upn in records
        for record in filter_known(records[child.upn].get(export.name, ()), until, child.leaving)
    ]


def to_frame(export: Export, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Return a frame of rows with their values in the order of the columns.

    Values are text, whole numbers or dates, and null if blank.  Columns that the rows lack at the
    end are null.  A column that may have a word in place of a date is text.
    """
    schema = {column.name: _get_type(column) for column in export.columns}
    missing = [None] * (len(schema) - len(rows[0])) if rows else []
    whole = [(*row, *missing) for row in rows] if missing else rows
    return pl.DataFrame(whole, schema=schema, orient="row")


def _get_type(column: Column) -> pl.DataType:
    if column.kind == "date" and not column.also_allowed:
        return pl.Date()
    return pl.Int64() if column.range is not None else pl.String()
