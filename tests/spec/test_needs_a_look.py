"""needs_a_look: who is listed, from which figure on, and what closes a reason."""

from tests.conftest import YEAR_2026, Answer, Given
from tests.support.text_tables import by_case, number_cases

#: An action about five sessions missed by 19 November: day, rule, figure, the action that it
#: corrects and whether it is about the rule; then whether it closed the reason, and the day on
#: which the reason was seen.
CLOSED = {
    # 16, 19-23 Oct: 6; 2-6, 9-13 Nov: 16; 16-19: 20
    "A1 | 2026-10-15 | missed_sessions | 5 | | ": (False, None),
    "A2 | 2026-10-16 | missed_sessions | 5 | | ": (True, "2026-10-16"),
    "A3 | 2026-11-19 | missed_sessions | 5 | | ": (True, "2026-11-19"),
    # not yet logged
    "A4 | 2026-11-20 | missed_sessions | 5 | | ": (False, None),
    "A5 | 2026-11-17 | missed_sessions | 6 | | ": (True, "2026-11-17"),
    # it has worsened since
    "A6 | 2026-11-17 | missed_sessions | 4 | | ": (False, None),
    # another reason was closed
    "A7 | 2026-11-17 | no_reason_yet | 5 | | ": (False, None),
    # the rule did not list the child when it was logged
    "A8 | 2026-11-17 | | | | ": (False, None),
    # whoever logged it said that it was about something else; or about this
    "D1 | 2026-11-17 | missed_sessions | 5 | | false": (False, "2026-11-17"),
    "D2 | 2026-11-17 | missed_sessions | 5 | | true": (True, "2026-11-17"),
    "E1 | 2026-11-17 | missed_sessions | 5 | | true, "
    "E2 | 2026-11-18 | missed_sessions | 5 | | false": (True, "2026-11-18"),
    # one that another corrects closes nothing; one of two is enough
    "B1 | 2026-11-18 | missed_sessions | 7 | | , B2 | 2026-11-19 | | | B1 | ": (False, None),
    "C1 | 2026-11-16 | missed_sessions | 7 | | , C2 | 2026-11-17 | missed_sessions | 4 | | ": (
        True,
        "2026-11-16",
    ),
}
#: When a child was suspended, and an action of 16 November is about that: whether it is closed.
CHANGED = {"2026-11-16": True, "2026-11-17": False}


def test_four_sessions_in_ten_school_days(given: Given, answer: Answer) -> None:
    """Four are listed, three are not; one unbroken illness is told as that."""
    cases = {
        r"II II /\*3": ("unbroken_illness", 4, 10),
        r"II IM /\*3": ("missed_sessions", 4, 10),
        r"II I\ I\ /\*2": ("missed_sessions", 4, 10),
        r"II I\ /\*3": None,
        r"II M\ /\*3": None,
    }
    given(
        calendar=YEAR_2026,
        raw_care_episode=number_cases("start_date", ["2024-01-08"] * len(cases)),
        register=number_cases("start | marks", [f"2026-11-16 | {marks}" for marks in cases]),
    )
    names = "rule figure base"
    assert by_case(cases, answer("needs_a_look", by="pupil", columns=names)) == cases


def test_only_children_in_scope(given: Given, answer: Answer) -> None:
    """Neither a child who was never in care nor one who has left."""
    given(
        calendar=YEAR_2026,
        register="""
        pupil | start      | marks
        ------+------------+---------
        P1    | 2026-11-16 | II II II
        P2    | 2026-11-16 | II II II
        P3    | 2026-11-16 | II II II""",
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
    columns = "figure base category year_group duties weekday changed_on days informant"
    found = answer("needs_a_look", by="pupil rule", columns=columns)
    of_others = dict.fromkeys(("duties", "weekday", "changed_on", "days", "informant"))
    assert found == {
        ("P1", "unbroken_illness"): {
            "figure": 6, "base": 6, "category": "attendance", "year_group": 4, **of_others
        }
    }  # fmt: skip


def test_what_closes_a_reason(given: Given, answer: Answer) -> None:
    """An action about it of the last 20 school days, at a figure as large as now or larger."""
    marks = r"2026-11-09 | II /\ /\ I\ II /\ "
    given(
        calendar=YEAR_2026,
        raw_care_episode=number_cases("start_date", ["2024-01-08"] * len(CLOSED)),
        register=number_cases("start | marks", [marks] * len(CLOSED)),
        raw_action=number_cases(
            "action_id | action_date | rule | figure | corrects | is_answer", CLOSED
        ),
    )
    columns = "is_closed seen_on figure"
    found = answer("needs_a_look", as_at="2026-11-19", by="pupil", columns=columns)
    assert by_case(CLOSED, found) == {case: (*state, 5) for case, state in CLOSED.items()}


def test_only_the_record_closes_an_overdue_step(given: Given, answer: Answer) -> None:
    """Logging an action about a session without a reason shows that it was seen, no more."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=number_cases("start_date", ["2024-01-08"]),
        register=number_cases("start | marks", ["2026-11-09 | NN"]),
        raw_action="""
        pupil | action_id | action_date | rule          | figure | is_answer
        ------+-----------+-------------+---------------+--------+----------
        P1    | A1        | 2026-11-18  | no_reason_yet | 9      | true     """,
    )
    found = answer("needs_a_look", by="pupil rule", columns="is_closed seen_on")
    assert found["P1", "no_reason_yet"] == {"is_closed": False, "seen_on": "2026-11-18"}


#: An action of Wednesday 18 November, when the child was to be looked at again: is_answer and the
#: next such day; then whether the agreed day is still to be answered.
LOOKED_AGAIN = {
    "true | ": False,
    "false | ": True,
    # it was moved
    "false | 2026-11-25": False,
    "false | 2026-11-18": True,
}


def test_a_day_to_look_again_is_answered_or_moved(given: Given, answer: Answer) -> None:
    """A call that reached nobody leaves it where it is."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=number_cases("start_date", ["2024-01-08"] * len(LOOKED_AGAIN)),
        raw_action=number_cases(
            "action_id | action_date | rule | figure | is_answer | follow_up_date",
            [
                f"A | 2026-11-11 | | | | 2026-11-18, B | 2026-11-18 | follow_up | 1 | {case}"
                for case in LOOKED_AGAIN
            ],
        ),
    )
    found = answer("needs_a_look", as_at="2026-11-19", by="pupil", columns="rule")
    assert by_case(LOOKED_AGAIN, found) == {
        case: "follow_up" if is_open else None for case, is_open in LOOKED_AGAIN.items()
    }


def test_what_changes_later_is_not_closed(given: Given, answer: Answer) -> None:
    """Somebody looked again as agreed, and agreed on another day."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=number_cases("start_date", ["2024-01-08"] * len(CHANGED)),
        raw_suspension=number_cases("suspension_date", CHANGED),
        raw_action=number_cases(
            "action_id | action_date | follow_up_date | rule | figure",
            [
                f"{each} | 2026-11-16 | 2026-11-18 | suspended | 1, "
                f"{each} | 2026-11-16 | 2026-11-18 | follow_up | 1"
                for each in ("A1", "A2")
            ],
        ),
    )
    found = answer("needs_a_look", as_at="2026-11-19", by="pupil rule", columns="is_closed")
    assert found == {
        **{(f"P{n}", "suspended"): closed for n, closed in enumerate(CHANGED.values(), 1)},
        **{(f"P{n}", "follow_up"): False for n in (1, 2)},
    }
