"""Check rows against other rows, and files against each other.

Only rows without a fault of their own take part, so that each mistake is reported once.  A row
gets one such fault at most, the first in this order: not on the roll; before birth; not of that
age; age not known; one UPN, two children; duplicate; outside enrolment; mark on a closed day;
overlap.
A check is not made if it needs a file that is missing or was not read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from intake.check import upn
from intake.check.ages import compute_age, compute_year_group_band, list_births
from intake.check.held import Held
from intake.check.rows import build_faults, find_event_column
from intake.check.values import TypedFile
from intake.spelling import spell_value
from intake.tables import WORD
from queries import reference
from queries.contract import (
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    FIRST_DAY,
    ROLL,
    SCHOOL,
    UPN,
    get_category,
)

SCHOOL_DAY = "school day"
#: The number of parts in which the rows of a register are compared.
_PARTS = 16

#: The kind of each status that a child can have only one at a time of; others are their own kind.
_EXCLUSIVE = {
    **dict.fromkeys(("in need", "on a protection plan"), "need"),
    **dict.fromkeys(("looked after", "previously looked after"), "care"),
}


def check_across(
    files: Mapping[str, TypedFile], held: Held, home_files: Mapping[str, TypedFile]
) -> dict[str, TypedFile]:
    """Return the files with the faults that only other rows and files show.

    home_files: the home's own roll and calendar, as `Held.build_files` returns them.
    """
    roll = Roll(files[ROLL.name]) if ROLL.name in files else None
    checked = {}
    for name, typed in files.items():
        roll_faults = _hold_against_roll(typed, roll) if roll is not None else ()
        home_faults = _hold_against_home(typed, held, is_alone=roll is None)
        faults = [*roll_faults, *home_faults, *_hold_against_rows(typed, {**files, **home_files})]
        row_faults = pl.concat(faults).unique("row", keep="first", maintain_order=True)
        checked[name] = replace(typed, faults=pl.concat([typed.faults, row_faults]))
    return checked


def is_closed_day(date: str, calendar: TypedFile) -> pl.Expr:
    """Say whether the day in the column `date` is known not to be a school day.

    A day that the calendar does not list is closed, unless a row of the calendar has no readable
    date, which may be that day. A day whose row has a fault is not judged.
    """
    days = calendar.rows.filter(pl.col("date").is_not_null())
    may_be_open = days.filter((pl.col("kind") == SCHOOL_DAY) | pl.col("kind").is_null())
    is_closed = ~pl.col(date).is_in(may_be_open["date"].implode())
    if calendar.skipped_keys or len(days) < len(calendar.rows):
        is_closed = is_closed & pl.col(date).is_in(days["date"].implode())
    return is_closed


class Roll:
    """The numbers and births of a roll. A row counts whatever else is wrong with it.

    A UPN with a wrong first letter is reported once, at the roll, and not at each of the child's
    marks. `mistyped` holds such numbers without that letter. For `births` see `list_births`.
    """

    def __init__(self, roll: TypedFile) -> None:
        self.upns = {*roll.rows["upn"].drop_nulls(), *_left_out_upns(roll)}
        wrong = roll.faults.filter(pl.col("fault") == "UPN check letter")
        self.mistyped = set(roll.text.join(wrong, on="row", how="semi")["upn"].str.slice(1))
        self.births = list_births(roll.right_rows)

    def list_unlisted(self, upns: Iterable[str]) -> list[str]:
        """Return the numbers that are not on the roll."""
        return [text for text in upns if text not in self.upns and text[1:] not in self.mistyped]


def _hold_against_roll(typed: TypedFile, roll: Roll) -> Iterator[pl.DataFrame]:
    """Yield faults of children not on the roll, and of days before birth or at an impossible age.

    A child whose date of birth has a fault has no fault of a day here.
    """
    export, rows = typed.export, typed.right_rows
    if export.name == ROLL.name or "upn" not in rows.columns:
        return
    if unlisted := roll.list_unlisted(rows["upn"].unique()):
        yield build_faults(rows.filter(pl.col("upn").is_in(unlisted)), "upn", "not on the roll")
    is_episode = export.name == CARE_EPISODES.name
    if column := "start" if is_episode else find_event_column(export):
        day = FIRST_DAY if is_episode else pl.col(column)
        ages = get_category(export).ages
        # most registers have no row so early that it must be compared with a birth
        early = rows if ages else rows.filter(day < pl.lit(roll.births["born"].max(), pl.Date))
        births = roll.births.cast({"upn": early.schema["upn"]})
        dated = early.join(births, on="upn", how="left", maintain_order="left")
        yield build_faults(dated.filter(day < pl.col("born")), column, "before birth")
        if ages:
            is_wrong = ~compute_age("born", column).is_between(*ages)
            yield build_faults(dated.filter(is_wrong), column, "not of that age")


def _hold_against_home(typed: TypedFile, held: Held, *, is_alone: bool) -> Iterator[pl.DataFrame]:
    """Yield faults of unknown handles, and of days on which a child's age band is not known.

    Up to Reception the band depends on the birthday, which only a roll in these files has.
    """
    rows, children = typed.right_rows, held.children
    key = "handle" if "handle" in rows.columns else "upn"
    has_age_band = get_category(typed.export).has_age_band
    if key == "handle":
        unknown = rows.join(children, on=key, how="anti", maintain_order="left")
        yield build_faults(unknown, key, "not on the roll")
    elif has_age_band and is_alone:
        children = held.list_children(rows["upn"])
    else:
        return
    if has_age_band and children.height:
        band = compute_year_group_band("year_group", "year_group_date", "date")
        dated = rows.join(children, on=key, maintain_order="left")
        yield build_faults(dated.filter(band.is_null()), "date", "not allowed")


def _hold_against_rows(typed: TypedFile, files: Mapping[str, TypedFile]) -> Iterator[pl.DataFrame]:
    """Yield faults of rows that contradict others of the same file, the roll or the calendar."""
    name, rows = typed.export.name, typed.right_rows
    if typed.export.identity_columns:
        yield _find_shared_upns(typed, rows)
    yield _duplicates(typed, rows)
    if name == ATTENDANCE.name and ROLL.name in files:
        yield _find_unenrolled_marks(rows, files[ROLL.name])
    if name == ATTENDANCE.name and CALENDAR.name in files:
        yield _find_closed_day_marks(rows, files[CALENDAR.name])
    if name == CARE_EPISODES.name:
        kind = pl.col("status").replace(_EXCLUSIVE)
        yield _overlaps(rows.with_columns(kind=kind), FIRST_DAY, "start", "end")
    if name == ROLL.name:
        # the last day on roll belongs to the stay, and `end` is the day after
        end = pl.col("leaving_date") + pl.duration(days=1)
        stays = rows.with_columns(kind=pl.lit("stay"), end=end)
        yield _overlaps(stays, pl.col("entry_date"), "entry_date", "end")


def _left_out_upns(roll: TypedFile) -> list[str]:
    """Return the UPNs that can be recognised in the rows that could not be read."""
    spelled = (spell_value(UPN, number) for number in roll.skipped_keys)
    return [number for number in spelled if upn.find_upn_fault(number) is None]


def _find_shared_upns(typed: TypedFile, rows: pl.DataFrame) -> pl.DataFrame:
    """Return a fault for each row that describes another child than the first row of its UPN."""
    traits = typed.export.identity_columns
    is_other = pl.any_horizontal(
        pl.col(trait).ne_missing(pl.col(trait).first().over("upn")) for trait in traits
    )
    return build_faults(rows.filter(is_other), "upn", "one UPN, two children")


def _duplicates(typed: TypedFile, rows: pl.DataFrame) -> pl.DataFrame:
    key = list(typed.export.key)
    if typed.export.name == SCHOOL.name:
        # The school has one row, whatever it contains.
        return build_faults(rows.slice(1), key[0], "duplicate")
    same_key = _find_alike(rows, key)
    later = same_key.filter(~pl.struct(key).is_first_distinct())
    if not typed.export.is_row_by_row or later.is_empty():
        return build_faults(later, key[0], "duplicate")
    # Nobody knows which of two rows is right: the first is taken only if the others agree.
    others = [name for name in typed.export.header if name not in key]
    differ = pl.any_horizontal(
        pl.lit(False), *(pl.col(name).ne_missing(pl.col(name).first().over(key)) for name in others)
    )
    at_odds = same_key.filter(differ.any().over(key))
    agreeing = later.join(at_odds, on="row", how="anti", maintain_order="left")
    return pl.concat(
        [build_faults(at_odds, key[0], "rows at odds"), build_faults(agreeing, key[0], "duplicate")]
    )


def _find_alike(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return the rows whose key another row has too.

    Comparing all rows of a register takes too much memory.  So it is compared in parts, by child.
    """
    if not isinstance(rows.schema[key[0]], pl.Categorical):
        return rows.filter(rows.select(key).is_duplicated())
    part = pl.col(key[0]).to_physical() % _PARTS
    parts = (rows.filter(part == number) for number in range(_PARTS))
    return pl.concat(rows.filter(rows.select(key).is_duplicated()) for rows in parts).sort("row")


def _find_unenrolled_marks(rows: pl.DataFrame, roll: TypedFile) -> pl.DataFrame:
    """Return a fault for each possible session that was marked while the child was not on roll.

    Other marks are allowed there: a closure for everybody, or Z for a child who has yet to join.
    """
    periods = _list_periods(roll).cast({"upn": rows.schema["upn"]})
    marks = rows.lazy().filter(pl.col("code").is_not_null())
    spans = (
        marks.group_by("upn").agg(first=pl.col("date").min(), last=pl.col("date").max()).collect()
    )
    doubtful = _find_spans_beyond(spans, periods)
    singly = marks.join(doubtful.lazy(), on="upn", how="semi").collect()
    last_day = pl.col("leaving_date").fill_null(pl.col("date"))
    is_inside = pl.col("date").is_between("entry_date", last_day)
    inside = singly.join(periods, on="upn").filter(is_inside)
    outside = singly.join(inside, on="row", how="anti", maintain_order="left")
    counting = _filter_possible(outside.select("code", "date").unique())
    wrong = outside.join(counting, on=["code", "date"], how="semi", maintain_order="left")
    return build_faults(wrong, "date", "outside enrolment")


def _list_periods(roll: TypedFile) -> pl.DataFrame:
    """Return the stays of the children whose dates on the roll are certain."""
    dates = ("entry_date", "leaving_date")
    faulty = roll.faults.filter(pl.col("column").is_in(["upn", *dates]))
    unsure = roll.rows.join(faulty, on="row", how="semi")["upn"].drop_nulls().to_list()
    unsure += _left_out_upns(roll)
    sure = roll.rows.filter(pl.col("upn").is_not_null() & ~pl.col("upn").is_in(unsure))
    return sure.select("upn", *dates)


def _find_spans_beyond(spans: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Return the few children whose marks do not all fall in one stay, to look at each mark."""
    is_within = (pl.col("entry_date") <= pl.col("first")) & (
        pl.col("leaving_date").is_null() | (pl.col("leaving_date") >= pl.col("last"))
    )
    spanned = spans.join(periods, on="upn").filter(is_within)
    return spans.join(spanned, on="upn", how="anti").join(periods, on="upn", how="semi")


def _find_closed_day_marks(rows: pl.DataFrame, calendar: TypedFile) -> pl.DataFrame:
    """Return a fault for each mark of a possible session on a day that is not a school day."""
    pairs = rows.lazy().select("code", "date").unique().collect(engine="streaming").drop_nulls()
    wrong = _filter_possible(pairs.filter(is_closed_day("date", calendar)))
    doubtful = rows.filter(pl.col("date").is_in(wrong["date"].implode()))
    marks = doubtful.join(wrong, on=["code", "date"], how="semi", maintain_order="left")
    return build_faults(marks, "date", "mark on a closed day")


def _filter_possible(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of `code` and `date` that are a possible session."""
    possible = reference.read("attendance_code").filter("is_possible")
    return (
        pairs.join(possible.cast({"code": WORD}), on="code")
        .filter(reference.is_valid_on(pl.col("date")))
        .select("code", "date")
    )


def _overlaps(rows: pl.DataFrame, first_day: pl.Expr, start: str, end: str) -> pl.DataFrame:
    """Return a fault for each period that overlaps an earlier row of the same child and `kind`.

    first_day: the first day of a period.  start: the column at which the fault is shown.  end:
    the first day after the period, null while it lasts.
    """
    periods = rows.select("row", "upn", "kind", first_day.alias("start"), pl.col(end).alias("end"))
    pairs = periods.join(periods, on=["upn", "kind"], suffix="_earlier")
    overlap = (
        (pl.col("row_earlier") < pl.col("row"))
        & (pl.col("end_earlier").is_null() | (pl.col("start") < pl.col("end_earlier")))
        & (pl.col("end").is_null() | (pl.col("start_earlier") < pl.col("end")))
    )
    later = pairs.filter(overlap).select("row").unique()
    overlapping = rows.join(later, on="row", how="semi", maintain_order="left")
    return build_faults(overlapping, start, "overlap")
