"""Workbooks: the same rows as from files, what is no value, and what is never opened."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from intake.check.check import check_exports
from intake.problems import IntakeError
from intake.read import archive, workbook
from intake.read.files import list_senders
from intake.read.read import list_unmapped, read_exports
from queries.contract import EXPORTS, NO_SCHOOL
from tests.support.schools.good_exports import (
    ANN,
    CAT,
    GOOD,
    Files,
    export_of,
    read_file,
    without,
    write,
)

Cells = list[list[Any]]

SDQ = ["upn", "date", "informant", "total", "emotional", "conduct", "hyperactivity", "peer",
       "prosocial", "impact", "reason"]  # fmt: skip
SCHOOL = [["school_id", "name", "phase"], ["0019999", "Brook Lane Junior School", "junior"]]


def book(sheets: Mapping[str, Cells]) -> bytes:
    """A workbook of these cells, as openpyxl writes it."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def archived(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def with_parts(parts: Mapping[str, bytes], of: bytes | None = None) -> bytes:
    """A good workbook with these parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(of or book({"school": SCHOOL}))) as made:
        kept = {name: made.read(name) for name in made.namelist()}
    return archived({**kept, **parts})


def of_text(name: str) -> Cells:
    """A good file as the cells of a sheet, all of them text."""
    file = read_file(export_of(name), GOOD[name].encode())
    rows = [list(row) for row in file.rows.drop("row").rows()]
    return [list(export_of(name).header), *[[text or None for text in row] for row in rows]]


def in_folder(
    folder: Path, content: bytes, files: Files | None = None, name: str = "lac.xlsx"
) -> Any:
    (folder / name).write_bytes(content)
    return read_exports(write(files or {}, folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_workbook_says_what_the_files_say(folder: Path) -> None:
    sheets = {name.removesuffix(".csv"): of_text(name) for name in GOOD}
    read = in_folder(folder, book(sheets))
    assert read.problems == ()
    assert read.unknown_files == ()
    assert list(read.files) == [export.name for export in EXPORTS if export.name in GOOD]
    for name, file in read.files.items():
        assert file.rows.equals(read_file(export_of(name), GOOD[name].encode()).rows), name
    result = check_exports(read)
    assert result.problems == ()
    digests = set(result.digests.values())
    assert len(digests) == 1
    assert len(digests.pop()) == 64


def test_some_tables_may_be_sheets_and_others_files(folder: Path) -> None:
    content = book({"sdq": of_text("sdq.csv"), "lists": [["x"]], "notes": [["x"]]})
    read = in_folder(folder, content, without("sdq.csv"), name="Autumn term.xlsx")
    assert check_exports(read).problems == ()
    assert set(read.files) == set(GOOD)
    assert read.unknown_files == ("Autumn term.xlsx: notes",)


def test_a_workbook_of_many_schools_is_each_schools_own(folder: Path) -> None:
    """A column `school` has the URN; a sheet without it is the authority's; lines stay as seen."""
    roll, marks = of_text("roll.csv"), of_text("attendance.csv")
    of_two = [["School", *roll[0]], *(["100001", *row] for row in roll[1:]), ["100002", *roll[1]]]
    sheets = {"roll": of_two, "attendance": [[*marks[0], "school"]], "care_episodes": [["upn"]]}
    sheets["attendance"] += [[*row, 100001] for row in marks[1:]]
    # a value that is called as the column is does not name it
    sheets["care_changes"] = [["upn", "date", "kind"], ["A123", "2026-09-01", "school"]]
    (folder / "all.xlsx").write_bytes(book(sheets))
    parts = list_senders(folder / "all.xlsx")
    assert set(parts) == {NO_SCHOOL, 100001, 100002}
    one, two = (read_exports(parts[school]).files for school in (100001, 100002))
    for name in ("roll.csv", "attendance.csv"):
        assert one[name].rows.equals(read_file(export_of(name), GOOD[name].encode()).rows)
    assert two.keys() == {"roll.csv"}
    assert read_exports(parts[NO_SCHOOL]).files["care_changes.csv"].rows.height == 1
    assert two["roll.csv"].rows["row"].to_list() == [len(of_two)]

    sheets["roll"] = [*of_two, ["Elm", *roll[1]]]
    (folder / "all.xlsx").write_bytes(book(sheets))
    with pytest.raises(IntakeError, match=f"Row {len(of_two) + 1} of the sheet 'roll' has no URN"):
        list_senders(folder / "all.xlsx")


def test_several_workbooks_are_read_and_a_sheet_is_known_by_its_columns(folder: Path) -> None:
    (folder / "roll.xlsx").write_bytes(book({"Sheet1": of_text("roll.csv")}))
    (folder / "old.xlsx").write_bytes(book({"Sheet1": [["x", "y"], ["upn", 1]], "Sheet2": []}))
    header, *rows = of_text("sdq.csv")
    titled: Cells = [["Brook Lane", None], ["as at 20/11/2026"], [], header, *rows[:2]]
    sheets = {" SDQ ": titled, "5B": [header, *rows[2:]]}
    read = in_folder(folder, book(sheets), without("sdq.csv", without("roll.csv")))
    assert check_exports(read).problems == ()
    assert read.files["roll.csv"].name == "roll.xlsx: Sheet1"
    assert read.files["sdq.csv"].rows["row"].to_list() == [5, 6, 8, 9]
    assert read.unknown_files == ("old.xlsx: Sheet1", "old.xlsx: Sheet2")
    assert read.notes == (
        "lac.xlsx: 5B was read as sdq.csv, by its columns.",
        "roll.xlsx: Sheet1 was read as roll.csv, by its columns.",
    )


def test_a_sheet_with_its_header_alone_is_not_filled_in_yet(folder: Path) -> None:
    sheets = {"sdq": [SDQ], "school": SCHOOL[:1], "care_episodes": of_text("care_episodes.csv")[:1]}
    files = {name: GOOD[name] for name in ("calendar.csv", "roll.csv", "sdq.csv")}
    read = in_folder(folder, book(sheets), files)
    # the school is required, and a school may look after nobody
    assert [(each.file, each.fault) for each in read.problems] == [("school.csv", "no rows")]
    assert set(read.files) == {*files, "school.csv", "care_episodes.csv"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 9, 21), "2026-09-21"),
        (datetime(2026, 9, 21, 0, 0), "2026-09-21"),  # noqa: DTZ001
        (datetime(2026, 9, 21, 13, 5), "2026-09-21 13:05:00"),  # noqa: DTZ001 - is no date
        ("21/09/2026", "21/09/2026"),
        (14, "14"),
        (14.0, "14"),
        (14.5, "14.5"),
        (-1, "-1"),
        (0, "0"),
        ("014", "014"),
        (" x", " x"),
        ("NULL", "NULL"),
        ("é 田中 👩‍👩‍👧", "é 田中 👩‍👩‍👧"),
        (None, ""),
        (True, None),
        (False, None),
        (time(9, 30), None),
        ("=1+1", None),
        ("=A1", None),
        ("#N/A", None),
        ("+1", "+1"),
        ("-x", "-x"),
        ("@x", "@x"),
    ],
)
def test_what_a_cell_says(value: object, text: str | None) -> None:
    sheets = workbook.read_workbook(book({"sdq": [["a", "b", "c"], ["x", value, "y"]]}), "lac.xlsx")
    assert sheets == {"sdq": workbook.Sheet([(1, ("a", "b", "c")), (2, ("x", text, "y"))], ())}


def test_text_that_looks_like_a_formula_is_text() -> None:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    made.add_worksheet("sdq").write_string(0, 0, "=1+1")
    made.close()
    assert workbook.read_workbook(out.getvalue(), "x.xlsx")["sdq"].rows == [(1, ("=1+1",))]


@pytest.mark.parametrize("value", [True, "=1+1", "#N/A", time(9), "two\nlines", "a\tb", "x\u2028"])
def test_a_row_with_no_value_is_broken_and_takes_no_other_with_it(
    folder: Path, value: object
) -> None:
    good = [CAT, date(2026, 9, 22), "carer", 12]
    sheet: Cells = [SDQ, [ANN, date(2026, 9, 21), "carer", 14, value], [None, " "], good]
    read = in_folder(folder, book({"sdq": sheet}), without("sdq.csv"))
    assert [(each.file, each.row, each.column, each.fault) for each in read.problems] == [
        ("sdq.csv", 2, "", "broken row")
    ]
    assert read.problems[0].problem.startswith("The row has a cell that is not text")
    file = read.files["sdq.csv"]
    # the blank row is no row, and the line numbers are the sheet's
    assert file.rows.select("row", "upn", "date", "total").rows() == [(4, CAT, "2026-09-22", "12")]
    assert (file.rows_read, file.skipped_keys) == (2, (ANN,))


def test_a_cell_beside_the_table_is_told(folder: Path) -> None:
    sheet: Cells = [SDQ, [ANN, "2026-09-21", "carer", 14, *[None] * 7, "ask the carer"]]
    read = in_folder(folder, book({"sdq": sheet}), without("sdq.csv"))
    assert [(each.row, each.fault) for each in read.problems] == [(2, "field count")]
    assert read.problems[0].problem == "The row has 12 fields, but the header has 11 fields."


@pytest.mark.parametrize(
    "rows", [[], [["x"]], [SDQ[:-1], ["x"]], [[*SDQ, "x"], ["x"]], [[], SDQ], [[True, *SDQ[1:]]]]
)
def test_another_header_is_refused(folder: Path, rows: Cells) -> None:
    read = in_folder(folder, book({"roll": rows}), without("roll.csv"))
    assert [(each.file, each.fault) for each in read.problems] == [("roll.csv", "wrong header")]
    assert read.problems[0].shown_file == "lac.xlsx: roll"


# which of several files


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"lac.xls"}, "'lac.xls' is a kind of workbook that is not read"),
        ({"lac.xlsx", "old.XLSM"}, "'old.XLSM'"),
        ({"b\n.xlsb"}, r"'b\\n.xlsb'"),
        ({"lac.ods"}, r"'lac.ods' .* Open it in Excel and save it as an Excel workbook \(\.xlsx\)"),
    ],
)
def test_workbooks_of_other_kinds_are_told(names: set[str], said: str) -> None:
    with pytest.raises(IntakeError, match=said):
        read_exports(dict.fromkeys(names, b""))
    with pytest.raises(IntakeError, match=said):
        list_unmapped(dict.fromkeys(names, b""))


def test_the_file_that_excel_leaves_beside_an_open_workbook_is_passed_over(folder: Path) -> None:
    (folder / "~$lac.xlsx").write_bytes(b"\x05Ann")
    assert in_folder(folder, book({"sdq": of_text("sdq.csv")})).unknown_files == ()


# what is never opened


def bomb() -> bytes:
    """19 MB of one letter: 1,000 to 1."""
    return with_parts({"xl/worksheets/sheet1.xml": b"<a>" + b"0" * 19_000_000 + b"</a>"})


def a_lying_directory() -> bytes:
    """The directory says ten bytes, and the part unpacks to a million."""
    content = bytearray(with_parts({"xl/a.xml": b"0123456789" * 100_000}))
    size = struct.pack("<I", 1_000_000)
    assert content.count(size) == 2
    return bytes(content).replace(size, struct.pack("<I", 10))


def one_far_row(last: int, cell: str = "") -> bytes:
    """A sheet of few bytes that has one row, far down or far to the right."""
    head = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    row = f'<row r="{last}">{cell}</row></sheetData></worksheet>'
    return with_parts({"xl/worksheets/sheet1.xml": (head + row).encode()})


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<worksheet>&a;</worksheet>"""
MACRO_TYPES = b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>"

UNSAFE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (bomb, "compressed more"),
    "a large file": (lambda: bytes(archive.MAX_BYTES + 1), "larger than 20 MB"),
    "large parts": (
        lambda: with_parts({f"xl/{n}.xml": bytes(1_000_000) for n in range(21)}),
        "too large when unpacked",
    ),
    "many parts": (
        lambda: with_parts({f"xl/{n}.xml": b"<a/>" for n in range(150)}),
        "too large when unpacked",
    ),
    "a lying directory": (a_lying_directory, "damaged"),
    "a workbook within": (
        lambda: with_parts({"xl/embeddings/other.xlsx": book({"a": [["x"]]})}),
        "contains other files",
    ),
    "an archive within": (
        lambda: archived({"lac.xlsx": book({"school": SCHOOL})}),
        "contains other files",
    ),
    "an archive of something else": (lambda: archived({"a.xml": b"<a/>"}), "not an Excel workbook"),
    "macros": (lambda: with_parts({"xl/vbaProject.bin": b"x"}), "contains macros"),
    "macros in other letters": (lambda: with_parts({"xl/VBAPROJECT.BIN": b"x"}), "contains macros"),
    "an old macro sheet": (
        lambda: with_parts({"xl/macrosheets/sheet1.xml": b"<a/>"}),
        "contains macros",
    ),
    "macros by type": (lambda: with_parts({"[Content_Types].xml": MACRO_TYPES}), "contains macros"),
    "a link to another file": (
        lambda: with_parts({"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "links to other files",
    ),
    "a path up": (lambda: with_parts({"xl/../../evil.xml": b"x"}), "outside itself"),
    "a path from the root": (lambda: with_parts({"/etc/evil.xml": b"x"}), "outside itself"),
    "a path of Windows": (lambda: with_parts({"xl\\..\\evil.xml": b"x"}), "outside itself"),
    "a program": (lambda: with_parts({"xl/run.exe": b"MZ"}), "contains other files"),
    "entities": (lambda: with_parts({"xl/worksheets/sheet1.xml": ENTITIES}), "damaged"),
    "entities outside": (lambda: with_parts({"xl/sharedStrings.xml": OUTSIDE}), "damaged"),
    "entities in UTF-16": (
        lambda: with_parts({"xl/workbook.xml": ENTITIES.decode().encode("utf-16")}),
        "damaged",
    ),
    "an old workbook, or a locked one": (
        lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 512,
        "old Excel file, or has a password",
    ),
    "text": (lambda: b"upn,date\n", "not an Excel workbook"),
    "nothing": (lambda: b"", "not an Excel workbook"),
    "half of it": (lambda: book({"school": SCHOOL})[:2_000], "not an Excel workbook"),
    "another packing": (
        lambda: archived({"[Content_Types].xml": b"", "xl/workbook.xml": b""}, zipfile.ZIP_LZMA),
        "damaged",
    ),
    "broken XML": (lambda: with_parts({"xl/workbook.xml": b"<workbook>"}), "damaged"),
    "a row far down": (lambda: one_far_row(20_002), "continues beyond row 20,001"),
}


@pytest.mark.parametrize(("made", "said"), UNSAFE.values(), ids=UNSAFE.keys())
def test_what_is_unsafe_is_refused_in_words(
    folder: Path, made: Callable[[], bytes], said: str
) -> None:
    with pytest.raises(IntakeError, match=said) as refused:
        in_folder(folder, made(), without("school.csv"))
    assert "lac.xlsx" in str(refused.value)


def test_a_part_that_is_locked_is_refused() -> None:
    content = bytearray(book({"school": SCHOOL}))
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    with pytest.raises(IntakeError, match="has a password"):
        workbook.read_workbook(bytes(content), "lac.xlsx")


def test_a_cell_far_to_the_right_costs_nothing_and_refuses_the_sheet() -> None:
    """It used to be passed over, and with it the half of a wide register."""
    wide = [[f"{place}" for place in range(1024)]]
    ((_, cells),) = workbook.read_workbook(book({"a": wide}), "a.xlsx")["a"].rows
    assert cells == tuple(wide[0])
    with pytest.raises(IntakeError, match="continues beyond column 1,024"):
        workbook.read_workbook(book({"a": [[*wide[0], "x"]]}), "a.xlsx")
    cell = '<c r="XFD20000" t="inlineStr"><is><t>x</t></is></c>'
    with pytest.raises(IntakeError, match="continues beyond column 1,024"):
        workbook.read_workbook(one_far_row(20_000, cell), "lac.xlsx")


def test_what_a_sheet_hides_is_told_and_read() -> None:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    made.add_worksheet("front")
    sheet = made.add_worksheet("sdq")
    sheet.write_row(0, 0, ["a", "b", "c", "d"])
    sheet.write_row(1, 0, ["x"])
    sheet.set_column(1, 2, None, None, {"hidden": True})
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.hide()
    made.close()
    found = workbook.read_workbook(out.getvalue(), "x.xlsx")["sdq"]
    assert found.rows == [(1, ("a", "b", "c", "d")), (2, ("x",))]
    assert found.told == (
        "the sheet is hidden, but was read",
        "2 columns are hidden, but read",
        "1 row is hidden, but read",
    )


@pytest.mark.slow
def test_a_sheet_may_have_20_000_rows() -> None:
    rows = [["x"]] * 20_001
    assert len(workbook.read_workbook(book({"a": rows}), "a.xlsx")["a"].rows) == 20_001
    with pytest.raises(IntakeError, match="continues beyond row 20,001"):
        workbook.read_workbook(book({"a": [*rows, ["x"]]}), "a.xlsx")


def test_what_excel_adds_of_its_own_is_no_fault() -> None:
    parts = {
        "xl/printerSettings/printerSettings1.bin": b"x",
        "docProps/thumbnail.wmf": b"x",
        "customXml/item1.xml": b"<a/>",
        "xl/drawings/vmlDrawing1.vml": b"<xml/>",
    }
    found = workbook.read_workbook(with_parts(parts), "lac.xlsx")["school"]
    assert found.rows[1][1] == tuple(SCHOOL[1])
