"""every_look: all reasons to look, also those that the safeguarding lead alone sees."""

from queries import reference
from tests.conftest import YEAR_2026, Answer, Given
from tests.spec.test_every_duty import CALENDAR
from tests.support.text_tables import number_cases

#: A child for each reason, in care since January 2024 but for P7 and P27: its figure and base.
REASONS = {
    "P1": {"missed_sessions": (4, 10)},
    "P2": {"unbroken_illness": (4, 10)},
    "P3": {"same_weekday": (3, 3)},
    "P4": {"late_mornings": (4, 16)},
    "P5": {"suspended": (2, None)},
    "P6": {"moved_home": (1, None)},
    "P7": {"care_changed": (1, None)},
    "P8": {"no_reason_yet": (1, None)},
    "P9": {"became_persistent": (10, 100)},
    "P10": {"high_absence": (14, 70)},
    "P11": {"tenth_again": (3, None)},
    "P12": {"unauthorised_sessions": (10, None)},
    "P13": {"part_time_timetable": (6, None)},
    "P14": {"no_timetable": (1, None)},
    "P15": {"follow_up": (2, None)},
    "P16": {"sdq_rise": (9, 8)},
    "P17": {"overdue_here": (1, None)},
    "P18": {"waits_on_others": (1, None)},
    "P19": {"concern_follow_up": (1, None)},
    "P20": {"intervention_review": (1, None)},
    "P21": {"timetable_review": (1, None)},
    "P38": {"excluded": (1, None)},
    "P39": {"excluded": (1, None)},
}


def give_a_child_for_each(given: Given) -> None:
    """Each just at the figure from which its reason lists a child, on the first of its days.

    P5 is on the last as well.
    P22, P23, P25 to P37 and P40 are just under it, or on the day before, or what lists them is
    over.  The last 20 school days begin on Monday 19 October, the last 40 on Monday 21 September,
    the last 4, 7 and 10 weeks on 19 October, 28 and 7 September.
    """
    starts = {f"P{n}": "2024-01-08 | | " for n in range(1, 41)}
    starts["P6"] = "2024-01-08 | 2026-10-19 | foster, 2026-10-19 | | kinship"
    starts["P26"] = "2024-01-08 | 2026-10-16 | foster, 2026-10-16 | | kinship"
    starts["P7"], starts["P27"] = "2026-10-19 | | ", "2026-10-16 | | "
    given(
        calendar=CALENDAR,
        raw_care_episode=number_cases("start_date | end_date | home", starts.values()),
        register=r"""
        pupil | start      | marks
        ------+------------+------------------
        P1    | 2026-11-16 | II IM /\*3
        P25   | 2026-11-16 | II M\ /\*3
        P2    | 2026-11-16 | II II /\*3
        P3    | 2026-11-02 | I\ /\*4 I\ /\*4 I\
        P28   | 2026-11-02 | I\ /\*4 I\ /\*4 /\
        P4    | 2026-10-19 | L\*3 UU /\
        P4    | 2026-11-02 | /\*11
        P29   | 2026-10-19 | L\*3 /\*2
        P22   | 2026-10-19 | L\*4 /\
        P22   | 2026-11-02 | /\*15
        P8    | 2026-06-08 | N\
        P8    | 2026-11-02 | N\
        P27   | 2026-11-19 | N\
        P9    | 2026-09-07 | I\ /\*9 II*3 /\*17 II /\*4
        P9    | 2026-11-02 | I\ /\*14
        P23   | 2026-09-07 | /\*9 II II*3 /\*17 I\ /\*4
        P23   | 2026-11-02 | I\ /\*14
        P10   | 2026-09-07 | II*7 /\*28
        P35   | 2026-09-07 | II*6 I\ /\*28
        P11   | 2025-09-08 | II /\*9
        P11   | 2026-01-05 | II /\*9
        P11   | 2026-09-07 | II /\*9
        P36   | 2025-09-08 | II /\*9
        P36   | 2026-01-05 | II /\*9
        P36   | 2026-06-01 | II /\*9
        P36   | 2026-09-07 | I\ /\*9
        P30   | 2025-09-08 | I\ /\*9
        P30   | 2026-01-05 | II /\*9
        P30   | 2026-09-07 | II /\*9
        P12   | 2026-09-11 | OO
        P12   | 2026-10-05 | OO*4
        P31   | 2026-09-04 | OO
        P31   | 2026-10-05 | OO*4 O\
        P13   | 2026-09-07 | /\*15
        P13   | 2026-09-28 | /,C2 /\*4 /,C2 /\*4 /,C2 /\*4 /,C2 /\*4
        P13   | 2026-11-02 | /,C2 /\*4 /,C2
        P32   | 2026-10-05 | /,C2 /\*4 /,C2 /\*4 /,C2 /\*4
        P32   | 2026-11-02 | /,C2 /\*4 /,C2
        P14   | 2026-10-19 | /,C2
        P33   | 2026-10-16 | /,C2
        P39   | 2026-11-02 | BB
        P40   | 2026-11-02 | BB               """,
        raw_suspension="""
        pupil | suspension_date | category
        ------+-----------------+---------
        P5    | 2026-10-19      | SUSP
        P5    | 2026-11-20      | SUSP
        P34   | 2026-10-16      | SUSP
        P38   | 2026-10-08      | PERM
        P39   | 2026-10-19      | PERM
        P40   | 2026-10-08      | PERM    """,
        raw_provision="""
        pupil | provision_date | review_date
        ------+----------------+------------
        P13   | 2026-09-01     |
        P32   | 2026-09-01     | 2026-11-20
        P21   | 2026-09-01     | 2026-11-19 """,
        raw_action="""
        pupil | action_id | action_date | follow_up_date
        ------+-----------+-------------+---------------
        P15   | A1        | 2026-11-16  | 2026-11-20
        P15   | A3        | 2026-11-16  | 2026-11-19
        P37   | A4        | 2026-11-16  | 2026-11-18
        P37   | A5        | 2026-11-20  |
        P25   | A2        | 2026-11-16  | 2026-11-21    """,
        raw_sdq="""
        pupil | sdq_date   | total
        ------+------------+------
        P16   | 2026-05-01 | 8
        P16   | 2026-10-19 | 17
        P25   | 2026-05-01 | 8
        P25   | 2026-10-16 | 17   """,
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+-------------
        P17   | 2026-10-08 | advice asked
        P25   | 2026-10-09 | advice asked
        P18   | 2026-04-07 | requested
        P26   | 2026-04-08 | requested   """,
        raw_concern="""
        pupil | concern_date | follow_up_date
        ------+--------------+---------------
        P19   | 2026-11-02   | 2026-11-19
        P25   | 2026-11-02   | 2026-11-20    """,
        raw_intervention="""
        pupil | intervention_date | review_date
        ------+-------------------+------------
        P20   | 2026-09-07        | 2026-11-19
        P25   | 2026-09-07        | 2026-11-20 """,
    )


def test_a_note_past_its_day_is_for_the_lead(given: Given, answer: Answer) -> None:
    """It is in this list and not in the one of everybody; no action closes it."""
    given(
        calendar=YEAR_2026,
        register=number_cases("start | marks", [r"2026-11-16 | /\*5"]),
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2025-01-06""",
        raw_concern="""
        pupil | concern_date | follow_up_date
        ------+--------------+---------------
        P1    | 2026-11-02   | 2026-11-09    """,
        raw_action="""
        pupil | action_id | action_date | rule              | figure
        ------+-----------+-------------+-------------------+-------
        P1    | A1        | 2026-11-19  | concern_follow_up | 1     """,
    )
    found = answer("every_look", by="rule", columns="figure is_closed seen_on category")
    assert found == {
        "concern_follow_up": {
            "figure": 1, "is_closed": False, "seen_on": "2026-11-19",
            "category": "child_protection",
        }
    }  # fmt: skip
    assert answer("needs_a_look", by="rule") == {}


def test_each_reason_lists_a_child(given: Given, answer: Answer) -> None:
    """By its figure, and no child for another reason; no reason lacks a child."""
    give_a_child_for_each(given)
    found: dict[str, dict[str, tuple[int, int | None]]] = {}
    for (child, rule), row in answer("every_look", by="pupil rule", columns="figure base").items():
        found.setdefault(child, {})[rule] = (row["figure"], row["base"])
    assert found == REASONS
    assert {rule for each in found.values() for rule in each} == {*reference.read("look")["rule"]}


def test_who_has_no_session_before_the_window_has_become_persistent(
    given: Given, answer: Answer
) -> None:
    """In October the last 40 school days go back beyond the school year, for which none is told.

    P1 missed a tenth of the year, P2 less; P3 did so in fewer weeks than a rate takes.
    """
    given(
        calendar=CALENDAR,
        raw_care_episode=number_cases("start_date", ["2024-01-08"] * 3),
        register=r"""
        pupil | start      | marks
        ------+------------+-------------------
        P1    | 2026-06-15 | II*5
        P1    | 2026-09-07 | II*3 /\*27
        P2    | 2026-09-07 | II*2 I\ /\*27
        P3    | 2026-09-14 | II*3 /\*22       """,
    )
    found = answer("every_look", by="pupil rule", as_at="2026-10-16", columns="figure base")
    assert found == {("P1", "became_persistent"): {"figure": 6, "base": 60}}


def test_what_a_reason_says_besides(given: Given, answer: Answer) -> None:
    """Its duties, the weekday, the newest day of a change, and on how many days."""
    give_a_child_for_each(given)
    columns = "duties weekday changed_on days informant"
    found = answer("every_look", by="pupil rule", columns=columns)
    assert found.pop(("P38", "excluded"))["changed_on"] == "2026-10-08"
    told = {(rule, name): value for (_, rule), row in found.items() for name, value in row.items()}
    assert {key: value for key, value in told.items() if value is not None} == {
        ("same_weekday", "weekday"): 1,
        ("suspended", "changed_on"): "2026-11-20",
        ("excluded", "changed_on"): "2026-10-19",
        ("moved_home", "changed_on"): "2026-10-19",
        ("care_changed", "changed_on"): "2026-10-19",
        ("no_reason_yet", "days"): 1,
        ("sdq_rise", "informant"): "carer",
        ("follow_up", "changed_on"): "2026-11-20",
        ("overdue_here", "duties"): "EHC_ADVICE",
        ("waits_on_others", "duties"): "EHC_DECIDE_ASSESS",
    }
    found = answer("every_look", by="pupil rule", columns="year_group category")
    assert tuple(found["P4", "late_mornings"].values()) == (4, "attendance")
    assert tuple(found["P16", "sdq_rise"].values()) == (4, "wellbeing")
    assert tuple(found["P20", "intervention_review"].values()) == (4, "learning")


def test_a_school_that_lags_is_asked_up_to_its_own_last_day(given: Given, answer: Answer) -> None:
    """The register of school 2 ends on 6 November, so its last ten school days end there."""
    given(
        calendar="""
        school_key | start      | end
        -----------+------------+-----------
        1          | 2026-09-07 | 2026-11-20
        2          | 2026-09-07 | 2026-11-20""",
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2024-01-08
        P2    | 2024-01-08""",
        register=r"""
        school_key | pupil | start      | marks
        -----------+-------+------------+-----------
        1          | P1    | 2026-11-02 | II II /\*13
        2          | P2    | 2026-11-02 | II II /\*3 """,
    )
    found = answer("every_look", by="pupil rule", columns="figure base")
    assert found == {("P2", "unbroken_illness"): {"figure": 4, "base": 10}}
