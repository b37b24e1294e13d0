"""The command line as a whole: its help, what a command loads, and how errors are told."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.core import TyperGroup
from typer.main import get_command

from cli import main
from cli.data import check
from intake.problems import IntakeError
from queries.errors import StoreError
from safeguards.errors import HomeError
from tests.support.commands import lac
from tests.support.schools.good_exports import with_cell, write
from tests.support.schools.homes import demo_home, exports, keys_at

#: Every command; of a group, with its own.
_COMMANDS = {
    **dict.fromkeys(
        ("demo", "run", "serve", "check", "load", "undo", "template", "synth", "sql", "export"), ""
    ),
    "engine": "run",
    **dict.fromkeys(("notebook", "backup", "restore", "doctor"), ""),
    **dict.fromkeys(("categories", "init"), ""),
    "audit": "show gap",
    "retention": "plan run readmit hold",
    "people": "list add passphrase change remove caseload confirm",
    "keys": "rotate lock-loads unlock-loads confirm",
    "sign-in": "set show off",
    "vault": "links",
    "share": "recipients add remove child list leaver receipt due",
    "report": "annual",
}


# Help


def list_commands() -> dict[str, Any]:
    group = get_command(main.app)
    assert isinstance(group, TyperGroup)
    return dict(group.commands)


def test_every_command_is_told_of() -> None:
    """No command is hidden, and none is missing here."""
    assert list(list_commands()) == list(_COMMANDS)


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_and_option_has_a_sentence(name: str) -> None:
    """--help begins with what the command does, also for one of a group."""
    command = main.load_command(name)
    within = getattr(command, "commands", {})
    assert list(within) == _COMMANDS[name].split()
    for words, found in [((name,), command), *(((name, one), within[one]) for one in within)]:
        assert found.help.split("\n")[0].endswith(".")
        assert found.help[0].isupper()
        for parameter in found.params:
            assert parameter.help, parameter.name
        shown = lac(*words, "--help")
        assert shown.exit_code == 0
        assert found.help.split(".")[0].split()[0] in shown.stdout
        if not hasattr(found, "commands"):  # what prints its errors stands around it
            assert found.callback.__wrapped__.__wrapped__
    # the list of commands is kept apart, so that nothing need be loaded to show it
    first_line = " ".join(command.help.split("\n\n")[0].split())
    assert list_commands()[name].help == first_line


def test_help_is_what_lac_says_by_itself() -> None:
    """Without arguments one is shown what there is, and asked for nothing."""
    bare = lac()
    assert bare.exit_code == 2
    for text in (bare.output, lac("--help").stdout):
        assert all(name in text for name in _COMMANDS)
        assert "Nothing leaves this computer" in text


def test_what_people_try_first_works() -> None:
    """The version in one line; -h wherever --help is."""
    assert lac("--version").stdout == f"lac-monitor {version('lac-monitor')}\n"
    for words in ((), ("keys",), ("keys", "rotate"), ("check",)):
        assert lac(*words, "-h").stdout == lac(*words, "--help").stdout


def test_without_a_terminal_a_passphrase_is_asked_for_by_its_option() -> None:
    """As where a timer runs it: nobody is there to type, and standard input is not read."""
    code = (
        "from pathlib import Path; from cli.context import Caller\n"
        "Caller(Path('school')).ask_passphrase('Kim')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        check=False,
    )
    said = done.stderr.splitlines()[-1]
    assert "there is no terminal to ask at. Give a file with a line for Kim" in said


# What is loaded


#: Each command in turn, and after it what is loaded by then.
_LOADED = """
import shlex
import sys
from cli.main import app
for words in sys.argv[1:]:
    try:
        app(shlex.split(words))
    except SystemExit:
        print(*sys.modules, file=sys.stderr)
"""
#: What draws, serves, makes up or reads workbooks, and what comes with it.
_HEAVY = set(
    """
altair docx faker lxml marimo matplotlib narwhals numpy openpyxl pandas pdfplumber PIL pyarrow
pyrage scipy starlette streamlit synthetic typst uvicorn vl_convert websockets xlsxwriter
    """.split()  # noqa: SIM905 - a page of words reads better than a list
)


def test_a_command_loads_nothing_that_it_does_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Help loads nothing slow, and that of a group none of the others.

    Nor does a command that has run load more than it uses: a question, and a check of CSV files.
    """
    home = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    words = (
        "--help",
        "keys --help",
        "load --help",
        f"sql 'select handle from cohort_member where year_group = 5' --home {home}",
        f"check {exports()}",
        f"check {exports()} --problems {tmp_path / 'faults.xlsx'}",
    )
    command = [sys.executable, "-c", _LOADED, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, keys, load_, *ran, control = (set(line.split()) for line in done.stderr.splitlines())
    assert {name for name in first if name.startswith("cli")} == {"cli", "cli.main"}
    shared = {"cli.commands", "cli.context", "cli.options"}
    assert {name for name in keys - first - shared if name.startswith("cli.")} == {
        "cli.home",
        "cli.home.keys",
    }
    assert {"duckdb", "polars"} <= load_  # the control
    for found in (first, keys, load_, *ran):
        assert _HEAVY & {name.partition(".")[0] for name in found} == set()
    assert "xlsxwriter" in control


# Errors


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (IntakeError("No such folder."), "No such folder."),
        (StoreError("No store."), "No store."),
        (HomeError("No home."), "No home."),
        (OSError(28, "No space left", "x.csv"), "Cannot use x.csv: No space left."),
        (OSError(28, "No space left"), "Cannot use a file: No space left."),
        (OSError("odd"), "Cannot use a file: odd."),
    ],
)
def test_an_error_that_a_user_can_fix_is_a_line(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And exit code 2; nothing is claimed about what was changed before it."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(check, "read_exports", fail)
    result = lac("check", "x")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{said}\n")


@pytest.mark.parametrize("kind", [duckdb.ConversionException, pl.exceptions.ComputeError])
def test_a_message_of_a_library_reaches_nobody(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold a value of a row; our place is told instead, for a report of the fault."""

    def fail(*_: object) -> None:
        raise kind("Could not convert 'Ann Achebe' to INT16")

    monkeypatch.setattr(check, "read_exports", fail)
    result = lac("check", "x")
    assert (result.exit_code, result.stdout) == (2, "")
    said = (
        r"This is a fault in lac-monitor, at cli/test_main.py line \d+ \(\w+\). Please report it.\n"
    )
    assert re.fullmatch(said, result.stderr)


def test_any_other_error_is_a_bug_and_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the one before."""
    monkeypatch.setattr(check, "read_exports", lambda *_: 1 / 0)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        lac("check", "x")


def test_a_reader_who_has_gone_is_told_of_no_error(tmp_path: Path) -> None:
    """As in `lac check DIR | head`: neither a message nor a traceback."""
    write(with_cell("attendance.csv", 2, "code", "0"), tmp_path)
    (tmp_path / "letter.csv").write_text("Dear\n")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cli.main", "check", str(tmp_path)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    unknown = b"letter.csv is not an export file, and was ignored.\n"
    assert (done.returncode, done.stderr) == (1, unknown)
