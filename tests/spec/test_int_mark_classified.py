"""int_mark_classified: a mark made while the child was on roll, and what it counts as."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Answer, Given
from tests.support.oracle import reference

GOLDEN = Path(__file__).parents[1] / "golden" / "attendance_tower_hamlets.csv"
COUNTS = "is_possible is_attended is_absent is_authorised"


def each_code(day: str) -> str:
    """A child for each code of any list, who has it on a day."""
    marks = [f"P{n} | {day} | AM | {code}" for n, code in enumerate(reference.ALL_CODES, 1)]
    return "\n".join(("pupil | session_date | half | code", *marks))


@pytest.mark.parametrize("day", ["2026-09-07", "2024-08-19", "2024-08-18", "2013-08-31"])
def test_every_code_counts_as_the_regulations_say(given: Given, answer: Answer, day: str) -> None:
    """Each code of each list, on both sides of the day on which it came or went."""
    on_roll = [f"P{n} | 2010-01-01" for n, _ in enumerate(reference.ALL_CODES, 1)]
    given(raw_mark=each_code(day), raw_enrolment="\n".join(("pupil | entry_date", *on_roll)))
    names = f"kind is_late {COUNTS}"
    means = {code: reference.meaning(code, date.fromisoformat(day)) for code in reference.ALL_CODES}
    assert answer("int_mark_classified", by="code", columns=names, as_at=None) == {
        code: {
            "kind": each.kind,
            "is_late": bool(each.late),
            "is_possible": bool(each.possible),
            "is_attended": bool(each.attended),
            "is_absent": bool(each.absent),
            "is_authorised": bool(each.authorised),
        }
        for code, each in means.items()
    }


def test_only_marks_made_on_roll(given: Given, answer: Answer) -> None:
    """The last day on roll counts, the next does not; nor does a day between two stays."""
    given(
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2026-09-08 | 2026-09-09
        P1    | 2026-09-11 |             """,
        register=r"""
        pupil | start      | marks
        ------+------------+---------------
        P1    | 2026-09-07 | /\ /\ /\ /\ /\ """,
    )
    assert set(answer("int_mark_classified", by="session_date half", as_at=None)) == {
        (day, half) for day in ("2026-09-08", "2026-09-09", "2026-09-11") for half in ("AM", "PM")
    }


def test_tower_hamlets_adds_up_to_the_printed_rates(given: Given, answer: Answer) -> None:
    """DfE's own session counts by code give DfE's printed totals and rates."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = {row["item"]: row["value"] for row in csv.DictReader(file)}
    printed = {
        name.removeprefix("expect_"): value for name, value in golden.items() if "expect" in name
    }
    counts = {
        {"present_slash": "/"}.get(code, code): int(value)
        for name, value in golden.items()
        if (code := name.removeprefix("sessions_")) != name
    }
    marks = "\n".join(f"P{n} | 2025-09-08 | AM | {code}" for n, code in enumerate(counts, 1))
    given(raw_mark=f"pupil | session_date | half | code\n{marks}")
    found = answer("int_mark_classified", by="code", columns=COUNTS, as_at=None)
    times = [(counts[code], *flags.values()) for code, flags in found.items()]
    possible = sum(n for n, is_possible, *_ in times if is_possible)
    attended = sum(n for n, _, is_attended, *_ in times if is_attended)
    absent = sum(n for n, _, _, is_absent, _ in times if is_absent)
    authorised = sum(
        n for n, _, _, is_absent, is_authorised in times if is_absent and is_authorised
    )
    assert len(times) == 20
    assert (possible, attended) == (int(printed["possible"]), int(printed["attended"]))
    assert authorised == int(printed["authorised"])
    assert absent - authorised == int(printed["unauthorised"])
    assert (possible, attended, authorised) == (6_420_254, 6_039_959, 276_323)
    assert f"{100 * attended / possible:.2f}" == printed["attendance_pct"] == "94.08"
    assert f"{100 * absent / possible:.2f}" == printed["absence_pct"] == "5.92"
