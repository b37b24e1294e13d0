"""report_recorded: of which subjects anything has reached the store."""

from tests.conftest import Answer, Given

CARE = """
    pupil | start_date
    ------+-----------
    P1    | 2024-01-08"""


def test_nothing_is_recorded_before_anything_came(given: Given, answer: Answer) -> None:
    """Every subject has a row, so that a report can say so."""
    given(raw_care_episode=CARE)
    found = answer("report_recorded", by="subject", columns="is_recorded")
    care = ("home", "moved", "worker", "review", "suspended", "timetable", "ehcp")
    health = ("sdq", "health", "dental", "immunised")
    learning = ("reading", "writing", "maths", "attainment", "help", "premium")
    assert found == dict.fromkeys((*care, *health, *learning), False)


def test_a_row_of_any_child_is_enough(given: Given, answer: Answer) -> None:
    """An optician is neither a health assessment nor a dental check."""
    given(
        raw_care_episode=CARE,
        raw_health="""
        pupil | kind         | health_date
        ------+--------------+------------
        P1    | dental check | 2026-10-05
        P1    | optician     | 2026-10-05 """,
    )
    found = answer("report_recorded", by="subject", columns="is_recorded")
    assert {subject for subject, is_recorded in found.items() if is_recorded} == {"dental"}


def test_a_file_without_rows_is_enough_where_none_is_a_fact(given: Given, answer: Answer) -> None:
    """That nobody was suspended is known where the file of suspensions was loaded; a refused
    file tells nothing."""
    given(
        raw_care_episode=CARE,
        raw_source="""
        file_name       | is_refused
        ----------------+-----------
        suspensions.csv | false
        ehcp.csv        | true
        health.csv      | false     """,
    )
    found = answer("report_recorded", by="subject", columns="is_recorded")
    assert [subject for subject, is_recorded in found.items() if is_recorded] == ["suspended"]


def test_each_subject_is_known_by_its_own_rows(given: Given, answer: Answer) -> None:
    """An assessment without the class's step tells of no progress; another school is no worker."""
    given(
        raw_care_episode="""
        pupil | start_date | home
        ------+------------+-------
        P1    | 2024-01-08 | foster""",
        raw_care_change="""
        pupil | kind   | care_change_date
        ------+--------+-----------------
        P1    | school | 2026-10-05      """,
        raw_review="""
        pupil | review_date | took_part
        ------+-------------+----------
        P1    | 2026-10-05  | PN1      """,
        raw_assessment="""
        pupil | subject | assessment_date | step | class_step
        ------+---------+-----------------+------+-----------
        P1    | reading | 2026-10-05      | 4    | 5
        P1    | maths   | 2026-10-05      | 4    |           """,
        raw_premium="""
        pupil | premium_date | kind
        ------+--------------+------
        P1    | 2026-10-05   | tutor""",
    )
    found = answer("report_recorded", by="subject", columns="is_recorded")
    recorded = {subject for subject, is_recorded in found.items() if is_recorded}
    assert recorded == {"home", "moved", "review", "reading", "attainment", "premium"}
