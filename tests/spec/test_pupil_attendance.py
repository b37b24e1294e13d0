"""pupil_attendance: a child's sessions in an academic year up to the day asked for."""

import duckdb
import pytest

from tests.conftest import Answer, Given

COUNTS = (
    "possible_sessions attended_sessions authorised_absent_sessions"
    " unauthorised_absent_sessions absent_sessions late_sessions"
)


def marked(given: Given, marks: str) -> None:
    """One child with these days from Monday 7 September 2026 on."""
    given(register=f"pupil | start | marks\n P1 | 2026-09-07 | {marks}")


@pytest.mark.parametrize(
    ("marks", "counts"),
    [
        (r"/\ /\ ", (2 + 2, 2 + 2, 0, 0, 0, 0)),
        (r"L\ /U", (2 + 2, 3, 0, 1, 1, 1)),
        (r"BK PV WW", (2 * 3, 2 * 3, 0, 0, 0, 0)),
        (r"C,C1 C2,E IJ1 M,R ST".replace("IJ1", "I,J1"), (2 * 5, 0, 2 * 5, 0, 2 * 5, 0)),
        (r"GN OU", (2 + 2, 0, 0, 2 + 2, 2 + 2, 0)),
        (r"/\ D,Q X,Y1 Y2,Y3 Y4,Y5 Y6,Y7 ## ZZ", (2, 2, 0, 0, 0, 0)),
        (r"/\ HJ YF", (2 + 3, 2, 3, 0, 3, 0)),
        (r"/- -I --", (1 + 1, 1, 1, 0, 1, 0)),
        (r"## Y4,Y4", (0, 0, 0, 0, 0, 0)),
    ],
)
def test_what_each_code_adds(
    given: Given, answer: Answer, marks: str, counts: tuple[int, ...]
) -> None:
    """Present and late attend; C2 is absence; N has no leave; D, Q, X, Y, Z and # are nothing."""
    marked(given, marks)
    assert tuple(answer("pupil_attendance", by="pupil", columns=COUNTS)["P1"].values()) == counts


def test_nothing_possible_has_no_rate(given: Given, answer: Answer) -> None:
    """Without a possible session the rate and both thresholds are null, not nought or false."""
    marked(given, "## ##")
    names = "absence_rate is_persistent_absentee is_severe_absentee school_weeks"
    assert answer("pupil_attendance", by="pupil", columns=names) == {
        "P1": {
            "absence_rate": None,
            "is_persistent_absentee": None,
            "is_severe_absentee": None,
            "school_weeks": 0,
        }
    }


@pytest.mark.parametrize(
    ("marks", "absent", "possible", "is_persistent"),
    [
        (r"II /\*9", 2, 2 * 10, True),
        (r"I\ /\*9", 1, 2 * 10, False),
        (r"/N /\*4", 1, 2 * 5, True),
        (r"II I\ /\*12 /-", 3, 2 * 14 + 1, True),
        (r"II I\ /\*13 /-", 3, 2 * 15 + 1, False),
        (r"II I\ /\*13", 3, 2 * 15, True),
        (r"II*19 /\*171", 38, 380, True),
        (r"II*18 I\ /\*171", 37, 380, False),
    ],
)
def test_persistent_from_exactly_a_tenth(
    given: Given, answer: Answer, marks: str, absent: int, possible: int, is_persistent: bool
) -> None:
    """From exactly 10 % of the child's own possible sessions, and not one session under it."""
    marked(given, marks)
    names = "absent_sessions possible_sessions absence_rate is_persistent_absentee"
    found = answer("pupil_attendance", as_at="2027-07-30", by="pupil", columns=names)["P1"]
    assert found == {
        "absent_sessions": absent,
        "possible_sessions": possible,
        "absence_rate": absent / possible,
        "is_persistent_absentee": is_persistent,
    }


@pytest.mark.parametrize(
    ("marks", "is_severe"), [(r"II /\ ", True), (r"II /\ /-", False), (r"II /\ I-", True)]
)
def test_severe_from_exactly_a_half(
    given: Given, answer: Answer, marks: str, is_severe: bool
) -> None:
    """From exactly 50 %; who is severely absent is persistently absent too."""
    marked(given, marks)
    names = "is_severe_absentee is_persistent_absentee"
    assert answer("pupil_attendance", by="pupil", columns=names) == {
        "P1": {"is_severe_absentee": is_severe, "is_persistent_absentee": True}
    }


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
    marked(given, r"/\*7")
    found = answer("pupil_attendance", as_at=as_at, by="academic_year", columns="possible_sessions")
    assert found == possible


def test_a_day_must_be_asked_for(given: Given, answer: Answer) -> None:
    """Without a day the view raises: an empty answer would pass for no absence."""
    marked(given, r"/\ ")
    with pytest.raises(duckdb.Error, match="as_at is not set"):
        answer("pupil_attendance", as_at=None)


@pytest.mark.parametrize(("weeks", "is_too_early"), [(5, True), (6, False)])
def test_too_early_until_six_school_weeks(
    given: Given, answer: Answer, weeks: int, is_too_early: bool
) -> None:
    """Six weeks with a possible session are enough; a week of closure is none of them."""
    marked(given, rf"##*5 /\*{5 * weeks - 4} ")
    names = "school_weeks is_too_early"
    assert answer("pupil_attendance", by="pupil", columns=names) == {
        "P1": {"school_weeks": weeks, "is_too_early": is_too_early}
    }


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
