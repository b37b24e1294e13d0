"""Writes a made-up authority: the children of two large schools, dealt out to many small ones.

One school in three is a secondary school; together they have half of the children.  A few move at
the October half term, a few have no place; one school is late with its register, and one sends a
register that is none.  The care file is the authority's own.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import polars as pl

from queries.contract import (
    ALL_EXPORTS,
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    ROLL,
    SCHOOL,
    Export,
    get_category,
)
from synthetic.population.story import open_stream
from synthetic.school.school import make_school

#: The made-up schools' URNs begin here.
FIRST_URN = 900_001
_LATE, _NONSENSE = 5, 11
_LATE_DAYS = timedelta(14)
#: One in so many children moves, or has no school place, now or ever.
_ONE_MOVES_IN, _ONE_HAS_NONE_IN = 25, 60
#: The last day before the half term, and the first one after.
_LEFT, _CAME = date(2026, 10, 23), date(2026, 11, 2)
_STEMS = [
    f"{tree} {place}"
    for place, tree in product(
        ("Road", "Lane", "Park", "Hill", "Green", "Street"),
        ("Alder", "Ash", "Beech", "Cedar", "Elm", "Hazel", "Linden", "Maple", "Oak", "Rowan"),
    )
]
#: The kinds of schools: their year groups, and where they stand among three schools.
_KINDS = {"secondary": (range(7, 12), (0,)), "primary": (range(7), (1, 2))}
_PLACES = {"upn": pl.String, "place": pl.Int64, "from": pl.Date, "until": pl.Date}


def write_authority(
    out: Path,
    *,
    seed: int = 7,
    schools: int = len(_STEMS),
    children: int = 700,
    until: date = date(2026, 11, 20),
) -> None:
    """Write the authority's care file into the folder `out`, and each school's files below it."""
    care = []
    out.mkdir(parents=True, exist_ok=True)
    for kind, (groups, of_three) in _KINDS.items():
        share = children // len(_KINDS)
        frames = make_school(seed, children=share, years=1, until=until, groups=groups).frames
        numbers = [number for number in range(schools) if number % 3 in of_three]
        care.append(frames[CARE_EPISODES.name])
        stays = frames[ROLL.name].filter(pl.col("upn").is_in(care[-1]["upn"].implode()))
        dealt = _deal_out(open_stream(seed, "authority", kind), stays, numbers)
        places = pl.DataFrame(list(dealt), _PLACES, orient="row")
        for number in numbers:
            _write_school(out, number, kind, frames, places.filter(place=number), until)
    _write(pl.concat(care), out, CARE_EPISODES)


def _write_school(
    out: Path,
    number: int,
    kind: str,
    frames: Mapping[str, pl.DataFrame],
    own: pl.DataFrame,
    until: date,
) -> None:
    folder = out / f"{FIRST_URN + number}"
    folder.mkdir()
    for export in ALL_EXPORTS:
        if export.name in frames and export is not CARE_EPISODES:
            found = _select(export, frames, own)
            if export is SCHOOL:
                name = f"{_STEMS[number]} {kind.capitalize()} School"
                said = {"name": name, "school_id": folder.name, "phase": kind}
                found = found.with_columns(**{key: pl.lit(text) for key, text in said.items()})
            if number == _LATE and "date" in found.columns and export is not CALENDAR:
                found = found.filter(pl.col("date") <= until - _LATE_DAYS)
            if len(found) or export.required:
                _write(found, folder, export)
    if number == _NONSENSE:
        (folder / ATTENDANCE.name).write_text("Monday,all here but two\n", encoding="ascii")


def _deal_out(
    rng: random.Random, stays: pl.DataFrame, schools: Sequence[int]
) -> Iterator[tuple[str, int, date | None, date | None]]:
    """Where each child of the authority is, from and until when."""
    for upn in stays["upn"].unique(maintain_order=True):
        number, other = rng.choice(schools), rng.choice(schools)
        fate = rng.randrange(_ONE_MOVES_IN * _ONE_HAS_NONE_IN)
        if fate % _ONE_HAS_NONE_IN == 0:
            if fate % 2 == 0:  # the others never had one here
                yield upn, number, None, _LEFT
        elif fate % _ONE_MOVES_IN == 0 and other != number:
            yield upn, number, None, _LEFT
            yield upn, other, _CAME, None
        else:
            yield upn, number, None, None


def _select(export: Export, frames: Mapping[str, pl.DataFrame], own: pl.DataFrame) -> pl.DataFrame:
    """The rows of a school's children, in the days in which it has each of them."""
    rows = frames[export.name]
    if "upn" not in rows.columns:
        return rows
    joined = rows.join(own, on="upn", how="inner", maintain_order="left")
    first, last = pl.col("from").fill_null(date.min), pl.col("until").fill_null(date.max)
    if export is ROLL:
        # who came has no earlier stay here, and who left none that began later
        joined = joined.filter(
            pl.col("leaving_date").fill_null(date.max) >= first, pl.col("entry_date") <= last
        ).with_columns(
            entry_date=pl.max_horizontal("entry_date", "from"),
            leaving_date=pl.min_horizontal("leaving_date", "until"),
        )
    elif "date" in rows.columns:
        joined = joined.filter(pl.col("date").is_between(first, last))
    elif get_category(export).is_about_pupils:
        joined = joined.filter(pl.col("until").is_null())
    return joined.select(rows.columns)


def _write(rows: pl.DataFrame, folder: Path, export: Export) -> None:
    text = rows.write_csv(quote_style="necessary")
    (folder / export.name).write_text(text, encoding="utf-8")
