"""Every class of fault: found, alone, at its place; and nothing changed, nothing personal told.

The properties on any input are in test_check_properties.py.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from intake.check.account import refuse_all
from intake.check.check import CheckResult, check_exports, format_totals
from intake.check.rows import check_rows
from intake.check.upn import compute_check_letter
from intake.check.values import check_values
from intake.problems import redact_value
from intake.read.read import read_exports
from queries.contract import EXPORTS, FAULT_TEXTS, FAULTS
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    GOOD,
    MORE,
    Files,
    added,
    checked,
    export_of,
    lengthened,
    read_file,
    read_list,
    upn,
    with_cell,
    with_line,
    without,
    write,
)

Place = tuple[str, int, str]
Case = tuple[Files, Place]

SCHOOL, CALENDAR, ROLL, CARE, MARKS, WEEKS = (export.name for export in EXPORTS[:6])
SDQ, HEALTH, EHCP, PEP, SUSPENSIONS = (export.name for export in EXPORTS[6:11])
PROTECTION, CONCERNS = "protection.csv", "concerns.csv"
CORE = (SCHOOL, CALENDAR, ROLL, CARE, MARKS)
#: On which other files the faults of a file may show, or what is read to find them.
BESIDE = {
    SCHOOL: (),
    CALENDAR: (ROLL, MARKS),
    ROLL: (CARE, MARKS),
    CARE: (ROLL, MARKS),
    MARKS: (ROLL, CALENDAR),
    CONCERNS: (ROLL, CARE),
}
_WRONG_LETTER = ("B" if ANN[0] == "A" else "A") + ANN[1:]
_TEMPORARY = compute_check_letter("00199992600A") + "00199992600A"
_REAL = compute_check_letter("201999926001") + "201999926001"
_OTHERS = {"TEMPORARY": _TEMPORARY, "REAL": _REAL, "STRANGER": upn(9)}


def kept_out(result: CheckResult) -> list[Place]:
    """The rows that are left out of files which are taken all the same."""
    return result.left_out.select("file", "row", "column").rows()


def told(result: CheckResult) -> list[tuple[str, int, str, str]]:
    return [(each.file, each.row, each.column, each.fault) for each in result.problems]


def near(files: Files, name: str) -> CheckResult:
    """The check of one file beside those on which its faults may show as well."""
    kept = {name, *BESIDE.get(name, (ROLL,))}
    return checked({each: text for each, text in files.items() if each in kept})


def cell(name: str, row: int, column: str, *texts: str) -> list[Case]:
    """The good folder with each of these texts in one cell, and where that is."""
    files = {**GOOD, name: {**GOOD, **MORE}[name]}
    return [(with_cell(name, row, column, text, files), (name, row, column)) for text in texts]


def more(name: str, column: str, *lines: str) -> list[Case]:
    """The good folder with each of these lines added, which is at fault in `column`."""
    row = GOOD[name].count("\n") + 1
    return [(added(name, line), (name, row, column)) for line in lines]


def _too_old_or_young(name: str, column: str, value: str, year: int, day: str) -> Case:
    """Rows of Ben's of one year, which are right, and one of his birthday or the day before it."""
    right = [f"{BEN},{year}-{month:02d}-0{n},{value}" for month in range(1, 9) for n in (1, 2, 3)]
    lines = [f"upn,date,{column}", *right, f"{BEN},{day},{value}"]
    return {**GOOD, name: "\n".join(lines) + "\n"}, (name, len(lines), "date")


def read_cells() -> dict[str, list[Case]]:
    """For each class of fault, the good folder with a text or line of the lists in its place."""
    found: dict[str, list[Case]] = {}
    for fault, name, row, column, texts in read_list("faults_of_a_cell.txt"):
        found.setdefault(fault, []).extend(cell(name, int(row), column, *json.loads(texts)))
    for fault, name, column, line in read_list("faults_of_a_row.txt", **_OTHERS):
        found.setdefault(fault, []).extend(more(name, column, line))
    return found


_LISTED = read_cells()
#: What it takes more than a cell or a line for.
_OF_ROWS: dict[str, list[Case]] = {
    "wrong header": [
        ({**GOOD, name: GOOD[name].replace(",", "_", 1)}, (name, 0, "")) for name in (ROLL, SDQ)
    ],
    "no rows": [
        ({**GOOD, name: GOOD[name].split("\n")[0] + "\n"}, (name, 0, "")) for name in (ROLL, SDQ)
    ],
    "broken row": more(MARKS, "", f"{ANN},2026-11-20,PM,\0", f'{ANN},2026-11-20,"PM,')
    + more(CALENDAR, "", "2026-11-22,hol\tiday")
    + [(with_line(ROLL, 5, f'{CAT},"Smith,'), (ROLL, 5, ""))],
    "field count": [
        (with_line(MARKS, 34, f"{CAT},2026-11-20,PM"), (MARKS, 34, "")),
        *more(MARKS, "", f"{ANN},2026-11-20,PM,/,"),
        (with_line(CALENDAR, 4, "x"), (CALENDAR, 4, "")),
        (with_line(ROLL, 3, f"{BEN},"), (ROLL, 3, "")),
    ],
    "UPN form": cell(MARKS, 2, "upn", ANN.replace("0", "O", 1), ANN[:-1], "UN1")
    + cell(MARKS, 2, "upn", f"{ANN[:4]} {ANN[4:]}")
    + cell(CARE, 2, "upn", f"{ANN}1"),
    "UPN check letter": cell(MARKS, 2, "upn", _WRONG_LETTER)
    + cell(CARE, 2, "upn", _WRONG_LETTER)
    # The child's marks and episodes are not told again as "not on the roll".
    + [({**GOOD, ROLL: GOOD[ROLL].replace(ANN, _WRONG_LETTER)}, (ROLL, 2, "upn"))],
    "dates out of order": [
        (with_cell(ROLL, 3, "date_of_birth", "02/09/2025"), (ROLL, 3, "entry_date")),
    ],
    "not of that age": [
        _too_old_or_young("development.csv", "outcome", "up to date", 2020, "2023-08-28"),
        _too_old_or_young("offending.csv", "kind", "youth caution", 2029, "2028-08-27"),
    ],
    "mark on a closed day": [(with_cell(MARKS, 20, "code", "/"), (MARKS, 20, "date"))],
    "does not add up": [
        (with_cell(SDQ, 2, "emotional", "3"), (SDQ, 2, "total")),
        (with_cell(SDQ, 2, "peer", "", with_cell(SDQ, 2, "conduct", "")), (SDQ, 2, "conduct")),
        (with_cell(SDQ, 4, "prosocial", "8"), (SDQ, 4, "emotional")),
    ],
    "score or reason": [
        (with_cell(SDQ, 3, "reason", ""), (SDQ, 3, "total")),
        (with_cell(SDQ, 2, "reason", "SDQ2"), (SDQ, 2, "total")),
        (with_cell(SDQ, 3, "impact", "2"), (SDQ, 3, "total")),
        (with_cell(SDQ, 3, "peer", "2"), (SDQ, 3, "total")),  # not told again as a scale missing
        (with_cell(SDQ, 2, "total", ""), (SDQ, 2, "total")),  # five scales, and no total
    ],
}  # fmt: skip
#: For each class of fault, folders that have it and no other, and where.
CASES = {
    fault: [*_LISTED.get(fault, []), *_OF_ROWS.get(fault, [])]
    for fault in sorted(_LISTED.keys() | _OF_ROWS.keys())
}
#: Those that take more than one place, or a real folder, or bytes: below, and in test_read.py.
ELSEWHERE = {"not UTF-8", "missing file", "rows at odds", "cut row"}

#: What is no fault, though it looks like one: lines of each file, all in one folder.
RIGHT: dict[str, list[str]] = {
    CALENDAR: [
        *(f"{day},school day" for day in ("2024-07-18", "2024-08-18", "2024-08-19", "2025-07-18")),
        *(f"{day},school day" for day in ("2025-09-02", "2026-09-07")),
    ],
    ROLL: [
        f"{_TEMPORARY},Lee,Jo,,01/01/2017,F,4,,01/09/2024,,,,",
        f"{_REAL},Lea,Jo,,01/01/2017,F,4,,01/09/2024,01/09/2024,,,",  # one day
    ],
    CARE: [
        f"{BEN},in need,2018-08-28,,2018-09-20,,,",  # from the day of birth
        f"{BEN},in need,2024-01-10,,2025-01-10,,,",  # up to the day on which the next begins
        f"{ANN},in need,2024-05-01,,,,,",  # while looked after
    ],
    MARKS: [
        # a closure for everybody, and Z for a child who is yet to join; a blank
        *(f"{BEN},2025-09-01,AM,#", f"{BEN},2025-09-01,PM,Z", f"{BEN},2025-08-31,AM,"),
        # not-possible codes and blanks on days that are shut
        *(f"{ANN},2026-11-14,AM,#", f"{ANN},2026-11-14,PM,", f"{ANN},2026-11-13,AM,Y4"),
        # on the first and the last day of each stay
        *(f"{BEN},2025-09-02,AM,/", f"{CAT},2025-07-18,AM,/", f"{CAT},2026-09-07,AM,/"),
        # codes before they were withdrawn, and on their first and their last day
        *(f"{CAT},2024-07-18,AM,H", f"{CAT},2024-07-18,PM,J"),
        *(f"{CAT},2024-08-18,AM,J", f"{CAT},2024-08-19,AM,J1"),
    ],
    WEEKS: ["2026-11-02,140,100,40"],  # absent all week
    SDQ: [
        f"{ANN},2026-10-01,self,40,10,10,10,10,10,10,",
        f"{ANN},2026-10-02,self,0,0,0,0,0,0,0,",
        f"{ANN},2026-09-21,teacher,9,,,,,,,",  # the same day by another informant
        f"{BEN},2026-09-22,self,15,,,,,,10,",  # with impact and no scales
    ],
    HEALTH: [
        f"{BEN},immunisations,2026-05-05,not done,,",
        f"{BEN},optician,2026-05-04,not done,2026-05-05,",  # due again; two kinds on a day
        f"{ANN},dental check,2031-12-07,booked,,",
    ],
    EHCP: [f"{BEN},2026-06-01,advice given,", f"{BEN},2026-01-13,requested,ASD"],
    PEP: [f"{CAT},2026-10-05,held,,,", f"{CAT},2026-10-06,held,,no,0"],
    SUSPENSIONS: [f"{CAT},2026-10-13,PERM,0,OS"],
}


def test_every_class_of_fault_has_words_and_a_case() -> None:
    assert all(problem and fix for problem, fix in FAULT_TEXTS.values())
    assert set(CASES) | ELSEWHERE == set(FAULTS)


_ORDER = list(FAULTS)
#: Faults that a row has by itself, so that other files have no say in them.
OF_A_ROW = set(_ORDER[_ORDER.index("missing value") : _ORDER.index("duplicate")]) - {"says who"}


@pytest.mark.parametrize("fault", CASES)
def test_a_fault_is_told_alone_and_at_its_place(fault: str) -> None:
    """A file of marks or events is taken without the row; any other is refused.

    Further texts in the same place are judged in their own file alone.
    """
    seen: set[Place] = set()
    for files, place in CASES[fault]:
        name, row, column = place
        if place in seen and fault in OF_A_ROW:
            typed = check_rows(check_values(read_file(export_of(name), files[name].encode())))
            assert typed.faults.rows() == [(row, column, fault)], files[name].split("\n")[row - 1]
            continue
        seen.add(place)
        result = near(files, name)
        assert told(result) == [(*place, fault)]
        is_taken = export_of(name).is_row_by_row and row > 0
        assert kept_out(result) == ([place] if is_taken else [])
        assert result.refused_files == (set() if is_taken else {name})
        if fault in OF_A_ROW or is_taken:
            frames = result.accepted_frames if is_taken else result.frames
            assert row not in frames[name]["row"]


def test_what_is_right_is_no_fault() -> None:
    more = {name: added(name, "\n".join(lines))[name] for name, lines in RIGHT.items()}
    spelled = with_cell(MARKS, 2, "code", " -", with_cell(MARKS, 3, "upn", f"{BEN.lower()} "))
    header = GOOD[CARE].split("\n")[0] + "\n"
    for files in (
        {**GOOD, **MORE},
        {**GOOD, **more},
        spelled,
        {**GOOD, CARE: header},  # nobody in scope
        {name: GOOD[name] for name in CORE if name != MARKS},
    ):
        result = checked(files)
        assert told(result) == []
        assert not result.refused_files


def test_missing_files_are_told_and_what_needs_them_is_not_checked(tmp_path: Path) -> None:
    stray = added(MARKS, f"{_TEMPORARY},2026-11-14,AM,/")
    files = without(ROLL, without(CALENDAR, stray))
    result = check_exports(read_exports(write({**files, "notes.txt": "x"}, tmp_path)))
    assert told(result) == [(CALENDAR, 0, "", "missing file"), (ROLL, 0, "", "missing file")]
    assert result.blocking_files == {ROLL}
    assert result.unavailable_files == {CALENDAR}
    assert result.unknown_files == ("notes.txt",)
    assert result.last_marked_day is None


@pytest.mark.parametrize(
    ("name", "refusing", "needs_earlier"),
    [(SCHOOL, set(), {SCHOOL}), (CALENDAR, set(), {CALENDAR}), (ROLL, {ROLL}, set()),
     (CARE, {CARE}, set()), (MARKS, set(), set()), (WEEKS, set(), set()), (SDQ, set(), set())],
)  # fmt: skip
def test_which_faults_refuse_the_load(
    name: str, refusing: set[str], needs_earlier: set[str]
) -> None:
    """A file that is refused takes no other with it."""
    result = checked(added(name, "x\nx"))
    assert result.refused_files == {name}
    assert set(result.frames) == set(GOOD)
    assert set(result.blocking_files) == refusing
    assert set(result.unavailable_files) == needs_earlier


def test_a_fault_in_the_roll_is_not_told_again_at_the_marks() -> None:
    for row in range(2, 6):
        for spoilt in (f"{GOOD[ROLL].split(chr(10))[row - 1]},", f"{ANN},\0"):
            line = spoilt if row == 2 else spoilt.replace(ANN, CAT if row > 3 else BEN)
            assert {each.file for each in checked(with_line(ROLL, row, line)).problems} == {ROLL}
    no_entry = with_cell(ROLL, 3, "entry_date", "32/9/2025")
    early = added(MARKS, f"{BEN},2020-09-01,AM,#", no_entry)
    assert told(checked(early)) == [(ROLL, 3, "entry_date", "not a date")]


def test_a_fault_in_the_calendar_is_not_told_again_at_the_marks() -> None:
    for line in ("2026-11-16,open", "16 November,school day", "2026-11-16", "\0"):
        result = checked(with_line(CALENDAR, 5, line))
        assert [each.file for each in result.problems] == [CALENDAR]


def test_a_day_that_is_known_to_be_shut_is_told_though_the_calendar_has_a_fault() -> None:
    files = added(MARKS, f"{ANN},2026-11-14,AM,/", with_line(CALENDAR, 5, "\0"))
    assert told(checked(files)) == [
        (CALENDAR, 5, "", "broken row"),
        (MARKS, 35, "date", "mark on a closed day"),
    ]


def test_all_faults_are_told_together_by_file_row_and_column() -> None:
    files = with_cell(MARKS, 3, "session", "noon", with_cell(MARKS, 3, "date", "x"))
    files = added(MARKS, f"{ANN},2026-11-20,PM,/,\n{ANN},2026-11-16,AM,/", files)
    files = with_cell(SCHOOL, 2, "phase", "x", with_cell(CARE, 2, "authority", "", files))
    assert told(checked(files)) == [
        (SCHOOL, 2, "phase", "not allowed"),
        (CARE, 2, "authority", "needed for status"),
        (MARKS, 3, "date", "not a date"),
        (MARKS, 3, "session", "not allowed"),
        (MARKS, 35, "", "field count"),
        (MARKS, 36, "upn", "duplicate"),
    ]


@pytest.mark.parametrize(("day", "code"), [("2024-08-19", "Y"), ("2024-08-18", "J1")])
def test_a_code_is_refused_from_the_day_it_is_withdrawn_and_until_it_comes_in(
    day: str, code: str
) -> None:
    files = added(CALENDAR, f"{day},school day", added(MARKS, f"{CAT},{day},AM,{code}"))
    assert told(checked(files)) == [(MARKS, 35, "code", "code not on that date")]


@pytest.mark.parametrize(
    ("name", "column", "value", "visible"),
    [
        (ROLL, "sex", "Li", ""),  # a surname that slipped
        (ROLL, "entry_date", "31/02/2017", ""),  # a date of birth that slipped
        (ROLL, "date_of_birth", "31/02/2017", ""),
        (CARE, "status", ANN, ""),
        (CARE, "start", "31/02/2026", "31/02/2026"),
        (MARKS, "upn", "1", ""),
        (MARKS, "date", ANN, ""),
        (MARKS, "code", "ZZ", "ZZ"),
        (MARKS, "code", "ZZZ", ""),
        (WEEKS, "possible_sessions", "2,740", "2,740"),
        (SCHOOL, "phase", "nursery\u202e", ""),
        (SCHOOL, "phase", "n" * 20, "n" * 20),
        (SCHOOL, "phase", "n" * 21, ""),
        (SDQ, "total", "41", "41"),
        (SDQ, "reason", ANN, ""),
        (PEP, "quality", "Ann Smith", ""),
        (HEALTH, "next_due", "2026-03-01", "2026-03-01"),
    ],
)
def test_which_values_a_message_may_show(name: str, column: str, value: str, visible: str) -> None:
    assert redact_value(export_of(name), column, value) == visible


def test_values_are_typed() -> None:
    frames = checked(GOOD).frames
    assert frames[ROLL].row(0) == (
        2, ANN, "Achébe", "Ann", "Annie", date(2017, 2, 3), "F", "4", "4A", date(2024, 9, 1), None,
        'Flat 2, 1 "Old" Mill', "ZZ99 3VZ", "K",
    )  # fmt: skip
    assert frames[CARE].row(4) == (
        6, CAT, "previously looked after", None, date(2023, 9, 1), None, None, None, None,
    )  # fmt: skip
    assert frames[WEEKS].row(0) == (2, date(2026, 11, 9), 2800, 100, 40)
    assert frames[MARKS].row(10) == (12, BEN, date(2026, 11, 17), "PM", None)


def test_a_marked_day_has_marks_in_half_of_its_rows() -> None:
    # Friday has one mark of six, which is not half of them.
    assert checked(GOOD).last_marked_day == date(2026, 11, 18)
    stray = added(MARKS, f"{ANN},2026-11-22,AM,#\n{ANN},2026-11-14,PM,")
    assert checked(stray).last_marked_day == date(2026, 11, 18)
    full = with_cell(MARKS, 27, "code", "/", with_cell(MARKS, 28, "code", "/"))
    assert checked(full).last_marked_day == date(2026, 11, 20)


SAID: list[tuple[Files, str, str]] = [
    (
        with_cell(MARKS, 2, "date", "31/02/2026"),
        'date "31/02/2026" is not a real date.',
        "Write the date as 2026-11-13 or 13/11/2026, in the same way for the whole column.",
    ),
    (
        with_cell(ROLL, 4, "date_of_birth", "31/02/2016"),
        "date_of_birth is not a real date.",
        "Write the date as 2026-11-13 or 13/11/2026, in the same way for the whole column.",
    ),
    (
        with_cell(MARKS, 2, "code", "?"),
        'code "?" is not a value that this column allows.',
        (
            "Use one of these: /, \\, L, B, K, P, V, W, C, C1, C2, E, I, J1, M, R, S, T, G, N, O, "
            "U, D, Q, X, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Z, #."
        ),
    ),
    (
        added(MARKS, f"{ANN},2026-11-16,AM,/"),
        "An earlier row of attendance.csv is about the same upn, date and session.",
        "Keep the row that is right, and delete the other row.",
    ),
]


@pytest.mark.parametrize(("files", "problem", "fix"), SAID)
def test_words(files: Files, problem: str, fix: str) -> None:
    (told,) = checked(files).problems
    assert (told.problem, told.fix) == (problem, fix)


@pytest.mark.parametrize("code", ["I", ""])
def test_rows_at_odds_are_told_and_left_out_both(code: str) -> None:
    """Nobody knows which of two rows is right, so neither is taken."""
    files = added(MARKS, f"{ANN},2026-11-16,AM,{code}", lengthened())
    last = files[MARKS].count("\n")
    result = checked(files)
    assert told(result) == [(MARKS, row, "upn", "rows at odds") for row in (2, last)]
    assert kept_out(result) == [(MARKS, row, "upn") for row in (2, last)]
    assert len(result.accepted_frames[MARKS]) == last - 1 - 2


@pytest.mark.parametrize("cut", ["AM,\n/", "AM,Y\n4", "A\nM,/", "AM\n,/"])
def test_a_row_cut_in_two_is_not_taken_for_what_is_left_of_it(cut: str) -> None:
    """C of C1, or no mark at all, would look like a mark."""
    row = f"{ANN},2026-11-16,AM,/"
    files = {**lengthened(), MARKS: lengthened()[MARKS].replace(row, row.replace("AM,/", cut))}
    result = checked(files)
    assert kept_out(result) == [(MARKS, 2, ""), (MARKS, 3, "")]
    assert not result.refused_files


@pytest.mark.parametrize(("faulty", "is_refused"), [(1, False), (8, False), (9, True), (173, True)])
def test_a_file_of_marks_is_refused_only_where_more_than_one_row_in_twenty_is_faulty(
    faulty: int, *, is_refused: bool
) -> None:
    """Of 173 rows 8 are left out and the rest is taken; 9 make it a wrong file."""
    header, *lines = lengthened()[MARKS].rstrip("\n").split("\n")
    assert len(lines) == 173
    spoilt = [f"{line}?" for line in lines[:faulty]]
    text = "\n".join([header, *spoilt, *lines[faulty:]]) + "\n"
    result = checked({**lengthened(), MARKS: text})
    assert result.refused_files == ({MARKS} if is_refused else set())
    assert result.faulty == {MARKS: faulty}
    assert result.left_out.height == (0 if is_refused else faulty)
    if not is_refused:
        assert len(result.accepted_frames[MARKS]) == 173 - faulty


def list_totals(found: CheckResult) -> list[str]:
    """Return the last lines of `lac check` for files of which nothing is taken."""
    return format_totals(found, refuse_all(found), found.problems)


def test_one_faulty_row_is_never_too_many_but_where_it_is_the_only_one() -> None:
    sdq = GOOD["sdq.csv"].split("\n")
    two, one = ("\n".join([sdq[0], *rows, ""]) for rows in ([*sdq[1:2], "x,y"], ["x,y"]))
    assert checked({**GOOD, "sdq.csv": two}).refused_files == set()
    found = checked({**GOOD, "sdq.csv": one})
    assert found.refused_files == {"sdq.csv"}
    assert "sdq.csv: its only row has a fault, so the whole file is left out." in list_totals(found)


def test_a_file_that_another_keeps_out_has_not_too_many_faulty_rows() -> None:
    """Only the care file's fault stops the load: 1 of 4 rows of sdq.csv would be left out."""
    sdq = with_line("sdq.csv", 2, "x,y", lengthened(GOOD))
    found = checked(with_cell("care_episodes.csv", 2, "status", "in care", sdq))
    assert found.blocking_files == {"care_episodes.csv"}
    assert not any("too many" in line for line in list_totals(found))


def test_left_out_rows_tell_whose_they_are_and_of_which_day_as_far_as_they_can_be_read() -> None:
    files = with_cell(MARKS, 3, "code", "?", with_cell(MARKS, 4, "upn", "x", lengthened()))
    files = with_cell(MARKS, 5, "date", "x", with_line(MARKS, 6, "\0", files))
    assert checked(files).left_out.select("row", "upn", "date").rows() == [
        (3, BEN, date(2026, 11, 16)),
        (4, None, date(2026, 11, 16)),
        (5, ANN, None),
        (6, None, None),
    ]


BANNED = ("please", "sorry", "oops", "invalid", "forbidden", "null", "nan", " lac ", "error")


def test_sentences_are_short_and_plain() -> None:
    for template in FAULT_TEXTS.values():
        for sentence in " ".join(template).replace(". ", ".|").split("|"):
            assert len(sentence.split()) <= 20, sentence
            assert not any(word in sentence.lower() for word in BANNED), sentence
