"""The code lists, thresholds and comparators: one row of a CSV is one rule.

Every row has its source.  A list whose rules change over time has `valid_from` and `valid_to`, the
first day on which a row no longer holds.  `is_valid_on` alone compares them with a day, as
`functions/is_in_period.sql` does in SQL.  is_verified is false if no public text confirms the
value: such a row is a school setting, and pages say so.  is_withdrawn marks a code that is no
longer to be used, but that registers still have and that is counted.

deadline: a duty with a clock: `amount` of `unit` after the event of `clock`, less `less_weeks`.
With is_first_day_counted the time includes that very day, so it ends a day earlier.  is_tracked is
false for duties about which no export says anything, so that they are known but not counted.
category: the kind of data, which decides who may see it.  subject: the thing that does the duty,
for rules of one subject that begin again with it or can be booked.  applies_at: the bands of the
child's age on that day to which a rule applies, null for all.

ehcp_duty_end, duty_step: a step that passes a duty shows that it was done: the duty is dropped if
no record shows how.  A step that replaces a duty ends it; one that delays it leaves it without a
last day; one that defers it gives it another.

look: a reason why a child needs attention: a figure of at least `threshold` within `window`.  name,
reason and lists are for people; a name in braces stands for a figure, one of the row's own or
another rule's.  advice: what to do, in a line.

A reason with is_closed_by_record stays until the record changes; any other is closed by an action
about it.  answered_by: the kinds of action that close it unless the person who logs it says
otherwise, joined by "|"; "any" for every kind.

action_kind: is_daily is offered first; is_call has an outcome of call_outcome; chases is the holder
of a duty who is reminded by it.  call_outcome: is_answer means that somebody was reached, so that a
reason can be closed.

protection_event: step is the order of steps on one day, stage the child's stage after it (null for
a booking), subject the meeting that is booked.  sdq_band: published_word is the scheme's own, for
Help alone.
"""

from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl

#: The folder of the lists.
FOLDER = files(__name__)
#: The SQL types of columns that are no text, date or boolean in a store, by list.
TYPES = {
    "attendance_code": {"code": "mark_code", "kind": "mark_kind", "half": "mark_half"},
    "deadline": dict.fromkeys(("amount", "less_weeks", "soon_school_days"), "integer"),
    "look": dict.fromkeys(("window", "threshold"), "integer"),
    "national_line": {"rate": "decimal(5, 4)", "children": "integer"},
    "protection_event": {"step": "smallint"},
    "sdq_band": {"informant": "sdq_informant", "lowest": "smallint", "highest": "smallint"},
    "threshold": {"value": "decimal(9, 4)"},
}


def list_reference_names() -> tuple[str, ...]:
    """Return the names of the lists, in alphabetical order."""
    entries = (entry.name for entry in FOLDER.iterdir())
    return tuple(sorted(name[:-4] for name in entries if name.endswith(".csv")))


@cache
def read(name: str) -> pl.DataFrame:
    """Return the rows of one list.

    `valid_*` and `holiday` are dates, `is_*` and `has_*` booleans, all else text; a blank is null.
    FileNotFoundError means that there is no such list.
    """
    text = (FOLDER / f"{name}.csv").read_bytes()
    rows = pl.read_csv(text, infer_schema=False)
    return rows.with_columns(
        pl.col("^(valid_.*|holiday)$").str.to_date("%Y-%m-%d"), pl.col("^(is|has)_.*$") == "true"
    )


def is_valid_on(
    day: date | pl.Expr,
    valid_from: pl.Expr = pl.col("valid_from"),  # noqa: B008 - a value, which nothing changes
    valid_to: pl.Expr = pl.col("valid_to"),  # noqa: B008 - likewise
) -> pl.Expr:
    """Say whether the row of a list holds on a day; null where the day is null."""
    on = pl.lit(day) if isinstance(day, date) else day
    return (on >= valid_from.fill_null(date.min)) & (on < valid_to.fill_null(date.max))


def read_current(name: str) -> pl.DataFrame:
    """Return the rows of one list that hold until further notice."""
    return read(name).filter(pl.col("valid_to").is_null())


@cache
def list_bookings() -> frozenset[str]:
    """Return the codes of steps, of any list, that are booked and have not happened yet."""
    lists = (read(name) for name in list_reference_names())
    return frozenset(
        code
        for rows in lists
        if "is_booking" in rows.columns
        for code in rows.filter("is_booking")["code"]
    )
