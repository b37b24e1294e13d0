"""The made-up school's planted faults, and nothing but them, are what intake finds."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from intake.check.check import check_exports
from intake.read.read import read_exports
from queries.contract import FAULTS
from synthetic.exports import FAULTS_FILE, write_school
from tests.support.schools.homes import exports
from tests.support.sizes import size

#: One file can take one fault that hides all others, and suspensions.csv is not UTF-8.
#: The last is of checks and offences, which are off until a school says otherwise.
_NEVER_PLANTED = {"missing file", "no rows", "not of that age"}


def planted(folder: Path) -> list[tuple[str, int, str, str]]:
    with (folder / FAULTS_FILE).open(encoding="utf-8", newline="") as file:
        return [
            (row["file"], int(row["row"]), row["column"], row["class"])
            for row in csv.DictReader(file)
        ]


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    problems = check_exports(read_exports(folder)).problems
    return [(each.file, each.row, each.column, each.fault) for each in problems]


@pytest.mark.parametrize("seed", range(size("dirty.seeds")))
def test_the_planted_faults_are_found_and_no_more(seed: int, tmp_path: Path) -> None:
    """File, row, column and class, in the order of faults.csv: none missing, none more.

    Also where the care file has no good row but the planted ones, or a single child's.
    """
    write_school(tmp_path, seed=seed, years=1, children=(24, 0, 1)[seed % 3], dirty=True)
    faults = planted(tmp_path)
    assert len(faults) >= 37
    assert {fault for *_, fault in faults} == set(FAULTS) - _NEVER_PLANTED
    assert found(tmp_path) == faults


@pytest.mark.parametrize("seed", range(size("dirty.seeds")))
def test_a_clean_school_has_no_fault(seed: int, tmp_path: Path) -> None:
    """What the made-up school writes is what the contract asks for."""
    write_school(tmp_path, seed=seed, years=1, children=seed % 5 * 6)
    assert found(tmp_path) == []


def test_problems_of_a_clean_school_are_a_header(tmp_path: Path) -> None:
    """The file is there, so that an old one is not taken for new."""
    path = tmp_path / "problems.csv"
    path.write_text("from last week")
    assert (
        CliRunner()
        .invoke(app, ["check", str(exports(children=0)), "--problems", str(path)])
        .exit_code
        == 0
    )
    assert path.read_text(encoding="utf-8").splitlines() == ["file,row,column,problem,fix"]
