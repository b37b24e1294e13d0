"""A made-up authority: the children of two large schools, dealt out to many small ones.

One school in three is a secondary school, and these have half of the children.  A few children move
at the October half term, a few have no place, and some came into care this autumn.  One school is
late with its register, and one sends nonsense in its place.  The authority writes the care file,
and finds tuition for children without a place.  A few suspensions are long or are exclusions.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from queries.contract import (
    ALL_EXPORTS,
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    CHANGES,
    HEALTH,
    PEP,
    PROVISION,
    REVIEWS,
    ROLL,
    SCHOOL,
    SUSPENSIONS,
    Export,
    get_category,
)
from synthetic.population.groups import LOOKED_AFTER
from synthetic.population.story import open_stream
from synthetic.school.school import make_school

#: The made-up schools' URNs begin here.
FIRST_URN = 900_001
_LATE, _NONSENSE = 5, 11
_LATE_DAYS = timedelta(14)
#: One in so many children moves to another school, and one in so many has no school place.
_ONE_MOVES_IN, _ONE_HAS_NONE_IN = 25, 60
#: The last day before the half term, and the first day after it.
_LEFT, _CAME = date(2026, 10, 23), date(2026, 11, 2)
#: One in so many of the children who came into care last year comes this autumn instead, within so
#: many days.  The last name has the files about care.
_LAST_YEAR, _THIS_AUTUMN, _NEW_IN, _NEW_DAYS = "2025-09-01", date(2026, 8, 24), 2, 70
_OF_CARE = (CHANGES, HEALTH, PEP, REVIEWS)
#: One in so many of the year's suspensions becomes one of these in turn: its category, its sessions
#: and their marks.  After an exclusion the last mark goes on.
_THIS_YEAR, _LONG_IN = date(2026, 9, 1), 3
_LONG = (("SUSP", 14, "E" * 10 + "B" * 4), ("PERM", 10, "E" * 10 + "K"), ("SUSP", 12, "E" * 12))
#: The kinds of schools: their year groups, and their places among every three schools.
_KINDS = {"secondary": (range(7, 12), (0,)), "primary": (range(7), (1, 2))}
_PLACES = {"upn": pl.String, "place": pl.Int64, "from": pl.Date, "until": pl.Date}


def write_authority(
    out: Path,
    *,
    seed: int = 7,
    schools: int = 600,
    children: int = 700,
    until: date = date(2026, 11, 20),
) -> None:
    """Write the authority's care file into the folder `out`, and each school's files below it."""
    care, without = [], []
    out.mkdir(parents=True, exist_ok=True)
    for kind, (groups, of_three) in _KINDS.items():
        share = children // len(_KINDS)
        made = make_school(seed, children=share, years=1, until=until, groups=groups).frames
        frames = _suspend_longer(_come_later(open_stream(seed, "new", kind), made))
        numbers = [number for number in range(schools) if number % 3 in of_three]
        care.append(frames[CARE_EPISODES.name])
        stays = frames[ROLL.name].filter(pl.col("upn").is_in(care[-1]["upn"].implode()))
        dealt = _deal_out(open_stream(seed, "authority", kind), stays, numbers)
        places = pl.DataFrame(list(dealt), _PLACES, orient="row")
        moved = places.filter(pl.col("from").is_not_null())["upn"].implode()
        left = places.filter(pl.col("until").is_not_null(), ~pl.col("upn").is_in(moved))
        without += left["upn"].to_list()[::2]
        for number in numbers:
            _write_school(out, number, kind, frames, places.filter(place=number), until)
    _write(pl.concat(care), out, CARE_EPISODES)
    tuition = {"date": _CAME, "kind": "alternative provision", "agreed_by": "Virtual School"}
    tuition |= {"review": until, "hours": 10}
    empty = dict.fromkeys(column.name for column in PROVISION.columns)
    if rows := [{**empty, "upn": upn, **tuition} for upn in without]:
        _write(pl.DataFrame(rows), out, PROVISION)


def _write_school(
    out: Path,
    number: int,
    kind: str,
    frames: Mapping[str, pl.DataFrame],
    places: pl.DataFrame,
    until: date,
) -> None:
    folder = out / f"{FIRST_URN + number}"
    folder.mkdir()
    for export in ALL_EXPORTS:
        if export.name in frames and export is not CARE_EPISODES:
            rows = _select(export, frames, places)
            if export is SCHOOL:
                name = f"Ashmere {number + 1} {kind.capitalize()} School"
                texts = {"name": name, "school_id": folder.name, "phase": kind}
                rows = rows.with_columns(**{key: pl.lit(text) for key, text in texts.items()})
            if number == _LATE and "date" in rows.columns and export is not CALENDAR:
                rows = rows.filter(pl.col("date") <= until - _LATE_DAYS)
            if len(rows) or export.required:
                _write(rows, folder, export)
    if number == _NONSENSE:
        (folder / ATTENDANCE.name).write_text("Monday,all here but two\n", encoding="ascii")


def _come_later(rng: random.Random, made: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Move some children's start of care from last year to this autumn, and drop older records."""
    frames = dict(made)
    care = frames[CARE_EPISODES.name]
    is_care, is_open = pl.col("status") == LOOKED_AFTER, pl.col("end").is_null()
    began = care.filter(is_care, pl.col("start").str.starts_with("20"))
    lately = began.filter(pl.col("start").min().over("upn") >= _LAST_YEAR).filter(is_open)["upn"]
    new = {upn: _THIS_AUTUMN + timedelta(rng.randrange(_NEW_DAYS)) for upn in lately[::_NEW_IN]}
    start = pl.col("upn").replace_strict(new, default=None, return_dtype=pl.Date)
    frames[CARE_EPISODES.name] = care.filter(~is_care | is_open | start.is_null()).with_columns(
        start=pl.when(is_care).then(start.cast(pl.String)).fill_null(pl.col("start"))
    )
    for export in _OF_CARE:
        is_later = pl.col("date") >= start.fill_null(date.min)
        frames[export.name] = frames[export.name].filter(is_later)
    return frames


def _suspend_longer(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make some suspensions of the year long, or exclusions, in their file and the register."""
    rows, marks = frames[SUSPENSIONS.name], frames[ATTENDANCE.name]
    once = rows.filter(pl.col("date") >= _THIS_YEAR).filter(pl.len().over("upn") == 1)
    long, changed = [], [marks.clear()]
    for n, (upn, day) in enumerate(once.select("upn", "date").gather_every(_LONG_IN).iter_rows()):
        category, sessions, codes = _LONG[n % len(_LONG)]
        missed = marks.filter(pl.col("upn") == upn, pl.col("date") >= day).sort("date", "session")
        if category == "PERM":
            codes = codes.ljust(missed.height, codes[-1])
        long.append((upn, day, category, sessions))
        missed = missed.head(len(codes))
        new_codes = pl.Series(list(codes[: missed.height]), dtype=marks.schema["code"])
        changed.append(missed.with_columns(code=new_codes))
    names = {"upn": pl.String, "date": pl.Date, "category": pl.String, "sessions": pl.Int64}
    longer = pl.DataFrame(long, names, orient="row")
    frames[SUSPENSIONS.name] = rows.update(longer, on=["upn", "date"])
    frames[ATTENDANCE.name] = marks.update(
        pl.concat([marks.clear(), *changed]), on=["upn", "date", "session"]
    )
    return frames


def _deal_out(
    rng: random.Random, stays: pl.DataFrame, schools: Sequence[int]
) -> Iterator[tuple[str, int, date | None, date | None]]:
    """Yield the places of the authority's children: upn, school, first day and last day."""
    for upn in stays["upn"].unique(maintain_order=True):
        number, other = rng.choice(schools), rng.choice(schools)
        fate = rng.randrange(_ONE_MOVES_IN * _ONE_HAS_NONE_IN)
        if fate % _ONE_HAS_NONE_IN == 0:
            if fate % 2 == 0:  # the others never had a place here
                yield upn, number, None, _LEFT
        elif fate % _ONE_MOVES_IN == 0 and other != number:
            yield upn, number, None, _LEFT
            yield upn, other, _CAME, None
        else:
            yield upn, number, None, None


def _select(
    export: Export, frames: Mapping[str, pl.DataFrame], places: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of a school's children, for the days on which they are at the school."""
    rows = frames[export.name]
    if "upn" not in rows.columns:
        return rows
    joined = rows.join(places, on="upn", how="inner", maintain_order="left")
    first, last = pl.col("from").fill_null(date.min), pl.col("until").fill_null(date.max)
    if export is ROLL:
        # drop stays that ended before a child came here, or began after they left
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
