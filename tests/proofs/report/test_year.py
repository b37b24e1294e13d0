"""A report is true of the period that it names: against sums by hand of the school's own files.

Nothing of the product's views is used for the sums by hand, but the days of the terms.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboard.report import make
from dashboard.report.content.figures import Choice
from queries import reference
from safeguards.access.access import Session
from safeguards.disclosure.publish import describe_spent
from safeguards.disclosure.settings import Settings
from tests.support import sizes
from tests.support.schools.homes import demo_home, exports, keys_at
from tests.support.schools.report_home import session
from tests.support.sizes import size

pytestmark = pytest.mark.slow

_UNTIL, _AS_AT = date(2027, 7, 23), date(2027, 7, 26)


class Sums(NamedTuple):
    """What a report says of a period; null for what may not be told."""

    missed: int | None
    base: int | None
    planned: float | None
    spent: str
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


def add_by_hand(folder: Path, terms: Sequence[Choice], earlier: date) -> Sums:
    """The sums of these terms, whose holidays before begin after the day `earlier`."""
    children, first, day = read_children(folder), terms[0].first_day, terms[-1].last_day
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
        and earlier < (on := day_of(row["date"])) <= day
        and children[row["upn"]].is_in(on)
    ]
    planned = sum(int(row["planned"]) for row in sums)
    due = list(list_peps(folder, children, terms, day))
    return Sums(
        missed=sum(missed),
        base=len(missed),
        planned=planned,
        spent=describe_spent(planned, sum(int(row["spent"] or 0) for row in sums), Settings()),
        peps=len(due),
        peps_in_time=sum(due),
    )


def list_peps(
    folder: Path, children: dict[str, Child], terms: Sequence[Choice], day: date
) -> Iterator[bool]:
    """For each meeting that was due in a term, whether it was held by the term's last day."""
    school_days = [
        day_of(row["date"]) for row in rows(folder, "calendar.csv") if row["kind"] == "school day"
    ]
    opens, days = terms[0].first_day, (day - terms[0].first_day).days
    for upn, child in children.items():
        here = [on for n in range(days + 1) if child.is_in(on := opens + timedelta(n))]
        if not here:
            continue
        known = here[-1]
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


def read_report(held: Session, choice: Choice) -> Sums:
    """What a report says of its period."""
    facts = make.prepare(held, choice).facts
    totals, peps = facts.window, facts.figures.duties.kinds["PEP"]
    assert totals
    assert totals.period == choice.period
    base = None if totals.missed is None else totals.sessions
    return Sums(totals.missed, base, totals.planned, totals.spent, peps.due, peps.in_time)


def test_a_report_is_true_of_its_period(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """Each number is that of the files, or it is not told; the control takes another term's."""
    rng, cases = sizes.rng("report.schools"), size("report.schools")
    wrong = control = told = reports = 0
    for case in range(cases):
        seed, children = rng.randrange(1000), rng.choice((9, 14, 24, 40))
        folder = exports(seed=seed, children=children, until=_UNTIL)
        home = demo_home(tmp_path / f"{case}", seed=seed, children=children, until=_UNTIL)
        monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
        held = session(home, as_at=_AS_AT)
        choices = [choice for choice in make.list_choices(held) if choice.is_over]
        terms = sorted(
            (choice for choice in choices if choice.period.term), key=lambda one: one.first_day
        )
        for choice in choices:
            own = [term for term in terms if choice.period.term in ("", term.period.term)]
            before = [term.last_day for term in terms if term.last_day < own[0].first_day]
            earlier = before[-1] if before else date(own[0].first_day.year, 7, 31)
            said, true = read_report(held, choice), add_by_hand(folder, own, earlier)
            reports += 1
            told += said.missed is not None and said.planned is not None
            wrong += is_wrong(said, true)
            others = [term for term in terms if term not in own] or terms[:1]
            control += is_wrong(said, add_by_hand(folder, others[:1], earlier))
    count("report.year", reports, wrong, control)
    assert wrong == 0
    assert reports == 4 * cases
    assert control >= reports * 3 // 4
    if cases >= 5:  # a single school may have sums that nobody may read
        assert told > cases


def is_wrong(said: Sums, true: Sums) -> bool:
    """Whether a number that is told is another than the true one."""
    return any(
        each not in (None, "") and each != expected
        for each, expected in zip(said, true, strict=True)
    )
