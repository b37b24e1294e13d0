"""The made-up scores, health, plans, meetings and suspensions: consistent, and told of the cast."""

import csv
import time
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import polars as pl
import pytest

from queries.contract import (
    ALL_EXPORTS,
    CARE_EPISODES,
    EHCP,
    HEALTH,
    PEP,
    ROLL,
    SDQ,
    SUSPENSIONS,
    Export,
)
from synthetic import CAST, School, make_school
from synthetic.calendar import add_working_days, build_register, list_terms
from synthetic.subjects.records import add_months
from synthetic.subjects.sdq import CARER_TOTALS

UNTIL = date(2026, 11, 20)
SUBJECTS = (SDQ, HEALTH, EHCP, PEP, SUSPENSIONS)
LISTS = Path(__file__).parents[2] / "queries" / "reference"
SCALES = ("emotional", "conduct", "hyperactivity", "peer")


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
    upn = next(member.upn for member in CAST if member.forename == forename)
    return frame_of(school, export).filter(upn=upn).rows(named=True)


def events(school: School, forename: str) -> dict[str, date]:
    return {row["event"]: row["date"] for row in member_rows(school, EHCP, forename)}


def checks(school: School, forename: str, kind: str) -> list[tuple[date, str]]:
    rows = member_rows(school, HEALTH, forename)
    return [(row["date"], row["outcome"]) for row in rows if row["kind"] == kind]


def carer_totals(school: School, forename: str) -> list[tuple[date, int]]:
    rows = member_rows(school, SDQ, forename)
    return [(row["date"], row["total"]) for row in rows if row["informant"] == "carer"]


# the rules of the contract


@pytest.mark.parametrize("export", SUBJECTS, ids=lambda export: export.name)
def test_rows_keep_to_the_contract_and_its_code_lists(large: School, export: Export) -> None:
    frame = frame_of(large, export)
    assert frame.columns == list(export.header)
    assert len(frame) > 5
    assert not frame.select(export.key).is_duplicated().any()
    assert set(frame["upn"]) <= set(frame_of(large, ROLL)["upn"])
    for column in export.columns:
        found = set(frame[column.name].drop_nulls())
        assert frame[column.name].null_count() == 0 or not column.required
        if column.allowed:
            assert found <= set(column.allowed)
        if column.code_list:
            with (LISTS / f"{column.code_list}.csv").open(encoding="utf-8") as file:
                assert found <= {row["code"] for row in csv.DictReader(file)}


def test_a_score_has_parts_that_add_up_or_a_reason(large: School) -> None:
    scores = frame_of(large, SDQ)
    parts = scores.filter(pl.col("emotional").is_not_null())
    assert (parts.select(pl.sum_horizontal(SCALES)).to_series() == parts["total"]).all()
    for name in (*SCALES, "prosocial"):
        assert parts[name].is_between(0, 10).all()
        assert scores.filter(pl.col("emotional").is_null())[name].null_count() == len(scores) - len(
            parts
        )
    assert scores["total"].drop_nulls().is_between(0, 40).all()
    assert (scores["total"].is_null() == scores["reason"].is_not_null()).all()
    assert scores.filter(informant="teacher")["impact"].drop_nulls().is_between(0, 6).all()
    carers = scores.filter(informant="carer").drop_nulls("total")
    assert 0.05 < carers["emotional"].null_count() / len(carers) < 0.25


def test_the_child_fills_in_a_form_from_eleven_only(large: School) -> None:
    own = frame_of(large, SDQ).filter(informant="self").join(frame_of(large, ROLL), on="upn")
    assert len(own) > 0
    assert all(row["date"] >= add_months(row["date_of_birth"], 132) for row in own.rows(named=True))


def test_outcomes_have_what_belongs_to_them(large: School) -> None:
    health, pep, ehcp = (frame_of(large, export) for export in (HEALTH, PEP, EHCP))
    assert ((health["outcome"] == "not done") == health["reason"].is_not_null()).all()
    assert (health.drop_nulls("next_due")["outcome"] == "done").all()
    assert (health["next_due"] > health["date"]).drop_nulls().all()
    held = pep["outcome"] == "held"
    assert (held == pep["child_attended"].is_not_null()).all()
    assert (held == pep["targets_set"].is_not_null()).all()
    assert pep.filter(~held)["quality"].null_count() == (~held).sum()
    assert ehcp.filter(event="plan issued")["primary_need"].null_count() == 0


# time


def test_nothing_lies_ahead_but_what_is_booked(large: School) -> None:
    leaving = dict(frame_of(large, ROLL).select("upn", "leaving_date").iter_rows())
    booked = {HEALTH.name: "outcome", PEP.name: "outcome", EHCP.name: "event"}
    for export in SUBJECTS:
        ahead = 0
        for row in frame_of(large, export).rows(named=True):
            left = leaving[row["upn"]]
            assert left is None or row["date"] <= left
            if booked.get(export.name) and "booked" in row[booked[export.name]]:
                assert row["date"] > UNTIL
                ahead += 1
            else:
                assert row["date"] <= UNTIL
        assert (ahead > 0) == (export.name in booked)


def test_what_was_known_a_week_before_is_still_so() -> None:
    day = date(2026, 11, 13)
    before, now = make_school(7, 60, years=1, until=day), make_school(7, 60, years=1)
    for export in SUBJECTS:
        past = frame_of(before, export).filter(pl.col("date") <= day)
        assert len(past) > 1
        assert set(past.rows()) <= set(frame_of(now, export).rows())


def test_meetings_are_on_school_days_and_checks_on_working_days(large: School) -> None:
    open_days = {day for start in range(2015, 2027) for day in build_register(start).open_days}
    assert set(frame_of(large, PEP)["date"]) <= open_days
    for export in (HEALTH, EHCP):
        for day in frame_of(large, export)["date"]:
            assert day.weekday() < 5
    free = holidays.country_holidays("GB", subdiv="ENG", years=range(2016, 2028))
    assert not set(frame_of(large, HEALTH)["date"]) & set(free)


def test_rows_of_care_lie_within_it(large: School) -> None:
    periods = defaultdict(list)
    for row in frame_of(large, CARE_EPISODES).filter(status="looked after").rows(named=True):
        start = row["known_since"] or date.fromisoformat(row["start"])
        periods[row["upn"]].append((start, row["end"] or date.max))
    carers = frame_of(large, SDQ).filter(informant="carer").select("upn", "date")
    meetings = frame_of(large, PEP).select("upn", "date")
    for upn, day in pl.concat(
        [carers, meetings, frame_of(large, HEALTH).select("upn", "date")]
    ).rows():
        assert any(start <= day < end for start, end in periods[upn]), (upn, day)


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


def test_rubys_scores_fall_and_masons_rise(school: School) -> None:
    assert [total for _, total in carer_totals(school, "Ruby")] == [22, 19, 14]
    assert carer_totals(school, "Ruby")[-1] == (date(2026, 10, 6), 14)
    assert [total for _, total in carer_totals(school, "Mason")] == [10, 12, 15, 21]
    assert carer_totals(school, "Mason")[-1] == (date(2026, 11, 4), 21)
    this_term = [r for r in member_rows(school, SDQ, "Mason") if r["date"] > date(2026, 9, 1)]
    assert [(r["informant"], r["total"]) for r in this_term] == [
        ("carer", 21),
        ("teacher", 16),
        ("self", 18),
    ]
    assert {r["total"] for r in member_rows(school, SDQ, "Leo")} == {16}
    assert member_rows(school, SDQ, "Alfie") == member_rows(school, SDQ, "Theodore") == []


def test_alfies_plan_was_issued_at_week_26_and_its_review_is_near(school: School) -> None:
    steps = events(school, "Alfie")
    assert steps["agreed to assess"] - steps["requested"] == timedelta(weeks=6)
    assert steps["plan issued"] - steps["requested"] == timedelta(weeks=26)
    assert steps["plan issued"] == date(2025, 12, 9)
    ahead = [day for day in build_register(2026).open_days if UNTIL < day <= date(2026, 12, 9)]
    assert len(ahead) == 13
    assert not set(steps) & {"review booked", "review meeting"}


def test_requests_wait_on_the_authority_and_on_the_school(school: School) -> None:
    assert events(school, "Mason") == {"requested": UNTIL - timedelta(weeks=10)}
    oscar = events(school, "Oscar")
    assert oscar["agreed to assess"] - oscar["requested"] < timedelta(weeks=6)
    assert oscar["advice asked"] == date(2026, 10, 19)
    assert "advice given" not in oscar
    isla = events(school, "Isla")
    assert isla["refused to assess"] - isla["requested"] < timedelta(weeks=6)
    assert events(school, "Ruby")["ceased"] == date(2025, 11, 18)
    assert events(school, "Freya")["review booked"] == date(2026, 12, 8)


def test_first_assessments_fall_on_and_after_the_twentieth_working_day(school: School) -> None:
    free = holidays.country_holidays("GB", subdiv="ENG", years=(2024, 2026))

    def counted(start: date, day: date) -> int:
        days = [start + timedelta(days=n + 1) for n in range((day - start).days)]
        return sum(d.weekday() < 5 and d not in free for d in days)

    for name, start, day, working_days in (
        ("Mason", date(2024, 3, 1), date(2024, 4, 2), 20),
        ("Leo", date(2026, 2, 9), date(2026, 3, 12), 23),
        ("Theodore", date(2026, 10, 21), date(2026, 11, 18), 20),
    ):
        assert checks(school, name, "initial assessment") == [(day, "done")]
        assert counted(start, day) == working_days
        assert add_working_days(start, working_days) == day


def test_health_of_the_cast(school: School) -> None:
    assert member_rows(school, HEALTH, "Freya") == []
    assert checks(school, "Jayden", "dental check") == [
        (date(2025, 9, 30), "done"),
        (date(2026, 9, 29), "not done"),
    ]
    assert checks(school, "Jayden", "review assessment") == [
        (date(2025, 10, 21), "done"),
        (date(2026, 12, 3), "booked"),
    ]
    assert checks(school, "Ruby", "dental check")[-1] == (date(2026, 11, 4), "done")
    assert all(row["date"] < date(2026, 3, 12) for row in member_rows(school, HEALTH, "Grace"))


def test_meetings_of_the_cast(school: School) -> None:
    def days(name: str, year: int, first: int, last: int) -> list[tuple[date, str]]:
        rows = member_rows(school, PEP, name)
        found = [(row["date"], row["outcome"]) for row in rows]
        return [each for each in found if each[0].year == year and first <= each[0].month <= last]

    assert days("Mason", 2026, 9, 12) == []
    assert days("Jayden", 2026, 4, 7) == []
    assert days("Jayden", 2026, 9, 12) == [(date(2026, 11, 11), "held")]
    assert days("Theodore", 2026, 9, 12) == [(date(2026, 11, 25), "booked")]
    assert days("Leo", 2026, 9, 12) == [(date(2026, 12, 2), "booked")]
    assert days("Leo", 2026, 1, 3) == [(date(2026, 3, 5), "held")]
    for name in ("Ruby", "Freya", "Alfie"):
        for first, last in ((1, 3), (4, 7), (9, 12)):
            assert len(days(name, 2026, first, last)) == 1, name


def test_oscars_suspensions_are_those_of_his_story(school: School) -> None:
    rows = [r for r in member_rows(school, SUSPENSIONS, "Oscar") if r["date"] > date(2026, 9, 1)]
    assert [(row["date"], row["sessions"]) for row in rows] == [
        (date(2026, 10, 12), 6),
        (date(2026, 11, 5), 4),
    ]


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


# the whole


def test_every_file_is_made_in_time() -> None:
    begun = time.perf_counter()
    school = make_school(12)
    assert set(school.frames) == {e.name for e in ALL_EXPORTS} - {"whole_school_weekly.csv"}
    assert time.perf_counter() - begun < 3
