"""Checks of rows against other rows and of files against each other.

Only rows without a fault of their own take part, so that one mistake is told once, and a
row is given one such fault at most, the first in this order: not on the roll; age not
known; before birth; not of that age; one UPN, two children; duplicate; outside enrolment;
mark on a closed day; overlap.
A check that needs a file that is not there, or was not read, is not made.
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
#: The parts in which the rows of a register are compared.
_PARTS = 16

#: Statuses of which a child can have one at a time only; any other excludes itself alone.
_EXCLUSIVE = {
    **dict.fromkeys(("in need", "on a protection plan"), "need"),
    **dict.fromkeys(("looked after", "previously looked after"), "care"),
}


def check_across(
    files: Mapping[str, TypedFile], held: Held, beside: Mapping[str, TypedFile]
) -> dict[str, TypedFile]:
    """Return the files with the faults added that show only beside other rows and files.

    beside: what stands for the home's own roll and calendar; see `Held.build_files`.
    """
    roll = Roll(files[ROLL.name]) if ROLL.name in files else None
    checked = {}
    for name, typed in files.items():
        of_roll = _hold_against_roll(typed, roll) if roll is not None else ()
        of_home = _hold_against_home(typed, held, is_alone=roll is None)
        found = [*of_roll, *of_home, *_hold_against_rows(typed, {**files, **beside})]
        one_each = pl.concat(found).unique("row", keep="first", maintain_order=True)
        checked[name] = replace(typed, faults=pl.concat([typed.faults, one_each]))
    return checked


def is_closed_day(date: str, calendar: TypedFile) -> pl.Expr:
    """Whether the day in the column `date` is known to be no school day.

    A day that the calendar does not list is none, unless a row of it has no readable
    date, which may be that very day; a day whose row has a fault is not judged.
    """
    days = calendar.rows.filter(pl.col("date").is_not_null())
    may_be_open = days.filter((pl.col("kind") == SCHOOL_DAY) | pl.col("kind").is_null())
    is_closed = ~pl.col(date).is_in(may_be_open["date"].implode())
    if calendar.skipped_keys or len(days) < len(calendar.rows):
        is_closed = is_closed & pl.col(date).is_in(days["date"].implode())
    return is_closed


class Roll:
    """What other files are held against: a row of the roll counts whatever else is wrong with it.

    A row whose UPN has a wrong first letter is told once, at the roll, and not again at each of
    the child's marks: mistyped are such numbers without it.  births: see `list_births`.
    """

    def __init__(self, roll: TypedFile) -> None:
        self.upns = {*roll.rows["upn"].drop_nulls(), *_left_out_upns(roll)}
        wrong = roll.faults.filter(pl.col("fault") == "UPN check letter")
        self.mistyped = set(roll.text.join(wrong, on="row", how="semi")["upn"].str.slice(1))
        self.births = list_births(roll.right_rows)

    def list_unlisted(self, upns: Iterable[str]) -> list[str]:
        """Those of some numbers that are nobody's on it."""
        return [each for each in upns if each not in self.upns and each[1:] not in self.mistyped]


def _hold_against_roll(typed: TypedFile, roll: Roll) -> Iterator[pl.DataFrame]:
    """Rows of nobody on the roll; before a birth; of an age of which the file does not tell.

    Where a date of birth has a fault, none.
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
        # no row of most registers is so early that it must be held against a birth
        early = rows if ages else rows.filter(day < pl.lit(roll.births["born"].max(), pl.Date))
        births = roll.births.cast({"upn": early.schema["upn"]})
        dated = early.join(births, on="upn", how="left", maintain_order="left")
        yield build_faults(dated.filter(day < pl.col("born")), column, "before birth")
        if ages:
            is_wrong = ~compute_age("born", column).is_between(*ages)
            yield build_faults(dated.filter(is_wrong), column, "not of that age")


def _hold_against_home(typed: TypedFile, held: Held, *, is_alone: bool) -> Iterator[pl.DataFrame]:
    """Rows whose handle is no child's of the home, or whose day does not give the band of its age.

    Up to Reception the band hangs on the birthday, which only a roll at hand has.
    """
    rows, children = typed.right_rows, held.children
    by = "handle" if "handle" in rows.columns else "upn"
    has_age_band = get_category(typed.export).has_age_band
    if by == "handle":
        unknown = rows.join(children, on=by, how="anti", maintain_order="left")
        yield build_faults(unknown, by, "not on the roll")
    elif has_age_band and is_alone:
        children = held.list_children(rows["upn"])
    else:
        return
    if has_age_band and children.height:
        band = compute_year_group_band("year_group", "year_group_date", "date")
        dated = rows.join(children, on=by, maintain_order="left")
        yield build_faults(dated.filter(band.is_null()), "date", "not allowed")


def _hold_against_rows(typed: TypedFile, files: Mapping[str, TypedFile]) -> Iterator[pl.DataFrame]:
    """Rows that cannot stand beside others of the same file, the roll or the calendar."""
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
        # the last day on roll is one of the stay, and an end is the day after
        left = pl.col("leaving_date") + pl.duration(days=1)
        stays = rows.with_columns(kind=pl.lit("stay"), end=left)
        yield _overlaps(stays, pl.col("entry_date"), "entry_date", "end")


def _left_out_upns(roll: TypedFile) -> list[str]:
    """UPNs that can be made out in the rows that could not be read."""
    spelled = (spell_value(UPN, each) for each in roll.skipped_keys)
    return [each for each in spelled if upn.find_upn_fault(each) is None]


def _find_shared_upns(typed: TypedFile, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that tell of another child than the first row of the same UPN."""
    traits = typed.export.identity_columns
    is_other = pl.any_horizontal(
        pl.col(trait).ne_missing(pl.col(trait).first().over("upn")) for trait in traits
    )
    return build_faults(rows.filter(is_other), "upn", "one UPN, two children")


def _duplicates(typed: TypedFile, rows: pl.DataFrame) -> pl.DataFrame:
    key = list(typed.export.key)
    if typed.export.name == SCHOOL.name:
        # Its grain is one row, whatever the row says.
        return build_faults(rows.slice(1), key[0], "duplicate")
    same_key = _find_alike(rows, key)
    later = same_key.filter(~pl.struct(key).is_first_distinct())
    if not typed.export.is_row_by_row or later.is_empty():
        return build_faults(later, key[0], "duplicate")
    # Nobody knows which of two rows is right: the first is taken only if the others say the same.
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

    To compare rows takes memory, of which a register has too many.  So it is compared by parts of
    its children.
    """
    if not isinstance(rows.schema[key[0]], pl.Categorical):
        return rows.filter(rows.select(key).is_duplicated())
    part = pl.col(key[0]).to_physical() % _PARTS
    parts = (rows.filter(part == number) for number in range(_PARTS))
    return pl.concat(each.filter(each.select(key).is_duplicated()) for each in parts).sort("row")


def _find_unenrolled_marks(rows: pl.DataFrame, roll: TypedFile) -> pl.DataFrame:
    """Marks that count as a possible session on days on which the child was not on roll.

    Others may stand there: a closure for everybody, Z for a child who is yet to join.
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
    found = outside.join(counting, on=["code", "date"], how="semi", maintain_order="left")
    return build_faults(found, "date", "outside enrolment")


def _list_periods(roll: TypedFile) -> pl.DataFrame:
    """The stays of children of whom the roll tells for certain."""
    dates = ("entry_date", "leaving_date")
    faulty = roll.faults.filter(pl.col("column").is_in(["upn", *dates]))
    unsure = roll.rows.join(faulty, on="row", how="semi")["upn"].drop_nulls().to_list()
    unsure += _left_out_upns(roll)
    sure = roll.rows.filter(pl.col("upn").is_not_null() & ~pl.col("upn").is_in(unsure))
    return sure.select("upn", *dates)


def _find_spans_beyond(spans: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """The children whose marks are not all in one of their stays: few, who are looked at singly."""
    is_within = (pl.col("entry_date") <= pl.col("first")) & (
        pl.col("leaving_date").is_null() | (pl.col("leaving_date") >= pl.col("last"))
    )
    spanned = spans.join(periods, on="upn").filter(is_within)
    return spans.join(spanned, on="upn", how="anti").join(periods, on="upn", how="semi")


def _find_closed_day_marks(rows: pl.DataFrame, calendar: TypedFile) -> pl.DataFrame:
    """Marks that count as a possible session on a day that is no school day."""
    pairs = rows.lazy().select("code", "date").unique().collect(engine="streaming").drop_nulls()
    wrong = _filter_possible(pairs.filter(is_closed_day("date", calendar)))
    doubtful = rows.filter(pl.col("date").is_in(wrong["date"].implode()))
    found = doubtful.join(wrong, on=["code", "date"], how="semi", maintain_order="left")
    return build_faults(found, "date", "mark on a closed day")


def _filter_possible(pairs: pl.DataFrame) -> pl.DataFrame:
    """Those pairs of `code` and `date` that are a possible session."""
    possible = reference.read("attendance_code").filter("is_possible")
    return (
        pairs.join(possible.cast({"code": WORD}), on="code")
        .filter(reference.is_valid_on(pl.col("date")))
        .select("code", "date")
    )


def _overlaps(rows: pl.DataFrame, first_day: pl.Expr, start: str, end: str) -> pl.DataFrame:
    """Periods that share a day with an earlier row of the same child and `kind`.

    first_day: what a period counts from.  start: the column that is told.  end: the first day
    after the period, null while it lasts.
    """
    periods = rows.select("row", "upn", "kind", first_day.alias("start"), pl.col(end).alias("end"))
    pairs = periods.join(periods, on=["upn", "kind"], suffix="_earlier")
    overlap = (
        (pl.col("row_earlier") < pl.col("row"))
        & (pl.col("end_earlier").is_null() | (pl.col("start") < pl.col("end_earlier")))
        & (pl.col("end").is_null() | (pl.col("start_earlier") < pl.col("end")))
    )
    later = pairs.filter(overlap).select("row").unique()
    found = rows.join(later, on="row", how="semi", maintain_order="left")
    return build_faults(found, start, "overlap")
