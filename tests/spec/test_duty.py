"""duty: what is due, by when, by whom, and what came of it."""

import pytest

from tests.conftest import YEAR_2026, Answer, Given

CARE = """
    pupil | start_date
    ------+-----------
    P1    | {start}   """


def status(given: Given, answer: Answer, as_at: str, rule: str, **facts: str) -> str:
    """The status of a rule's only duty."""
    given(calendar=YEAR_2026, **facts)
    found: str = answer("duty", as_at=as_at, by="rule", columns="status")[rule]
    return found


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        ("2026-11-05", "due soon"),  # the last day itself
        ("2026-11-06", "overdue"),
    ],
)
def test_what_the_school_holds(given: Given, answer: Answer, as_at: str, expected: str) -> None:
    """An N of Thursday before half term has five school days, to the Thursday after it."""
    marks = r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-10-22 | N\ """
    assert status(given, answer, as_at, "REGISTER_N", register=marks) == expected


@pytest.mark.parametrize(
    ("as_at", "expected"), [("2027-04-14", "due soon"), ("2027-04-15", "waiting on others")]
)
def test_what_others_hold(given: Given, answer: Answer, as_at: str, expected: str) -> None:
    """20 working days over Easter end on 14 April; then the school waits."""
    heard = """
        pupil | kind              | health_date
        ------+-------------------+------------
        P2    | review assessment | 2026-10-05 """
    care = CARE.format(start="2027-03-15")
    found = status(given, answer, as_at, "IHA", raw_care_episode=care, raw_health=heard)
    assert found == expected
    row = answer("duty", as_at=as_at, by="rule")["IHA"]
    assert (row["holder"], row["due_date"], row["started_on"]) == (
        "health",
        "2027-04-14",
        "2027-03-15",
    )
    assert (row["name"], row["clock"]) == ("Initial health assessment", "becoming looked after")


@pytest.mark.parametrize(
    ("as_at", "expected"), [("2027-01-14", "due soon"), ("2027-01-15", "not recorded")]
)
def test_what_no_record_tells(given: Given, answer: Answer, as_at: str, expected: str) -> None:
    """Over Christmas, without a health file and without a PEP file."""
    care = CARE.format(start="2026-12-14")
    given(calendar=YEAR_2026, raw_care_episode=care)
    found = answer("duty", as_at=as_at, by="rule", columns="status")
    assert (found["IHA"], found["PEP_COMPLETE"]) == (expected, expected)


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        # from 11 Dec: 14-18 Dec are 1 to 5, 4-8 Jan to 10, 11-15 to 15, 18-22 to 20
        ("2026-12-11", "due soon"),
        ("2026-12-10", "later"),
        ("2027-01-22", "due soon"),
    ],
)
def test_due_soon_is_20_school_days(
    given: Given, answer: Answer, as_at: str, expected: str
) -> None:
    """The 20th school day after the day asked for is the last that is soon."""
    request = """
        pupil | ehcp_date  | event
        ------+------------+----------
        P1    | 2026-12-11 | requested"""
    asked = request.replace("2026-12-11", "2026-10-02")
    # 16 weeks after Friday 2 October are Friday 22 January
    assert status(given, answer, as_at, "EHC_REFUSE_PLAN", raw_ehcp=asked) == expected


def test_soon_where_the_calendar_ends(given: Given, answer: Answer) -> None:
    """Without school days ahead it is 20 working days: to 18 December."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+-------------
        P1    | 2026-08-28 | requested
        P2    | 2026-08-29 | requested   """
    )
    found = answer("duty", as_at="2026-11-20", by="rule pupil", columns="status")
    assert found[("EHC_REFUSE_PLAN", "P1")] == "due soon"
    assert found[("EHC_REFUSE_PLAN", "P2")] == "later"


@pytest.mark.parametrize(
    ("pep_date", "expected"), [("2026-11-30", ("done", False)), ("2026-12-01", ("done", True))]
)
def test_done_in_time_or_late(
    given: Given, answer: Answer, pep_date: str, expected: tuple[str, bool]
) -> None:
    """The last day is in time; the day after it is late, and done all the same."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2026-11-02"),
        raw_pep=f"""
        pupil | pep_date
        ------+-----------
        P1    | {pep_date}""",
    )
    row = answer("duty", as_at="2026-12-10", by="rule")["PEP_COMPLETE"]
    assert (row["status"], row["is_late"]) == expected


@pytest.mark.parametrize(
    ("booked", "as_at", "expected"),
    [
        ("2026-11-30", "2026-11-27", ("booked", False)),
        ("2026-12-03", "2026-11-27", ("booked late", True)),
        ("2026-12-03", "2026-12-03", ("booked late", True)),
        ("2026-12-03", "2026-12-04", ("overdue", None)),
    ],
)
def test_booked(
    given: Given, answer: Answer, booked: str, as_at: str, expected: tuple[str, bool | None]
) -> None:
    """A day that is set, today's with it; one that passed without a meeting counts no more."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2026-11-02"),
        raw_pep=f"""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | {booked}   | booked
        P2    | 2026-09-10 | held   """,
    )
    row = answer("duty", as_at=as_at, by="rule pupil")[("PEP_COMPLETE", "P1")]
    assert (row["status"], row["is_late"]) == expected


def test_what_was_done_is_not_booked(given: Given, answer: Answer) -> None:
    """The next term's booking does not stand beside this term's meeting."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2026-06-01"),
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-10-05 | held
        P1    | 2027-02-01 | booked """,
    )
    row = answer("duty", by="rule")["PEP_REVIEW"]
    assert (row["status"], row["booked_date"]) == ("done", None)


def test_an_unknown_start_cannot_be_known(given: Given, answer: Answer) -> None:
    """It says what is missing; once the thing is done nothing is."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | known_since
        ------+------------
        P1    | 2026-03-02 """,
        raw_health="""
        pupil | kind               | health_date
        ------+--------------------+------------
        P1    | initial assessment | 2026-03-20 """,
    )
    found = answer("duty", by="rule", columns="status missing due_date is_late")
    missing = "the day on which care began"
    assert tuple(found["PEP_COMPLETE"].values()) == ("cannot be known", missing, None, None)
    assert tuple(found["SDQ_YEARLY"].values()) == ("cannot be known", missing, None, None)
    assert tuple(found["IHA"].values()) == ("done", None, None, None)
    assert found["RHA_5PLUS"]["due_date"] == "2027-03-20"


@pytest.mark.parametrize(("as_at", "is_listed"), [("2026-11-19", True), ("2026-11-20", False)])
def test_a_child_who_left(given: Given, answer: Answer, as_at: str, is_listed: bool) -> None:
    """Duties go with the child: on the last day on roll they stand, the day after they do not."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2026-11-02"),
        raw_enrolment="""
        pupil | leaving_date
        ------+-------------
        P1    | 2026-11-19  """,
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+----------
        P1    | 2026-11-02 | requested""",
        register=r"""
        pupil | start      | marks
        ------+------------+------
        P1    | 2026-11-02 | N\ """,
    )
    found = answer("duty", as_at=as_at, by="rule", columns="status")
    assert len(found) == (9 if is_listed else 0)


@pytest.mark.parametrize(("as_at", "is_listed"), [("2026-11-19", True), ("2026-11-20", False)])
def test_a_child_who_left_care(given: Given, answer: Answer, as_at: str, is_listed: bool) -> None:
    """The duties of care end with it; those of a plan and the register go on."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date | end_date
        ------+------------+-----------
        P1    | 2026-11-02 | 2026-11-20""",
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+-------------
        P1    | 2026-11-02 | advice asked""",
    )
    found = set(answer("duty", as_at=as_at, by="rule", columns="status"))
    care = {"PEP_COMPLETE", "LAC_REVIEW_1", "IHA", "DENTAL_YEARLY", "SDQ_YEARLY"}
    assert found == {"EHC_ADVICE"} | (care if is_listed else set())


@pytest.mark.parametrize(
    ("age_band", "health_date", "due_date"),
    [
        ("under 5", "2026-05-20", "2026-11-20"),
        ("5 to 9", "2025-11-20", "2026-11-20"),
        ("5 to 9", "2024-02-29", "2025-02-28"),
        ("under 5", "2024-02-29", "2024-08-29"),
    ],
)
@pytest.mark.parametrize("days_on", [0, 1])
def test_a_health_review(
    given: Given, answer: Answer, age_band: str, health_date: str, due_date: str, days_on: int
) -> None:
    """6-monthly by a band under five on the last assessment, 12-monthly from five."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2024-01-08"),
        raw_health=f"""
        pupil | kind              | health_date   | age_band
        ------+-------------------+---------------+-----------
        P1    | review assessment | {health_date} | {age_band}""",
    )
    as_at = f"{due_date[:8]}{int(due_date[8:]) + days_on:02d}".replace("02-29", "03-01")
    found = answer("duty", as_at=as_at, by="rule")
    row = found["RHA_U5" if age_band == "under 5" else "RHA_5PLUS"]
    assert row["due_date"] == due_date
    assert row["status"] == ("waiting on others" if days_on else "due soon")


@pytest.mark.parametrize(
    ("rule", "start", "start_date", "done", "in_time"),
    [
        ("EHC_DECIDE_ASSESS", "requested", "2026-01-05", "agreed to assess", "2026-02-16"),
        ("EHC_ADVICE", "advice asked", "2026-01-05", "advice given", "2026-02-16"),
        ("EHC_REFUSE_PLAN", "requested", "2026-01-05", "draft issued", "2026-04-27"),
        ("EHC_FINAL", "requested", "2026-01-05", "plan issued", "2026-05-25"),
        ("EHC_AR_MEETING", "plan issued", "2025-06-02", "review meeting", "2026-05-04"),
        ("EHC_AR_MEETING", "decided to keep", "2024-03-05", "review meeting", "2025-02-04"),
        ("EHC_AR_REPORT", "review meeting", "2026-06-01", "report sent", "2026-06-15"),
        ("EHC_AR_DECISION", "review meeting", "2026-06-01", "decided to amend", "2026-06-29"),
        ("EHC_AR_FINAL", "decided to amend", "2026-06-29", "amended plan issued", "2026-08-24"),
    ],
)
@pytest.mark.parametrize("days_late", [0, 1])
def test_the_steps_of_a_plan(
    given: Given,
    answer: Answer,
    rule: str,
    start: str,
    start_date: str,
    done: str,
    in_time: str,
    days_late: int,
) -> None:
    """Exactly on the last day is in time; the day after it is late."""
    day = f"{in_time[:8]}{int(in_time[8:]) + days_late:02d}".replace("02-29", "03-01")
    given(
        raw_ehcp=f"""
        pupil | ehcp_date    | event
        ------+--------------+--------
        P1    | {start_date} | {start}
        P1    | {day}        | {done} """
    )
    row = answer("duty", by="rule started_on")[(rule, start_date)]
    assert (row["due_date"], row["status"], row["is_late"]) == (in_time, "done", days_late == 1)


@pytest.mark.parametrize(
    ("as_at", "expected"), [("2027-02-15", "due soon"), ("2027-02-16", "waiting on others")]
)
def test_the_plan_for_the_next_school(
    given: Given, answer: Answer, as_at: str, expected: str
) -> None:
    """By 15 February of Year 6, a day in half term all the same."""
    found = status(
        given,
        answer,
        as_at,
        "EHC_PHASE_TRANSFER",
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+------------
        P1    | 2024-05-06 | plan issued""",
        raw_enrolment="""
        pupil | year_group
        ------+-----------
        P1    | 6         """,
    )
    assert found == expected


def test_a_late_term(given: Given, answer: Answer) -> None:
    """An autumn without a meeting is overdue after its last day, beside spring's duty."""
    given(
        calendar=YEAR_2026,
        raw_care_episode=CARE.format(start="2026-06-01"),
        raw_pep="""
        pupil | pep_date
        ------+-----------
        P2    | 2026-09-10""",
    )
    found = {
        day: answer("duty", as_at=day, by="rule started_on", columns="status")
        for day in ("2026-12-18", "2026-12-19", "2027-01-04")
    }
    assert [found[day][("PEP_REVIEW", "2026-09-02")] for day in found] == [
        "due soon",
        "overdue",
        "overdue",
    ]
    assert found["2027-01-04"][("PEP_REVIEW", "2027-01-04")] == "later"
