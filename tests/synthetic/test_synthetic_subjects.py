"""The made-up scores, health, plans, meetings and suspensions: consistent, and told of the cast."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from queries.contract import CARE_EPISODES, EHCP, HEALTH, PEP, ROLL, SDQ, SUSPENSIONS, Export
from synthetic.calendar import build_register, list_terms
from synthetic.cast.cast import CAST
from synthetic.school.school import School, make_school
from synthetic.subjects.sdq import CARER_TOTALS

UNTIL = date(2026, 11, 20)
SUBJECTS = (SDQ, HEALTH, EHCP, PEP, SUSPENSIONS)


@pytest.fixture(scope="module")
def school() -> School:
    return make_school(7)


@pytest.fixture(scope="module")
def large() -> School:
    """So many children that every kind of story is drawn."""
    return make_school(11, 300)


def frame_of(school: School, export: Export) -> pl.DataFrame:
    return school.frames[export.name]


def member_rows(school: School, export: Export, forename: str) -> list[dict[str, Any]]:
    upn = next(member.upn for member in CAST if member.person.forename == forename)
    return frame_of(school, export).filter(upn=upn).rows(named=True)


def carer_totals(school: School, forename: str) -> list[tuple[date, int]]:
    rows = member_rows(school, SDQ, forename)
    return [(row["date"], row["total"]) for row in rows if row["informant"] == "carer"]


# time


def test_what_was_known_a_week_before_is_still_so() -> None:
    day = date(2026, 11, 13)
    before, now = make_school(7, 60, years=1, until=day), make_school(7, 60, years=1)
    for export in SUBJECTS:
        past = frame_of(before, export).filter(pl.col("date") <= day)
        assert len(past) > 1
        assert set(past.rows()) <= set(frame_of(now, export).rows())


def test_most_terms_in_care_have_their_meeting(large: School) -> None:
    held = set(frame_of(large, PEP).filter(outcome="held").select("upn", "date").rows())
    joined = frame_of(large, ROLL).filter(pl.col("leaving_date").is_null())
    entry = dict(joined.select("upn", "entry_date").rows())
    care = frame_of(large, CARE_EPISODES).filter(status="looked after")
    care = (
        care.filter(pl.col("start") != "unknown")
        .group_by("upn")
        .agg(pl.col("start").min(), pl.col("end").is_null().any().alias("is_now"))
    )
    due = done = 0
    for upn, start, is_now in care.rows():
        for year in (2024, 2025):
            for term in list_terms(year):
                begin = max(entry.get(upn, date.max), date.fromisoformat(start))
                if is_now and begin < term[0]:
                    due += 1
                    done += any((upn, day) in held for day in term)
    assert due > 300
    assert 0.85 < done / due < 0.99


# scores


def test_the_table_of_totals_is_the_national_line() -> None:
    assert (len(CARER_TOTALS), sum(CARER_TOTALS)) == (41, 10_000)
    assert sum(n * share for n, share in enumerate(CARER_TOTALS)) == pytest.approx(
        149_000, rel=1e-3
    )
    bands = (sum(CARER_TOTALS[:14]), sum(CARER_TOTALS[14:17]), sum(CARER_TOTALS[17:]))
    assert bands == (4500, 1300, 4200)


# the cast, on fixed dates


@pytest.mark.parametrize("seed", [7, 11])
def test_the_records_of_the_cast_are_the_same_in_every_school(seed: int) -> None:
    school = make_school(seed, years=1)
    told = {member.upn: member.records for member in CAST}
    for export in SUBJECTS:
        rows = frame_of(school, export).filter(pl.col("upn").is_in(list(told)))
        expected = [(upn, r.day) for upn, records in told.items() for r in records[export.name]]
        assert rows.select("upn", "date").rows() == expected


def test_a_booking_shows_from_the_day_it_was_made_until_it_is_held() -> None:
    found = {}
    for until in (date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 25)):
        rows = member_rows(make_school(7, years=1, until=until), PEP, "Theodore")
        found[until.day] = [(row["outcome"], row["quality"]) for row in rows]
    assert found == {10: [], 11: [("booked", None)], 25: [("held", "developing")]}


@pytest.mark.parametrize("until", [date(2025, 6, 30), date(2027, 5, 28), date(2029, 11, 23)])
def test_the_cast_moves_with_the_year_and_goes_on(until: date) -> None:
    school = make_school(7, years=1, until=until)
    open_days = {
        d for y in range(until.year - 8, until.year + 1) for d in build_register(y).open_days
    }
    assert set(frame_of(school, PEP)["date"]) <= open_days
    ruby = [day for day, _ in carer_totals(school, "Ruby")]
    assert ruby == sorted(ruby)
    assert (until - ruby[-1]).days < 600
