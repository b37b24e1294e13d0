"""phase_attendance: children looked after for a year beside England's, by phase."""

from typing import Any

from tests.conftest import Answer, Given


def test_each_phase_stands_beside_its_own_national_figures(given: Given, answer: Answer) -> None:
    """P3 is looked after for less than a year; P4 is of all phases, P2 too new for a share."""
    given(
        raw_school="""
        school_key | school_id | school_name | phase
        -----------+-----------+-------------+------------
        1          | 1         | Elm         | junior
        2          | 2         | Oak         | secondary
        3          | 3         | Fir         | all-through""",
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-09-07 | 2026-10-23
        2          | 2026-09-07 | 2026-10-23
        3          | 2026-09-07 | 2026-10-23""",
        raw_care_episode="""
        school_key | pupil | start_date
        -----------+-------+-----------
        1          | P1    | 2025-10-16
        1          | P3    | 2025-10-17
        2          | P2    | 2024-03-04
        3          | P4    | 2024-03-04""",
        register=r"""
        school_key | pupil | start      | marks
        -----------+-------+------------+----------
        1          | P1    | 2026-09-07 | O*3 /*27
        1          | P3    | 2026-09-07 | O*15 /*15
        2          | P2    | 2026-10-12 | O*3 /*2
        3          | P4    | 2026-09-07 | O*15 /*15""",
    )

    def tell(*names: str) -> dict[str, tuple[Any, ...]]:
        found = answer("phase_attendance", as_at="2026-10-16", by="phase")
        return {phase: tuple(row[name] for name in names) for phase, row in found.items()}

    assert tell("children", "absent_sessions", "unauthorised_sessions", "possible_sessions") == {
        "primary": (1, 6, 6, 60),
        "secondary": (1, 6, 6, 10),
        "all": (3, 42, 42, 130),
    }
    assert tell("judged_children", "persistent", "severe") == {
        "primary": (1, 1, 0),
        "secondary": (0, 0, 0),
        "all": (2, 2, 1),
    }
    of_absence = ("national_absence", "national_unauthorised")
    assert tell("national_year", *of_absence, "national_persistent", "national_severe") == {
        "primary": ("2024/25", 0.038, 0.006, 0.075, 0.008),
        "secondary": ("2024/25", 0.12, 0.056, 0.275, 0.095),
        "all": ("2024/25", 0.09, 0.035, 0.203, 0.064),
    }


def test_a_year_without_an_earlier_line_has_none(given: Given, answer: Answer) -> None:
    """In 2018/19 the first that is kept was not out yet."""
    given(
        calendar="""
        start      | end
        -----------+-----------
        2018-09-03 | 2018-09-28""",
        raw_enrolment="""
        pupil | entry_date
        ------+-----------
        P1    | 2017-09-01""",
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2016-03-07""",
        register="""
        pupil | start      | marks
        ------+------------+------
        P1    | 2018-09-03 | /*5  """,
    )
    found = answer("phase_attendance", as_at="2018-09-07", by="phase", columns="national_year")
    assert found == {"primary": None, "all": None}
