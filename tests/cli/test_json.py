"""What a command says to a program, and what it prints that somebody may paste."""

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from safeguards.files import quote
from tests.support.commands import lac
from tests.support.schools.good_exports import PLAIN, with_cell, write
from tests.support.schools.homes import keys_at, lend_demo

_FAULTS = {"file", "row", "column", "fault", "problem", "fix"}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = lend_demo()
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return folder


def ask(*words: object, code: int = 0) -> Any:
    result = lac(*words, "--json")
    assert (result.exit_code, result.stderr) == (code, "")
    return json.loads(result.stdout)


def test_a_question_is_answered_in_objects(home: Path) -> None:
    """Sums are numbers, days are days, and what is no number is nothing."""
    query = (
        "select handle, sum(year_group) as years, date '2026-11-20' as day,"
        " 1.5::decimal(4, 2) as d, 'nan'::double as share, null as none, '=1+1' as text"
        " from cohort_member group by handle order by handle"
    )
    first, *others = ask("sql", query, "--home", home)
    assert len(others) > 2
    assert isinstance(first.pop("years"), int)
    assert len(first.pop("handle").split()) == 2
    assert first == {"day": "2026-11-20", "d": 1.5, "share": None, "none": None, "text": "=1+1"}
    assert ask("sql", "select handle from cohort_member where false", "--home", home) == []


def test_each_fault_of_exports_is_an_object(tmp_path: Path) -> None:
    """As many as are told in words; the exit code is the same."""
    good = ask("check", write(PLAIN, tmp_path))
    assert (good["faults"], good["unusual"], good["unknown_files"]) == ([], [], [])
    numbers = {each["file"]: (each["number"], each["taken"]) for each in good["files"]}
    assert numbers["school.csv"] == (1, 1)
    write(
        with_cell("attendance.csv", 2, "code", "0", with_cell("roll.csv", 3, "sex", "X")), tmp_path
    )
    (tmp_path / "letter.csv").write_text("Dear\n")
    found = ask("check", tmp_path, code=1)
    assert all(each.keys() >= _FAULTS for each in found["faults"])
    last = lac("check", tmp_path).stdout.splitlines()[-1]
    assert last.startswith(f"{len(found['faults'])} faults in ")
    assert found["unknown_files"] == ["letter.csv"]


def test_what_the_doctor_finds_is_an_object_each(home: Path) -> None:
    told = lac("doctor", "--home", home)
    found = ask("doctor", "--home", home, code=told.exit_code)
    assert {frozenset(each) for each in found} == {frozenset({"subject", "state", "words"})}
    assert all(f"- {each['subject']}: {each['words']}" in told.stdout for each in found)


def test_each_line_of_the_log_is_an_object(home: Path) -> None:
    shown = ask("audit", "show", "--home", home)
    assert {"line", "when (UTC)", "event", "who", "child"} <= shown[0].keys()


def test_a_command_that_is_printed_can_be_pasted(tmp_path: Path) -> None:
    """Also where a folder has a blank and a quotation mark in its name."""
    made, folder, home = (tmp_path / each for each in ("St Anne's exports", "in", "a school"))
    said = lac("synth", "--out", made, "--children", 3, "--years", 1).stdout
    assert shlex.split(said.partition("Next: ")[2]) == ["lac", "check", str(made)]
    folder.mkdir()
    said = lac("load", write(PLAIN, folder), "--home", home).stdout
    assert shlex.split(said.partition("Next: ")[2]) == ["lac", "run", "--home", str(home)]


def test_windows_knows_the_double_quotation_mark_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (quote("school"), quote("a school")) == ("school", "'a school'")
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        said = quote("school"), quote(r"C:\a school")
    assert said == ("school", r'"C:\a school"')
