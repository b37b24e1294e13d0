"""The figures of each notebook, for three settings of its controls, from the raw export.

Worked out here in plain Python from the files that the school would send: no view, no mart and
nothing of the notebooks is asked.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import holidays
import pytest

from tests.notebooks.conftest import Run
from tests.support.schools.homes import UNTIL, exports

Row = dict[str, str]
Span = tuple[date, date]

_CODES = Path(__file__).parents[2] / "queries" / "reference" / "attendance_code.csv"
_BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2022, 2028))
_GROUPS = ("looked after", "in need", "on a protection plan", "previously looked after")


@cache
def rows(name: str) -> list[Row]:
    with (exports(7, 24, 3) / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def known_codes() -> dict[str, Row]:
    with _CODES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def day_of(text: str) -> date | None:
    return None if text in ("", "unknown") else date.fromisoformat(text)


def stretches(*statuses: str) -> dict[str, list[Span]]:
    """By child, the stretches of these statuses; short breaks are no care."""
    found: dict[str, list[Span]] = defaultdict(list)
    for row in rows("care_episodes"):
        if row["status"] in statuses and row["legal_status"] not in ("V3", "V4"):
            first = day_of(row["start"]) or day_of(row["known_since"])
            assert first
            found[row["upn"]].append((first, day_of(row["end"]) or date.max))
    return found


def holds(spans: list[Span], day: date) -> bool:
    return any(first <= day < end for first, end in spans)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@cache
def marks() -> dict[str, list[tuple[date, int, int, str]]]:
    """By child: the day, 1 if possible, 1 if missed, and the code of each mark."""
    found = defaultdict(list)
    codes = known_codes()
    for row in rows("attendance"):
        if not row["code"]:
            continue
        code = codes[row["code"]]
        found[row["upn"]].append(
            (
                date.fromisoformat(row["date"]),
                int(code["is_possible"] == "true"),
                int(code["is_absent"] == "true"),
                row["code"],
            )
        )
    return found


@cache
def school_weeks() -> dict[date, tuple[int, int]]:
    """By Monday: the whole school's sessions missed and possible."""
    missed, possible = Counter[date](), Counter[date]()
    for own in marks().values():
        for day, is_possible, is_missed, _ in own:
            possible[monday(day)] += is_possible
            missed[monday(day)] += is_missed
    return {week: (missed[week], possible[week]) for week in possible if possible[week]}


@pytest.mark.parametrize(
    ("group", "statuses", "year"),
    [
        ("looked after", _GROUPS[:1], 2026),
        ("looked after", _GROUPS[:1], 2025),
        ("all", _GROUPS, 2026),
    ],
)
def test_attendance(run: Run, group: str, statuses: tuple[str, ...], year: int) -> None:
    """Of the children in the group on the day, beside the school's share of each week."""
    spans = stretches(*statuses)
    first, end = date(year, 9, 1), date(year + 1, 9, 1)
    missed, possible = Counter[date](), Counter[date]()
    for upn, own in marks().items():
        for day, is_possible, is_missed, _ in own:
            if first <= day < end and holds(spans.get(upn, []), day):
                possible[monday(day)] += is_possible
                missed[monday(day)] += is_missed
    weeks = school_weeks()
    share = sum(possible[week] * weeks[week][0] / weeks[week][1] for week in possible)
    named = f"{year}/{(year + 1) % 100}"
    _, found = run("attendance_without_percentages", group=group, year=named)
    assert (found["found"].missed, found["found"].possible) == (missed.total(), possible.total())
    assert found["found"].as_school == pytest.approx(share)


def compare(upn: str, day: date, span: int) -> tuple[str, str] | None:
    """What was missed of the possible in so many school days on either side, without C2."""
    by_day: dict[date, list[int]] = {}
    for marked, is_possible, is_missed, code in marks()[upn]:
        if is_possible and code != "C2" and marked <= UNTIL:
            sums = by_day.setdefault(marked, [0, 0])
            sums[0] += is_missed
            sums[1] += 1
    line = sorted(by_day)
    before = [each for each in line if each < day][-span:]
    after = [each for each in line if each >= day][:span]
    if min(len(before), len(after)) < round(span * 2 / 3):
        return None
    return say(by_day, before), say(by_day, after)


def say(by_day: dict[date, list[int]], days: list[date]) -> str:
    missed, possible = (sum(by_day[day][n] for day in days) for n in (0, 1))
    return f"{missed} of {possible} sessions"


def starts_of_help() -> Iterator[tuple[str, str, date]]:
    for row in rows("interventions"):
        yield row["upn"], row["kind"], date.fromisoformat(row["date"])
    for row in rows("provision"):
        yield row["upn"], row["kind"], date.fromisoformat(row["date"])


def told(found: Any) -> Counter[tuple[date, str, str]]:
    return Counter((each.day, each.before.told, each.after.told) for each in found)


@pytest.mark.parametrize(
    ("kind", "code", "days"),
    [("All", None, 30), ("Reading", "reading", 60), ("part-time timetable",) * 2 + (30,)],
)
def test_help_by_sessions(run: Run, kind: str, code: str | None, days: int) -> None:
    """Each start, on the child's own school days; an agreed part-time session is on no side."""
    by_hand = Counter(
        (day, *sides)
        for upn, started, day in starts_of_help()
        if code in (None, started) and (sides := compare(upn, day, days))
    )
    _, found = run("does_it_help", kind=kind, outcome="Sessions missed", days=days)
    assert told(found["found"]) == by_hand
    assert by_hand


def test_help_by_score(run: Run) -> None:
    """The carer's last score by the day, and the newest in the year after it."""
    scores = defaultdict(list)
    for row in rows("sdq"):
        if row["informant"] == "carer" and row["total"]:
            scores[row["upn"]].append((date.fromisoformat(row["date"]), int(row["total"])))
    by_hand = []
    for upn, _, day in starts_of_help():
        near = sorted(each for each in scores[upn] if abs((each[0] - day).days) <= 365)
        before = [total for when, total in near if when <= day]
        after = [total for when, total in near if when > day]
        if before and after:
            by_hand.append((day, before[-1], after[-1]))
    _, found = run("does_it_help", outcome="Score")
    assert Counter((each.day, each.before.value, each.after.value) for each in found["found"]) == (
        Counter(by_hand)
    )
    assert by_hand


def members(*statuses: str) -> set[str]:
    """Who is in a group and on the roll on the day."""
    spans = stretches(*statuses)
    here = {
        row["upn"]
        for row in rows("roll")
        if date.fromisoformat(row["entry_date"]) <= UNTIL
        and not ((left := day_of(row["leaving_date"])) and left < UNTIL)
    }
    return {upn for upn, own in spans.items() if upn in here and holds(own, UNTIL)}


@pytest.mark.parametrize(
    ("informant", "group", "statuses"),
    [
        ("carer", "all", _GROUPS),
        ("carer", "looked after", _GROUPS[:1]),
        ("teacher", "all", _GROUPS),
    ],
)
def test_scores(run: Run, informant: str, group: str, statuses: tuple[str, ...]) -> None:
    """The newest against the last by the same kind of person; a year and a day old is old."""
    who, down, up, same, old, alone = members(*statuses), 0, 0, 0, 0, 0
    for upn in who:
        own = sorted(
            (date.fromisoformat(row["date"]), int(row["total"]))
            for row in rows("sdq")
            if (row["upn"], row["informant"]) == (upn, informant) and row["total"]
        )
        if own:
            change = own[-1][1] - own[-2][1] if len(own) > 1 else None
            alone += change is None
            down += change is not None and change < 0
            up += change is not None and change > 0
            same += change == 0
            old += own[-1][0].replace(year=own[-1][0].year + 1) < UNTIL
    _, found = run("sdq_change", informant=informant, group=group)
    moves, newest = found["found"], found["newest"]
    assert (moves.down, moves.up, moves.same) == (down, up, same)
    assert (newest["is_old"].sum(), newest["change"].null_count()) == (old, alone)
    assert down + alone


def changes_of(kind: str) -> Iterator[tuple[str, date]]:
    if kind != "home":
        for row in rows("care_changes"):
            if row["kind"] == kind:
                yield row["upn"], date.fromisoformat(row["date"])
        return
    by_child = defaultdict(list)
    for row in rows("care_episodes"):
        if row["status"] == "looked after" and row["legal_status"] not in ("V3", "V4"):
            by_child[row["upn"]].append(row)
    for upn, own in by_child.items():
        own.sort(key=lambda row: row["start"])
        for before, now in pairwise(own):
            moved = before["home"] != now["home"] or before["legal_status"] == now["legal_status"]
            if before["end"] == now["start"] and moved:
                yield upn, date.fromisoformat(now["start"])


@pytest.mark.parametrize(("kind", "weeks"), [("home", 6), ("home", 3), ("social worker", 6)])
def test_moves_by_sessions(run: Run, kind: str, weeks: int) -> None:
    """The same school days on either side of the day of a change."""
    by_hand = Counter(
        (day, *sides) for upn, day in changes_of(kind) if (sides := compare(upn, day, weeks * 5))
    )
    _, found = run("around_a_move", change=kind, weeks=weeks)
    assert told(found["found"]) == by_hand
    assert by_hand


def test_moves_by_suspensions(run: Run) -> None:
    """Sessions suspended in the calendar days of as many weeks."""
    span = timedelta(weeks=6)

    def add(upn: str, first: date) -> int:
        return sum(
            int(row["sessions"] or 0)
            for row in rows("suspensions")
            if row["upn"] == upn and first <= date.fromisoformat(row["date"]) < first + span
        )

    by_hand = Counter(
        (day, add(upn, day - span), add(upn, day))
        for upn, day in changes_of("home")
        if day + span <= UNTIL
    )
    _, found = run("around_a_move", outcome="Suspensions")
    assert by_hand == Counter(
        (each.day, each.before.value, each.after.value) for each in found["found"]
    )


def working_days_after(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in _BANK_HOLIDAYS
    return day


def late_days(file: str, start: str, done: tuple[str, ...], due: Any) -> list[tuple[date, int]]:
    """Of each start the last day, and by how many days the first step that does it came later.

    What waits still counts up to now, unless the next start has taken its place.  A child who left
    takes its duties along.
    """
    here = {row["upn"] for row in rows("roll") if not row["leaving_date"]}
    found = []
    steps = defaultdict(list)
    for row in rows(file):
        if row["upn"] in here:
            steps[row["upn"]].append((date.fromisoformat(row["date"]), row["event"]))
    for own in steps.values():
        starts = [*sorted(day for day, event in own if event == start), date.max]
        for day, following in pairwise(starts):
            last = due(day)
            after = [when for when, what in sorted(own) if what in done and day <= when < following]
            if last <= UNTIL and (after or following == date.max):
                found.append((last, max(((after or [UNTIL])[0] - last).days, 0)))
    return found


@pytest.mark.parametrize(
    ("name", "years", "given"),
    [
        (
            "Decision on a referral",
            3,
            (
                "protection",
                "referral",
                ("referral accepted", "no further action"),
                lambda day: working_days_after(day, 1),
            ),
        ),
        (
            "First core group",
            2,
            ("protection", "plan begun", ("core group",), lambda day: working_days_after(day, 10)),
        ),
        (
            "Decision after the annual review",
            1,
            (
                "ehcp",
                "review meeting",
                ("decided to keep", "decided to amend", "decided to cease"),
                lambda day: day + timedelta(weeks=4),
            ),
        ),
    ],
)
def test_duties(run: Run, name: str, years: int, given: Any) -> None:
    """By duty, and as far back as is asked: how many were due, how many late, and by how much."""
    after = UNTIL.replace(year=UNTIL.year - years)
    by_hand = [late for last, late in late_days(*given) if last > after]
    _, found = run("duties_run_late", by="name", years=years)
    own = found["measured"].filter(name=name)
    assert Counter(own["days_late"]) == Counter(by_hand)
    assert by_hand


@pytest.mark.parametrize(
    ("year", "kind", "pep"),
    [("All", "All", False), ("2025/26", "All", False), ("All", "club", True)],
)
def test_premium(run: Run, year: str, kind: str, pep: bool) -> None:
    """Sums of the terms of the register; one agreed in a holiday is the next term's."""
    first_term, planned, spent = date(2024, 7, 20), 0, 0
    for row in rows("premium"):
        day = date.fromisoformat(row["date"])
        # nobody agrees a sum after the last day of summer term and before September here
        starts = day.year - (day < date(day.year, 8, 1))
        is_meant = year in ("All", f"{starts}/{(starts + 1) % 100}") and kind in (
            "All",
            row["kind"],
        )
        if is_meant and first_term < day <= UNTIL and not (pep and row["in_pep"] != "yes"):
            planned += int(row["planned"])
            spent += int(row["spent"] or 0)
    label = {"club": "Clubs, trips and music"}.get(kind, kind)
    _, found = run("money_and_help", year=year, kind=label, pep=bool(pep))
    assert (found["terms"]["planned"].sum(), found["terms"]["spent"].sum()) == (planned, spent)
    assert planned
