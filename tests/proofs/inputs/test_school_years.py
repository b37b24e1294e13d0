"""Next year's terms change no day of this year, however late in August either begins."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl

from intake.publish.merge import NO_COVERAGE, merge_table
from intake.read.read import read_exports
from queries import reference
from tests.support.schools.good_exports import GOOD
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, rng, size

_DAY = timedelta(days=1)
HEADER = "kind,first_day,last_day\n"
TERMS = f"""{HEADER}term,2025-08-27,2025-10-17
term,2025-11-03,2025-12-19
term,2026-01-05,2026-02-13
term,2026-02-23,2026-03-27
term,2026-04-13,2026-05-22
term,2026-06-01,2026-07-10
"""
#: A row of terms.csv: its kind, first and last day.
_Row = tuple[str, date, date]
_DAYS = "raw_calendar_day"


def test_terms_of_the_next_year_change_no_day_of_this_one(count: Count) -> None:
    draw, cases = rng("terms of two years"), size("terms.pairs")
    broken = control_broken = 0
    for _ in range(cases):
        first_year, next_year = draw_terms(draw, 2025), draw_terms(draw, 2026)
        this, coming = make_days(first_year), make_days(next_year)
        # by hand: every day of each year's own rows, and no day of the other year
        assert_days(this, first_year)
        assert_days(coming, next_year)
        rows = [
            pl.DataFrame({"calendar_date": [*days], "kind": [*days.values()]}).with_columns(
                school_key=1, source_id=1, load_id=number
            )
            for number, days in enumerate((this, coming))
        ]
        merged = merge_table(_DAYS, rows[0], rows[1], NO_COVERAGE)
        kinds = dict(merged.select("calendar_date", "kind").iter_rows())
        broken += kinds != this | coming or not this.keys().isdisjoint(coming)
        control = make_days_of_whole_years(first_year) | make_days_of_whole_years(next_year)
        control_broken += any(control[day] != kind for day, kind in this.items())
    count("terms of two years", cases, broken, control_broken)
    assert broken == 0
    assert control_broken > 0


def test_the_year_stays_when_the_next_years_terms_are_loaded(tmp_path: Path) -> None:
    """A reason, no mark on a closed day, three terms in the report; the load says what changes."""
    school = SmallHome(tmp_path)
    ann = GOOD["care_episodes.csv"].splitlines()[1].partition(",")[0]
    days = [day for day, kind in read_days(TERMS).items() if kind == "school day"]
    marks = [
        f"{ann},{day},{half},{'I' if day.day < 3 else sign}"
        for day in days
        for half, sign in (("AM", "/"), ("PM", "\\"))
    ]
    header, line = GOOD["roll.csv"].splitlines()[:2]
    files = {
        "school.csv": GOOD["school.csv"],
        "terms.csv": TERMS,
        "roll.csv": f"{header}\n{line}\n",
        "care_episodes.csv": "\n".join(GOOD["care_episodes.csv"].splitlines()[:3]),
        "attendance.csv": "\n".join(["upn,date,session,code", *marks]),
    }
    now = datetime(2026, 7, 11, 7, tzinfo=UTC)
    assert school.load(files, now=now).version
    questions = {
        "reasons": "select count(*) from needs_a_look",
        "closed": "select count(*) from check_closed_day_mark",
        "terms": "select academic_year, term, first_day, last_day from report_term order by all",
        "days": f"select count(*) from {_DAYS} where calendar_date < '2026-08-01'",
    }
    before = school.answers(questions, "2026-07-10")
    assert before["closed"] == [(0,)]
    assert before["reasons"] > [(0,)]
    assert [row[1] for row in before["terms"]] == ["autumn", "spring", "summer"]
    # next year's begin in August; they come alone, then with all marks of this year again
    following = f"{HEADER}term,2026-08-26,2026-10-16\nINSET,2026-08-24,\n"
    for coming in ({"terms.csv": following}, files | {"terms.csv": following}):
        outcome = school.load(coming, now=now + _DAY)
        assert (outcome.problems, outcome.older) == ((), ())
        assert school.answers(questions, "2026-07-10") == before
    # a first day that is put right changes days, and the load says which
    late = f"{HEADER}INSET,2026-08-26,\nterm,2026-08-28,2026-10-17\n"
    outcome = school.load({"terms.csv": late}, now=now + 2 * _DAY)
    changed, kept = outcome.older
    assert (
        changed == "terms.csv now says that there is no school on 26 August 2026, where there was."
    )
    assert kept.startswith("terms.csv has no row for 27 August 2026. Earlier files")


def draw_terms(draw: Random, year: int) -> list[_Row]:
    """Draw a school year: six half terms, holidays between them, and INSET days also before."""
    first = date(year, 8, 20) + draw.randint(0, 25) * _DAY
    last = date(year + 1, 7, 1) + draw.randint(0, 30) * _DAY
    ends = sorted(draw.sample(range(20, (last - first).days - 20), 5))
    starts = [0, *(end + draw.randint(2, 15) for end in ends)]
    rows = [
        ("term", first + start * _DAY, first + end * _DAY)
        for start, end in zip(starts, [*ends, (last - first).days], strict=True)
        if start <= end
    ]
    august = date(year, 8, 20) + draw.randint(0, 11) * _DAY
    inset = [august, first + draw.randint(0, 300) * _DAY]
    rows += [("INSET", day, day) for day in inset[: draw.randint(0, 2)]]
    return draw.sample(rows, len(rows))


def write_terms(rows: list[_Row]) -> str:
    """Write terms.csv."""
    return HEADER + "".join(f"{kind},{first},{last}\n" for kind, first, last in rows)


def read_days(terms: str) -> dict[date, str]:
    """Read the days that terms.csv makes."""
    rows = read_exports({"terms.csv": terms.encode()}).files["calendar.csv"].rows
    return {date.fromisoformat(day): kind for day, kind in rows.select("date", "kind").iter_rows()}


def make_days(rows: list[_Row]) -> dict[date, str]:
    return read_days(write_terms(rows))


def assert_days(days: dict[date, str], rows: list[_Row]) -> None:
    """Hold the days to their rows: none missing, none outside, the right ones open."""
    bank_holidays = set(reference.read("bank_holiday")["holiday"])
    inset = {day for kind, *span in rows for day in _list_span(*span) if kind == "INSET"}
    term = {day for kind, *span in rows for day in _list_span(*span) if kind == "term"}
    assert days.keys() == {*_list_span(min(term), max(term)), *inset}
    is_open = {day for day in term - inset if day.weekday() < 5 and day not in bank_holidays}
    for day, kind in days.items():
        right = "INSET" if day in inset else "school day" if day in is_open else "holiday"
        assert kind == right, day


def make_days_of_whole_years(rows: list[_Row]) -> dict[date, str]:
    """Make the days as was done before: whole years from 1 September, holidays where no row is."""
    listed = {day for _, *span in rows for day in _list_span(*span)}
    years = {day.year - (day.month < 9) for day in (min(listed), max(listed))}
    whole = _list_span(date(min(years), 9, 1), date(max(years) + 1, 8, 31))
    return dict.fromkeys(whole, "holiday") | make_days(rows)


def _list_span(first: date, last: date) -> Iterator[date]:
    return (first + number * _DAY for number in range((last - first).days + 1))
