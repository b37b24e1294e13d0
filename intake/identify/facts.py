"""What checked rows tell of who a child is, and of the whole school.

Pure functions of frames.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

import polars as pl

from intake.check.held import Held
from intake.register.summary import Summary
from queries import reference
from queries.contract import (
    ATTENDANCE,
    CARE_EPISODES,
    CONTACTS,
    FIRST_DAY,
    ROLL,
    WHOLE_SCHOOL_WEEKLY,
)

Frames = Mapping[str, pl.DataFrame]


def list_upns_in_scope(frames: Frames, is_known: Callable[[str], bool]) -> list[str]:
    """The UPNs on the roll that the care file names or an earlier one named, in its order.

    Without a roll, which an authority has not, those of the care file.  known: whether the home
    holds this child already.
    """
    named = set(frames[CARE_EPISODES.name]["upn"]) if CARE_EPISODES.name in frames else set()
    upns = get_children_file(frames)["upn"].unique(maintain_order=True)
    return [upn for upn in upns if upn in named or is_known(upn)]


def get_children_file(frames: Frames) -> pl.DataFrame:
    """The file that says which children there are: the roll, or an authority's care file."""
    return frames[ROLL.name if ROLL.name in frames else CARE_EPISODES.name]


def list_gone(frames: Frames, upns: Sequence[str]) -> set[str]:
    """Of these children those whom the roll does not have any more: another school knows better."""
    if ROLL.name not in frames:
        return set(upns)
    here = frames[ROLL.name].filter(pl.col("leaving_date").is_null())["upn"]
    return set(upns) - set(here)


def extract_identities(frames: Frames, upns: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the vault seals of each child: the personal columns of the newest stay, as text.

    A blank is left out.
    """
    personal = [column.name for column in ROLL.columns if column.personal]
    rows = (
        frames[ROLL.name]
        .filter(pl.col("upn").is_in(upns))
        .sort("entry_date")
        .group_by("upn", maintain_order=True)
        .last()
        .select(pl.col(personal).cast(pl.String))
    )
    return {
        row["upn"]: {name: value for name, value in row.items() if value is not None}
        for row in rows.iter_rows(named=True)
    }


def extract_contacts(frames: Frames, upns: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """Whom to call about each of these children that contacts.csv names, in their order.

    As text; a blank is left out.
    """
    rows = frames.get(CONTACTS.name)
    if rows is None:
        return {}
    columns = [name for name in CONTACTS.header if name != "upn"]
    found: dict[str, list[dict[str, str]]] = {}
    ordered = rows.filter(pl.col("upn").is_in(list(upns))).sort("upn", "priority")
    for row in ordered.select("upn", pl.col(columns).cast(pl.String)).iter_rows(named=True):
        values = {name: row[name] for name in columns if row[name] is not None}
        found.setdefault(row["upn"], []).append(values)
    return found


def compute_whole_school(
    frames: Frames, register: Summary, scope: Sequence[str], held: Held | None = None
) -> pl.DataFrame:
    """The whole school's sessions by week: from the register if it is everybody's.

    raw_school_week with `file_name` beside it, the export that a total is from.  It is when every
    child who was on roll on one of its days has a row in it, and some of them are not in scope.
    Otherwise the weeks of whole_school_weekly.csv, if it is there.  Where no roll is at hand it is
    if it names as many as were on the home's.
    """
    weekly = frames.get(WHOLE_SCHOOL_WEEKLY.name)
    fallback = _EMPTY_WEEKS if weekly is None else _build_reported_weeks(weekly)
    if not register.rows:
        return fallback
    in_register = register.children["upn"]
    if ROLL.name in frames:
        on_roll = list_on_roll(frames[ROLL.name], register.sessions["date"].unique())
        is_whole = bool(on_roll.is_in(in_register.implode()).all())
        is_everybody = is_whole and bool((~on_roll.is_in(scope)).any())
    else:
        number = (held.roll_children if held else None) or 0
        is_everybody = in_register.len() >= number > 0 and in_register.len() > len(scope)
    if not is_everybody:
        return fallback
    weeks = _sum_weeks(register.sessions)
    only_weekly = fallback.join(weeks, on="week_start", how="anti")
    return pl.concat([only_weekly, weeks]).sort("week_start")


def list_on_roll(roll: pl.DataFrame, days: pl.Series) -> pl.Series:
    """The UPNs of whoever is on a roll on one of these days."""
    last = pl.col("leaving_date").fill_null(date.max)
    ordered = days.sort()
    ends = roll.with_columns(last=last)
    until = ordered.search_sorted(ends["last"], side="right")
    before = ordered.search_sorted(ends["entry_date"], side="left")
    return ends.filter(until > before)["upn"].unique()


def compute_last_fact_date(frames: Frames, today: date) -> date:
    """The latest first day, by `today`, of a stay or a status: where data end without marks."""
    firsts = {ROLL.name: pl.col("entry_date"), CARE_EPISODES.name: FIRST_DAY}
    days = pl.concat(
        frames[name].select(day).to_series() for name, day in firsts.items() if name in frames
    )
    last = days.filter(days <= today).max()
    return last if isinstance(last, date) else today


_EMPTY_WEEKS = pl.DataFrame(
    schema={
        "week_start": pl.Date,
        "school_days": pl.Int64,
        "possible_sessions": pl.Int64,
        "authorised_absent_sessions": pl.Int64,
        "unauthorised_absent_sessions": pl.Int64,
        "file_name": pl.String,
    }
)


def _build_reported_weeks(weekly: pl.DataFrame) -> pl.DataFrame:
    """The fallback file's weeks; a whole week is assumed, for the file gives no days."""
    return weekly.with_columns(
        pl.lit(5, dtype=pl.Int64).alias("school_days"),
        pl.lit(WHOLE_SCHOOL_WEEKLY.name).alias("file_name"),
    ).select(_EMPTY_WEEKS.columns)


def _sum_weeks(sessions: pl.DataFrame) -> pl.DataFrame:
    """Weekly totals of a register, by what its codes count as on their dates.

    school_days: the days of the week that have a mark, also those on which nothing was possible;
    a planned closure, which is entered ahead, tells of no day.
    """
    week = pl.col("date").dt.truncate("1w").alias("week_start")
    marked = (
        sessions.filter(pl.col("code").is_not_null())
        .group_by("date", "code")
        .agg(sessions=pl.col("rows").sum())
        .join(reference.read("attendance_code"), on="code")
        .filter(reference.is_valid_on(pl.col("date")), pl.col("kind") != "closed")
    )
    possible = pl.col("sessions").filter("is_possible")
    is_authorised = pl.col("is_absent") & pl.col("is_authorised")
    is_unauthorised = pl.col("is_absent") & ~pl.col("is_authorised")
    return (
        marked.group_by(week)
        .agg(
            pl.col("date").n_unique().cast(pl.Int64).alias("school_days"),
            possible.sum().alias("possible_sessions"),
            pl.col("sessions").filter(is_authorised).sum().alias("authorised_absent_sessions"),
            pl.col("sessions").filter(is_unauthorised).sum().alias("unauthorised_absent_sessions"),
        )
        .with_columns(pl.lit(ATTENDANCE.name).alias("file_name"))
        .sort("week_start")
    )
