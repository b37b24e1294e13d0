"""Work out who a child is, and the whole school's weeks, from checked rows.

These are pure functions of frames.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

import polars as pl

from intake.check.coverage import list_whole_days
from intake.check.held import Held
from intake.check.register import Summary
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
    """Return the UPNs on the roll that the care file names or the home knows, in its order.

    An authority has no roll: then they are those of the care file.  is_known: says whether the
    home already holds this child.
    """
    named = set(frames[CARE_EPISODES.name]["upn"]) if CARE_EPISODES.name in frames else set()
    upns = get_children_file(frames)["upn"].unique(maintain_order=True)
    return [upn for upn in upns if upn in named or is_known(upn)]


def get_children_file(frames: Frames) -> pl.DataFrame:
    """Return the file that decides which children there are: the roll, or else the care file."""
    return frames[ROLL.name if ROLL.name in frames else CARE_EPISODES.name]


def list_gone(frames: Frames, upns: Sequence[str]) -> set[str]:
    """Return those of these children who are no longer on the roll: another school knows more."""
    if ROLL.name not in frames:
        return set(upns)
    current = frames[ROLL.name].filter(pl.col("leaving_date").is_null())["upn"]
    return set(upns) - set(current)


def extract_identities(frames: Frames, upns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what the vault seals of each child: the personal columns of the latest stay, as text.

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
    """Return the people to call about each of these children, from contacts.csv, in their order.

    The values are text, and a blank is left out.
    """
    rows = frames.get(CONTACTS.name)
    if rows is None:
        return {}
    columns = [name for name in CONTACTS.header if name != "upn"]
    contacts: dict[str, list[dict[str, str]]] = {}
    ordered = rows.filter(pl.col("upn").is_in(list(upns))).sort("upn", "priority")
    for row in ordered.select("upn", pl.col(columns).cast(pl.String)).iter_rows(named=True):
        values = {name: row[name] for name in columns if row[name] is not None}
        contacts.setdefault(row["upn"], []).append(values)
    return contacts


def compute_whole_school(
    frames: Frames, register: Summary, scope: Sequence[str], held: Held | None = None
) -> pl.DataFrame:
    """Return the whole school's sessions by week: raw_school_week, and `file_name`.

    The register gives the days on which it covers the whole school, if it names a child who is
    not in scope.  Other weeks come from whole_school_weekly.csv, if it is there.

    Args:
        frames: The rows that are taken.
        register: The sums of the register's rows that are taken.
        scope: The UPNs of the children who are shown here.
        held: What the home holds.
    """
    weekly = frames.get(WHOLE_SCHOOL_WEEKLY.name)
    fallback = _EMPTY_WEEKS if weekly is None else _build_reported_weeks(weekly)
    if not register.rows:
        return fallback
    if set(scope).issuperset(register.children["upn"]):
        return fallback
    days = list_whole_days(register, frames.get(ROLL.name), held or Held())
    weeks = _sum_weeks(register.sessions.filter(pl.col("date").is_in(days.implode())))
    only_weekly = fallback.join(weeks, on="week_start", how="anti")
    return pl.concat([only_weekly, weeks]).sort("week_start")


def compute_last_fact_date(frames: Frames, today: date) -> date:
    """Return where data without marks end: the latest start of a stay or status by `today`."""
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
    """Return the fallback file's weeks. Each counts as five days, because the file gives none."""
    return weekly.with_columns(
        pl.lit(5, dtype=pl.Int64).alias("school_days"),
        pl.lit(WHOLE_SCHOOL_WEEKLY.name).alias("file_name"),
    ).select(_EMPTY_WEEKS.columns)


def _sum_weeks(sessions: pl.DataFrame) -> pl.DataFrame:
    """Return the weekly totals of a register, by what its codes count as on their dates.

    school_days: the days of the week that have a mark, even if no session was possible on them. A
    planned closure is no such mark, because it is entered ahead.
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
