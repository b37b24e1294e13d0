"""school_standing: how far each school's files go, and how its children stand."""

from tests.conftest import Answer, Given


def test_each_school_counts_its_own_children(given: Given, answer: Answer) -> None:
    """Children, sessions, the newest meeting owed, and what is overdue, school by school."""
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
        1          | P1    | 2026-09-21 | held   """,
        register="""
        school_key | pupil | start      | marks
        -----------+-------+------------+------
        1          | P1    | 2026-11-16 | I /*4
        1          | P2    | 2026-11-16 | /*5
        2          | P3    | 2026-11-09 | /*5  """,
    )
    found = answer("school_standing", as_at="2026-11-20", by="school_name")
    counts = ("children", "meetings_owed", "meetings_held", "absent_sessions", "possible_sessions")
    assert {name: tuple(row[each] for each in counts) for name, row in found.items()} == {
        "Elm": (2, 2, 1, 2, 20),
        "Oak": (1, 1, 0, 0, 10),
    }
    assert (found["Oak"]["data_until"], found["Oak"]["days_behind"]) == ("2026-11-13", 4)
    assert found["Elm"]["days_behind"] == 0
    assert (found["Oak"]["is_behind"], found["Elm"]["is_behind"]) == (True, False)
    assert found["Oak"]["loaded_at"] is not None
    overdue = answer("duty", as_at="2026-11-20", by="pupil rule started_on", columns="status")
    late = [key for key, status in overdue.items() if status == "overdue"]
    assert found["Oak"]["overdue"] == sum(key[0] == "P3" for key in late)
    assert found["Elm"]["overdue"] == sum(key[0] != "P3" for key in late)
