"""A year is a year: an annual report against sums by hand of the school's own files.

Nothing of the product's views is used for the sums by hand, but the days of the terms.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboard.report import make
from dashboard.report.content.facts import LOOKED_AFTER
from queries import read, reference
from safeguards.access.access import Session
from safeguards.disclosure.figures import MISSED, PLANNED
from safeguards.disclosure.publish import TermDays
from tests.support import sizes
from tests.support.schools.homes import demo_home, exports, keys_at
from tests.support.schools.report_home import answer_questions, issued, session
from tests.support.sizes import size

pytestmark = pytest.mark.slow

_UNTIL = date(2027, 7, 16)
_REPORTS = {
    "none before": (),
    "one before": (date(2026, 11, 20),),
    "each term's before": (date(2026, 12, 4), date(2027, 3, 12), date(2027, 7, 2)),
}


class Sums(NamedTuple):
    """What an annual report says of a year."""

    missed: int
    base: int
    planned: int
    spent: int
    peps: int
    peps_in_time: int


class Child(NamedTuple):
    """Stays on the roll and in care, [first day, end), the latter joined where they meet."""

    stays: list[tuple[date, date]]
    care: list[tuple[date, date]]

    def is_in(self, day: date) -> bool:
        return _find(self.stays, day) is not None and _find(self.care, day) is not None


def _find(periods: Sequence[tuple[date, date]], day: date) -> tuple[date, date] | None:
    return next((each for each in periods if each[0] <= day < each[1]), None)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def read_children(folder: Path) -> dict[str, Child]:
    """Those who were ever looked after; short breaks are none."""
    children: dict[str, Child] = {}
    for row in sorted(rows(folder, "care_episodes.csv"), key=lambda row: row["start"]):
        if row["status"] == "looked after" and row["legal_status"] not in ("V3", "V4"):
            periods = children.setdefault(row["upn"], Child([], [])).care
            start = day_of(row["known_since"] or row["start"])
            end = day_of(row["end"]) if row["end"] else date.max
            if periods and start <= periods[-1][1]:
                periods[-1] = (periods[-1][0], max(end, periods[-1][1]))
            else:
                periods.append((start, end))
    for row in rows(folder, "roll.csv"):
        if row["upn"] in children:
            left = row["leaving_date"]
            end = day_of(left) + timedelta(days=1) if left else date.max
            children[row["upn"]].stays.append((day_of(row["entry_date"]), end))
    return children


def add_by_hand(folder: Path, terms: Sequence[TermDays], day: date) -> Sums:
    """The sums of the year of these terms up to a day."""
    children, first = read_children(folder), terms[0].first_day
    codes = {
        row["code"]: row
        for row in reference.read("attendance_code").to_dicts()
        if not row["valid_to"]
    }
    marks = {
        (row["upn"], day_of(row["date"]), row["session"]): codes[row["code"]]
        for row in rows(folder, "attendance.csv")
        if first <= day_of(row["date"]) <= day and row["code"]
    }
    opened = {(on, half) for (_, on, half), code in marks.items() if code["is_possible"]}
    missed = [
        marks.get((upn, on, half), {}).get("is_absent", False)
        for upn, child in children.items()
        for on, half in opened
        if child.is_in(on)
    ]
    sums = [
        row
        for row in rows(folder, "premium.csv")
        if row["upn"] in children
        and date(first.year, 8, 1) <= (on := day_of(row["date"])) <= day
        and children[row["upn"]].is_in(on)
    ]
    due = list(list_peps(folder, children, terms, day))
    return Sums(
        missed=sum(missed),
        base=len(missed),
        planned=sum(int(row["planned"]) for row in sums),
        spent=sum(int(row["spent"] or 0) for row in sums),
        peps=len(due),
        peps_in_time=sum(due),
    )


def list_peps(
    folder: Path, children: dict[str, Child], terms: Sequence[TermDays], day: date
) -> Iterator[bool]:
    """For each meeting that was due in a term, whether it was held by the term's last day."""
    school_days = [
        day_of(row["date"]) for row in rows(folder, "calendar.csv") if row["kind"] == "school day"
    ]
    ends = [day, *reversed([each.last_day for each in terms[:-1]])]
    for upn, child in children.items():
        known = next((end for end in ends if child.is_in(end)), None)
        if known is None:
            continue
        care, stay = _find(child.care, known), _find(child.stays, known)
        assert care
        assert stay
        ahead = [each for each in school_days if each > stay[0]][:20]
        for term in terms:
            joined_in_time = stay[0] <= term.first_day or (
                stay[0] <= term.last_day and ahead[-1] <= term.last_day
            )
            is_due = term.first_day <= known and (known == day or term.last_day <= known)
            if care[0] < term.first_day and joined_in_time and is_due:
                held = sorted(
                    day_of(row["date"])
                    for row in rows(folder, "pep.csv")
                    if row["upn"] == upn and row["outcome"] == "held"
                )
                start = max(term.first_day, stay[0])
                first = next((each for each in held if start <= each <= known), None)
                yield first is not None and first <= term.last_day


def read_report(held: Session) -> tuple[Sums, bool]:
    """What an annual report says, and whether all of it may be told."""
    figures = make.prepare(held, "annual").figures
    missed, planned, spent = figures.year[MISSED], figures.year[PLANNED], figures.spent
    assert figures.year_duties
    assert spent
    peps = figures.year_duties.kinds["PEP"]
    is_told = None not in (missed.value, planned.value, spent.value)
    assert figures.roll[LOOKED_AFTER].children
    return (
        Sums(
            missed.value or 0,
            missed.base,
            planned.value or 0,
            spent.value or 0,
            peps.due,
            peps.in_time,
        ),
        is_told and not missed.held_back and not planned.held_back,
    )


def test_an_annual_report_is_of_the_year_whatever_was_reported_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """Each sum that is told is that of the files; the control takes a term's for the year's."""
    rng, cases = sizes.rng("report.schools"), size("report.schools")
    wrong = control = told = 0
    for case in range(cases):
        seed, children = rng.randrange(1000), rng.choice((24, 30, 40))
        folder = exports(seed=seed, children=children, until=_UNTIL)
        for name, days in _REPORTS.items():
            home = demo_home(
                tmp_path / f"{case} {name}", seed=seed, children=children, until=_UNTIL
            )
            monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
            for day in days:
                held = session(home, as_at=day)
                answer_questions(held)
                issued(held)
            held = session(home, as_at=date(2027, 7, 9))
            found, is_told = read_report(held)
            last = days[-1] if days and days[-1] > date(2027, 4, 12) else held.as_at
            terms = [
                TermDays(each["term"], each["first_day"], each["last_day"], each["has_register"])
                for each in read.fetch_report_terms(held)
            ]
            expected = add_by_hand(folder, terms, last)
            told += is_told
            wrong += is_told and found != expected
            wrong += found[-2:] != expected[-2:]
            control += add_by_hand(folder, terms[-1:], last)[:2] != expected[:2]
    count("report.year", cases * len(_REPORTS), wrong, control)
    assert wrong == 0
    if cases >= 5:  # a single school may have a sum that nobody may read
        assert told > cases
    assert control == cases * len(_REPORTS)
