"""`lac load` and its like as a person meets them: messages, exit codes, and what is never said."""

import csv
import io
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cli.data.load import say_loaded
from intake.publish.load import LoadResult
from queries.contract import ROLL
from synthetic.cast.cast import CAST
from tests.support.commands import lac, start_lac
from tests.support.schools.good_exports import (
    CAT,
    GOOD,
    PLAIN,
    lengthened,
    with_cell,
    with_line,
    write,
)
from tests.support.schools.homes import demo_home, exports, keys_at, lend_demo
from tests.support.schools.small_home import SmallHome


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAC_KEYS", keys_at(tmp_path / "home")["LAC_KEYS"])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return write(PLAIN, folder)


# check and load


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_a_load_that_is_stopped_says_so(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """By Ctrl-C, whoever hears of it first: nothing was changed, and no trace is shown."""

    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("intake.publish.files.write_version", stop)
    result = lac("load", good, "--home", tmp_path / "home")
    assert (result.exit_code, result.stderr) == (130, "Stopped. Nothing was changed.\n")
    monkeypatch.undo()
    monkeypatch.setenv("LAC_KEYS", keys_at(tmp_path / "home")["LAC_KEYS"])
    assert lac("load", good, "--home", tmp_path / "home").exit_code == 0


@pytest.mark.slow
def test_a_first_load_says_what_it_did(good: Path, tmp_path: Path) -> None:
    """Exit code 0, the numbers, and the next command."""
    home = tmp_path / "home"
    result = lac("load", good, "--home", home)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-3:] == [
        "Loaded. The pages now show 3 children and 25 marks, up to 2026-11-18.",
        "Children on these pages: 3 with marks in this register, 0 without.",
        f"Next: lac run --home {home}",
    ]
    again = lac("load", good, "--home", home)
    assert (again.exit_code, again.stdout) == (0, "These files have already been loaded.\n")


def test_who_may_count_twice_is_told_with_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """It names the folder, to be copied as it stands."""
    say_loaded(LoadResult((), (), version="v", possible_matches=2), Path("in"), Path("a home"))
    told = capsys.readouterr().out
    assert "2 children with a new UPN" in told
    assert "lac vault links --home 'a home'\n" in told


def test_what_is_to_fix_is_exit_code_1_and_named(good: Path, tmp_path: Path) -> None:
    """The rest is loaded; each row and file that is not, the line that a page will lack, and
    what is unknown are said, by `lac check` before as well.
    """
    files = with_cell("attendance.csv", 2, "code", "0", lengthened(PLAIN))
    for row in (2, 3):
        files = with_line("suspensions.csv", row, "x,y", files)
    write(files, good)
    (good / "whole_school_weekly.csv").write_text("week,sessions\n2026-11-09,2800\n")
    (good / "whole_school_weekly.csv").rename(good / "weeks.csv")
    (good / "roll.csv").rename(good / "pupils.csv")
    checking, loading = lac("check", good), lac("load", good, "--home", tmp_path / "home")
    for result in (checking, loading):
        assert result.exit_code == 1
        assert result.stderr == (
            "weeks.csv is not an export file, and was ignored.\n"
            "pupils.csv was read as roll.csv, by its columns.\n"
        )
        first, second, *_ = result.stdout.splitlines()
        assert first.startswith('attendance.csv, row 2, column "code": code "0" is not a value')
        assert second.startswith("suspensions.csv, 2 rows (2, 3): The row has 2 fields")
    _, _, marks, _, *rest = checking.stdout.splitlines()
    assert marks == (
        "attendance.csv: 173 rows of 3 children on 41 days: 164 taken, 1 with a fault, 8 blank."
    )
    assert rest[1].startswith("Every row was refused in these files: suspensions.csv (2).")
    days = "Mon 21 Sep 2026, Tue 22 Sep 2026, Wed 23 Sep 2026, Thu 24 Sep 2026 and 32 more"
    not_whole = (
        "attendance.csv: the whole school's figures are not taken from it for days on which too "
        f"few children have a row: {days}."
    )
    assert rest[2:] == [
        "attendance.csv: nobody has a mark for Fri 20 Nov 2026 PM.",
        not_whole,
        "attendance.csv: 1 of 173 rows would be left out, and the rest loaded.",
        "suspensions.csv: 2 of 2 rows are too many, so the whole file is left out.",
        "3 faults in 2 files.",
    ]
    told = loading.stdout.splitlines()[2:]
    assert "suspensions.csv was left out, and its earlier rows stay." in told
    assert "1 row of attendance.csv left out: see Data check." in told
    assert "There are no whole-school figures: see Data check." in told
    assert any("3 children and 164 marks" in line for line in told)
    assert told[-1].startswith("Next: lac run")
    again = lac("load", good, "--home", tmp_path / "home")
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (1, "Nothing was changed.")


def test_a_slip_in_every_row_is_one_line(good: Path) -> None:
    """Totals last, and every row only in the list for the office."""
    text = GOOD["attendance.csv"].replace("AM,", "noon,")
    write({**PLAIN, "attendance.csv": text}, good)
    result = lac("check", good, "--problems", good / "problems.csv")
    assert result.exit_code == 1
    first, marks, _, _, *rest = result.stdout.splitlines()
    assert first.startswith('attendance.csv, 18 rows (2, 3, 4, 8, 9, ...), column "session": ')
    assert marks == "attendance.csv: 33 rows of 3 children on 5 days: 33 refused."
    assert rest == [
        "attendance.csv: 18 of 33 rows are too many, so the whole file is left out.",
        "18 faults in 1 file.",
    ]
    assert len((good / "problems.csv").read_text().splitlines()) == 19


def test_a_refused_load_is_exit_code_1_and_makes_no_home(good: Path, tmp_path: Path) -> None:
    """A folder without a roll has a row to fix: the file's."""
    (good / "roll.csv").unlink()
    result = lac("load", good, "--home", tmp_path / "home")
    first, *_, refused, _, why_not, last = result.stdout.splitlines()
    assert (result.exit_code, first, why_not, last) == (1,
        "roll.csv, whole file: roll.csv is not among the files. Add roll.csv: every load needs it.",
        "Nothing can be loaded without roll.csv.", "Nothing was changed.",
    )  # fmt: skip
    assert refused.startswith("Every row was refused in these files: calendar.csv (9), care_epi")
    assert not (tmp_path / "home").exists()


def test_what_cannot_be_read_is_exit_code_2(good: Path, tmp_path: Path) -> None:
    """No folder, and a home that is none: one line each."""
    (tmp_path / "file").write_text("")
    home = tmp_path / "home"
    for arguments in (
        ("check", tmp_path / "absent"),
        ("load", tmp_path / "absent", "--home", home),
        ("load", good, "--home", tmp_path / "file"),
        ("load", good, "--home", good),
        ("load", good, "--home", home, "--replace", "marks.csv"),
        ("run", "--home", tmp_path / "absent", "--no-browser"),
        ("run", "--home", good, "--no-browser"),
        ("undo", "--home", good),
        ("sql", "select 1", "--home", good),
    ):
        result = lac(*arguments)
        assert result.exit_code == 2, arguments
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1, result.stderr
    assert not home.exists()


def test_keys_within_the_home_are_refused(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of the folder would take its keys along."""
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "home" / "keys"))
    result = lac("load", good, "--home", tmp_path / "home")
    assert result.exit_code == 2
    assert "are one inside the other" in result.stderr


# --replace and undo


@pytest.mark.parametrize(
    ("answer", "code"), [("n\n", 2), ("", 2), pytest.param("y\n", 0, marks=pytest.mark.slow)]
)
def test_replace_asks_first(tmp_path: Path, answer: str, code: int) -> None:
    """It shows how many rows go; anything but yes, or nobody to ask, changes nothing."""
    small = SmallHome(tmp_path)
    small.load()
    small.write(with_cell("attendance.csv", 2, "code", "I"))
    arguments = ("load", small.exports, "--home", small.folder, "--replace", "attendance.csv")
    result = lac(*arguments, answer=answer)
    assert result.stdout.splitlines()[0] == "25 earlier rows of attendance.csv will be removed."
    assert "Remove them?" in result.stdout
    assert result.exit_code == code
    assert len(small.versions) == (2 if code == 0 else 1)
    assert ("Nothing was changed." in result.stderr) == (code == 2)


@pytest.mark.slow
def test_undo_says_where_it_went(good: Path, tmp_path: Path) -> None:
    """And that there is nothing more to go back to."""
    home = tmp_path / "home"
    lac("load", good, "--home", home)
    write(with_cell("attendance.csv", 2, "code", "I"), good)
    lac("load", good, "--home", home)
    undone = lac("undo", "--home", home)
    assert (undone.exit_code, undone.stdout) == (0, "Went back to store-1.duckdb.\n")
    again = lac("undo", "--home", home)
    assert (again.exit_code, again.stdout) == (2, "")
    assert again.stderr == "There is no earlier version to go back to.\n"


# sql


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAC_KEYS", keys_at(lend_demo())["LAC_KEYS"])
    return lend_demo()


def test_sql_is_csv_as_at_a_day(home: Path) -> None:
    """Rows with a header and nothing else, on the day asked for, and a log line."""
    query = "select max(session_date) as day, count(*) as n from pupil_session where code = 'I'"
    now, then = (
        lac("sql", query, "--home", home),
        lac("sql", query, "--home", home, "--as-at", "2026-10-02"),
    )
    answers = [list(csv.DictReader(io.StringIO(each.stdout))) for each in (now, then)]
    assert [list(rows[0]) for rows in answers] == [["day", "n"]] * 2
    assert answers[1][0]["day"] <= "2026-10-02" < answers[0][0]["day"] <= "2026-11-20"
    assert int(answers[1][0]["n"]) < int(answers[0][0]["n"])
    log = (home / "log" / "access.jsonl").read_text().splitlines()
    assert ['"event": "sql"' in line for line in log[-2:]] == [False, True]


def test_a_day_that_is_none_is_told(home: Path) -> None:
    """In one form only: nobody guesses which of 3 and 4 is the month."""
    result = lac("sql", "select 1", "--home", home, "--as-at", "03/04/2026")
    assert result.exit_code == 2
    assert "--as-at" in result.stderr


# synth


def test_synth_writes_what_check_passes(tmp_path: Path) -> None:
    """And tells the next command."""
    out = tmp_path / "out"
    result = lac("synth", "--out", out, "--years", "1", "--children", "3", "--seed", "5")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].endswith(f"Next: lac check {out}")
    assert lac("check", out).exit_code == 0


# What no output holds


def _cast_values() -> Iterator[str]:
    """What tells of the cast in their school's own roll."""
    digits = [member.digits for member in CAST]
    roll = pl.read_csv(exports() / ROLL.name, infer_schema_length=0)
    cast = roll.filter(pl.col("upn").str.slice(1).is_in(digits))
    assert cast.height == len(CAST)
    for column in ("upn", "surname", "forename", "date_of_birth", "address", "postcode"):
        yield from cast[column].drop_nulls()


@pytest.mark.slow
def test_no_command_tells_a_childs_name_or_number(tmp_path: Path) -> None:
    """Whatever is asked, right or wrong, also where the fault is in a child's own row."""
    home, faulty = demo_home(tmp_path / "home"), tmp_path / "faulty"
    shutil.copytree(exports(), faulty)
    roll, text = faulty / "roll.csv", (exports() / "roll.csv").read_text(encoding="utf-8")
    roll.write_text(text.replace(",F,", ",Hallam,").replace("Ruby", "Ruby "), encoding="utf-8")
    results = [
        lac("check", faulty),
        lac("check", exports(dirty=True)),
        lac("load", faulty, "--home", home),
        lac("load", exports(until=date(2026, 11, 13)), "--home", home),
        lac("sql", "from cohort_member", "--home", home),
        lac("sql", "from load_file", "--home", home),
        lac("sql", "from Hallam", "--home", home),
        lac("undo", "--home", home),
    ]
    said = "".join(result.output for result in results).replace("read Hallam", "")
    assert len(said) > 5_000
    assert 'column "sex"' in said
    assert [value for value in _cast_values() if value in said.replace("from Hallam", "")] == []
    problems = tmp_path / "problems.csv"
    lac("check", faulty, "--problems", problems)
    written = problems.read_text(encoding="utf-8")
    assert [value for value in _cast_values() if value in written] == []


# As a process


@pytest.mark.slow
def test_a_terminal_gets_a_bar_and_its_question(good: Path, tmp_path: Path) -> None:
    """On a terminal the phases show, and --replace is asked where one can read it."""
    home = tmp_path / "home"
    assert start_lac("load", good, "--home", home, **keys_at(home)).returncode == 0
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "cli.main", "load", str(good), "--home", str(home)]
    started = subprocess.Popen(
        [*command, "--replace", "attendance.csv"],
        env={**keys_at(home), "TERM": "xterm", "COLUMNS": "100"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(master, 4096)
    os.write(master, b"y\n")
    try:
        while part := os.read(master, 4096):
            seen += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(master)
    assert started.wait() == 0
    assert b"check" in seen
    assert b"25 earlier rows of attendance.csv will be removed." in seen
    assert b"now show 3 children" in seen


def test_a_file_alone_that_nobody_knows_says_what_to_do(good: Path, tmp_path: Path) -> None:
    """It was told as loaded already."""
    home = tmp_path / "home"
    assert lac("load", good, "--home", home).exit_code == 0
    register = tmp_path / "5E.csv"
    register.write_text(f"UPN,16/11/2026 AM,16/11/2026 PM\n{CAT},/,/\n", encoding="utf-8")
    for arguments in (("check", register), ("load", register)):
        result = lac(*arguments, "--home", home)
        assert result.exit_code == 1
        assert "None of these files was recognised. The" in result.stdout
