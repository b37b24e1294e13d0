"""Next year's terms change no day of this year, however late in August either begins."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from intake.read.read import read_exports
from tests.support.schools.good_exports import GOOD
from tests.support.schools.small_home import SmallHome

_DAY = timedelta(days=1)
HEADER = "kind,first_day,last_day\n"
TERMS = f"""{HEADER}term,2025-08-27,2025-10-17
term,2025-11-03,2025-12-19
term,2026-01-05,2026-02-13
term,2026-02-23,2026-03-27
term,2026-04-13,2026-05-22
term,2026-06-01,2026-07-10
"""
_DAYS = "raw_calendar_day"


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


def read_days(terms: str) -> dict[date, str]:
    """Read the days that terms.csv makes."""
    rows = read_exports({"terms.csv": terms.encode()}).files["calendar.csv"].rows
    return {date.fromisoformat(day): kind for day, kind in rows.select("date", "kind").iter_rows()}
