"""every_duty: all duties, also those of child protection, for the safeguarding lead."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from queries import reference
from tests.conftest import YEAR_2026, Answer, Given

#: Worked out by hand; the file says how its lines are written.
HAND = Path(__file__).parents[1] / "golden" / "duties.txt"
#: Two years before: spring ends on Friday 27 March before Easter Sunday, 5 April 2026; and a
#: half-term of a leap year.
CALENDAR = f"""{YEAR_2026}
    2025-09-02 | 2025-10-24 | school day
    2025-11-03 | 2025-12-19 | school day
    2026-01-05 | 2026-02-13 | school day
    2026-02-23 | 2026-03-27 | school day
    2026-04-13 | 2026-05-01 | school day
    2026-05-05 | 2026-05-22 | school day
    2026-06-01 | 2026-07-21 | school day
    2024-02-05 | 2024-02-09 | school day
    2024-02-19 | 2024-03-28 | school day"""
#: What a fact says by its first word: the table, what stands in every row, and the columns
#: of the words that follow.
KINDS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "care": ("raw_care_episode", {"status": "looked after"}, ("start_date", "end_date")),
    "plac": ("raw_care_episode", {"status": "previously looked after"}, ("start_date",)),
    "need": ("raw_care_episode", {"status": "in need"}, ("start_date",)),
    "unknown": ("raw_care_episode", {"status": "looked after"}, ("known_since",)),
    "roll": ("raw_enrolment", {"year_group": "4"}, ("entry_date", "year_group")),
    "pep": ("raw_pep", {"outcome": "held"}, ("pep_date",)),
    "booked": ("raw_pep", {"outcome": "booked"}, ("pep_date",)),
    **{
        kind: ("raw_health", {"age_band": band, "outcome": outcome}, (*days, "kind"))
        for kind, band, outcome, *days in (
            ("health", "5 to 9", "done", "health_date"),
            ("young", "under 5", "done", "health_date"),
            ("older", "10 and over", "done", "health_date"),
            ("undone", "5 to 9", "not done", "health_date"),
            ("planned", "5 to 9", "booked", "health_date"),
            ("given", "5 to 9", "done", "health_date", "next_due"),
        )
    },
    "sdq": ("raw_sdq", {"informant": "carer", "total": "14"}, ("sdq_date",)),
    "teacher": ("raw_sdq", {"informant": "teacher", "total": "14"}, ("sdq_date",)),
    "reason": ("raw_sdq", {"informant": "carer", "reason": "SDQ2"}, ("sdq_date",)),
    "plan": ("raw_ehcp", {}, ("ehcp_date", "event")),
    "suspended": ("raw_suspension", {"category": "SUSP"}, ("suspension_date", "sessions")),
    "lunchtime": ("raw_suspension", {"category": "LNCH"}, ("suspension_date", "sessions")),
    "excluded": ("raw_suspension", {"category": "PERM", "sessions": "0"}, ("suspension_date",)),
    "told": ("raw_action", {"kind": "told of a suspension"}, ("action_date",)),
    "step": ("raw_protection", {}, ("protection_date", "event")),
    "review": ("raw_review", {"outcome": "held"}, ("review_date",)),
    "adopted": ("raw_permanence", {"event": "adoption order"}, ("permanence_date",)),
    "placed": ("raw_permanence", {"event": "placed for adoption"}, ("permanence_date",)),
    "arranged": ("raw_review", {"outcome": "booked"}, ("review_date",)),
    "missing": (
        "raw_missing",
        {"missing_date": "2020-01-01", "interview": "held"},
        ("back_date", "interview_date"),
    ),
    "again": (
        "raw_missing",
        {"missing_date": "2020-01-02", "interview": "held"},
        ("back_date", "interview_date"),
    ),
    "mark": ("raw_mark", {"half": "AM"}, ("session_date", "code")),
}
#: Of the whole school another child tells, so that it has a record of each kind.
OTHERS = (
    "pep {year}-09-03; health {year}-10-06 review assessment; suspended 2026-09-07 2; "
    "told 2026-09-07; review 2020-01-01"
)


def read_cases() -> list[list[str]]:
    """As at, facts, duty, due and status of every line."""
    lines = [line for line in HAND.read_text(encoding="utf-8").splitlines() if line[:2] == "20"]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def give_children(given: Given, children: list[str]) -> None:
    """The text tables of children's facts, each on roll since long before if it is not told."""
    tables: dict[str, list[dict[str, str]]] = {}
    for number, facts in enumerate(children, 1):
        told = facts if "roll" in facts else f"{facts}; roll 2020-01-01"
        for fact in told.split("; "):
            kind, _, rest = fact.partition(" ")
            table, row, columns = KINDS[kind]
            cells = rest.split(maxsplit=len(columns) - 1)
            told_row = {"pupil": f"P{number}", **row, **dict(zip(columns, cells, strict=False))}
            if kind == "told":
                told_row["action_id"] = f"A{number}"
            tables.setdefault(table, []).append(told_row)
    given(calendar=CALENDAR, **{name: write_table(rows) for name, rows in tables.items()})


def write_table(rows: list[dict[str, str]]) -> str:
    """The text of a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [" | ".join(row.get(name, "") for name in names) for row in rows]
    return "\n".join([" | ".join(names), *lines])


def test_what_the_lead_alone_sees(given: Given, answer: Answer) -> None:
    """A duty of child protection is here and not in duty; any other is in both."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | start_date
        ------+-----------
        P1    | 2026-10-05""",
        raw_protection="""
        pupil | protection_date | event
        ------+-----------------+---------
        P1    | 2026-11-09      | referral""",
    )
    names = "name clock category status"
    every = answer("every_duty", by="rule", columns=names)
    assert every["CF_ASSESSMENT"] == {
        "name": "Child and family assessment",
        "clock": "referral",
        "category": "child_protection",
        "status": "later",
    }
    duty = answer("duty", by="rule", columns=names)
    assert duty == {
        rule: row for rule, row in every.items() if row["category"] != "child_protection"
    }
    assert {"PEP_COMPLETE", "IHA"} <= duty.keys()


@pytest.mark.parametrize("as_at", sorted({as_at for as_at, *_ in read_cases()}))
def test_each_duty_is_what_a_practitioner_says(given: Given, answer: Answer, as_at: str) -> None:
    """Every child of the table stands in one school; each line is right on its own."""
    cases = [case for case in read_cases() if case[0] == as_at]
    others = OTHERS.format(year=2025 if as_at > "2025" else 2023)
    give_children(given, [*(facts for _, facts, *_ in cases), others])
    found = answer("every_duty", as_at=as_at, by="pupil rule started_on")
    wrong = []
    for number, (_, facts, duty, due, status) in enumerate(cases, 1):
        row = found.get((f"P{number}", *duty.split()))
        told = ("none", "none")
        if row:
            late = " late" if row["is_late"] and row["done_date"] else ""
            told = (row["due_date"] or "-", f"{row['status']}{late}")
        if told != (due, status):
            wrong.append((facts, duty, due, status, told))
    assert wrong == []


def test_each_day_that_a_law_sets_has_ten_cases() -> None:
    """Ten last days by hand for each rule that is worked out, but a school's own settings."""
    cases = Counter(duty.split()[0] for _, _, duty, due, _ in read_cases() if due[0] == "2")
    worked_out = reference.read("deadline").filter(
        "is_tracked", ~pl.col("source").str.starts_with("The school's own")
    )
    assert {rule: cases[rule] for rule in worked_out["rule"] if cases[rule] < 10} == {}
    assert worked_out.height >= 20, "the list of rules was read wrongly"
    assert len({tuple(case) for case in read_cases()}) == len(read_cases()) > 400


def test_what_no_record_tells(given: Given, answer: Answer) -> None:
    """Once its day has passed, without a health file and without a PEP file."""
    given(calendar=YEAR_2026, raw_care_episode="pupil | start_date\nP1 | 2026-12-14")
    for as_at, expected in (("2027-01-14", "due soon"), ("2027-01-15", "not recorded")):
        found = answer("every_duty", as_at=as_at, by="rule", columns="status")
        assert (found["IHA"], found["PEP_COMPLETE"]) == (expected, expected)


@pytest.mark.parametrize(
    ("kind", "corrected", "status"),
    [
        ("told of a suspension", "", "overdue"),
        ("told of a suspension", "A1", "not recorded"),
        ("other", "", "not recorded"),
    ],
)
def test_nobody_knows_of_telling_before_the_first_record(
    given: Given, answer: Answer, kind: str, corrected: str, status: str
) -> None:
    """Until any action of the kind that stands, the school has no record of telling anybody."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | start_date\nP1 | 2025-01-06",
        raw_suspension="pupil | suspension_date | category\nP1 | 2026-11-09 | PERM",
        raw_action=f"""
        pupil | action_id | action_date | kind   | corrects
        ------+-----------+-------------+--------+------------
        P2    | A1        | 2026-09-07  | {kind} |
        P2    | A2        | 2026-09-07  | other  | {corrected}""",
    )
    found = answer("every_duty", by="pupil rule", columns="status")
    assert found["P1", "SUSPENSION_NOTIFY"] == status


def test_soon_where_the_calendar_ends(given: Given, answer: Answer) -> None:
    """Without school days ahead it is 20 working days: to 18 December."""
    given(
        raw_ehcp="""
        pupil | ehcp_date  | event
        ------+------------+-------------
        P1    | 2026-08-28 | requested
        P2    | 2026-08-29 | requested   """
    )
    found = answer("every_duty", by="rule pupil", columns="status")
    assert found["EHC_REFUSE_PLAN", "P1"] == "due soon"
    assert found["EHC_REFUSE_PLAN", "P2"] == "later"


def test_what_was_done_is_not_booked(given: Given, answer: Answer) -> None:
    """The next term's booking does not stand beside this term's meeting."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="pupil | start_date\nP1 | 2026-06-01",
        raw_pep="""
        pupil | pep_date   | outcome
        ------+------------+--------
        P1    | 2026-10-05 | held
        P1    | 2027-02-01 | booked """,
    )
    found = answer("every_duty", by="rule", columns="status done_date booked_date is_late")
    assert tuple(found["PEP_REVIEW"].values()) == ("done", "2026-10-05", None, False)


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
    found = answer("every_duty", by="rule", columns="status missing due_date is_late")
    missing = "the day on which care began"
    assert tuple(found["PEP_COMPLETE"].values()) == ("cannot be known", missing, None, None)
    assert tuple(found["SDQ_YEARLY"].values()) == ("cannot be known", missing, None, None)
    assert tuple(found["IHA"].values()) == ("done", None, None, None)
    assert found["RHA_5PLUS"]["due_date"] == "2027-03-20"


def test_an_overdue_conference_is_no_reason_for_everybody(given: Given, answer: Answer) -> None:
    """What is on the list of those who need attention gives no protection duty away."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="""
        pupil | status  | start_date
        ------+---------+-----------
        P1    | in need | 2025-01-06""",
        raw_protection="""
        pupil | protection_date | event
        ------+-----------------+--------------------
        P1    | 2026-01-12      | strategy discussion""",
    )
    assert answer("every_duty", by="rule", columns="status") == {"ICPC": "waiting on others"}
    assert answer("needs_a_look", by="rule") == {}


def test_terms_before_the_schools_first_record_are_left_out(given: Given, answer: Answer) -> None:
    """Nothing tells of them; the autumn before a first record in January still counts."""
    given(
        calendar=f"{YEAR_2026}\n    2026-04-13 | 2026-07-21 | school day",
        raw_care_episode="pupil | start_date\nP1 | 2026-01-06",
        raw_pep="pupil | pep_date\nP1 | 2027-01-14",
    )
    found = answer("every_duty", by="rule started_on", columns="done_date", as_at="2027-04-20")
    assert {first: done for (rule, first), done in found.items() if rule[:3] == "PEP"} == {
        "2026-09-02": None,
        "2027-01-04": "2027-01-14",
        "2027-04-12": None,
    }


def test_another_schools_records_tell_nothing(given: Given, answer: Answer) -> None:
    """Each school sends a file of its own, or none; then the newest term stands alone."""
    given(
        calendar=YEAR_2026,
        raw_care_episode="school_key | pupil | start_date\n1 | P1 | 2026-01-06",
        raw_pep="school_key | pupil | pep_date\n2 | P2 | 2026-09-10",
    )
    found = answer("every_duty", as_at="2027-04-20", by="rule started_on", columns="status")
    assert {key: status for key, status in found.items() if key[0][:3] == "PEP"} == {
        ("PEP_COMPLETE", "2026-01-06"): "not recorded",
        ("PEP_REVIEW", "2027-04-12"): "later",
    }


def test_a_day_without_a_reason_is_one_duty(given: Given, answer: Answer) -> None:
    """Both halves are one; a mark that was replaced is none; nor is a child's who left."""
    given(
        register=r"""
        pupil | start      | marks
        ------+------------+---------------
        P1    | 2026-11-16 | NN N\ /\ IN /\
        P2    | 2026-11-16 | N\
        P3    | 2026-11-19 | // // NN      """,
        raw_enrolment="pupil | leaving_date\nP1 |\nP2 | 2026-11-19\nP3 |",
    )
    found = answer("every_duty", by="pupil started_on", columns="rule")
    days = ("2026-11-16", "2026-11-17", "2026-11-19")
    assert found == {("P1", day): "REGISTER_N" for day in days}


def test_beyond_the_schools_calendar(given: Given, answer: Answer) -> None:
    """A school day that the calendar does not reach cannot be known, and says so."""
    given(
        calendar="start | end | kind\n2026-11-16 | 2026-11-20 | school day",
        register="pupil | start | marks\nP1 | 2026-11-17 | N\\ ",
    )
    assert answer("every_duty", by="rule", columns="due_date missing") == {
        "REGISTER_N": {"due_date": None, "missing": "the days of the calendar that follow"}
    }
