"""int_duty_pep: the first meeting and one each term; see every_duty for when."""

from tests.conftest import YEAR_2026, Answer, Given

CARE = """
    pupil | start_date
    ------+-----------
    P1    | {start}   """


def test_years_before_the_schools_first_record_are_left_out(given: Given, answer: Answer) -> None:
    """Nothing tells of them; the autumn before a first record in January still counts."""
    given(
        calendar=YEAR_2026
        + """
    2026-04-13 | 2026-07-21 | school day""",
        raw_care_episode=CARE.format(start="2026-01-06"),
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2027-01-14""",
    )
    found = answer("int_duty", by="rule started_on", columns="done_date", as_at="2027-04-20")
    assert {first: done for (rule, first), done in found.items() if rule[:3] == "PEP"} == {
        "2026-09-02": None,
        "2027-01-04": "2027-01-14",
        "2027-04-12": None,
    }
    kept = answer("int_duty_pep", by="rule started_on", as_at="2027-04-20")
    assert {row["counts_if_due_from"] for row in kept.values()} == {"2026-09-01"}


def test_another_schools_records_tell_nothing(given: Given, answer: Answer) -> None:
    """Each school sends a file of its own, or none; then the newest term stands alone."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        school_key | pupil | start_date
        -----------+-------+-----------
        1          | P1    | 2026-01-06""",
        raw_pep="""
        school_key | pupil | pep_date
        -----------+-------+-----------
        2          | P2    | 2026-09-10""",
    )
    found = answer("int_duty", as_at="2027-04-20", by="rule started_on", columns="has_no_record")
    assert {key: unheard for key, unheard in found.items() if key[0][:3] == "PEP"} == {
        ("PEP_COMPLETE", "2026-01-06"): True,
        ("PEP_REVIEW", "2027-04-12"): True,
    }


def test_held_by_then(given: Given, answer: Answer) -> None:
    """Neither a booked meeting nor one that is still to come does the duty."""
    given(
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-11-02
        P2    | 2026-11-02
        P3    | 2026-11-02""",
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-11-20 | held
        P2    | 2026-11-21 | held
        P3    | 2026-11-20 | booked """,
    )
    found = answer("int_duty_pep", by="pupil", columns="done_date")
    assert found == {"P1": "2026-11-20", "P2": None, "P3": None}
