"""What has been kept long enough goes, and nothing goes early, whatever the clock says."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sizes
from good_exports import CAT, GOOD, Files
from small_home import SmallHome
from typer.testing import CliRunner, Result

from dashboard.cli import app
from safeguards.errors import RightsError
from safeguards.home import Home, create_demo
from safeguards.keys import Keys
from safeguards.ledger import Ledger
from safeguards.retention import (
    FILE,
    Child,
    Rule,
    end_of_year,
    plan,
    schedule,
    today,
)

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
    assert end_of_year(date.fromisoformat(leaving), years) == date.fromisoformat(until)


def test_the_last_day_is_still_kept() -> None:
    """On 31 August nothing goes; on 1 September it does."""
    child = left("2025-07-18")
    assert plan([child], [MARKS], (), date(2026, 8, 31)) == []
    (item,) = plan([child], [MARKS], (), date(2026, 9, 1))
    assert (item.is_due, item.retain_until) == (True, date(2026, 8, 31))
    assert item.why == "left on 2025-07-18"


def test_a_child_who_may_be_here_is_never_due() -> None:
    assert plan([Child("0A1B2C3D4E", None, {"raw_mark": 9})], [MARKS], (), date(2099, 1, 1)) == []


# What keeps it


def test_a_hold_a_review_and_a_longer_period_keep_the_child() -> None:
    """It is listed with the reason and stays whole."""
    child, on = left("2020-07-17", "raw_mark", "raw_care_episode"), date(2026, 9, 1)
    (held,) = plan([child], [MARKS, CARE], {child.pupil_id}, on)
    assert (held.is_due, held.why) == (False, "kept: there is a hold")
    review = Rule("care", ("raw_care_episode",), 1, "review", "a test")
    (reviewed,) = plan([child], [MARKS, review], (), on)
    assert (reviewed.is_due, reviewed.why) == (False, "review first: care")
    longer = Rule("care", ("raw_care_episode",), 25, "delete", "a test")
    (waiting,) = plan([child], [MARKS, longer], (), on)
    assert (waiting.is_due, waiting.why) == (False, "waits for care")
    assert waiting.retain_until == date(2045, 8, 31)


def test_what_nobody_has_decided_about_is_not_deleted() -> None:
    """A table that a later version brings stops the run until the schedule names it."""
    with pytest.raises(RightsError, match=r"says nothing of raw_club"):
        plan([left("2020-07-17", "raw_mark", "raw_club")], [MARKS], (), date(2026, 9, 1))


# The clock


def test_a_wrong_clock_deletes_nothing_early() -> None:
    """Clocks up to 20 years ahead or behind, and on the days around a year's end.

    The day of the last mark is the true one.  The control goes by the clock alone.
    """
    rng = random.Random(7)
    broken = control = early_clocks = 0
    cases = sizes.size("rights.clocks")
    for number in range(cases):
        true_day = date(2026, 8, 28) + timedelta(rng.randrange(8))
        ahead = rng.choice((1, 3, 366, 1827, 7305)) * (1 if number % 2 == 0 else -1)
        clock = true_day + timedelta(ahead)
        children = [
            Child(
                f"{each:010}",
                rng.choice((None, date(2025 + each % 3, rng.choice((2, 7, 8, 9)), 28))),
                {"raw_mark": 1},
            )
            for each in range(20)
        ]

        def due(on: date, those: list[Child] = children) -> set[str]:
            return {item.child.pupil_id for item in plan(those, [MARKS], (), on) if item.is_due}

        right = due(true_day)
        broken += not due(today(clock, true_day)) <= right
        control += not due(clock) <= right
        early_clocks += ahead > 0
    print(f"COUNT rights.clocks {cases} {broken} {control}")  # noqa: T201
    assert broken == 0
    assert 0 < control <= early_clocks


# The schedule


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return create_demo(tmp_path / "home")


def test_without_its_own_a_home_has_the_template(home: Home) -> None:
    """A year more than the year of leaving, of everything."""
    rules, is_own = schedule(home)
    assert not is_own
    assert {(rule.keep_school_years, rule.then) for rule in rules} == {(1, "delete")}
    tables = {table for rule in rules for table in rule.tables}
    assert {"raw_pupil", "raw_mark", "raw_care_episode", "raw_restriction"} <= tables


def test_a_home_s_own_schedule_holds(home: Home) -> None:
    (home.folder / FILE).write_text(HEADER + "marks,raw_mark,6,review,the head,true\n", "utf-8")
    rules, is_own = schedule(home)
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
        HEADER + "marks,raw_mark,6\n",
        HEADER + "marks,raw_mark,6,delete,x,true\nmore,raw_mark,6,delete,x,true\n",
        HEADER + "marks,raw_mark,6,delete,x,true,more\n",
    ],
)
def test_a_mistyped_schedule_stops(home: Home, text: str) -> None:
    (home.folder / FILE).write_text(text, "utf-8")
    with pytest.raises(RightsError, match=FILE):
        schedule(home)


# The command


def _with_a_leaver() -> Files:
    """Cat left in July 2025 and did not come back."""
    roll = [line for line in GOOD["roll.csv"].split("\n") if "07/09/2026" not in line]
    register = [line for line in GOOD["attendance.csv"].split("\n") if not line.startswith(CAT)]
    return {**GOOD, "roll.csv": "\n".join(roll), "attendance.csv": "\n".join(register)}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHome]:
    made = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
    outcome = made.load(_with_a_leaver())
    assert outcome.problems == ()
    return made


def lac(small: SmallHome, *arguments: str, answer: str | None = None) -> Result:
    result = CliRunner().invoke(
        app, ["retention", *arguments, "--home", str(small.folder)], input=answer
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    return result


@pytest.mark.slow
def test_it_is_shown_asked_deleted_and_certified(small: SmallHome) -> None:
    """A hold keeps the child; without it the child goes as by an erasure."""
    home = Home.open(small.folder)
    handle = small.handles()["Cat"]
    assert lac(small, "hold", handle).stdout == "There is a hold.\n"
    kept = lac(small, "run")
    assert "stays: kept: there is a hold" in kept.stdout
    assert "Nothing is to be deleted." in kept.stdout
    lac(small, "hold", handle, "--lift")
    shown = lac(small, "plan").stdout
    assert "The schedule is lac's own." in shown
    assert f"{handle} goes: left on 2025-07-18; kept until 2026-08-31" in shown
    refused = lac(small, "run", answer="yes\n")
    assert refused.stderr.endswith("Nothing was deleted.\n")
    assert set(small.handles()) == {"Ann", "Ben", "Cat"}
    done = lac(small, "run", answer="delete 1\n")
    assert done.exit_code == 0, done.stderr
    assert set(small.handles()) == {"Ann", "Ben"}
    (erasure,) = Ledger.open(home, Keys.of(home)).entries()
    assert erasure.why == "retention"
    (certificate,) = home.ledger.glob("retention-*.txt")
    text = certificate.read_text("utf-8")
    assert "1 erased on" in text
    assert "`attendance`: 1 school year after the one of leaving, then delete" in text
    assert erasure.pupil_id not in text
    assert "Nothing is to be deleted." in lac(small, "run").stdout


@pytest.mark.slow
def test_other_roles_have_no_access(small: SmallHome) -> None:
    for role in ("pastoral", "teacher", "head", "none"):
        assert lac(small, "plan", "--role", role).exit_code == 2
