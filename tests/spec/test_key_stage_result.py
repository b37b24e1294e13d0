"""key_stage_result: where a child was last seen, against what is expected then."""

from tests.conftest import Answer, Given

_ROLL = """
    pupil | year_group
    ------+-----------
    P1    | 2
    P2    | 7
    P3    | 11
    P4    | 13
    P5    | 0         """
_CARE = "pupil | start_date\n" + "\n".join(f"P{n} | 2020-01-01" for n in range(1, 6))


def test_the_newest_of_a_subject_is_held_against_what_is_expected(
    given: Given, answer: Answer
) -> None:
    """A school year ends with July; of what is dated ahead nothing counts.

    What was predicted for the end of an earlier key stage is over.
    """
    given(
        raw_enrolment=_ROLL,
        raw_care_episode=_CARE,
        raw_attainment="""
        pupil | attainment_date | subject | level | predicted
        ------+-----------------+---------+-------+----------
        P1    | 2026-07-31      | maths   | at    |
        P1    | 2026-11-20      | maths   | below | at
        P1    | 2026-11-21      | maths   | above | above
        P2    | 2026-07-30      | maths   | below |
        P2    | 2026-07-31      | maths   | above | above
        P2    | 2026-08-01      | English | below | below
        P3    | 2026-11-20      | English | 3     | 4
        P3    | 2026-11-20      | maths   | 4     | U
        P4    | 2026-11-20      | maths   | 9     |
        P5    | 2026-11-20      | reading | at    |          """,
    )
    names = "key_stage result predicted is_expected is_predicted result_date"
    found = answer("key_stage_result", columns=names)
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "maths"): (
            "Key stage 1",
            "Not yet at expected",
            "At expected",
            False,
            True,
            "2026-11-20",
        ),
        ("P2", "maths"): ("Key stage 2", "Above expected", None, True, None, "2026-07-31"),
        ("P2", "English"): (
            "Key stage 3",
            "Not yet at expected",
            "Not yet at expected",
            False,
            False,
            "2026-08-01",
        ),
        ("P3", "English"): ("Key stage 4", "Grade 3", "Grade 4", False, True, "2026-11-20"),
        ("P3", "maths"): ("Key stage 4", "Grade 4", "Grade U", True, False, "2026-11-20"),
        ("P4", "maths"): ("Years 12 and 13", "Grade 9", None, True, None, "2026-11-20"),
        ("P5", "reading"): ("Reception", "At expected", None, True, None, "2026-11-20"),
    }


def test_a_test_counts_in_the_key_stage_in_which_it_was_taken(given: Given, answer: Answer) -> None:
    """From the expected score on; without a score it says why, and without a standard nothing."""
    given(
        raw_enrolment=_ROLL,
        raw_care_episode=_CARE,
        raw_test="""
        pupil | test_date  | test        | score | outcome
        ------+------------+-------------+-------+--------
        P1    | 2026-06-12 | phonics     | 32    |
        P2    | 2021-06-11 | phonics     | 31    |
        P2    | 2022-06-10 | phonics     | 40    |
        P2    | 2026-05-12 | reading     | 100   |
        P2    | 2026-05-13 | maths       | 99    |
        P2    | 2026-05-11 | spelling    |       | B
        P2    | 2026-05-01 | reading age | 130   |
        P2    | 2024-06-07 | tables      | 25    |        """,
        raw_attainment="pupil | attainment_date | subject | level\nP5 | 2026-11-20 | maths | at",
    )
    found = answer("key_stage_result", columns="key_stage result is_expected is_test")
    assert {key[1]: row.pop("is_test") for key, row in found.items()} == {
        key[1]: key[0] != "P5" for key in found
    }
    found.pop(("P5", "maths"))
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "Phonics check, out of 40"): ("Key stage 1", "32", True),
        ("P2", "Phonics check, out of 40"): ("Key stage 1", "40", True),
        ("P2", "Key stage 2 reading, scaled score"): ("Key stage 2", "100", True),
        ("P2", "Key stage 2 maths, scaled score"): ("Key stage 2", "99", False),
        ("P2", "Key stage 2 grammar, punctuation and spelling, scaled score"): (
            "Key stage 2",
            "Working below the level of the test",
            None,
        ),
    }


def test_whoever_is_not_on_these_pages_has_no_row(given: Given, answer: Answer) -> None:
    """Nobody who was never in one of the groups counts."""
    given(
        raw_enrolment=_ROLL,
        raw_care_episode="""
        pupil | start_date | end_date   | status
        ------+------------+------------+--------
        P1    | 2020-01-01 | 2021-01-01 | in need""",
        raw_attainment="pupil | attainment_date\nP1 | 2026-11-20",
    )
    assert answer("key_stage_result") == {}
