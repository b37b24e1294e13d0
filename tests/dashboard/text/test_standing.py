"""How a duty stands, by hand: its state, whether it is past, its words, and which are near."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboard.text import recurring, standing

_TODAY, _PAST, _AHEAD = date(2026, 11, 20), date(2026, 10, 20), date(2026, 12, 2)

_MISSING = {
    "cannot be known": "the day on which care began",
    "depends on": "whether the child is still looked after",
}


def _duties(*rows: Any) -> pl.DataFrame:
    """(status, due, booked, rule) of one child; what is left out is null."""
    full = [(*row, *[None] * (4 - len(row))) for row in rows]
    return pl.DataFrame(
        [
            {
                "pupil_id": "A" * 10,
                "handle": "ash kettle",
                "year_group": 4,
                "is_looked_after": True,
                "rule": rule or "PEP_REVIEW",
                "name": "PEP this term",
                "holder": "school and social worker",
                "category": "duty",
                "clock": "the first day of a term",
                "started_on": date(2026, 9, 1),
                "due_date": due,
                "done_date": None,
                "booked_date": booked,
                "status": status,
                "is_late": booked > due if booked and due else None,
                "missing": _MISSING.get(status),
                "is_verified": True,
                "next_date": booked or due,
            }
            for status, due, booked, rule in full
        ],
        schema_overrides={"due_date": pl.Date, "booked_date": pl.Date, "done_date": pl.Date,
                          "is_late": pl.Boolean, "missing": pl.String, "next_date": pl.Date},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "state", "is_past", "text"),
    [
        (("later", _AHEAD), "up to date", False, "due 2 Dec"),
        (("due soon", _AHEAD), "due", False, "due 2 Dec"),
        (("booked", _AHEAD, date(2026, 11, 25)), "booked", False, "booked for 25 Nov"),
        (("booked late", _PAST, _AHEAD), "overdue", True,
         "was due 20 Oct, booked for 2 Dec"),
        # its last day is still to come: it is late only if nothing is changed
        (("booked late", date(2026, 11, 25), _AHEAD), "booked too late", False,
         "due 25 Nov, booked for 2 Dec"),
        (("overdue", _PAST), "overdue", True, "was due 20 Oct"),
        (("waiting on others", date(2025, 12, 27)), "overdue", True, "was due 27 Dec 2025"),
        (("not recorded", _PAST), "not recorded", False, "no record"),
        (("cannot be known", None), "not recorded", False,
         "the day on which care began not recorded"),
        (("depends on", _PAST), "not recorded", False,
         "depends on whether the child is still looked after"),
    ],
)  # fmt: skip
def test_a_duty_says_how_it_stands(row: Any, state: Any, is_past: Any, text: Any) -> None:
    (found,) = standing.list_duty_dates(_duties(row), _TODAY)
    assert (found.state, found.is_past, found.text.replace("\u00a0", " ")) == (state, is_past, text)
    assert state in standing.SHAPES


def test_past_duties_are_those_whose_state_is_overdue() -> None:
    """A duty that is due today is not past, and a meeting tomorrow does not mend an old date."""
    yesterday = date(2026, 11, 19)
    duties = _duties(
        *(
            (status, day)
            for status in ("overdue", "waiting on others", "booked late", "due soon", "booked")
            for day in (yesterday, _TODAY, _AHEAD)
        )
    )
    past = standing.select_past(duties, _TODAY)
    states = [standing.find_state(row, _TODAY) for row in duties.rows(named=True)]
    assert past["due_date"].to_list() == [yesterday] * states.count("overdue")
    assert set(past["status"]) == {"overdue", "waiting on others", "booked late"}


@pytest.mark.parametrize("status", standing.ENDED_STATUSES)
def test_what_has_ended_is_no_date(status: Any) -> None:
    assert standing.list_duty_dates(_duties((status, _PAST)), _TODAY) == []


def test_days_of_one_rule_and_state_are_one_line_with_their_number() -> None:
    found = standing.list_duty_dates(_duties(("overdue", _PAST), ("overdue", _AHEAD)), _TODAY)
    assert [(each.name, each.day) for each in found] == [("PEP this term (2 days)", _PAST)]


def test_near_is_what_is_past_and_what_comes_in_four_weeks() -> None:
    days = [date(2026, 12, 18), date(2026, 12, 19)]
    dates = standing.list_duty_dates(
        _duties(
            ("overdue", _PAST, None, "IHA"),
            ("due soon", days[0], None, "PEP_REVIEW"),
            ("later", days[1], None, "SDQ_YEARLY"),
            ("not recorded", _PAST, None, "DENTAL_YEARLY"),
        ),
        _TODAY,
    )
    near = standing.select_near(dates, _TODAY)
    assert [each.rule for each in near] == ["IHA", "PEP_REVIEW"]
    strongest = standing.find_strongest(dates)
    assert strongest is not None
    assert strongest.rule == "IHA"
    assert standing.find_strongest([]) is None


@pytest.mark.parametrize(
    ("row", "plans", "told"),
    [
        # in its annual review: the meeting is held, the authority's decision is awaited
        (("waiting on others", _PAST, None, "EHC_AR_DECISION"), "A", ("overdue", "Was due 20 Oct")),
        (("later", _AHEAD, None, "EHC_AR_YEAR"), "A", ("up to date", "Not due yet")),
        (("later", _AHEAD), "A", ("not recorded", "No record")),
        (("later", _AHEAD), "", None),
    ],
)
def test_a_plan_in_place_is_never_not_needed(
    row: Any, plans: str, told: tuple[str, str] | None
) -> None:
    """Whatever step is open, and where none is known."""
    duties = _duties(row)
    dates = standing.list_duty_dates(duties, _TODAY)
    (thing,) = [each for each in recurring.RECURRING if each.is_of_plans]
    state = recurring.find_state(thing, dates, duties.to_dicts(), is_owed=bool(plans))
    assert (state and (state.state, state.text.replace("\xa0", " "))) == told
