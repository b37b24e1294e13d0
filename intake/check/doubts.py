"""Find rows that are probably a slip. They are taken as they are, and somebody should check them.

A fault is impossible; a doubt is possible, but rare.  Each function looks at the rows that are
taken and yields the doubtful ones of one file.  It judges only these rows, so it finds less in a
file of a single term than in one with everything.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from intake.check.ages import compute_age, list_births
from intake.check.held import Held
from intake.check.rows import find_event_column
from queries import reference
from queries.contract import (
    ATTENDANCE,
    CALENDAR,
    CARE_EPISODES,
    EHCP,
    EXPORTS,
    HEALTH,
    OTHER_NUMBERS,
    PREMIUM,
    ROLL,
    SCHOOL,
    SDQ,
    SUSPENSIONS,
    Export,
)
from queries.school_year import build_age_year, build_school_year

DOUBT_SCHEMA = pl.Schema(
    {"file": pl.String(), "row": pl.UInt32(), "column": pl.String(), "fault": pl.String()}
)

Frames = Mapping[str, pl.DataFrame]
#: The rows of a file (`row`), and the column and the doubt that they share.
Doubt = tuple[pl.DataFrame, str, str]

#: Year groups of a kind of school: the first and the last, Reception as 0.
_YEARS = {"infant": (0, 2), "junior": (3, 6), "primary": (0, 6), "secondary": (7, 13)}
#: The SDQ's published form for young people themselves is for ages from 11.
_SELF_REPORT_AGE = 11
#: Days between two school days within a school year; the Easter holiday has about 17.
_LONGEST_HOLIDAY = timedelta(days=40)
#: Days from the first to the last school day between two weeks of holiday.
_LONGEST_TERM = timedelta(weeks=16)
_WEEK = timedelta(weeks=1)
_DECEMBER, _CHRISTMAS = 12, 25
_YEAR = timedelta(days=365)
#: From a Friday to the Monday after it.
_WEEKEND = timedelta(days=3)
#: The most rows of a file that are reported because they are dated after today: the latest ones.
_MOST_AHEAD = 20


def find_doubts(frames: Frames, today: date, held: Held) -> pl.DataFrame:
    """Return the doubtful rows, by file and row, by DOUBT_SCHEMA. `fault` is one of DOUBTS.

    Args:
        frames: The rows that are taken, as in `CheckResult.accepted_frames`.
        today: The day of the check.
        held: What the home holds.
    """
    parts = [DOUBT_SCHEMA.to_frame()]
    looks = [(name, look(frames, today)) for name, look in _LOOKS if name in frames]
    if ROLL.name in frames:
        looks.append((ROLL.name, _look_for_new_numbers(frames, held)))
    for export in EXPORTS:
        if export.name in frames:
            looks.append((export.name, _look_ahead(export, frames[export.name], today)))
            looks.append((export.name, _look_at_ranges(export, frames[export.name])))
    for name, doubts in looks:
        for rows, column, doubt in doubts:
            if rows.is_empty():
                continue
            labels = {"file": name, "column": column, "fault": doubt}
            labelled = rows.select("row", **{key: pl.lit(text) for key, text in labels.items()})
            parts.append(labelled.select(DOUBT_SCHEMA.names()).unique(maintain_order=True))
    return pl.concat(parts).sort("file", "row", maintain_order=True)


def _look_ahead(export: Export, rows: pl.DataFrame, today: date) -> Iterator[Doubt]:
    """Yield the rows of events that are dated after today: each counts only from its day on.

    Bookings, planned closures and the calendar may be dated ahead.
    """
    if column := find_event_column(export):
        ahead = rows.filter(pl.col(column) > today, ~_is_planned(export))
        yield ahead.sort(column, "row").tail(_MOST_AHEAD), column, "dated after today"


def _look_at_ranges(export: Export, rows: pl.DataFrame) -> Iterator[Doubt]:
    """Yield the rows with a number that its column allows, but that is unusual."""
    for column in export.columns:
        if column.range is not None:
            usual = pl.col(column.name).is_between(
                column.range.usual_lowest, column.range.usual_highest
            )
            yield rows.filter(~usual), column.name, "unusual number"


def _is_planned(export: Export) -> pl.Expr:
    """Say whether a row is of a future event, or of none: booked, closed or blank."""
    planned = pl.lit(value=False)
    for column in export.columns:
        if column.name == "outcome":
            planned |= pl.col("outcome") == "booked"
        elif column.code_list == "attendance_code":
            closures = reference.read("attendance_code").filter(kind="closed")["code"].to_list()
            planned |= pl.col(column.name).is_null() | pl.col(column.name).is_in(closures)
        elif column.name == "event":
            planned |= pl.col(column.name).is_in(list(reference.list_bookings()))
    return planned.fill_null(value=False)


def _look_at_roll(frames: Frames, today: date) -> Iterator[Doubt]:
    roll = frames[ROLL.name].with_columns(
        on=pl.min_horizontal("leaving_date", pl.lit(_find_day_of_roll(frames, today))),
        year=pl.col("year_group").replace("R", "0").cast(pl.Int32),
    )
    # a child who turns 5 by 31 August is in Reception in the school year that ends with it;
    # a roll of August may still give the year groups of the year before
    first_year = build_age_year(pl.col("date_of_birth")) + 5
    fits = [year(pl.col("on")) - first_year for year in (build_school_year, build_age_year)]
    other = pl.all_horizontal(pl.col("year") != group for group in fits)
    yield roll.filter(other), "year_group", "year group and age"
    phase = _get_phase(frames)
    if phase in _YEARS:
        first, last = _YEARS[phase]
        current = roll.filter(pl.col("leaving_date").is_null())
        others = current.filter(~pl.col("year").is_between(first, last))
        yield others, "year_group", "year group of another school"
    alike = pl.col("upn").n_unique().over("surname", "forename", "date_of_birth") > 1
    yield roll.filter(alike), "upn", "one child, two UPNs"


def _look_for_new_numbers(frames: Frames, held: Held) -> Iterator[Doubt]:
    """Yield the rows of children who may be others under a new UPN.

    Either a child joins within a weekend of the day on which another with the same date of birth
    leaves. Or a child is not on the home's roll, and nobody on both rolls has that date of birth,
    but somebody on the home's roll had it.
    """
    numbers = frames.get(OTHER_NUMBERS.name)
    known = numbers.drop_nulls("former_upn")["upn"].to_list() if numbers is not None else []
    stays = frames[ROLL.name].filter(~pl.col("upn").is_in(known))
    newest = stays.sort("entry_date").unique("upn", keep="last")
    left = newest.select("date_of_birth", last_day="leaving_date", former="upn").drop_nulls()
    pairs = stays.join(left, on="date_of_birth").filter(
        pl.col("upn") != pl.col("former"),
        (pl.col("entry_date") - pl.col("last_day")).is_between(timedelta(), _WEEKEND),
    )
    yield stays.join(pairs, on="row", how="semi"), "upn", "the same child"
    if held.is_on_roll is None:
        return
    is_new = pl.col("upn").is_in([upn for upn in {*stays["upn"]} if not held.is_on_roll(upn)])
    new = stays.filter(is_new).join(stays.filter(~is_new), on="date_of_birth", how="anti")
    births = [day for day in {*new["date_of_birth"]} if held.is_on_roll(day)]
    yield new.filter(pl.col("date_of_birth").is_in(births)), "upn", "the same child"


def _look_at_calendar(frames: Frames, _: date) -> Iterator[Doubt]:
    days = frames[CALENDAR.name].filter(kind="school day").sort("date")
    holidays = reference.read("bank_holiday")["holiday"].implode()
    yield days.filter(pl.col("date").is_in(holidays)), "date", "school day on a bank holiday"
    yield days.filter(pl.col("date").dt.weekday() > 5), "date", "school day at a weekend"  # noqa: PLR2004
    gap = pl.col("date") - pl.col("date").shift()
    year = build_school_year(pl.col("date"))
    is_same_year = year == year.shift()
    yield days.filter(is_same_year, gap > _LONGEST_HOLIDAY), "date", "weeks without a school day"
    is_december, is_late = (
        pl.col("date").dt.month() == _DECEMBER,
        pl.col("date").dt.day() >= _CHRISTMAS,
    )
    after = days.filter(is_december, is_late, ~pl.col("date").is_in(holidays))
    yield after, "date", "school day at Christmas"
    stretch = (gap > _WEEK).fill_null(value=True).cum_sum()
    length = pl.col("date").max().over(stretch) - pl.col("date")
    yield (
        days.filter((gap > _WEEK).fill_null(value=True), length > _LONGEST_TERM),
        "date",
        "no week of holiday",
    )


def _look_at_care(frames: Frames, _: date) -> Iterator[Doubt]:
    care = frames[CARE_EPISODES.name]
    plain = pl.col("authority").str.to_lowercase().str.replace_all(r"[^\p{L}]", "")
    counts = (
        care.drop_nulls("authority").with_columns(plain=plain).group_by("plain", "authority").len()
    )
    most = counts.sort("len", "authority").unique("plain", keep="last")
    others = counts.join(most, on="authority", how="anti")
    yield care.join(others, on="authority", how="semi"), "authority", "spelt two ways"


def _look_at_sdq(frames: Frames, _: date) -> Iterator[Doubt]:
    scores = _add_age(frames, SDQ.name)
    too_young = scores.filter(informant="self").filter(pl.col("age") < _SELF_REPORT_AGE)
    yield too_young, "informant", "own form under 11"


def _look_at_health(frames: Frames, _: date) -> Iterator[Doubt]:
    checks = frames[HEALTH.name]
    child = _get_who(checks)
    first = checks.filter(kind="initial assessment", outcome="done").sort(child, "date")
    again = first.filter(pl.col("date") - pl.col("date").shift().over(child) < _YEAR)
    yield again, "kind", "two initial assessments"


def _look_at_ehcp(frames: Frames, _: date) -> Iterator[Doubt]:
    steps = frames[EHCP.name]
    child = _get_who(steps)

    def days_of(*events: str) -> pl.DataFrame:
        return steps.filter(pl.col("event").is_in(events)).select(child, "date", "row")

    issued, requested = days_of("plan issued"), days_of("requested")
    first = requested.group_by(child).agg(pl.col("date").min().alias("asked"))
    early = issued.join(first, on=child).filter(pl.col("date") < pl.col("asked"))
    yield early, "date", "plan before the request"
    agreed, refused = days_of("agreed to assess"), days_of("refused to assess")
    yield refused.join(agreed, on=[child, "date"], how="semi"), "event", "agreed and refused"
    begun = issued.group_by(child).agg(pl.col("date").min().alias("begun"))
    reviews = days_of("review meeting").join(begun, on=child)
    yield reviews.filter(pl.col("date") < pl.col("begun")), "date", "review before the plan"
    turns = days_of("plan issued", "ceased").join(steps.select("row", "event"), on="row")
    turns = turns.sort(child, "date")
    is_again = (pl.col("event") == "ceased") & (pl.col("event").shift().over(child) == "ceased")
    yield turns.filter(is_again), "event", "ceased twice"


def _look_at_suspensions(frames: Frames, _: date) -> Iterator[Doubt]:
    rows = frames[SUSPENSIONS.name]
    limit = reference.read("deadline").filter(rule="SUSPENSION_LIMIT")["amount"].item()
    year = [_get_who(rows), build_school_year(pl.col("date"))]
    suspended = rows.filter(category="SUSP").sort("date")
    total = pl.col("sessions").cum_sum().over(year)
    too_long = suspended.filter(total > 2 * int(limit))  # the limit is in days of two sessions
    yield too_long, "sessions", "longer than the law allows"
    yield _list_overlapping(rows, frames.get(CALENDAR.name)), "date", "suspensions overlap"
    empty = rows.filter(category="SUSP", sessions=0)
    yield empty, "sessions", "suspension of no session"
    if CALENDAR.name in frames:
        listed = frames[CALENDAR.name].select("date", day="kind")
        closed = rows.join(listed, on="date").filter(pl.col("day") != "school day")
        weekend = rows.filter(pl.col("date").dt.weekday() > 5)  # noqa: PLR2004
        off = pl.concat([closed.select("row"), weekend.select("row")])
        yield off, "date", "suspended on a closed day"
    if ATTENDANCE.name in frames and "upn" in rows.columns:
        codes = reference.read("attendance_code").filter(kind="present")["code"].implode()
        longer = rows.filter(pl.col("sessions") > 1)
        register = frames[ATTENDANCE.name]
        days = longer.select("date", pl.col("upn").cast(register.schema["upn"]))
        register_rows = register.filter(pl.col("upn").is_in(days["upn"].implode()))
        marks = register_rows.join(days, on=["upn", "date"], how="semi")
        present = marks.filter(pl.col("code").is_in(codes)).cast({"upn": pl.String})
        whole = present.group_by("upn", "date").len().filter(pl.col("len") > 1)
        attended = longer.join(whole, on=["upn", "date"], how="semi")
        yield attended, "date", "suspended and marked present"


def _list_overlapping(rows: pl.DataFrame, calendar: pl.DataFrame | None) -> pl.DataFrame:
    """Return the suspensions of a child that start before an earlier one can have ended.

    A suspension lasts as many whole school days as its sessions fill.  Without a calendar every
    weekday counts as a school day, so that nothing that may be right is doubted.
    """
    days = calendar if calendar is not None else pl.DataFrame(schema={"date": pl.Date, "kind": str})
    closed = days.filter(pl.col("kind") != "school day")["date"]
    end = pl.col("date").dt.add_business_days(
        pl.col("sessions") // 2, holidays=closed, roll="forward"
    )
    latest = end.cum_max().shift().over(_get_who(rows), order_by="date")
    return rows.filter(pl.col("date") < latest)


def _look_at_premium(frames: Frames, _: date) -> Iterator[Doubt]:
    rows = frames[PREMIUM.name].sort("date")
    over = rows.filter(pl.col("spent") > pl.col("planned"))
    yield over, "spent", "more spent than planned"
    most = reference.read("threshold").filter(name="report_most_premium")["value"].item()
    # a financial year begins in April
    year = [_get_who(rows), pl.col("date").dt.offset_by("-3mo").dt.year()]
    total = pl.col("planned").cum_sum().over(year)
    yield rows.filter(total > int(most)), "planned", "more than the grant"


def _look_at_register(frames: Frames, _: date) -> Iterator[Doubt]:
    withdrawn = reference.read("attendance_code").filter("is_withdrawn")
    few = frames[ATTENDANCE.name].filter(pl.col("code").is_in(withdrawn["code"].implode()))
    marks = few.with_columns(pl.col("code").cast(pl.String)).join(withdrawn, on="code")
    yield marks.filter(reference.is_valid_on(pl.col("date"))), "code", "withdrawn code"


def _look_at_numbers(frames: Frames, _: date) -> Iterator[Doubt]:
    if ROLL.name in frames:
        present = frames[ROLL.name].select(former_upn="upn")
        again = frames[OTHER_NUMBERS.name].join(present, on="former_upn", how="semi")
        yield again, "former_upn", "former UPN in use"


_LOOKS: tuple[tuple[str, Callable[[Frames, date], Iterator[Doubt]]], ...] = (
    (ROLL.name, _look_at_roll),
    (CALENDAR.name, _look_at_calendar),
    (CARE_EPISODES.name, _look_at_care),
    (ATTENDANCE.name, _look_at_register),
    (SDQ.name, _look_at_sdq),
    (HEALTH.name, _look_at_health),
    (EHCP.name, _look_at_ehcp),
    (SUSPENSIONS.name, _look_at_suspensions),
    (PREMIUM.name, _look_at_premium),
    (OTHER_NUMBERS.name, _look_at_numbers),
)


def _get_who(rows: pl.DataFrame) -> str:
    """Return the column that names the child: the product's own sheets have handles."""
    return "upn" if "upn" in rows.columns else "handle"


def _find_day_of_roll(frames: Frames, today: date) -> date:
    """Return the day of the roll's year groups: today, or the last of an old calendar."""
    last = frames[CALENDAR.name]["date"].max() if CALENDAR.name in frames else None
    return min(today, last) if isinstance(last, date) else today


def _get_phase(frames: Frames) -> str:
    school = frames.get(SCHOOL.name)
    return school["phase"].item(0) if school is not None and school.height else ""


def _add_age(frames: Frames, name: str) -> pl.DataFrame:
    """Return the rows with the child's `age` in whole years on the day; null without the roll."""
    rows = frames[name]
    if ROLL.name not in frames or "upn" not in rows.columns:
        return rows.with_columns(age=pl.lit(None, pl.Int32))
    dated = rows.join(list_births(frames[ROLL.name]), on="upn", how="left", maintain_order="left")
    return dated.with_columns(age=compute_age("born", "date"))
