"""school_standing: how each child of each school stands."""

from tests.conftest import YEAR_2026, Answer, Given


def test_each_child_counts_for_its_school(given: Given, answer: Answer) -> None:
    """Sessions, the newest meeting owed, and what is overdue, child by child."""
    given(
        raw_school="""
        school_key | school_id | school_name
        -----------+-----------+------------
        1          | 1         | Elm
        2          | 2         | Oak        """,
        raw_load="""
        school_key | load_id | loaded_at           | data_until
        -----------+---------+---------------------+-----------
        1          | 1       | 2026-11-20 16:00:00 | 2026-11-20
        2          | 2       | 2026-11-13 16:00:00 | 2026-11-13""",
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-09-01 | 2026-12-18
        2          | 2026-09-01 | 2026-12-18""",
        raw_enrolment="""
        school_key | pupil | entry_date
        -----------+-------+-----------
        1          | P1    | 2025-09-01
        1          | P2    | 2025-09-01
        2          | P3    | 2025-09-01
        2          | P4    | 2025-09-01""",
        raw_care_episode="""
        school_key | pupil | start_date | status
        -----------+-------+------------+-------------
        1          | P1    | 2025-03-03 | looked after
        1          | P2    | 2025-03-03 | looked after
        2          | P3    | 2025-03-03 | looked after""",
        raw_pep="""
        school_key | pupil | pep_date   | outcome
        -----------+-------+------------+--------
        1          | P1    | 2026-09-21 | held
        2          | P3    | 2027-01-11 | booked """,
        raw_sdq="pupil | sdq_date | total\nP1 | 2025-09-21 | 9",
        raw_ehcp="pupil | ehcp_date | event\nP3 | 2026-10-08 | advice asked",
        raw_suspension="""
        school_key | pupil | suspension_date | category | sessions
        -----------+-------+-----------------+----------+---------
        1          | P2    | 2026-11-18      | SUSP     | 2
        1          | P2    | 2026-03-04      | SUSP     | 2       """,
        register="""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P1    | 2026-11-16 | I /*4
        1          | P2    | 2026-11-16 | /*5
        2          | P3    | 2026-11-09 | /*5  """,
    )
    names = "school_key children meetings_owed meetings_held absent_sessions possible_sessions"
    found = answer("school_standing", as_at="2026-11-20", by="pupil", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": (1, 1, 1, 1, 2, 10),
        "P2": (1, 1, 1, 0, 0, 10),
        "P3": (2, 1, 1, 0, 0, 10),
    }
    names = "unauthorised_sessions persistent severe suspensions suspended_children overdue waiting"
    found = answer("school_standing", as_at="2026-11-20", by="pupil", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": (0, 0, 0, 0, 0, 0, 1),
        "P2": (0, 0, 0, 1, 1, 0, 0),
        "P3": (0, 0, 0, 0, 0, 1, 0),
    }


def test_who_misses_much_counts_once_it_is_not_too_early(given: Given, answer: Answer) -> None:
    """Half of 60 sessions in six weeks is severe, a tenth persistent; of five weeks neither is."""
    given(
        calendar="""
        start      | end
        -----------+-----------
        2026-09-07 | 2026-10-23""",
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2025-03-03
        P2    | 2025-03-03
        P3    | 2025-03-03
        P4    | 2025-03-03""",
        register=r"""
        pupil | start      | marks
        ------+------------+---------------
        P1    | 2026-09-07 | O*15 /*15
        P2    | 2026-09-07 | I*3 /*27
        P3    | 2026-09-07 | I*2 /*28
        P4    | 2026-09-14 | O*12 /*13    """,
    )
    names = "judged persistent severe absent_sessions unauthorised_sessions"
    found = answer("school_standing", as_at="2026-10-16", by="pupil", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": (1, 1, 1, 30, 30),
        "P2": (1, 1, 0, 6, 0),
        "P3": (1, 0, 0, 4, 0),
        "P4": (0, 0, 0, 24, 24),
    }


def test_first_peps_and_what_was_lost_to_suspension(given: Given, answer: Answer) -> None:
    """First PEPs of the year whose deadline has passed or that were held; days, and day six."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-09-14
        P2    | 2026-09-14
        P3    | 2026-09-14
        P4    | 2026-11-09
        P5    | 2026-11-09
        P6    | 2025-03-03""",
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P1    | 2026-10-05
        P2    | 2026-10-20
        P5    | 2026-11-18
        P6    | 2025-03-10""",
        raw_suspension="""
        pupil | suspension_date | category | sessions
        ------+-----------------+----------+---------
        P1    | 2026-10-05      | SUSP     | 13
        P1    | 2026-11-02      | SUSP     | 13
        P1    | 2026-11-18      | LNCH     | 0
        P2    | 2026-11-02      | PERM     | 3       """,
        register=r"""
        pupil | start      | marks
        ------+------------+------------
        P1    | 2026-10-05 | E*5 B*2 /*8
        P1    | 2026-11-02 | E*6 B /*8
        P2    | 2026-11-02 | E*5 B*10   """,
    )
    names = "first_owed first_in_time"
    found = answer("school_standing", as_at="2026-11-20", by="pupil", columns=names)
    assert {pupil: tuple(row.values()) for pupil, row in found.items()} == {
        "P1": (1, 1),
        "P2": (1, 0),
        "P3": (1, 0),
        "P4": (0, 0),
        "P5": (1, 1),
        "P6": (0, 0),
    }
    names = "suspensions exclusions suspended_children suspended_sessions suspended_days"
    found = answer("school_standing", as_at="2026-11-20", by="pupil", columns=names)
    assert tuple(found["P1"].values()) == (3, 0, 1, 26, 7 + 7 + 0)
    assert tuple(found["P2"].values()) == (0, 1, 1, 3, 2)
    names = "education_owed education_in_time"
    found = answer("school_standing", as_at="2026-11-20", by="pupil", columns=names)
    assert (tuple(found["P1"].values()), tuple(found["P2"].values())) == ((2, 1), (1, 1))
