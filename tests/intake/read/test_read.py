"""Reading as strict text: what is refused, what is left out, and what is never changed."""

import csv
import io
import os
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.check.account import Scope, build_accounts, describe_accounts
from intake.check.check import check_exports, format_totals
from intake.map.mapping import Mapping
from intake.problems import IntakeError, build_problem, write_problems
from intake.read.files import MAX_CSV_BYTES
from intake.read.read import read_exports
from intake.tables import UNPRINTABLE_PATTERN, ExportFile, build_schema
from queries.contract import ATTENDANCE, CALENDAR, EXPORTS, ROLL
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    GOOD,
    export_of,
    read_file,
    with_cell,
    with_line,
    without,
    write,
)

HEADER = b"upn,date,session,code\n"


def told(file: ExportFile) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.fault) for each in file.problems]


def line_of(cells: list[str]) -> str:
    """One CSV record, quoted where it must be."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def test_a_good_folder_is_read_whole(tmp_path: Path) -> None:
    read = read_exports(write(GOOD, tmp_path))
    assert read.problems == ()
    assert list(read.files) == [export.name for export in EXPORTS if export.name in GOOD]
    assert {name: file.rows_read for name, file in read.files.items()} == {
        name: len(text.splitlines()) - 1 for name, text in GOOD.items()
    }
    for name, file in read.files.items():
        assert file.digest == sha256(GOOD[name].encode()).hexdigest()
        assert file.rows.columns == build_schema(export_of(name)).names()
        records = list(csv.reader(GOOD[name].splitlines()))
        assert file.rows.drop("row").rows() == [tuple(each) for each in records[1:]]
        assert file.rows["row"].to_list() == list(range(2, len(records) + 1))


def test_each_table_says_how_much_was_in_it() -> None:
    """Whatever becomes of it: rows that are none, children of no UPN, marks of any layout."""
    grid = f"UPN,Name,01/09/2025 AM,01/09/2025 PM\n{ANN},A,/,L\n,B,I,-\n{BEN},C,,/\n,Total,3,1\n"
    mapping = Mapping(
        "attendance.csv", "a session a column", {"upn": "UPN"},
        ("upn", "name", "<day session>"),
    )  # fmt: skip
    files = {**GOOD, "sdq.csv": GOOD["sdq.csv"] + "x\n\n", "attendance.csv": grid}
    files["h.csv"] = f"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nX1,F,03/02/2017,WBRI,{ANN},0,\nX2\n"
    read = read_exports({name: text.encode() for name, text in files.items()}, [mapping])
    counted = {each.table: (each.number, each.is_of_marks) for each in read.counted}
    assert counted == {
        **{name: (GOOD[name].count("\n") - 1, False) for name in GOOD},
        "sdq.csv": (5, False),
        "attendance.csv": (4, True),
        "h.csv": (2, False),
    }
    left = {
        each.table: [(rule.rule, rule.number, rule.where) for rule in each.left]
        for each in read.counted
    }
    assert left["attendance.csv"] == [
        ("they have marks and no UPN", 1, "row 3"),
        ("they identify no child and have no mark", 0, ""),
    ]
    (header,) = (each for each in read.counted if each.table == "h.csv")
    assert sorted(header.lines.select("rule", "number").rows()) == [
        ("it is not known which authority sent them", 1),
        ("unreadable, and no child on the roll", 1),
    ]


def test_required_files_are_missed_and_others_are_not(tmp_path: Path) -> None:
    read = read_exports(write({"attendance.csv": GOOD["attendance.csv"]}, tmp_path))
    assert [(each.file, each.row, each.column, each.fault) for each in read.problems] == [
        (name, 0, "", "missing file")
        for name in ("school.csv", "calendar.csv", "roll.csv", "care_episodes.csv")
    ]


def test_what_is_unknown_is_named_and_hidden_files_passed_over(tmp_path: Path) -> None:
    """A folder that is called as a file is none, and is named as well."""
    write({**without("roll.csv"), "faults.csv": "x", "Rolls.csv": "\0", ".roll.csv": "x"}, tmp_path)
    (tmp_path / "roll.csv").mkdir()
    (tmp_path / "bad\nname").write_bytes(b"")
    (tmp_path / "notes.docx").write_bytes(b"")
    read = read_exports(tmp_path)
    assert read.unknown_files == ("'bad\\nname'", "faults.csv", "notes.docx", "roll.csv")
    assert [each.partition(" ")[0] for each in read.unread] == ["Rolls.csv"]
    assert [(each.file, each.fault) for each in read.problems] == [("roll.csv", "missing file")]


def test_no_folder_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="There is no folder"):
        read_exports(tmp_path / "absent")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(IntakeError, match="is not a folder"):
        read_exports(tmp_path / "file")


@pytest.mark.parametrize("name", GOOD)
def test_a_byte_order_mark_and_other_line_ends_change_nothing(name: str) -> None:
    export, data = export_of(name), GOOD[name].encode()
    plain = read_file(export, data)
    windows = data.replace(b"\n", b"\r\n")
    for same in (b"\xef\xbb\xbf" + data, windows, data[:-1], windows[:-1], data + b"\n\r\n"):
        other = read_file(export, same)
        assert other.problems == ()
        assert other.rows.equals(plain.rows)
        assert other.rows_read == plain.rows_read


@pytest.mark.parametrize(
    ("text", "found", "mend"),
    [
        ("", "it is empty", "Export the file again, this time with rows."),
        ("\n,,\n", "it is empty", "Export the file again, this time with rows."),
        ("upn,date,session\nx,y,z\n", "row 1 names no column code", "or choose it on"),
        (
            "Brook Lane\nUPN,Date,Session,Mark\n",
            'row 2 names no column code (column 4 is "Mark")',
            "Give the column this name, or choose it on the Bring in files page.",
        ),
        (
            "upn,day,half,Mark,Date of birth\n",
            "none of the first 1 rows has the column names",
            "or | between them: upn, date, session, code. You can also say on the Bring in files",
        ),
        ("upn,date,session,code,Date\n", "two columns of row 1 are called date", "Remove one"),
        ("upn:date:session:code\n", "has the column names", "semicolons, tabs or | between them"),
        (
            "datesessioncodeupn\n",
            "none of the first 1 rows has the column names",
            "Put the column names in one row",
        ),
        (
            '"upn,date,session,code\n',
            "an unclosed quotation mark",
            "Export the file again as CSV in UTF-8",
        ),
        ("upn,date,ses sion/,co de.?\n", "row 1 names no column code", "Give the column this name"),
        (f"{ANN},2026-11-16,AM,/\n", "row 1 already contains values", "Add a first row above it"),
        ("upn,da\0te\n", "its first row has invisible characters", "Export the file again"),
    ],
)
def test_a_wrong_header_says_what_was_found(text: str, found: str, mend: str) -> None:
    (problem,) = read_file(ATTENDANCE, text.encode()).problems
    assert problem.problem.startswith("The columns of attendance.csv could not be recognised: ")
    assert found in problem.problem
    assert mend in problem.fix


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04" + bytes(40), "a workbook with the name of a CSV file"),
        (b"%PDF-1.7\n", "a PDF"),
        # plain ASCII in UTF-16 without a mark is UTF-8 full of NULs
        (HEADER.decode().encode("utf-16-le"), "text in UTF-16 or UTF-32"),
        (HEADER.decode().encode("utf-16-be"), "text in UTF-16 or UTF-32"),
        (HEADER.decode().encode("utf-32"), "text in UTF-16"),
        (HEADER + b"Si\xe2n,,,\n", "line 2 has a letter that is not UTF-8"),
    ],
)
def test_what_is_no_text_is_told(data: bytes, what: str) -> None:
    file = read_file(ATTENDANCE, data)
    (problem,) = file.problems
    assert (problem.fault, what in problem.problem) == ("not UTF-8", True)
    assert (file.is_read, file.rows.height) == (False, 0)
    files = {name: text.encode() for name, text in GOOD.items()} | {"attendance.csv": data}
    accounts = build_accounts(check_exports(read_exports(files)), Scope(()))
    *_, taken, unread = describe_accounts(accounts)
    assert "attendance.csv" not in taken
    assert unread == "No row could be read in these files: attendance.csv."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("rows", [4, 20_000])
def test_marked_utf_16_is_read_as_utf_8_is(encoding: str, rows: int) -> None:
    """Unicode Text of Excel, and what some systems export; also where only its start is opened."""
    text = HEADER.decode() + f"{ANN},2026-11-16,AM,/\n" * rows
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    file = read_file(ATTENDANCE, (mark + text).encode(encoding))
    assert file.rows.drop("row").equals(read_file(ATTENDANCE, text.encode()).rows.drop("row"))


def test_a_file_without_a_name_of_ours_says_why_it_cannot_be_read() -> None:
    """They were passed over as files that nobody knows, or as read already."""
    files = {"5E.csv": b"UPN,Name\nX,Si\xe2n\n", "2.txt": b"%PDF-1.7", "3.csv": b"\n\n"}
    read = read_exports({**{name: text.encode() for name, text in GOOD.items()}, **files})
    assert [
        each.partition(". ")[0].partition(" cannot be read: it is ")[2] for each in read.unread
    ] == ["a PDF", "empty", "text in a different encoding: line 2 has a letter that is not UTF-8"]
    assert read.unknown_files == ()
    totals = format_totals(check_exports(read), (), ())
    assert "Nothing to fix" not in "\n".join(totals)


def test_no_value_of_a_row_is_told_for_a_wrong_header() -> None:
    """A row of values in place of names, or below a wrong row of names, stays untold."""
    for text in (f"{ANN},Marker,Ann\n", "upn,surname,Marker 1234\n", f"upn,forename,{ANN}\nx"):
        (problem,) = read_file(ROLL, text.encode()).problems
        assert not {"Marker", ANN, "1234"} & set(re.split(r"[^\w]", problem.problem + problem.fix))


ROW = f"{ANN},2026-11-16,AM,/"


@pytest.mark.parametrize(
    "text",
    [
        f"UPN,Date,SESSION,Code\n{ROW}\n",
        f' upn ,"date",session\u00a0,code\n{ROW}\n',
        f"code,session,upn,date\n/,AM,{ANN},2026-11-16\n",
        f"upn,Name,date,session,code,Notes\n{ANN},x,2026-11-16,AM,/,\n",
        f"upn;date;session;code\n{ROW.replace(',', ';')}\n",
        f"upn\tdate\tsession\tcode\n{ROW.replace(',', chr(9))}\n",
        f"upn|date|session|code\n{ROW.replace(',', '|')}\n",
        f"sep=;\nupn;date;session;code\n{ROW.replace(',', ';')}\n",
        f"upn,date,session,code,,\n{ROW},,\n{ROW.replace('AM', 'PM')}\n",
        f"upn,date,session,code\r{ROW}\r",
        f"\ufeff\ufeffupn,date,session,code\n{ROW}\n",
        f"\n\nupn,date,session,code\n\n{ROW}\n,,,\n ,, ,\n",
        f"Brook Lane Junior School\nRegister,,\n\nupn,date,session,code\n{ROW}\n",
        f"upn,date,session,code\n{ROW}\nupn,date,session,code\n",
        f"example,upn,date,session,code\nyes,A001999926001,2026-09-01,AM,/\n,{ROW}\n",
    ],
)
def test_what_says_the_same_is_read_the_same(text: str) -> None:
    file = read_file(ATTENDANCE, text.encode())
    assert file.problems == ()
    lines = text.replace("\r", "\n").split("\n")
    for row, *cells in file.rows.iter_rows():
        assert set(cells) <= set(re.split(r"[,;|\t]", lines[row - 1]))
    assert file.rows.select("upn", "date", "session", "code").row(0) == (*ROW.split(","),)


def test_columns_that_are_not_used_or_not_there_are_named() -> None:
    text = "upn,Notes,date,informant,total,1234\n" + f"{ANN},x,2026-09-21,carer,14,\n"
    file = read_file(export_of("sdq.csv"), text.encode())
    assert file.problems == ()
    assert file.rows["total"].to_list() == ["14"]
    assert file.rows["impact"].to_list() == [""]
    assert file.notes == (
        'sdq.csv: not used, and ignored: "Notes", column 6.',
        (
            "sdq.csv has no column emotional, conduct, hyperactivity, peer, prosocial, impact, "
            "reason, so this is not known."
        ),
    )


@pytest.mark.parametrize("column", ["leaving_date", "entry_date", "upn"])
def test_a_column_whose_blank_says_something_must_be_there(column: str) -> None:
    """Without leaving dates everybody would be on roll."""
    header, *rows = csv.reader(GOOD["roll.csv"].splitlines())
    place = header.index(column)
    lines = [line_of([*row[:place], *row[place + 1 :]]) for row in [header, *rows]]
    assert told(read_file(ROLL, "\n".join(lines).encode())) == [(0, "", "wrong header")]


@pytest.mark.parametrize(
    "name",
    ["Roll.csv", "ROLL.CSV", "roll (1).csv", "Roll - Copy.csv", "roll.txt", "Pupils 2026.csv"],
)
def test_a_file_is_known_by_its_name_or_its_columns(name: str, tmp_path: Path) -> None:
    read = read_exports(write({**without("roll.csv"), name: GOOD["roll.csv"]}, tmp_path))
    assert read.problems == ()
    assert read.unknown_files == ()
    file = read.files["roll.csv"]
    assert (file.name, file.rows.height) == (name, 4)
    by_columns = f"{name} was read as roll.csv, by its columns."
    assert read.notes == ((by_columns,) if "Pupils" in name else ())


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("roll.csv", "Roll (1).csv"),
        ("roll.csv", "pupils of last year.csv"),
        ("sdq.csv", "5B.csv"),
        ("calendar.csv", "terms.csv"),
    ],
)
def test_a_table_that_is_there_twice_is_not_chosen_from(
    name: str, other: str, tmp_path: Path
) -> None:
    """Refuse a second file of a kind, whatever it is called, since its rows would be lost."""
    text = "kind,first_day,last_day\n" if other == "terms.csv" else GOOD[name]
    first, second = sorted([name, other])
    words = re.escape(f"{first} and {second} are both {name}. Keep one of them")
    with pytest.raises(IntakeError, match=words):
        read_exports(write({**GOOD, other: text}, tmp_path))


@pytest.mark.skipif(os.name != "posix", reason="no such things on Windows")
def test_what_is_no_file_is_named_and_never_opened(tmp_path: Path) -> None:
    """A folder, a pipe that nobody fills, a link to a device: each called as an export is."""
    others = ("health.csv", "pep.csv", "sdq.csv")
    write({name: text for name, text in GOOD.items() if name not in others}, tmp_path)
    (tmp_path / "sdq.csv").mkdir()
    os.mkfifo(tmp_path / "pep.csv")
    (tmp_path / "health.csv").symlink_to("/dev/zero")
    read = read_exports(tmp_path)
    assert read.unknown_files == others
    assert read.files.keys() == GOOD.keys() - set(others)


def test_a_file_that_would_fill_the_memory_is_refused_in_words(tmp_path: Path) -> None:
    """No more of it is read; one of the name alone, and as a browser sends it, too."""
    write(GOOD, tmp_path)
    large = (tmp_path / "attendance.csv").open("r+b")
    with large:
        large.truncate(300 << 20)  # a file with a hole takes no room on the disk
    for files in (tmp_path, {"attendance.csv": b"upn,date\n" * (MAX_CSV_BYTES // 9 + 1)}):
        with pytest.raises(IntakeError, match="larger than 50 MB"):
            read_exports(files)


def test_a_fault_is_told_under_the_name_that_people_know(tmp_path: Path) -> None:
    text = GOOD["attendance.csv"].replace("AM,/", "AM,/,,", 1)
    read = read_exports(write({**GOOD, "attendance.csv": ""} | {"attendance.csv": text}, tmp_path))
    (tmp_path / "attendance.csv").rename(tmp_path / "Attendance (2).csv")
    (problem,) = read_exports(tmp_path).problems
    assert (problem.file, problem.shown_file) == ("attendance.csv", "Attendance (2).csv")
    assert [each.found_in for each in read.problems] == [""]


@pytest.mark.parametrize("end", [b"", b"\n\n", b"\r\n"])
def test_a_header_alone_has_no_rows(end: bytes) -> None:
    assert told(read_file(ATTENDANCE, HEADER.rstrip() + end)) == [(0, "", "no rows")]


@pytest.mark.parametrize(
    "line",
    [
        f"{ANN},2026-11-16,AM,\0",
        f"{ANN},2026-11-16,AM,/\t",
        f"{ANN},2026-11-16,AM,/\r\r",
        f"{ANN},2026-11-16\r,AM,/",
        f"{ANN},2026-11-16,AM,\x7f",
        f"{ANN},2026-11-16,AM,\x85",
        f"{ANN},2026-11-16,AM,\u2028",
        f"{ANN},2026-11-16,AM,\ufeff",
        f"{ANN},2026-11-16,AM,\u202e/",
        f"{ANN},2026-11-16,AM,\u2066/",
        *(f"{ANN},2026-11-16,A{sign}M,/" for sign in "\xad\u200b\u200c\u200d\u200e\u2060\ufe0f"),
        f'{ANN},2026-11-16,AM,"/',
        f'"{ANN},2026-11-16,AM,/',
        f'{ANN},2026-11-16,AM,/"',
        f'{ANN},2026-11-16,"AM"x,/',
        f'{ANN},2026-11-16, "AM",/',
        f'{ANN},2026-11-16,A"M,/',
        f'{ANN},2026-11-16,AM,"{"/" * 140_000}"',
    ],
)
@pytest.mark.parametrize("with_quotes", [False, True])
def test_a_broken_row_takes_no_other_with_it(line: str, with_quotes: bool) -> None:
    after = f'{BEN},"2026-11-16",AM,/' if with_quotes else f"{BEN},2026-11-16,AM,/"
    text = f"upn,date,session,code\n{ANN},2026-11-16,PM,\\\n{line}\n{after}\n"
    file = read_file(ATTENDANCE, text.encode())
    assert told(file) == [(3, "", "broken row")]
    assert file.rows.rows() == [
        (2, ANN, "2026-11-16", "PM", "\\"),
        (4, BEN, "2026-11-16", "AM", "/"),
    ]
    assert file.rows_read == 3
    assert file.skipped_keys == (ANN,)


def test_a_record_over_two_lines_is_refused_on_both() -> None:
    text = GOOD["roll.csv"].replace("Flat 2, 1", "Flat 2\n 1")
    file = read_file(ROLL, text.encode())
    assert told(file) == [(2, "", "broken row"), (3, "", "broken row")]
    assert file.rows["row"].to_list() == [4, 5, 6]
    assert file.rows["upn"].to_list()[0] == BEN


@pytest.mark.parametrize(
    ("line", "found"), [("x,y", 2), (f"{ANN},2026-11-16,AM", 3), (f'{ANN},"2026-11-16",AM,/,', 5)]
)
def test_fields_are_counted(line: str, found: int) -> None:
    text = with_line("attendance.csv", 4, line)["attendance.csv"]
    file = read_file(ATTENDANCE, text.encode())
    assert told(file) == [(4, "", "field count")]
    assert file.problems[0].problem.startswith(f"The row has {found} field")
    assert 4 not in file.rows["row"]
    assert len(file.rows) == file.rows_read - 1


@pytest.mark.parametrize("line", ["", " ", ",,,", " , ,\u00a0,", '"","","",""'])
def test_a_blank_line_is_no_row(line: str) -> None:
    text = with_line("attendance.csv", 4, line)["attendance.csv"]
    file = read_file(ATTENDANCE, text.encode())
    assert told(file) == []
    assert 4 not in file.rows["row"]
    assert file.rows_read == len(file.rows) == GOOD["attendance.csv"].count("\n") - 2


letters = st.sampled_from('",') | st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
cells = st.text(letters, max_size=12).filter(lambda cell: not re.search(UNPRINTABLE_PATTERN, cell))


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=6))
def test_whatever_csv_writes_is_read_back(records: list[list[str]]) -> None:
    text = "date,kind\n" + "".join(f"{line_of(each)}\n" for each in records)
    file = read_file(CALENDAR, text.encode())
    is_row = [each for each in records if any(cell.strip(" \u00a0") for cell in each)]
    kept = [tuple(each) for each in is_row if each != ["date", "kind"]]
    assert told(file) == ([] if kept else [(0, "", "no rows")])
    assert file.rows.drop("row").rows() == kept


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    for body in (data, HEADER + data):
        file = read_file(ATTENDANCE, body)
        assert len(file.rows) + sum(each.row > 0 for each in file.problems) == file.rows_read


@given(st.text(st.sampled_from('a,"\r\n\0 é'), max_size=60))
def test_a_row_is_what_python_reads_on_that_line_or_is_refused(text: str) -> None:
    """Against csv, line by line: nothing that we accept differs from what stands there."""
    file = read_file(CALENDAR, b"date,kind\n" + text.encode())
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    for row, *record in file.rows.iter_rows():
        assert list(csv.reader([lines[row - 2]], strict=True)) == [record]


def test_the_list_of_problems_is_csv_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    path = tmp_path / "problems.csv"
    problems = [
        build_problem(CALENDAR, 3, "date", "not a date", "31/02/2026"),
        build_problem(ATTENDANCE, 0, "", "not UTF-8"),
    ]
    harmful = [replace(problems[0], problem=f"{start}1+1") for start in "=+-@\t\r"]
    write_problems([*problems, *harmful], path)
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert rows[:3] == [
        ["file", "row", "column", "problem", "fix"],
        ["calendar.csv", "3", "date", problems[0].problem, problems[0].fix],
        ["attendance.csv", "0", "", problems[1].problem, problems[1].fix],
    ]
    assert [row[3] for row in rows[3:]] == [f"'{start}1+1" for start in "=+-@\t\r"]


def test_a_list_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="cannot be written"):
        write_problems([], tmp_path / "absent" / "problems.csv")


def test_no_value_is_shown_by_repr_as_in_a_traceback(tmp_path: Path) -> None:
    read = read_exports(write(with_cell("roll.csv", 3, "surname", "Marker"), tmp_path))
    assert read.files["roll.csv"].rows["surname"][1] == "Marker"
    assert "Marker" not in repr(read)
    assert ANN not in repr(read)
