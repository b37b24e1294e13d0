"""The workbook to fill in: the same bytes, no name, drop-downs; and filled in, checked, loaded."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from intake.check.check import CheckResult, check_exports
from intake.check.held import Held
from intake.problems import IntakeError
from intake.read.read import read_exports
from intake.template import build_template, write_template
from queries.contract import HANDLE_EXPORTS, key_by_handle, to_sheet_name
from safeguards.access import access
from safeguards.access.access import NothingLoaded
from safeguards.errors import SafeguardsError
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.commands import lac
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    EXPORTS_ALONE,
    GOOD,
    added,
    export_of,
    write,
)
from tests.support.schools.small_home import NOW, SmallHome, copy_of

HANDLES = ["amber anchor", "copper lantern", "silver meadow"]
#: As a home knows them on its newest roll.
KNOWN = dict(zip(("Ann", "Ben", "Cat"), HANDLES, strict=True))
CHILDREN = pl.DataFrame(
    {
        "pupil_id": HANDLES,
        "handle": HANDLES,
        "year_group": [4, 3, 5],
        "year_group_date": [date(2026, 11, 20)] * 3,
    }
)
SHEETS = ["sdq", "health", "ehcp", "pep", "suspensions"]
TABLES = ["raw_sdq", "raw_health", "raw_ehcp", "raw_pep", "raw_suspension"]

FILLED: dict[str, list[list[Any]]] = {
    "sdq": [
        ["Ann", date(2026, 9, 21), "carer", 14, 4, 2, 5, 3, 8, 2],
        ["Ben", date(2026, 9, 22), "teacher", None, None, None, None, None, None, None, "SDQ4"],
    ],
    "health": [
        ["Ann", "review assessment", date(2026, 3, 2), "done", date(2027, 3, 2)],
        ["Cat", "dental check", date(2027, 9, 6), "booked"],
    ],
    "ehcp": [["Cat", date(2026, 6, 1), "plan issued", "SEMH"]],
    "pep": [["Ben", date(2026, 10, 6), "held", "good", "no", 0]],
    "suspensions": [],
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three children, and nothing yet but what the office exports."""
    root = tmp_path_factory.mktemp("template")
    SmallHome(root).load(EXPORTS_ALONE)
    return root


@pytest.fixture
def home(loaded: Path, tmp_path: Path) -> Iterator[SmallHome]:
    yield from copy_of(loaded, tmp_path / "own")


def filled(
    content: bytes, rows: dict[str, list[list[Any]]], handles: dict[str, str] = KNOWN
) -> bytes:
    """A template with these rows typed in, saved by another program than wrote it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for title, lines in rows.items():
        for number, (name, *cells) in enumerate(lines, start=2):
            for column, value in enumerate([handles.get(name, name), *cells], start=1):
                book[title].cell(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def of_home(home: SmallHome, rows: dict[str, list[list[Any]]] = FILLED) -> bytes:
    """The home's own template with these rows typed in."""
    out = home.folder.parent / "template.xlsx"
    out.unlink(missing_ok=True)
    write_template(_session(home.folder), out)
    return filled(out.read_bytes(), rows, home.handles())


def check(rows: dict[str, list[list[Any]]]) -> CheckResult:
    content = filled(build_template(HANDLES), rows)
    return check_exports(read_exports({"lac.xlsx": content}), Held(children=CHILDREN))


def _session(folder: Path) -> access.Session:
    return access.open(folder, actor="Test", role="dsl", purpose="template")


def test_the_same_home_gives_the_same_bytes_without_a_name(home: SmallHome, tmp_path: Path) -> None:
    """No UPN and no formula either, and no time of the clock."""
    for name in ("one.xlsx", "two.xlsx"):
        assert write_template(_session(home.folder), tmp_path / name) == 3
    content = (tmp_path / "one.xlsx").read_bytes()
    assert content == (tmp_path / "two.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist())
        assert b"2026-01-01T00:00:00Z" in parts.read("docProps/core.xml")
    assert all(handle in text for handle in home.handles().values())
    secrets = (ANN, BEN, CAT, "Achébe", "O'Brien", "Smith-Jones", "Annie", "<f>")
    assert [each for each in secrets if each in text] == []


def test_it_has_a_sheet_a_subject_and_offers_codes_and_handles() -> None:
    book = openpyxl.load_workbook(io.BytesIO(build_template(HANDLES)))
    assert book.sheetnames == [*map(to_sheet_name, HANDLE_EXPORTS), "lists"]
    assert book.sheetnames[: len(SHEETS)] == SHEETS
    assert book["lists"].sheet_state == "hidden"
    for export in map(key_by_handle, HANDLE_EXPORTS):
        sheet = book[to_sheet_name(export)]
        assert [cell.value for cell in sheet[1]] == list(export.header)
        assert sheet.max_row == 1
        assert sheet.freeze_panes == "A2"
        for cell, column in zip(sheet[1], export.columns, strict=True):
            assert cell.comment is not None
            assert cell.comment.text.startswith(column.meaning)
        offers = {}
        for rule in sheet.data_validations.dataValidation:
            place = str(rule.sqref)
            assert place.endswith("20001")
            offers[sheet[f"{place[0]}1"].value] = offered(book, rule)
        assert offers["handle"] == HANDLES
        assert offers["date"] == "date"
        for column in export.columns:
            if column.allowed:
                assert offers[column.name] == list(column.allowed)
            if column.code_list:
                assert len(offers[column.name]) > 1
            if column.code_list == "suspension_reason":
                assert offers[column.name][0] == "PP"


def offered(book: openpyxl.Workbook, rule: Any) -> Any:
    if rule.type != "list":
        return rule.type
    cells = book["lists"][rule.formula1.split("!")[1].replace("$", "")]
    return [cell.value for (cell,) in cells]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_is_written_that_begins_as_a_formula(start: str) -> None:
    with pytest.raises(ValueError, match="begins as a formula"):
        build_template([f"{start}cmd lantern"])


def test_faults_are_told_at_the_rows_of_the_sheet() -> None:
    """Also a handle that the home does not know, a name, and health up to Reception."""
    rows = {
        "sdq": [
            ["Ann", date(2026, 9, 21), "carer", 41],
            ["Ann", "soon", "carer", 4],
            ["ruby otter", date(2026, 9, 21), "carer", 3],
        ],
        # Ben is in Year 3 from September 2026, so in Reception until August 2024
        "health": [
            ["Ben", "dental check", date(2024, 8, 31), "done"],
            ["Ben", "dental check", date(2024, 9, 1), "done"],
        ],
        "ehcp": [FILLED["ehcp"][0], FILLED["ehcp"][0]],
        "pep": [
            ["Ann", date(2026, 9, 21), "booked", None, "yes"],
            ["Dan Brown", date(2026, 9, 21), "held"],
            ["Ben", date(2024, 7, 1), "held"],
        ],
    }
    problems = [each for each in check(rows).problems if each.row]
    assert [(each.file, each.row, each.column, each.fault) for each in problems] == [
        ("sdq.csv", 2, "total", "out of range"),
        ("sdq.csv", 3, "date", "not a date"),
        ("sdq.csv", 4, "handle", "not on the roll"),
        ("health.csv", 2, "date", "not allowed"),
        ("ehcp.csv", 3, "handle", "duplicate"),
        ("pep.csv", 2, "child_attended", "needed for outcome"),
        ("pep.csv", 3, "handle", "not allowed"),
    ]
    assert problems[2].problem == "No child here has this code name."
    assert problems[3].fix.startswith("Enter this row by UPN")
    assert not any(name in repr(problems) for name in ("Dan", "ruby"))


def test_a_csv_file_may_name_children_by_handle_as_well() -> None:
    text = (
        f"handle,date,outcome,quality,child_attended,targets_set\n{HANDLES[0]},2026-10-05,held,,,\n"
    )
    found = check_exports(read_exports({"pep.csv": text.encode()}), Held(children=CHILDREN))
    assert found.frames["pep.csv"]["handle"].to_list() == [HANDLES[0]]
    assert {each.fault for each in found.problems} == {"missing file"}


def test_only_what_people_fill_in_may_go_by_handle() -> None:
    roll = GOOD["roll.csv"].replace("upn,", "handle,", 1)
    (problem,) = read_exports({"roll.csv": roll.encode()}).files["roll.csv"].problems
    assert problem.fault == "wrong header"
    with pytest.raises(ValueError, match="by UPN only"):
        key_by_handle(export_of("roll.csv"))


@pytest.mark.slow
def test_filled_in_it_comes_back_as_the_same_rows_as_from_files(home: SmallHome) -> None:
    """And a later row by UPN is about the same child."""
    outcome = home.load(EXPORTS_ALONE, {"lac.xlsx": of_home(home)})
    assert (outcome.problems, outcome.unknown_files) == ((), ())
    by_handle_rows = {table: home.rows(table) for table in TABLES}
    assert by_handle_rows["raw_suspension"] == []
    assert [row["age_band"] for row in by_handle_rows["raw_health"]] == ["5 to 9", "10 and over"]

    other = SmallHome(home.folder.parent / "other")
    other.exports.parent.mkdir()
    other.environ = home.environ | {"LAC_KEYS": str(home.folder.parent / "other-keys")}
    upns = {"Ann": ANN, "Ben": BEN, "Cat": CAT}
    files = dict(EXPORTS_ALONE)
    for title, rows in FILLED.items():
        export = export_of(f"{title}.csv")
        lines = [",".join(export.header)]
        for name, *cells in rows:
            texts = ["" if cell is None else str(cell) for cell in cells]
            texts += [""] * (len(export.header) - 1 - len(texts))
            lines.append(",".join([upns[name], *texts]))
        if rows:
            files[export.name] = "\n".join(lines) + "\n"
    assert other.load(files).problems == ()
    assert {table: other.rows(table) for table in TABLES} == by_handle_rows

    header = GOOD["sdq.csv"].split("\n")[0]
    home.load({**EXPORTS_ALONE, "sdq.csv": f"{header}\n{ANN},2026-09-21,carer,16,,,,,,,\n"})
    assert [(row["child"], row["total"]) for row in home.rows("raw_sdq")] == [
        *(("Ann", 16), ("Ben", None))
    ]


@pytest.mark.slow
def test_a_child_who_has_left_is_offered_no_more_but_still_known(home: SmallHome) -> None:
    stays = GOOD["roll.csv"].replace("3,3B,02/09/2025,", "3,3B,02/09/2025,20/11/2026")
    register = [row for row in GOOD["attendance.csv"].split("\n") if "2026-11-2" not in row]
    files = {**EXPORTS_ALONE, "roll.csv": stays, "attendance.csv": "\n".join(register)}
    marks = "\n".join(f"{each},2026-11-23,AM,/" for each in (ANN, CAT))
    files = added("attendance.csv", marks, added("calendar.csv", "2026-11-23,school day", files))
    assert home.load(files, now=NOW + timedelta(3)).problems == ()
    out = home.folder.parent / "later.xlsx"
    assert write_template(_session(home.folder), out) == 2
    content = of_home(home, {"pep": [["Ben", date(2026, 10, 6), "held"]]})
    assert home.load(files, {"lac.xlsx": content}).problems == ()
    assert [row["child"] for row in home.rows("raw_pep")] == ["Ben"]


@pytest.mark.slow
def test_replacing_the_roll_needs_no_earlier_year_group(home: SmallHome) -> None:
    content = of_home(home, {"health": FILLED["health"]})
    outcome = home.load(EXPORTS_ALONE, {"lac.xlsx": content}, replace=["roll.csv"])
    assert outcome.problems == ()
    assert [row["child"] for row in home.rows("raw_health")] == ["Ann", "Cat"]


def test_handles_need_a_home_that_has_children(tmp_path: Path) -> None:
    fresh = SmallHome(tmp_path)
    content = filled(build_template(HANDLES), {"sdq": FILLED["sdq"]})
    with pytest.raises(
        IntakeError, match=r"sdq.csv identifies children by code name, .* no children"
    ):
        fresh.load(EXPORTS_ALONE, {"lac.xlsx": content})
    assert not fresh.folder.exists()


# the command line


@pytest.mark.slow
def test_lac_template_and_lac_check_with_a_home(home: SmallHome, tmp_path: Path) -> None:
    out = tmp_path / "sheets" / "lac.xlsx"
    asked = ("template", "--home", home.folder, "--out", out)
    said = lac(*asked)
    assert (said.exit_code, "No such file" in said.output) == (2, True)
    out.parent.mkdir()
    said = lac(*asked)
    assert (said.exit_code, "lists 3 children by code name" in said.output) == (0, True)
    said = lac(*asked)
    assert (said.exit_code, "already exists" in said.output) == (2, True)
    assert lac(*asked[:-1], tmp_path / "lac.csv").exit_code == 2
    log = (home.folder / "log" / "access.jsonl").read_text().splitlines()
    assert '"template"' in log[-2]
    assert '"data_check"' in log[-2]  # and the last one opened a session for nothing

    shutil.rmtree(home.exports)
    home.exports.mkdir()
    write(EXPORTS_ALONE, home.exports)
    (home.exports / "lac.xlsx").write_bytes(of_home(home))
    said = lac("check", home.exports)
    assert (said.exit_code, "sdq.csv has code names" in said.output) == (2, True)
    said = lac("check", home.exports, "--home", home.folder)
    assert (said.exit_code, said.output.endswith("Nothing to fix in 60 rows.\n")) == (0, True)


def test_there_is_no_template_before_the_first_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", small.environ["LAC_KEYS"])
    with pytest.raises(SafeguardsError):
        write_template(_session(small.folder), tmp_path / "lac.xlsx")
    Keys.create(create_demo(small.folder))
    with pytest.raises(NothingLoaded):
        write_template(_session(small.folder), tmp_path / "lac.xlsx")
    assert not (tmp_path / "lac.xlsx").exists()
