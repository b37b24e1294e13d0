"""What people type, held against the contract.

Pure functions.  A typed fact is a row of an export without its child: one definition
says what may stand in it, whether it comes in a file or a letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from intake.check.across import check_across
from intake.check.ages import band_from_year_group
from intake.check.rows import check_rows
from intake.check.values import Typed, check_values, parse_date
from intake.contract import CARE_EPISODES, EHCP, HEALTH, PEP, SDQ, Column, Export
from intake.problems import Problem, make
from intake.read.tables import FileRead, schema
from queries import reference

#: Whose rows arrive in letters.
FACT_EXPORTS: tuple[Export, ...] = (CARE_EPISODES, SDQ, HEALTH, EHCP, PEP)

#: Beside a fact's columns; never in a raw_ row.
WHERE_WRITTEN = "where_written"
AGE_BAND, RULES = "age_band", "rules"

_SOURCE = Column(WHERE_WRITTEN, "text", "The paper that says so.", pattern=r".{3,80}")

#: An action, in the form of an export of which no file exists.
ACTION = Export(
    name="action",
    grain="One thing that somebody did about a child.",
    key=("date",),
    columns=(
        Column("kind", "code", "What was done.", code_list="action_kind"),
        Column("date", "date", "The day."),
        Column("line", "text", "One short line.", pattern=r".{1,120}"),
    ),
)

_ROW = 1


def export_of(name: str) -> Export | None:
    """The export called `name`, if its rows may be typed; else None."""
    return next((export for export in FACT_EXPORTS if export.name == name), None)


def canonical(export: Export, values: Mapping[str, str]) -> dict[str, str]:
    """The values that are given, dates as YYYY-MM-DD; of values without a problem only."""
    found = {}
    for column in export.columns:
        if text := values.get(column.name, ""):
            parsed = parse_date(text) if column.kind == "date" else None
            found[column.name] = parsed[0].isoformat() if parsed else text
    return found


def action_problems(values: Mapping[str, str], latest: date) -> list[Problem]:
    """What is wrong with an action: its kind, its day (up to `latest`) and its line."""
    return _in_order(ACTION, [*_own_problems(ACTION, values), *_to_come(ACTION, values, latest)])


def fact_problems(
    export: Export, values: Mapping[str, str], *, where_written: str, latest: date
) -> list[Problem]:
    """What is wrong with a typed fact: the same as with a row of that export, and more.

    values: by column, without the child's; a blank may be left out.  No other column may
    be given, the source of the fact is named in 3 to 80 characters, and what has happened
    did so by `latest`, the day of typing.  In the order of the columns.
    """
    columns = without_child(export)
    found = _own_problems(columns, values)
    source = replace(export, columns=(*export.columns, _SOURCE))
    judged = checked(replace(export, columns=(_SOURCE,)), [{WHERE_WRITTEN: where_written}])
    for fault in judged.faults["fault"]:
        problem = make(source, _ROW, WHERE_WRITTEN, fault)
        fix = 'Say which paper, in 3 to 80 characters, such as "letter, Tameside, 12 November".'
        found.append(replace(problem, fix=fix))
    if set(values) - set(columns.header):
        found.append(
            Problem(
                file=export.name,
                row=_ROW,
                column="",
                fault="wrong header",
                problem="A value is given for a column that cannot be typed.",
                fix=f"These can: {', '.join(columns.header)}.",
            )
        )
    return _in_order(source, [*found, *_to_come(columns, values, latest)])


def age_band(
    values: Mapping[str, str], year_group: int | None, true_on: date | None
) -> tuple[str | None, list[Problem]]:
    """The band of a child's age on the day of a health fact, or why there is none.

    year_group: R is 0, as it was on `true_on`; null where the child has no stay.  values
    are canonical.
    """
    frame = pl.DataFrame(
        {"group": [year_group], "true_on": [true_on], "day": [parse(values["date"])]},
        schema={"group": pl.Int64, "true_on": pl.Date, "day": pl.Date},
    )
    band = frame.select(band_from_year_group("group", "true_on", "day")).item()
    if band is not None:
        return str(band), []
    return None, [
        Problem(
            file=HEALTH.name,
            row=_ROW,
            column="date",
            fault="not allowed",
            problem="The child's age on that day is not known: it was in Reception or below.",
            fix="Have the office put this row into health.csv by UPN: the birthday decides.",
        )
    ]


def overlap_problems(values: Mapping[str, str], others: pl.DataFrame) -> list[Problem]:
    """Whether a care episode shares a day with one that excludes it.

    values are canonical.  others: status, start, known_since and end of the child's other
    episodes.  One whose start nobody knows does not stand in the way of the same status
    with a start: that is what the letter tells.
    """
    new = checked(without_child(CARE_EPISODES), [values]).rows
    status, start = new.select("status", "start").row(0)
    if start is not None:
        others = others.filter((pl.col("status") != status) | pl.col("start").is_not_null())
    others = without_episode(others, values)
    both = pl.concat([others, new.drop("row")], how="diagonal_relaxed")
    rows = both.with_row_index("row").with_columns(pl.lit("").alias("upn"))
    text = rows.select("row", pl.lit("").alias("start"))
    typed = Typed(CARE_EPISODES, text, rows, checked(ACTION, []).faults, ())
    found = check_across({CARE_EPISODES.name: typed})[CARE_EPISODES.name].faults
    faults = found.filter(pl.col("row") == others.height, pl.col("fault") == "overlap")
    return [make(CARE_EPISODES, _ROW, "start", fault) for fault in faults["fault"]]


def without_episode(episodes: pl.DataFrame, values: Mapping[str, str]) -> pl.DataFrame:
    """Care episodes less the one that canonical `values` are a row of."""
    one = checked(without_child(CARE_EPISODES), [values]).rows
    same = ["status", "start", "known_since"]
    return episodes.join(one, on=same, how="anti", nulls_equal=True, maintain_order="left")


def day_of(values: Mapping[str, str], as_at: date) -> date:
    """The day of a fact, from canonical values; a booking shows at once, so on `as_at`."""
    if is_booking(values):
        return as_at
    text = next(values[name] for name in ("date", "known_since", "start") if name in values)
    return parse(text)


def is_booking(values: Mapping[str, str]) -> bool:
    """Whether a row says what is to come: a booked appointment, meeting or step."""
    bookings = reference.read("ehcp_event").filter("is_booking")["code"].to_list()
    return values.get("outcome") == "booked" or values.get("event") in bookings


def parse(text: str) -> date:
    """A date that has been checked; ValueError for any other text."""
    found = parse_date(text)
    if found is None:
        raise ValueError("this is no date")
    return found[0]


def without_child(export: Export) -> Export:
    """The export without the column that names the child."""
    return replace(
        export,
        columns=tuple(column for column in export.columns if column.kind != "UPN"),
        key=tuple(name for name in export.key if name != "upn"),
    )


def checked(export: Export, rows: Sequence[Mapping[str, str]]) -> Typed:
    """Rows of text with their values judged; `row` counts from 0."""
    texts = [
        (number, *(values.get(name, "") for name in export.header))
        for number, values in enumerate(rows)
    ]
    frame = pl.DataFrame(texts, schema=schema(export), orient="row")
    return check_values(FileRead(export, "", is_read=True, rows_read=0, problems=(), rows=frame))


def _own_problems(export: Export, values: Mapping[str, str]) -> list[Problem]:
    """The faults of one row by itself, in the words of a file's."""
    typed = check_rows(checked(export, [values]))
    told = next((each for each in FACT_EXPORTS if each.name == export.name), export)
    return [
        make(told, _ROW, column, fault, values.get(column, ""))
        for column, fault in typed.faults.select("column", "fault").iter_rows()
    ]


def _to_come(export: Export, values: Mapping[str, str], latest: date) -> list[Problem]:
    """Dates of what has happened that lie after `latest`; a booking's may, and what is due."""
    if is_booking(values):
        return []
    late = [
        column.name
        for column in export.columns
        if column.kind == "date"
        and column.name != "next_due"
        and (found := parse_date(values.get(column.name, ""))) is not None
        and found[0] > latest
    ]
    return [
        Problem(
            file=export.name,
            row=_ROW,
            column=name,
            fault="not allowed",
            problem=f"{name} is a day that is still to come.",
            fix="Give the day on which it happened. Only what is booked lies ahead.",
        )
        for name in late
    ]


def _in_order(export: Export, problems: list[Problem]) -> list[Problem]:
    place = {"": -1} | {name: number for number, name in enumerate(export.header)}
    return sorted(problems, key=lambda problem: place[problem.column])
