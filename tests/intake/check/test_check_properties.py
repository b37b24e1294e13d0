"""What holds of the checks on any input: nothing changed, nothing personal told, no order."""

import csv
import io
import re
import unicodedata
from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.check.rows import check_rows
from intake.check.upn import compute_check_letter
from intake.check.values import check_values
from queries.contract import EXPORTS
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    GOOD,
    Files,
    added,
    checked,
    export_of,
    read_file,
    with_cell,
)
from tests.support.sizes import size

SCHOOL, CALENDAR, ROLL, CARE, MARKS, WEEKS, *EVENTS = (export.name for export in EXPORTS)
MARKER = "Qzxmarker"

Records = dict[str, list[list[str]]]

RECORDS: Records = {name: list(csv.reader(text.splitlines()))[1:] for name, text in GOOD.items()}

places = st.sampled_from(
    [(name, row, column) for name, rows in RECORDS.items() for row in range(len(rows))
     for column in range(len(rows[row]))]
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "unknown", "0", "007", "1.0", "31/02/2026", "2026-11-16", "16/11/2026"]
    ),
    st.dates().map(str),
    st.integers(-5, 10**20).map(str),
    st.sampled_from([value for rows in RECORDS.values() for row in rows for value in row]),
)


def written(records: Records) -> Files:
    """The records as the text of their files."""
    files = {}
    for name, rows in records.items():
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([export_of(name).header, *rows])
        files[name] = out.getvalue()
    return files


def may_be(text: str, value: object) -> bool:
    """Whether a typed value may have come from a text, said apart from how intake does it.

    A value may lose the blanks around it, change its case or its composed letters, and a
    word have another that means the same; a date may be written in several ways.
    """
    plain = unicodedata.normalize("NFC", text).strip()
    if value is None:
        return plain.casefold() in ("", "-", "unknown")
    if isinstance(value, date):
        digits = [int(each) for each in re.findall("[0-9]+", plain)]
        year_first, day_first = (value.year, value.month, value.day), (value.day, value.month)
        return tuple(digits[:3]) in (year_first, (*day_first, value.year))
    same = {"female": "f", "male": "m", "morning": "am", "afternoon": "pm", "reception": "r"}
    letters = plain.casefold()
    spoken = {letters, same.get(letters, letters), re.sub("^(year|yr|y)? ?0*", "", letters)}
    said = str(value).casefold()
    return said in spoken or said.replace(" ", "") == "".join(letters.split())


@pytest.mark.slow
@settings(max_examples=size("check.examples"), deadline=None)
@given(st.lists(st.tuples(places, texts), min_size=1, max_size=5))
def test_nothing_is_coerced(edits: list[tuple[tuple[str, int, int], str]]) -> None:
    """Every typed value is what stood there, spelled as its column spells it."""
    records = {name: [list(row) for row in rows] for name, rows in RECORDS.items()}
    for (name, row, column), text in edits:
        records[name][row][column] = text
    files = written(records)
    result = checked(files)
    for name, frame in result.frames.items():
        lines = files[name].split("\n")
        for row, *values in frame.iter_rows():
            (record,) = csv.reader([lines[row - 1]], strict=True)
            for text, value in zip(record, values, strict=True):
                assert may_be(text, value), (name, row)


@pytest.mark.parametrize("name", GOOD)
def test_a_file_cut_off_at_any_byte_changes_no_row(name: str) -> None:
    export, data = export_of(name), GOOD[name].encode()
    whole = {row[0]: row for row in checked(GOOD).frames[name].iter_rows()}
    for length in range(0, len(data), 100 // size("check.cuts")):
        typed = check_rows(check_values(read_file(export, data[:length])))
        rows = {row[0]: row for row in typed.right_rows.iter_rows()}
        # A last line without its line end is taken, as many tools leave it out.  Cut off, it
        # may be right by chance (Y4 to Y, an address shortened), which no check can see.
        last_line = data[:length].count(b"\n") + 1
        rows.pop(last_line, None)
        assert rows.items() <= whole.items(), length


@pytest.mark.slow
@settings(max_examples=size("check.examples"), deadline=None)
@given(st.data())
def test_no_problem_holds_a_personal_value(data: st.DataObject) -> None:
    """Personal cells get a marker, and fields slip to the left or right of their columns."""
    records = {name: [list(row) for row in rows] for name, rows in RECORDS.items()}
    secrets = {MARKER}
    for name in (ROLL, CARE, MARKS, *(each for each in EVENTS if each in records)):
        personal = [i for i, column in enumerate(export_of(name).columns) if column.personal]
        for row in records[name]:
            if data.draw(st.integers(0, 3)) == 0:
                column = data.draw(st.sampled_from(personal))
                row[column] = data.draw(
                    st.sampled_from([MARKER, f" {MARKER}", f"{MARKER}1", f"={MARKER}"])
                )
            secrets |= {row[i] for i in personal if len(row[i]) > 3}
            slip = data.draw(st.sampled_from([0, 0, 1, 2, len(row) - 1]))
            row[:] = row[slip:] + row[:slip]
            row.extend(data.draw(st.sampled_from([[], [], [MARKER]])))
    result = checked(written(records))
    for each in result.problems:
        said = f"{each.column} {each.problem} {each.fix}"
        assert not any(secret in said for secret in secrets), each.fault


# Faults whose number does not hang on the order of the rows.  Those of the others do: which
# date form is the first, which of two rows is the later, which of three periods overlap.
SPOILT = with_cell(MARKS, 2, "code", "?", with_cell(MARKS, 5, "code", "/"))
SPOILT = with_cell(ROLL, 4, "sex", "x", with_cell(CARE, 2, "authority", "", SPOILT))
SPOILT = added(MARKS, f"{ANN},2026-11-14,AM,/\n{BEN},2025-09-01,AM,#\n{ANN},2026-11-20,PM,", SPOILT)
SPOILT = added(
    CARE, f"{BEN},in need,2025-05-01,,2025-06-01,,,\n{ANN},in need,,2020-01-01,,,,", SPOILT
)
SPOILT = added(WEEKS, "2026-11-10,1,1,1\n2026-11-02,5,x,2", SPOILT)


def told(files: Files) -> list[tuple[str, str, str, str, str]]:
    result = checked(files)
    return sorted((e.file, e.column, e.fault, e.problem, e.fix) for e in result.problems)


@cache
def told_of_the_spoilt() -> list[tuple[str, str, str, str, str]]:
    return told(SPOILT)


@pytest.mark.slow
@settings(max_examples=size("check.examples"), deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_the_rows_only(random: Random) -> None:
    shuffled = {}
    for name, text in SPOILT.items():
        header, *lines = text.rstrip("\n").split("\n")
        random.shuffle(lines)
        shuffled[name] = "\n".join([header, *lines]) + "\n"
    assert told(shuffled) == told_of_the_spoilt()
    assert len(told_of_the_spoilt()) > 8


def test_a_child_with_a_wrong_upn_at_every_mark_is_told_at_each() -> None:
    other = compute_check_letter("001999926777") + "001999926777"
    files = {**GOOD, MARKS: GOOD[MARKS].replace(ANN, other)}
    problems = checked(files).problems
    assert {each.fault for each in problems} == {"not on the roll"}
    assert [each.row for each in problems] == list(range(2, 35, 3))
