"""every_duty: all duties, also those of child protection, for the safeguarding lead."""

from tests.conftest import YEAR_2026, Answer, Given


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


def test_an_overdue_conference_is_no_reason_for_everybody(given: Given, answer: Answer) -> None:
    """What is on the list of those who need a look gives no protection duty away."""
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
