"""pupil_sen: what the roll says of a child's special educational needs."""

from tests.conftest import Answer, Given


def test_what_the_roll_says_with_its_file_and_day(given: Given, answer: Answer) -> None:
    """N is none by the roll; blank says nothing, which is no row and not none."""
    given(
        raw_source="""
        source_id | file_name | sender
        ----------+-----------+-------
        1         | roll.csv  | office""",
        raw_enrolment="""
        pupil | entry_date | leaving_date | year_group_date | sen_provision
        ------+------------+--------------+-----------------+--------------
        P1    | 2023-09-04 |              | 2026-11-20      | E
        P2    | 2023-09-04 |              | 2026-11-20      | N
        P3    | 2023-09-04 |              | 2026-11-20      |
        P4    | 2023-09-04 | 2026-11-10   | 2026-11-10      | K
        P5    | 2023-09-04 | 2024-07-19   | 2024-07-19      | N
        P5    | 2026-09-02 |              | 2026-11-20      | K            """,
    )
    assert answer("pupil_sen", columns="provision label said_on file_name") == {
        "P1": {
            "provision": "E",
            "label": "Education, Health and Care Plan",
            "said_on": "2026-11-20",
            "file_name": "roll.csv",
        },
        "P2": {
            "provision": "N",
            "label": "No special educational need",
            "said_on": "2026-11-20",
            "file_name": "roll.csv",
        },
        # the newer of two stays; P4 has left
        "P5": {
            "provision": "K",
            "label": "SEN support",
            "said_on": "2026-11-20",
            "file_name": "roll.csv",
        },
    }
    # a later roll says nothing about an earlier day
    assert answer("pupil_sen", as_at="2026-11-19") == {}
