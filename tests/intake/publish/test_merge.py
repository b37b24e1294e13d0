"""What a load makes of the rows that are there and those that come: pure frames."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from intake.publish import merge
from intake.publish.merge import NO_COVERAGE, merge_weeks

_FIRST = date(2026, 11, 16)
_DAYS = [_FIRST + timedelta(days=n) for n in range(4)]
_SCHEMAS: dict[str, dict[str, Any]] = {
    "raw_calendar_day": {"calendar_date": pl.Date, "kind": pl.String},
    "raw_enrolment": {
        "pupil_key": pl.Int64,
        "entry_date": pl.Date,
        "leaving_date": pl.Date,
        "year_group": pl.Int64,
    },
    "raw_care_episode": {
        "pupil_key": pl.Int64,
        "status": pl.String,
        "start_date": pl.Date,
        "known_since": pl.Date,
        "end_date": pl.Date,
    },
    "raw_school_week": {
        "week_start": pl.Date,
        "school_days": pl.Int64,
        "possible_sessions": pl.Int64,
        "load_id": pl.Int64,
    },
}

Row = tuple[Any, ...]


def frame(table: str, rows: Any) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=_SCHEMAS[table], orient="row")


def merged(table: str, old: Any, new: Any) -> set[Row]:
    result = merge.merge_table(table, frame(table, old), frame(table, new), NO_COVERAGE)
    assert result.columns == list(_SCHEMAS[table])
    rows = result.rows()
    assert len(set(rows)) == len(rows)
    return set(rows)


def test_the_data_end_where_the_newest_load_says() -> None:
    """Not where an earlier one did, that went further; of schools where the furthest does."""
    loads = pl.DataFrame(
        {"school_key": 1, "load_id": [1, 3, 2], "data_until": [_DAYS[3], _DAYS[0], _DAYS[2]]}
    )
    assert merge.get_data_until({"raw_load": loads}) == _DAYS[0]
    late = pl.DataFrame({"school_key": 2, "load_id": [4], "data_until": [_DAYS[1]]})
    assert merge.get_data_until({"raw_load": pl.concat([loads, late])}) == _DAYS[1]


# Other tables


def test_an_unknown_start_is_a_key_too() -> None:
    """Two blanks are the same blank: an episode with known_since is found again."""
    old = [(1, "in need", None, _DAYS[0], None)]
    new = [(1, "in need", None, _DAYS[0], _DAYS[3])]
    assert merged("raw_care_episode", old, new) == set(new)
    other = [(1, "in need", None, _DAYS[1], None), (1, "looked after", None, _DAYS[0], None)]
    assert merged("raw_care_episode", old, other) == {*old, *other}


@pytest.mark.parametrize(
    ("stay", "is_kept"),
    [
        ((_DAYS[0], _DAYS[1]), True),
        ((_DAYS[0], _DAYS[2]), False),
        ((_DAYS[0], None), False),
        ((_DAYS[3], None), False),
        ((_DAYS[3], _DAYS[3]), False),
    ],
)
def test_a_stay_that_shares_a_day_with_a_new_one_is_corrected(
    stay: tuple[date, date | None], is_kept: bool
) -> None:
    """The leaving date is a day on roll; another child's stay is no matter."""
    other = (2, *stay, 4)
    new = (1, _DAYS[2], None, 4)
    expected = {other, new, *([(1, *stay, 4)] if is_kept else [])}
    assert merged("raw_enrolment", [(1, *stay, 4), other], [new]) == expected


@pytest.mark.parametrize(
    ("days_before", "days_after", "open_days", "stands"),
    [
        (3, 5, 5, "new"),
        (5, 5, 5, "new"),
        (5, 3, 5, "old"),
        # a day became a closure: the other four are the whole week
        (5, 4, 4, "new"),
        (5, 3, 4, "old"),
        # it was opened again
        (4, 5, 5, "new"),
        (5, 4, 5, "old"),
    ],
)
def test_a_weeks_total_gives_way_to_one_of_as_many_days(
    days_before: int, days_after: int, open_days: int, stands: str
) -> None:
    """Those of the calendar at hand count; one cut off in mid-week does not shorten a whole one."""
    calendar = frame(
        "raw_calendar_day",
        [(_FIRST + timedelta(day), "school day" if day < open_days else "closed")
         for day in range(5)],
    )  # fmt: skip
    rows = {"old": (_FIRST, days_before, 100, 1), "new": (_FIRST, days_after, 200, 2)}
    found = merge_weeks(
        frame("raw_school_week", [rows["old"]]), frame("raw_school_week", [rows["new"]]), calendar
    )
    assert set(found.rows()) == {rows[stands]}
