"""The SSDA903: the same school by it as by files of our own, and each planted fault at its row."""

import csv
import io
import time
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from intake.check.check import CheckResult, check_exports
from intake.problems import IntakeError
from intake.read.read import read_exports
from synthetic.returns.ssda903 import COLUMNS, write_return
from tests.support.schools.homes import UNTIL, exports

EXAMPLE = Path(__file__).with_name("examples") / "ssda903_made_up.xml"

#: File, column, what its first row has there, and how that is told.  "first" stands for the
#: day on which the row's child came into care, in another form or another year.
FAULTS = [
    *(("header.csv", column, "", "missing value") for column in ("SEX", "DOB")),
    *(("header.csv", "SEX", text, "not allowed") for text in ("3", "0", "girl")),
    *(("header.csv", "DOB", text, "not a date") for text in ("31/02/2016", "2016", "May")),
    *(("header.csv", "MC_DOB", text, "not a date") for text in ("soon", "2016-05-01")),
    ("header.csv", "MOTHER", "2", "not allowed"),
    *(
        ("episodes.csv", column, "", "missing value")
        for column in ("DECOM", "RNE", "LS", "CIN", "PLACE", "DEC", "REC")
    ),
    *(("episodes.csv", "DECOM", text, "not a date") for text in ("30/02/2024", "2024-05-14")),
    *(("episodes.csv", "DEC", text, "not a date") for text in ("31/11/2024", "X1")),
    *(("episodes.csv", "RNE", text, "not allowed") for text in ("X", "SS")),
    *(("episodes.csv", "LS", text, "not allowed") for text in ("C9", "V1", "looked after")),
    *(("episodes.csv", "CIN", text, "not allowed") for text in ("N0", "N9")),
    *(("episodes.csv", "PLACE", text, "not allowed") for text in ("U9", "foster", "Q1")),
    *(("episodes.csv", "PLACE_PROVIDER", text, "not allowed") for text in ("PR9", "X")),
    *(("episodes.csv", "REC", text, "not allowed") for text in ("E99", "1")),
    ("episodes.csv", "REASON_PLACE_CHANGE", "MOVED", "not allowed"),
    ("episodes.csv", "DEC", "01/01/2001", "dates out of order"),
    *(("reviews.csv", column, "", "missing value") for column in ("DOB", "REVIEW", "REVIEW_CODE")),
    ("reviews.csv", "REVIEW", "10/13/2024", "not a date"),
    ("reviews.csv", "REVIEW_CODE", "PN8", "not allowed"),
    *(("missing.csv", column, "", "missing value") for column in ("MISSING", "MIS_START")),
    ("missing.csv", "MISSING", "Y", "not allowed"),
    ("missing.csv", "MIS_END", "14/02/2001", "dates out of order"),
    ("oc2.csv", "SDQ_SCORE", "41", "out of range"),
    ("oc2.csv", "SDQ_SCORE", "12.5", "not a whole number"),
    ("oc2.csv", "SDQ_REASON", "SDQ6", "not allowed"),
    *(("oc2.csv", column, "2", "not allowed") for column in ("CONVICTED", "TEETH_CHECK")),
]


@cache
def written() -> tuple[dict[str, str], dict[str, str], str]:
    """A school by our files, the same with a return, and the authority's name."""
    folder = exports(7, 24, 1, UNTIL)
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    returned, authority = write_return(files)
    return files, returned, authority


def checked(files: dict[str, str]) -> CheckResult:
    coming = {name: text.encode() for name, text in files.items()}
    return check_exports(read_exports(coming, authority=written()[2]))


def with_cell(file: str, column: str, text: str) -> dict[str, str]:
    """The return with another text in a cell of the first row that is full there, if it can."""
    files = written()[1]
    rows = list(csv.reader(io.StringIO(files[file])))
    place = rows[0].index(column)
    (number, *_) = [n for n in range(1, len(rows)) if rows[n][place]] or [1]
    assert number == 1, (file, column)
    rows[number][place] = text
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows(rows)
    return {**files, file: content.getvalue()}


def care_of(result: CheckResult) -> list[tuple[object, ...]]:
    rows = result.accepted_frames["care_episodes.csv"].drop("row")
    return sorted(rows.rows(), key=repr)


def test_the_same_school_comes_of_the_return_as_of_our_own_files() -> None:
    """What a load is given is equal, so whatever is worked out of it is too."""
    own, returned, _ = written()
    found, before = checked(returned), checked(own)
    assert (found.problems, before.problems) == ((), ())
    assert len(care_of(before)) > 40
    assert care_of(found) == care_of(before)
    same = before.accepted_frames.keys() - {"care_episodes.csv", "other_numbers.csv"}
    for name in same:
        assert found.accepted_frames[name].equals(before.accepted_frames[name]), name


def test_there_are_fifty_faults() -> None:
    assert len(set(FAULTS)) >= 50


@pytest.mark.parametrize(("file", "column", "text", "fault"), FAULTS)
def test_a_planted_fault_is_told_at_its_row_and_column(
    file: str, column: str, text: str, fault: str
) -> None:
    found = checked(with_cell(file, column, text))
    told = [(each.shown_file, each.row, each.shown_column, each.fault) for each in found.problems]
    assert told == [(file, 2, column, fault)]
    assert found.blocking_files == {"care_episodes.csv"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [("X1001,14/06/2021,S,C1,N1,U6,PR1,,,,,,", "duplicate"), ("X1001,14/06", "field count")],
)
def test_a_row_too_many_is_told(line: str, fault: str) -> None:
    files = written()[1]
    first = files["episodes.csv"].splitlines()[1]
    twice = first if fault == "duplicate" else line
    found = checked({**files, "episodes.csv": f"{files['episodes.csv']}{twice}\n"})
    assert {each.fault for each in found.problems} == {fault}


def test_children_of_other_schools_are_counted_and_never_judged() -> None:
    files = written()[1]
    stranger = "X9,F,31/02/2016,WBRI,U012200121004,,\n"
    found = checked({**files, "header.csv": files["header.csv"] + stranger})
    assert found.problems == ()
    known = len(files["header.csv"].splitlines()) - 1
    assert any(f"{known} of {known + 1} children are on the roll" in note for note in found.notes)


def test_a_return_is_of_somebody() -> None:
    coming = {name: text.encode() for name, text in written()[1].items()}
    (problem,) = check_exports(read_exports(coming)).problems
    assert problem.problem.startswith("They do not say whose return it is")


def test_names_order_and_case_of_the_files_do_not_matter() -> None:
    files = written()[1]
    lines = [line.split(",") for line in files["episodes.csv"].splitlines()]
    turned = "".join(",".join(reversed(line)) + "\n" for line in lines)
    renamed = {name: text for name, text in files.items() if name != "episodes.csv"}
    found = checked({**renamed, "2026-eps.csv": turned.replace("DECOM", "decom")})
    assert care_of(found) == care_of(checked(files))


def test_the_xml_says_the_same_as_the_tables() -> None:
    """Of the public layout's example: one child, one episode, and what is nested in it."""
    roll = "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
    roll += "U012200121004,Testmere,Orla,2016-11-03,F,5,2023-09-04,\n"
    coming = {"roll.csv": roll.encode(), "x.xml": EXAMPLE.read_bytes()}
    read = read_exports(coming, authority="Ashmere")
    rows = read.files["care_episodes.csv"].rows
    assert rows.select("upn", "start", "end", "legal_status", "home", "authority").rows() == [
        ("U012200121004", "2024-05-14", "", "C1", "foster", "Ashmere")
    ]
    wrong = EXAMPLE.read_text(encoding="us-ascii").replace("<LS>C1", "<LS>C9")
    faults = [
        (each.shown_file, each.row, each.shown_column)
        for each in read_exports({**coming, "x.xml": wrong.encode()}, authority="A").problems
        if each.fault == "not allowed"
    ]
    assert faults == [("x.xml: Episodes", 2, "LS")]


_BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 99}">' for n in range(9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"<!DOCTYPE x [{_BOMB}]><EXPSSDA903>&a8;</EXPSSDA903>", "names entities or files"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "names entities"),
        ('<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><x/>', "names entities or files"),
        ("<EXPSSDA903><CHILD>", "damaged, or no XML"),
        ("", "damaged, or no XML"),
        ("<x>" * 100_000, "damaged, or no XML"),
        ("<x/>" + " " * (50 * 1024 * 1024), "larger than 50 MB"),
    ],
    ids=["bomb", "entity", "reference", "cut", "empty", "deep", "large"],
)
def test_xml_that_is_unsafe_is_refused_within_a_second(text: str, said: str) -> None:
    data = text.encode()
    started = time.perf_counter()
    with pytest.raises(IntakeError, match=said):
        read_exports({"x.xml": data})
    assert time.perf_counter() - started < 1


def test_xml_of_another_kind_is_left_alone_and_named() -> None:
    read = read_exports({"x.xml": b"<Message><Header/></Message>"})
    assert (read.files, read.unknown_files) == ({}, ("x.xml",))


def test_a_nil_return_is_valid_and_empty() -> None:
    files = written()[1]
    nil = {name: f"{files[name].splitlines()[0]}\n" for name in COLUMNS}
    found = checked({**files, **nil})
    assert found.problems == ()
    assert not found.accepted_frames["care_episodes.csv"].filter(pl.col("row") >= 1_000_000).height


@pytest.mark.slow
def test_a_large_return_is_checked_within_five_seconds() -> None:
    """2,700 children, 12,600 reviews and 5,000 episodes, all of them on the roll."""
    files = written()[1]
    (header, child), (names, episode), (columns, review) = (
        files[name].splitlines()[:2] for name in ("header.csv", "episodes.csv", "reviews.csv")
    )
    many = {
        "header.csv": [header, *(child.replace("X1001", f"X{n}") for n in range(2700))],
        "episodes.csv": [names, *(episode.replace("X1001", f"X{n}") for n in range(5000))],
        "reviews.csv": [columns, *(review.replace("X1001", f"X{n % 2700}") for n in range(12600))],
    }
    large = {**files, **{name: "\n".join(lines) for name, lines in many.items()}}
    started = time.perf_counter()
    checked(large)
    assert time.perf_counter() - started < 5
