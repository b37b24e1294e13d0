"""needs_a_look: who is listed, why, and what closes a reason."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given

CARE = """
    pupil | start_date
    ------+-----------
    P1    | 2024-01-08"""
FIVE_MISSED = r"""
    pupil | start      | marks
    ------+------------+-------------------
    P1    | 2026-11-09 | II /\ /\ I\ II /\ """


Reasons = dict[str, tuple[int, int | None]]


def reasons(given: Given, answer: Answer, as_at: str, **facts: str) -> Reasons:
    """The rules that list the child, each with its figure and the base of that."""
    given(calendar=YEAR_2026, **{"raw_care_episode": CARE, **facts})
    found = answer("needs_a_look", as_at=as_at, by="rule", columns="figure base")
    return {rule: (row["figure"], row["base"]) for rule, row in found.items()}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ("II II /\\ /\\ /\\", {"unbroken_illness": (4, 10)}),
        ("II IM /\\ /\\ /\\", {"missed_sessions": (4, 10)}),
        ("II I\\ I\\ /\\ /\\", {"missed_sessions": (4, 10)}),
        ("II I\\ /\\ /\\ /\\", {}),
    ],
)
def test_four_sessions_in_ten_school_days(
    given: Given, answer: Answer, marks: str, expected: Reasons
) -> None:
    """Four are listed, three are not; one unbroken illness is told as that."""
    register = f"pupil | start | marks\nP1 | 2026-11-16 | {marks}"
    assert reasons(given, answer, "2026-11-20", register=register) == expected


@pytest.mark.parametrize(
    ("as_at", "expected"), [("2026-11-23", {}), ("2026-11-24", {"no_reason_yet": (1, None)})]
)
def test_an_n_after_its_days(given: Given, answer: Answer, as_at: str, expected: Reasons) -> None:
    """Not in the five school days in which the reason is found."""
    register = r"pupil | start | marks" + "\nP1 | 2026-11-16 | N\\"
    assert reasons(given, answer, as_at, register=register) == expected


@pytest.mark.parametrize(("second", "expected"), [("I\\", {"same_weekday": (3, 4)}), ("/\\", {})])
def test_the_same_weekday(given: Given, answer: Answer, second: str, expected: Reasons) -> None:
    """Three Mondays of four are listed, two are not; half term lies between."""
    weeks = ("2026-10-12", "2026-10-19", "2026-11-02", "2026-11-09")
    mondays = zip(weeks, ("I\\", second, "I\\", "/\\"), strict=True)
    rest = " /\\" * 4
    lines = [f"P1 | {monday} | {marks}{rest}" for monday, marks in mondays]
    register = "\n".join(("pupil | start | marks", *lines))
    assert reasons(given, answer, "2026-11-13", register=register) == expected


def test_changes_in_twenty_school_days(given: Given, answer: Answer) -> None:
    """A suspension, a move and a new status, each by a rule of its own."""
    found = reasons(
        given,
        answer,
        "2026-11-20",
        raw_suspension="""
        pupil | suspension_date
        ------+----------------
        P1    | 2026-11-10     """,
        raw_care_episode="""
        pupil | start_date | end_date   | home
        ------+------------+------------+--------
        P1    | 2026-11-02 | 2026-11-16 | foster
        P1    | 2026-11-16 |            | kinship""",
    )
    assert found == {"suspended": (1, None), "moved_home": (1, None), "care_changed": (1, None)}


@pytest.mark.parametrize(
    ("marks", "expected"), [(r"/\*31 II*3 I\ ", (7, 70)), (r"/\*32 II*3", None)]
)
def test_one_session_in_ten(
    given: Given, answer: Answer, marks: str, expected: tuple[int, int] | None
) -> None:
    """7 of 70 sessions by the seventh week are listed, 6 of 70 are not."""
    register = f"pupil | start | marks\nP1 | 2026-09-07 | {marks}"
    found = reasons(given, answer, "2026-10-23", register=register)
    assert found.get("became_persistent") == expected


def test_an_overdue_duty_that_the_school_holds(given: Given, answer: Answer) -> None:
    """Advice that was asked for more than six weeks ago; not what the authority holds."""
    advice = """
        pupil | ehcp_date  | event
        ------+------------+-------------
        P1    | 2026-10-08 | advice asked
        P1    | 2026-09-08 | requested   """
    heard = """
        pupil | pep_date
        ------+-----------
        P1    | 2026-10-01"""
    asked = {"raw_ehcp": advice, "raw_pep": heard}
    assert reasons(given, answer, "2026-11-20", **asked) == {"overdue_here": (1, None)}
    on_the_last_day = answer("needs_a_look", as_at="2026-11-19", by="rule")
    assert on_the_last_day == {}


def test_only_children_in_scope(given: Given, answer: Answer) -> None:
    """Neither a child who was never in care nor one who has left."""
    register = "\n".join(
        ("pupil | start | marks", *(f"P{n} | 2026-11-16 | II II II" for n in (1, 2, 3)))
    )
    given(
        calendar=YEAR_2026,
        register=register,
        raw_care_episode="""
        pupil | status  | start_date
        ------+---------+-----------
        P1    | in need | 2024-01-08
        P3    | in need | 2024-01-08""",
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    |
        P2    |
        P3    | 2026-11-19  """,
    )
    found = answer("needs_a_look", by="pupil rule", columns="figure")
    assert found == {("P1", "unbroken_illness"): 6}


@pytest.mark.parametrize(
    ("action_date", "is_closed"),
    [
        ("2026-10-15", False),
        ("2026-10-16", True),  # 16, 19-23 Oct: 6; 2-6, 9-13 Nov: 16; 16-19: 20
        ("2026-11-19", True),
        ("2026-11-20", False),  # not yet logged
    ],
)
def test_closed_for_20_school_days(
    given: Given, answer: Answer, action_date: str, is_closed: bool
) -> None:
    """The action's own day is the first of them; half term is left out."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        register=FIVE_MISSED,
        raw_action=f"""
        pupil | action_id | action_date   | rule            | figure
        ------+-----------+---------------+-----------------+-------
        P1    | A1        | {action_date} | missed_sessions | 5     """,
    )
    found = answer("needs_a_look", as_at="2026-11-19", by="rule")["missed_sessions"]
    assert found["is_closed"] == is_closed
    assert found["closed_on"] == (action_date if is_closed else None)


@pytest.mark.parametrize(
    ("rule", "figure", "is_closed"),
    [
        ("missed_sessions", "5", True),
        ("missed_sessions", "6", True),
        ("missed_sessions", "4", False),  # it has worsened since
        ("no_reason_yet", "5", False),  # another reason was closed
        ("", "", False),  # the rule did not list the child when it was logged
    ],
)
def test_what_closes_a_reason(
    given: Given, answer: Answer, rule: str, figure: str, is_closed: bool
) -> None:
    """An action about the same reason, when the figure was as large as now."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        register=FIVE_MISSED,
        raw_action=f"""
        pupil | action_id | action_date | rule   | figure
        ------+-----------+-------------+--------+---------
        P1    | A1        | 2026-11-17  | {rule} | {figure}""",
    )
    found = answer("needs_a_look", as_at="2026-11-19", by="rule")["missed_sessions"]
    assert (found["figure"], found["is_closed"]) == (5, is_closed)


@pytest.mark.parametrize(("day", "is_closed"), [("2026-11-16", True), ("2026-11-17", False)])
def test_what_changes_later_is_not_closed(
    given: Given, answer: Answer, day: str, is_closed: bool
) -> None:
    """Somebody looked again as agreed, and agreed on another day."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        raw_suspension=f"pupil | suspension_date\nP1 | {day}",
        raw_action="""
        pupil | action_id | action_date | follow_up_date | rule      | figure
        ------+-----------+-------------+----------------+-----------+-------
        P1    | A1        | 2026-11-16  | 2026-11-18     | suspended | 1
        P1    | A1        | 2026-11-16  | 2026-11-18     | follow_up | 1     """,
    )
    found = answer("needs_a_look", as_at="2026-11-19", by="rule", columns="is_closed")
    assert found["suspended"] == is_closed
    assert not found["follow_up"]


def test_the_newest_of_the_actions_that_close(given: Given, answer: Answer) -> None:
    """Not one that was logged at a smaller figure, or that another corrects."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE,
        register=FIVE_MISSED,
        raw_action="""
        pupil | action_id | action_date | kind        | rule            | figure | corrects
        ------+-----------+-------------+-------------+-----------------+--------+---------
        P1    | A1        | 2026-11-13  | called home | missed_sessions | 5      |
        P1    | A2        | 2026-11-16  | met parents | missed_sessions | 7      |
        P1    | A3        | 2026-11-17  | wrote       | missed_sessions | 4      |
        P1    | A4        | 2026-11-18  | wrote       | missed_sessions | 7      |
        P1    | A5        | 2026-11-19  | wrote       |                 |        | A4      """,
    )
    found = answer("needs_a_look", as_at="2026-11-19", by="rule")["missed_sessions"]
    assert (found["closed_on"], found["closed_by"]) == ("2026-11-16", "met parents")
