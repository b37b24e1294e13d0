"""pupil_attendance: a child's sessions in an academic year up to the day asked for."""

from collections.abc import Iterable

import duckdb
import pytest

from tests.conftest import Answer, Given
from tests.support.text_tables import by_case, number_cases

#: The marks of some days; possible, attended, absent with leave and without, absent, late.
CODES = {
    r"/\ /\ ": (2 + 2, 2 + 2, 0, 0, 0, 0),
    r"L\ /U": (2 + 2, 3, 0, 1, 1, 1),
    r"BK PV WW": (2 * 3, 2 * 3, 0, 0, 0, 0),
    r"C,C1 C2,E I,J1 M,R ST": (2 * 5, 0, 2 * 5, 0, 2 * 5, 0),
    r"GN OU": (2 + 2, 0, 0, 2 + 2, 2 + 2, 0),
    r"/\ D,Q X,Y1 Y2,Y3 Y4,Y5 Y6,Y7 ## ZZ": (2, 2, 0, 0, 0, 0),
    r"/\ HJ YF": (2 + 3, 3, 2, 0, 2, 0),
    r"/- -I --": (1 + 1, 1, 1, 0, 1, 0),
    r"## Y4,Y4": (0, 0, 0, 0, 0, 0),
}
#: The marks of some days; absent, possible, whether that is persistent and severe.
SHARES = {
    r"II /\*9": (2, 2 * 10, True, False),
    r"I\ /\*9": (1, 2 * 10, False, False),
    r"/N /\*4": (1, 2 * 5, True, False),
    r"II I\ /\*12 /-": (3, 2 * 14 + 1, True, False),
    r"II I\ /\*13 /-": (3, 2 * 15 + 1, False, False),
    r"II I\ /\*13": (3, 2 * 15, True, False),
    r"II*19 /\*171": (38, 380, True, False),
    r"II*18 I\ /\*171": (37, 380, False, False),
    r"II /\ ": (2, 4, True, True),
    r"II /\ /-": (2, 5, True, False),
    r"II*49 I\ /\*49 /-": (99, 199, True, False),
    r"II /\ I-": (3, 5, True, True),
    # without a possible session nothing is known, which is neither nought nor false
    r"## ##": (0, 0, None, None),
}
#: The marks of some days; school weeks, whether it is too early for a rate.
WEEKS = {
    # six with a possible session are enough; a week of closure is none of them
    r"##*5 /\*21": (5, True),
    r"##*5 /\*26": (6, False),
    r"## ##": (0, True),
}


def register(cases: Iterable[str]) -> str:
    """A child for each case, marked from Monday 7 September 2026 on."""
    return number_cases("start | marks", [f"2026-09-07 | {marks}" for marks in cases])


def test_only_the_stay_counts(given: Given, answer: Answer) -> None:
    """Joined mid-term, left mid-term: the last day on roll counts, the next does not."""
    given(
        raw_enrolment="""
        pupil | entry_date | leaving_date
        ------+------------+-------------
        P1    | 2026-09-09 |
        P2    | 2024-09-03 | 2026-09-09  """,
        register=r"""
        pupil | start      | marks
        ------+------------+-----------------
        P1    | 2026-09-07 | II II /\ /\ /I
        P2    | 2026-09-07 | /\ /\ /N OO OO """,
    )
    names = "possible_sessions absent_sessions"
    assert answer("pupil_attendance", by="pupil", columns=names) == {
        "P1": {"possible_sessions": 2 * 3, "absent_sessions": 1},
        "P2": {"possible_sessions": 2 * 3, "absent_sessions": 1},
    }


def test_what_each_code_adds(given: Given, answer: Answer) -> None:
    """Present and late attend; C2 is absence; N has no leave; D, Q, X, Y, Z and # are nothing."""
    given(register=register(CODES))
    names = (
        "possible_sessions attended_sessions authorised_absent_sessions"
        " unauthorised_absent_sessions absent_sessions late_sessions"
    )
    assert by_case(CODES, answer("pupil_attendance", by="pupil", columns=names)) == CODES


def test_persistent_from_exactly_a_tenth_and_severe_from_a_half(
    given: Given, answer: Answer
) -> None:
    """Of the child's own possible sessions, and not one session under it."""
    given(register=register(SHARES))
    names = "absent_sessions possible_sessions is_persistent_absentee is_severe_absentee"
    found = answer("pupil_attendance", by="pupil", columns=names, as_at="2027-07-30")
    assert by_case(SHARES, found) == SHARES
    rates = answer("pupil_attendance", by="pupil", columns="absence_rate", as_at="2027-07-30")
    assert by_case(SHARES, rates) == {
        case: absent / possible if possible else None
        for case, (absent, possible, *_) in SHARES.items()
    }


def test_too_early_until_six_school_weeks(given: Given, answer: Answer) -> None:
    """As many as the rule says."""
    given(register=register(WEEKS))
    names = "school_weeks is_too_early"
    assert by_case(WEEKS, answer("pupil_attendance", by="pupil", columns=names)) == WEEKS


@pytest.mark.parametrize(
    ("as_at", "possible"),
    [
        ("2026-09-06", {}),
        ("2026-09-07", {"2026/27": 2}),
        ("2026-09-09", {"2026/27": 2 * 3}),
        ("2026-09-13", {"2026/27": 2 * 5}),
        ("2028-01-01", {"2026/27": 2 * 7}),
    ],
)
def test_up_to_the_day_asked_for(
    given: Given, answer: Answer, as_at: str, possible: dict[str, int]
) -> None:
    """Before the first mark there is no row; mid-week the week is cut; later nothing is added."""
    given(register=register([r"/\*7"]))
    found = answer("pupil_attendance", as_at=as_at, by="academic_year", columns="possible_sessions")
    assert found == possible


def test_a_day_must_be_asked_for(given: Given, answer: Answer) -> None:
    """Without a day the view raises: an empty answer would pass for no absence."""
    given(register=register([r"/\ "]))
    with pytest.raises(duckdb.Error, match="register_day is not set"):
        answer("pupil_attendance", as_at=None)


def test_each_academic_year_stands_alone(given: Given, answer: Answer) -> None:
    """The year turns on 1 August: July belongs to the old one."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+-------
        P1    | 2026-07-20 | II /\
        P1    | 2026-09-02 | /\ /\ """
    )
    found = answer("pupil_attendance", by="academic_year", columns="absence_rate")
    assert found == {"2025/26": 2 / 4, "2026/27": 0 / 4}


def test_a_replaced_n_counts_as_what_it_became(given: Given, answer: Answer) -> None:
    """N has no leave while it stands; the load that brings I makes it authorised."""
    given(
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-09-07 | NN
        P2    | 2026-09-07 | II   """
    )
    names = "authorised_absent_sessions unauthorised_absent_sessions"
    assert answer("pupil_attendance", by="pupil", columns=names) == {
        "P1": {"authorised_absent_sessions": 0, "unauthorised_absent_sessions": 2},
        "P2": {"authorised_absent_sessions": 2, "unauthorised_absent_sessions": 0},
    }
