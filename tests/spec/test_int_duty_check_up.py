"""int_duty_check_up: from each check-up to the next, and before the first from care."""

from tests.conftest import Answer, Given

CARE = """
    pupil | start_date
    ------+-----------
    P1    | 2026-03-02"""


def test_from_each_to_the_next(given: Given, answer: Answer) -> None:
    """An initial assessment ends its own duty and begins the review's."""
    given(
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind               | health_date | age_band | next_due
        ------+--------------------+-------------+----------+-----------
        P1    | initial assessment | 2026-03-20  | under 5  |
        P1    | review assessment  | 2026-09-21  | 5 to 9   | 2027-06-01""",
    )
    found = answer("int_duty_check_up", by="rule", columns="started_on done_date given_due_date")
    health = {rule: tuple(row.values()) for rule, row in found.items() if "HA" in rule}
    assert health == {
        "IHA": ("2026-03-02", "2026-03-20", None),
        "RHA_U5": ("2026-03-20", "2026-09-21", None),
        "RHA_5PLUS": ("2026-09-21", None, "2027-06-01"),
    }


def test_what_came_before_care_does_not_count(given: Given, answer: Answer) -> None:
    """Nor does a form by the teacher; on the first day of care it does."""
    given(
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind         | health_date
        ------+--------------+------------
        P1    | dental check | 2026-03-01 """,
        raw_sdq="""
        pupil | sdq_date   | informant | total
        ------+------------+-----------+------
        P1    | 2026-03-02 | carer     | 12
        P1    | 2026-05-04 | teacher   | 12   """,
    )
    found = answer("int_duty_check_up", by="rule", columns="started_on")
    assert found == {"IHA": "2026-03-02", "DENTAL_YEARLY": "2026-03-02", "SDQ_YEARLY": "2026-03-02"}


def test_what_is_heard_of(given: Given, answer: Answer) -> None:
    """A refusal tells; so does anybody's assessment, of a child here when care began."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-03-02
        P2    | 2026-03-02
        P3    | 2026-03-02
        P4    | 2026-03-02""",
        raw_enrolment="""
        pupil | entry_date
        ------+-----------
        P1    | 2024-09-03
        P2    | 2026-03-03
        P3    | 2026-03-03
        P4    | 2026-03-02""",
        raw_health="""
        pupil | kind               | health_date | outcome
        ------+--------------------+-------------+---------
        P1    | dental check       | 2026-10-05  | not done
        P3    | initial assessment | 2026-10-05  | not done """,
        raw_sdq="""
        pupil | sdq_date   | reason
        ------+------------+-------
        P2    | 2026-10-05 | SDQ2  """,
    )
    found = answer("int_duty_check_up", by="rule pupil", columns="has_no_record")
    assert {key for key, has_no_record in found.items() if not has_no_record} == {
        ("IHA", "P1"),
        ("IHA", "P3"),
        ("IHA", "P4"),
        ("DENTAL_YEARLY", "P1"),
        ("SDQ_YEARLY", "P2"),
    }


def test_immunisations_and_the_optician(given: Given, answer: Answer) -> None:
    """Owed from the first record on, done or not; found undone after it ended, they are not."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-03-04
        P2    | 2024-03-04
        P3    | 2024-03-04""",
        raw_health="""
        pupil | kind          | health_date | outcome
        ------+---------------+-------------+---------
        P1    | immunisations | 2025-03-04  | done
        P1    | immunisations | 2025-09-15  | not done
        P1    | immunisations | 2025-10-06  | not done
        P1    | immunisations | 2025-11-03  | done
        P1    | immunisations | 2026-02-02  | not done
        P1    | optician      | 2026-02-02  | not done
        P2    | immunisations | 2026-10-05  | not done
        P2    | optician      | 2026-10-05  | done """,
    )
    found = answer(
        "int_duty_check_up", by="pupil rule started_on", columns="done_date found_undone_on"
    )
    told = {key: tuple(row.values()) for key, row in found.items() if key[1][:3] in {"IMM", "OPT"}}
    immunisations, optician = "IMMUNISATIONS_YEARLY", "OPTICIAN_YEARLY"
    assert told == {
        ("P1", immunisations, "2025-03-04"): ("2025-11-03", "2025-09-15"),
        ("P1", immunisations, "2025-11-03"): (None, "2026-02-02"),
        ("P1", optician, "2024-03-04"): (None, None),
        ("P2", immunisations, "2024-03-04"): (None, "2026-10-05"),
        ("P2", optician, "2026-10-05"): (None, None),
    }
