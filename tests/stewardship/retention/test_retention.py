"""What has been kept long enough goes, and nothing goes early, whatever the clock says."""

from datetime import date, timedelta

import pytest

from queries.contract import DAY_COLUMNS
from safeguards.errors import RightsError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.retention.schedule import (
    FILE,
    Child,
    Item,
    Rule,
    compute_schedule_day,
    compute_year_end,
    load_schedule,
    plan_deletions,
)
from tests.support.schools.homes import edit
from tests.support.small_store import SmallStore

HEADER = "category,tables,keep_school_years,then,source,is_verified\n"
MARKS = Rule("attendance", ("raw_mark",), 1, "delete", "a test")
CARE = Rule("care", ("raw_care_episode",), 1, "delete", "a test")


def left(day: str, *tables: str, code: str = "0A1B2C3D4E") -> Child:
    return Child(code, date.fromisoformat(day), dict.fromkeys(tables or ("raw_mark",), 3))


# When


@pytest.mark.parametrize(
    ("leaving", "years", "until"),
    [
        ("2025-07-18", 1, "2026-08-31"),
        ("2025-07-18", 0, "2025-08-31"),
        ("2025-08-31", 1, "2026-08-31"),
        ("2025-09-01", 1, "2027-08-31"),
        ("2025-12-19", 0, "2026-08-31"),
        ("2024-02-29", 25, "2049-08-31"),
    ],
)
def test_it_is_kept_to_the_end_of_a_school_year(leaving: str, years: int, until: str) -> None:
    """That of the year of leaving, so many years on."""
    assert compute_year_end(date.fromisoformat(leaving), years) == date.fromisoformat(until)


def test_the_last_day_is_still_kept() -> None:
    """On 31 August nothing goes; on 1 September it does."""
    child = left("2025-07-18")
    assert plan_deletions([child], [MARKS], (), date(2026, 8, 31)) == []
    (item,) = plan_deletions([child], [MARKS], (), date(2026, 9, 1))
    (part,) = item.parts
    assert item.is_whole
    assert (part.is_due, part.why, part.rows) == (True, "kept until 2026-08-31", 3)


def test_a_child_who_may_be_here_is_never_due() -> None:
    assert (
        plan_deletions([Child("0A1B2C3D4E", None, {"raw_mark": 9})], [MARKS], (), date(2099, 1, 1))
        == []
    )


# What keeps it


def said(item: Item) -> list[tuple[str, tuple[str, ...], bool, str]]:
    return [(part.category, part.tables, part.is_due, part.why) for part in item.parts]


def test_a_hold_keeps_the_whole_child() -> None:
    """It is listed with the reason."""
    child = left("2020-07-17", "raw_mark", "raw_care_episode")
    (item,) = plan_deletions([child], [MARKS, CARE], {child.pupil_id}, date(2026, 9, 1))
    assert not item.is_due
    assert said(item) == [
        ("attendance", ("raw_mark",), False, "there is a hold"),
        ("care", ("raw_care_episode",), False, "there is a hold"),
    ]


def test_a_review_or_a_longer_period_keeps_its_category_only() -> None:
    child, on = left("2020-07-17", "raw_mark", "raw_care_episode"), date(2026, 9, 1)
    for years, then, why in (
        (1, "review", "kept until 2021-08-31, then a review"),
        (25, "review", "kept until 2045-08-31"),
        (25, "delete", "kept until 2045-08-31"),
    ):
        care = Rule("care", ("raw_care_episode",), years, then, "a test")
        (item,) = plan_deletions([child], [MARKS, care], (), on)
        assert (item.is_due, item.is_whole, item.tables) == (True, False, ("raw_mark",))
        assert said(item) == [
            ("attendance", ("raw_mark",), True, "kept until 2021-08-31"),
            ("care", ("raw_care_episode",), False, why),
        ]


def test_each_category_has_its_own_day() -> None:
    """Of none and one more year: at each 31 August nothing more goes, at 1 September it does."""
    child = left("2025-07-18", "raw_mark", "raw_sdq")
    rules = [
        Rule("attendance", ("raw_mark",), 0, "delete", "a test"),
        Rule("wellbeing", ("raw_sdq", "raw_health"), 1, "delete", "a test"),
    ]
    assert plan_deletions([child], rules, (), date(2025, 8, 31)) == []
    for on in (date(2025, 9, 1), date(2026, 8, 31)):
        (item,) = plan_deletions([child], rules, (), on)
        assert (item.is_whole, item.tables) == (False, ("raw_mark",))
    (item,) = plan_deletions([child], rules, (), date(2026, 9, 1))
    assert (item.is_whole, item.tables) == (True, ())
    assert all(part.is_due for part in item.parts)


def test_stays_and_restrictions_wait_for_the_whole_child() -> None:
    """Whoever has no stay is never found due again; a restriction guards what is left."""
    child = left(
        *("2025-07-18", "raw_pupil", "raw_enrolment", "raw_suspension"),
        *("raw_restriction", "raw_care_episode"),
    )
    rules = [
        Rule("record", ("raw_pupil", "raw_enrolment", "raw_suspension"), 0, "delete", "a test"),
        Rule("typed", ("raw_restriction",), 0, "delete", "a test"),
        CARE,
    ]
    (item,) = plan_deletions([child], rules, (), date(2026, 8, 31))
    last = "until the last category is deleted, and the whole child with it"
    assert said(item) == [
        ("record", ("raw_suspension",), True, "kept until 2025-08-31"),
        ("record", ("raw_pupil", "raw_enrolment"), False, last),
        ("typed", ("raw_restriction",), False, last),
        ("care", ("raw_care_episode",), False, "kept until 2026-08-31"),
    ]
    (item,) = plan_deletions([child], rules, (), date(2026, 9, 1))
    assert item.is_whole


def test_every_table_of_a_child_is_dated_or_goes_with_the_child(case: SmallStore) -> None:
    """A table that is added later is one or the other, on purpose."""
    columns = case.connection.sql(
        "select table_name, list(column_name) filter (data_type = 'DATE') from duckdb_columns()"
        " where starts_with(table_name, 'raw_') group by all"
        " having bool_or(column_name = 'pupil_key')"
    ).fetchall()
    assert {table for table, _ in columns} - DAY_COLUMNS.keys() == {
        *("raw_pupil", "raw_enrolment", "raw_restriction", "raw_objection")
    }
    dates = dict(columns)
    assert [table for table, column in DAY_COLUMNS.items() if column not in dates[table]] == []


def test_what_nobody_has_decided_about_is_not_deleted() -> None:
    """A table that a later version brings stops the run until the schedule names it."""
    with pytest.raises(RightsError, match=r"does not mention raw_club"):
        plan_deletions([left("2020-07-17", "raw_mark", "raw_club")], [MARKS], (), date(2026, 9, 1))


# The clock


@pytest.mark.parametrize("days", [-7305, -1, 0, 1, 7305])
def test_a_wrong_clock_deletes_nothing_early(days: int) -> None:
    """The day of the last mark is the true one, and nothing is due before its own day."""
    true_day, child = date(2026, 8, 31), left("2025-07-18")
    day = compute_schedule_day(true_day + timedelta(days), true_day)
    assert plan_deletions([child], [MARKS], (), day) == []


# The schedule


def test_without_its_own_a_home_has_the_template(home: Home, keys: Keys) -> None:
    """A year more than the year of leaving, of all but who left care, which comes much later."""
    rules, is_own = load_schedule(home, keys)
    assert not is_own
    kept = {rule.category: (rule.keep_school_years, rule.then) for rule in rules}
    assert kept.pop("care leavers") == (10, "delete")
    assert set(kept.values()) == {(1, "delete")}
    tables = {table for rule in rules for table in rule.tables}
    assert {"raw_pupil", "raw_mark", "raw_care_episode", "raw_restriction"} <= tables


def test_a_home_s_own_schedule_holds(home: Home, keys: Keys) -> None:
    edit(home.folder / FILE, keys, HEADER + "marks,raw_mark,6,review,the head,true\n")
    rules, is_own = load_schedule(home, keys)
    assert (is_own, rules) == (True, (Rule("marks", ("raw_mark",), 6, "review", "the head"),))


@pytest.mark.parametrize(
    "text",
    [
        "category,tables\nmarks,raw_mark\n",
        HEADER + "marks,raw_mark,six,delete,x,true\n",
        HEADER + "marks,raw_mark,-1,delete,x,true\n",
        HEADER + "marks,raw_mark,9999,delete,x,true\n",
        HEADER + "marks,raw_mark,6,keep,x,true\n",
        HEADER + "marks,,6,delete,x,true\n",
        HEADER + "marks,raw_mark,6,delete,x,true\nmore,raw_mark,6,delete,x,true\n",
    ],
)
def test_a_mistyped_schedule_stops(home: Home, keys: Keys, text: str) -> None:
    edit(home.folder / FILE, keys, text)
    with pytest.raises(RightsError, match=FILE):
        load_schedule(home, keys)
