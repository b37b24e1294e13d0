"""The workbook to fill in: the same bytes, no name, drop-downs; and filled in, loaded."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from cli.main import app
from intake.problems import IntakeError
from intake.template import build_template, write_template
from queries.contract import HANDLE_EXPORTS, key_by_handle, to_sheet_name
from safeguards.access import access
from safeguards.access.access import NothingLoaded
from safeguards.errors import SafeguardsError
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.schools.good_exports import ANN, BEN, CAT, EXPORTS_ALONE, GOOD, added, export_of
from tests.support.schools.small_home import NOW, SmallHome

HANDLES = ["amber anchor", "copper lantern", "silver meadow"]
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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    """Three children, and nothing yet but what the office exports."""
    home = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", home.environ["LAC_KEYS"])
    home.load(EXPORTS_ALONE)
    return home


def filled(home: SmallHome, rows: dict[str, list[list[Any]]] = FILLED, **handles: str) -> bytes:
    """The home's template with these rows typed in, saved by another program than wrote it."""
    out = home.folder.parent / "template.xlsx"
    out.unlink(missing_ok=True)
    write_template(_session(home.folder), out)
    book = openpyxl.load_workbook(out)
    known = home.handles() | handles
    for title, lines in rows.items():
        for number, (name, *cells) in enumerate(lines, start=2):
            for column, value in enumerate([known[name], *cells], start=1):
                book[title].cell(number, column, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _session(folder: Path) -> access.Session:
    return access.open(folder, actor="Test", role="dsl", purpose="template")


def told(home: SmallHome, rows: dict[str, list[list[Any]]], **handles: str) -> Any:
    outcome = home.load(EXPORTS_ALONE, {"lac.xlsx": filled(home, rows, **handles)})
    return [(each.file, each.row, each.column, each.fault) for each in outcome.problems]


def test_the_same_home_gives_the_same_bytes(home: SmallHome, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        assert write_template(_session(home.folder), tmp_path / name) == 3
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert build_template(HANDLES) == build_template(HANDLES)


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


def test_it_holds_no_name_no_upn_and_no_formula(home: SmallHome) -> None:
    content = filled(home, {})
    out = (home.folder.parent / "template.xlsx").read_bytes()
    for each in (content, out):
        with zipfile.ZipFile(io.BytesIO(each)) as parts:
            text = "".join(parts.read(name).decode() for name in parts.namelist())
        handles = home.handles().values()
        assert all(handle in text for handle in handles)
        for secret in (ANN, BEN, CAT, "Achébe", "O'Brien", "Smith-Jones", "Annie"):
            assert secret not in text
        assert "<f>" not in text
    assert b"2026-01-01T00:00:00Z" in zipfile.ZipFile(io.BytesIO(out)).read("docProps/core.xml")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_is_written_that_begins_as_a_formula(start: str) -> None:
    with pytest.raises(ValueError, match="begins as a formula"):
        build_template([f"{start}cmd lantern"])


@pytest.mark.slow
def test_filled_in_it_comes_back_as_the_same_rows_as_from_files(home: SmallHome) -> None:
    outcome = home.load(EXPORTS_ALONE, {"lac.xlsx": filled(home)})
    assert outcome.problems == ()
    assert outcome.unknown_files == ()
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


@pytest.mark.slow
def test_rows_by_handle_and_by_upn_are_about_the_same_child(home: SmallHome) -> None:
    home.load(EXPORTS_ALONE, {"lac.xlsx": filled(home)})
    header = GOOD["sdq.csv"].split("\n")[0]
    home.load({**EXPORTS_ALONE, "sdq.csv": f"{header}\n{ANN},2026-09-21,carer,16,,,,,,,\n"})
    totals = [(row["child"], row["total"]) for row in home.rows("raw_sdq")]
    assert totals == [("Ann", 16), ("Ben", None)]


@pytest.mark.slow
def test_a_handle_that_the_home_does_not_know_is_told_without_the_handle(home: SmallHome) -> None:
    rows = {"sdq": [FILLED["sdq"][0], ["Dan", date(2026, 9, 21), "carer", 3]]}
    content = filled(home, rows, Dan="ruby otter")
    outcome = home.load(EXPORTS_ALONE, {"lac.xlsx": content})
    (problem,) = outcome.problems
    assert (problem.row, problem.column, problem.fault) == (3, "handle", "not on the roll")
    assert problem.problem == "The handle is no child's of this home."
    assert "ruby" not in problem.problem + problem.fix
    assert outcome.left_out_rows == {"sdq.csv": 1}
    assert [row["child"] for row in home.rows("raw_sdq")] == ["Ann"]


@pytest.mark.slow
def test_a_name_in_place_of_a_handle_is_told_without_the_name(home: SmallHome) -> None:
    content = filled(home, {"pep": [["Dan", date(2026, 9, 21), "held"]]}, Dan="Dan Brown")
    (problem,) = home.load(EXPORTS_ALONE, {"lac.xlsx": content}).problems
    assert (problem.column, problem.fault) == ("handle", "not allowed")
    assert "Dan" not in repr(problem)


@pytest.mark.slow
def test_other_faults_are_told_at_the_rows_of_the_sheet(home: SmallHome) -> None:
    rows = {
        "sdq": [["Ann", date(2026, 9, 21), "carer", 41], ["Ann", "soon", "carer", 4]],
        "ehcp": [FILLED["ehcp"][0], FILLED["ehcp"][0]],
        "pep": [["Ann", date(2026, 9, 21), "booked", None, "yes"]],
    }
    assert told(home, rows) == [
        ("sdq.csv", 2, "total", "out of range"),
        ("sdq.csv", 3, "date", "not a date"),
        ("ehcp.csv", 3, "handle", "duplicate"),
        ("pep.csv", 2, "child_attended", "needed for outcome"),
    ]


@pytest.mark.slow
def test_health_up_to_reception_is_told_for_its_band_hangs_on_the_birthday(home: SmallHome) -> None:
    # Ben is in Year 3 from September 2026, so in Reception until August 2024
    rows = {
        "health": [
            ["Ben", "dental check", date(2024, 8, 31), "done"],
            ["Ben", "dental check", date(2024, 9, 1), "done"],
        ],
        "pep": [["Ben", date(2024, 7, 1), "held"]],
    }
    content = filled(home, rows)
    (problem,) = home.load(EXPORTS_ALONE, {"lac.xlsx": content}).problems
    place = (problem.file, problem.row, problem.column, problem.fault)
    assert place == ("health.csv", 2, "date", "not allowed")
    assert problem.fix.startswith("Give this row by UPN")


@pytest.mark.slow
def test_a_child_who_has_left_is_offered_no_more_but_still_known(home: SmallHome) -> None:
    stays = GOOD["roll.csv"].replace("3,3B,02/09/2025,", "3,3B,02/09/2025,20/11/2026")
    register = [row for row in GOOD["attendance.csv"].split("\n") if "2026-11-2" not in row]
    files = {**EXPORTS_ALONE, "roll.csv": stays, "attendance.csv": "\n".join(register)}
    calendar = added("calendar.csv", "2026-11-23,school day", files)
    marks = "\n".join(f"{each},2026-11-23,AM,/" for each in (ANN, CAT))
    files = added("attendance.csv", marks, calendar)
    assert home.load(files, now=NOW + timedelta(3)).problems == ()
    out = home.folder.parent / "later.xlsx"
    assert write_template(_session(home.folder), out) == 2
    rows = {"pep": [["Ben", date(2026, 10, 6), "held"]]}
    outcome = home.load(files, {"lac.xlsx": filled(home, rows)})
    assert outcome.problems == ()
    assert [row["child"] for row in home.rows("raw_pep")] == ["Ben"]


@pytest.mark.slow
def test_replacing_the_roll_needs_no_earlier_year_group(home: SmallHome) -> None:
    content = filled(home, {"health": FILLED["health"]})
    outcome = home.load(EXPORTS_ALONE, {"lac.xlsx": content}, replace=["roll.csv"])
    assert outcome.problems == ()
    assert [row["child"] for row in home.rows("raw_health")] == ["Ann", "Cat"]


@pytest.mark.slow
def test_a_csv_file_may_name_children_by_handle_as_well(home: SmallHome) -> None:
    text = f"handle,date,outcome,quality,child_attended,targets_set\n{home.handles()['Ann']},"
    assert home.load({**EXPORTS_ALONE, "pep.csv": f"{text}2026-10-05,held,,,\n"}).problems == ()
    assert [row["child"] for row in home.rows("raw_pep")] == ["Ann"]


def test_handles_need_a_home_that_has_children(home: SmallHome, tmp_path: Path) -> None:
    content = filled(home)
    fresh = SmallHome(tmp_path / "fresh")
    fresh.exports.parent.mkdir()
    with pytest.raises(IntakeError, match=r"sdq.csv names children by handle, and .* no children"):
        fresh.load(EXPORTS_ALONE, {"lac.xlsx": content})
    assert not fresh.folder.exists()


def test_only_what_people_fill_in_may_go_by_handle(home: SmallHome) -> None:
    roll = GOOD["roll.csv"].replace("upn,", "handle,", 1)
    outcome = home.load({**EXPORTS_ALONE, "roll.csv": roll})
    assert [(each.file, each.fault) for each in outcome.problems] == [("roll.csv", "wrong header")]
    with pytest.raises(ValueError, match="by UPN only"):
        key_by_handle(export_of("roll.csv"))


# the command line


def lac(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output


@pytest.mark.slow
def test_lac_template_and_lac_check_with_a_home(home: SmallHome, tmp_path: Path) -> None:
    out = tmp_path / "sheets" / "lac.xlsx"
    code, said = lac("template", "--home", home.folder, "--out", out)
    assert code == 2
    assert "No such file" in said
    out.parent.mkdir()
    code, said = lac("template", "--home", home.folder, "--out", out)
    assert code == 0
    assert "offers 3 children by handle" in said
    code, said = lac("template", "--home", home.folder, "--out", out)
    assert code == 2
    assert "is there already" in said
    assert lac("template", "--home", home.folder, "--out", tmp_path / "lac.csv")[0] == 2
    log = (home.folder / "log" / "access.jsonl").read_text().splitlines()
    assert '"template"' in log[-2]
    assert '"data_check"' in log[-2]  # and the last one opened a session for nothing

    (home.exports / "lac.xlsx").write_bytes(filled(home))
    code, said = lac("check", home.exports)
    assert code == 2
    assert "Say whose handles: --home HOME" in said
    code, said = lac("check", home.exports, "--home", home.folder)
    assert code == 0
    assert said.endswith("Nothing to fix in 60 rows.\n")  # 54 of the files


def test_lac_check_needs_no_home_without_handles(tmp_path: Path) -> None:
    home = SmallHome(tmp_path)
    home.load()
    assert lac("check", home.exports)[0] == 0


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
