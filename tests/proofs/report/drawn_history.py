"""A drawn history of a home: its exports on any day, and the final reports that are made of it."""

import csv
import random
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from dashboard.report import make
from dashboard.report.content.model import Document
from dashboard.report.content.prompts import replace_text
from intake.publish.load import Load
from safeguards.disclosure.figures import Period, Totals
from safeguards.keys.keys import Keys
from tests.support.schools.good_exports import upn
from tests.support.schools.homes import keys_at
from tests.support.schools.report_home import session

Row = dict[str, str]
Rows = dict[str, list[Row]]

_CARE = ("upn", "status", "start", "known_since", "end", "authority")
_STARTS = ("start", "entry_date", "week_start", "date")
_DAY = timedelta(days=1)
_HERE = {"AM": "/", "PM": "\\"}
_HEADINGS = {
    "pep.csv": "upn date outcome quality",
    "health.csv": "upn kind date outcome next_due",
    "sdq.csv": "upn date informant total",
    "suspensions.csv": "upn date category sessions",
    "premium.csv": "upn date kind planned spent",
    "interventions.csv": "upn date kind review end",
    "provision.csv": "upn date kind agreed_by review end",
}


class Term(NamedTuple):
    """A term as it was drawn: its school year, such as 2024/25, and its first and last day."""

    year: str
    name: str
    first: date
    last: date


class Report(NamedTuple):
    """A final report: its papers, its period, and the day up to which its facts go.

    planted: the papers with totals of another period under the name of this one; () for none.
    """

    documents: tuple[Document, ...]
    planted: tuple[Document, ...]
    year: str
    name: str
    first: date
    last: date
    day: date
    is_over: bool


class History:
    """A home of 0 to 14 children looked after, in up to three school years.

    Attributes:
        terms: The terms, in order.
        rows: The rows of each file as the school's systems have them at the end.
        loaded: The rows of each file as they were loaded last.

    """

    def __init__(self, folder: Path, draw: Random) -> None:
        self.draw, self.exports, self.home = draw, folder.parent / "exports", folder
        self.terms: list[Term] = []
        self.rows: Rows = {name: [] for name in ("calendar.csv", "roll.csv", "care_episodes.csv")}
        self.rows |= {name: [] for name in ("attendance.csv", "whole_school_weekly.csv")}
        self.rows |= {name: [] for name in _HEADINGS}
        self.loaded: Rows = {}
        years = draw.choice((1, 1, 1, 2, 3))
        start = draw.randint(2022, 2026 - years)
        for year in range(start, start + years):
            self._draw_year(year)
        self.first, self.last = self.terms[0].first, self.terms[-1].last
        self.days = [date.fromisoformat(row["date"]) for row in self.rows["calendar.csv"]
                     if row["kind"] == "school day"]  # fmt: skip
        self.missing = {day for day in self.days if draw.random() < draw.choice((0, 0, 0, 0.01))}
        self.is_short = {term.last for term in self.terms if draw.random() < 0.1}
        self.absence, self.has_pence = draw.choice((0.02, 0.05, 0.2)), draw.random() < 0.3
        self.ends = self.last - timedelta(draw.randint(3, 120)) if draw.random() < 0.15 else None
        number = draw.choice((0, 1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14))
        has_register = years == 1 and draw.random() < 0.5
        for child in range(number):
            self._draw_child(upn(child + 1), child)
        for child in range(number, number + draw.choice((1, 5, 8))):
            self._draw_previous(upn(child + 1), child)
        for child in range(800, 800 + (40 if has_register else 3)):
            self._add_stay(upn(child), child, self.first - timedelta(300), None)
            if has_register:
                self._mark(upn(child), self.first, self.last, rate=0.05)
        if not has_register:
            self._draw_weeks()

    def _add(self, name: str, **values: object) -> None:
        self.rows[name].append(
            {key: "" if value is None else str(value) for key, value in values.items()}
        )

    def _draw_year(self, start: int) -> None:
        """Draw the days of a school year that starts in this September."""
        draw, end = self.draw, start + 1
        breaks = [(date(start, 10, 23 + draw.randrange(5)), 9), (date(end, 2, 9), 9)]
        spans = [
            ("autumn", date(start, 9, draw.randint(1, 6)), date(start, 12, draw.randint(16, 22))),
            ("spring", date(end, 1, draw.randint(3, 8)), date(end, 3, draw.randint(22, 31))),
            ("summer", date(end, 4, draw.randint(12, 17)), date(end, 7, draw.randint(14, 24))),
        ]
        breaks.append((date(end, 5, 23), 9))
        shut = {day + n * _DAY for day, length in breaks for n in range(length)}
        day = date(start, 8, 1) if not self.terms else date(start, 9, 1)
        taught: dict[str, list[date]] = {name: [] for name, _, _ in spans}
        while day < date(end, 9, 1):
            name = next((name for name, first, last in spans if first <= day <= last), "")
            is_taught = name and day.weekday() < 5 and day not in shut
            kind = "holiday"
            if is_taught:
                kind = draw.choices(("school day", "INSET", "closed"), (97, 2, 1))[0]
            if kind == "school day":
                taught[name].append(day)
            self._add("calendar.csv", date=day, kind=kind)
            day += _DAY
        year = f"{start}/{end % 100:02}"
        self.terms += [Term(year, name, days[0], days[-1]) for name, days in taught.items()]

    def _draw_day(self, first: date | None = None, last: date | None = None) -> date:
        first, last = first or self.first, last or self.last
        return first + timedelta(self.draw.randint(0, max(0, (last - first).days)))

    def _draw_child(self, kid: str, number: int) -> None:
        """Draw a child who is looked after at some time, and all that is recorded of them."""
        draw, long_ago = self.draw, self.first - timedelta(self.draw.randint(20, 700))
        entry = draw.choice([long_ago] * 4 + [self._draw_day()])
        leaving = draw.choice([None] * 5 + [self._draw_day(entry)])
        stays = [(entry, leaving)]
        if leaving and leaving + timedelta(60) < self.last and draw.random() < 0.5:
            stays.append((self._draw_day(leaving + timedelta(20)), None))
        start = draw.choice(
            [long_ago - timedelta(draw.randint(-100, 400))] * 4 + [self._draw_day()]
        )
        end = draw.choice([None] * 5 + [self._draw_day(max(start + _DAY, self.first))])
        care = [(start, end)]
        if end and end + timedelta(30) < self.last and draw.random() < 0.5:
            care.append((self._draw_day(end + timedelta(7)), None))
        if self.ends:
            care = [(a, min(b or date.max, self.ends)) for a, b in care if a < self.ends]
        for first, last in stays:
            self._add_stay(kid, number, first, last)
            if last is None or last >= self.first:
                self._mark(kid, max(first, self.first), last or self.last, rate=self.absence)
        for first, last in care:
            self._add_care(kid, first, last)
            self._draw_records(kid, first, last or self.last)
        last = care[-1][1] if care else None
        if last and draw.random() < 0.4:
            self._add("care_episodes.csv", upn=kid, status="previously looked after", start=last,
                      known_since="", end="", authority="")  # fmt: skip
        for _ in range(draw.choice((0, 0, 0, 1, 2))):
            first, last = stays[-1]
            day = draw.choice([day for day in self.days if day >= first] or [self.days[-1]])
            if last is None or day <= last:
                self._put("suspensions.csv", upn=kid, date=day, category=draw.choice(
                    ("SUSP", "SUSP", "LNCH")), sessions=2)  # fmt: skip

    def _draw_previous(self, kid: str, number: int) -> None:
        """Draw a child who was looked after before, and may be so again."""
        leaving = self.draw.choice([None] * 4 + [self._draw_day()])
        self._add_stay(kid, number, self.draw.choice([self.first - timedelta(200),
                       self._draw_day(last=leaving)]), leaving)  # fmt: skip
        start, end = self.first - timedelta(self.draw.randint(100, 500)), None
        if self.draw.random() < 0.2 and not self.ends:
            end = self._draw_day()
            self._add_care(kid, end, None)
        self._add("care_episodes.csv", upn=kid, status="previously looked after", start=start,
                  known_since="", end=end, authority="")  # fmt: skip

    def _add_stay(self, kid: str, number: int, entry: date, leaving: date | None) -> None:
        self._add("roll.csv", upn=kid, surname=f"S{chr(65 + number % 26)}", forename="Kim",
                  date_of_birth=date(self.first.year - 8, 3, 1 + number % 28), sex="U",
                  year_group=3, entry_date=entry, leaving_date=leaving)  # fmt: skip

    def _add_care(self, kid: str, start: date, end: date | None) -> None:
        """Add a time in care: in one episode or two, or known only from a later day on."""
        row = {"upn": kid, "status": "looked after", "authority": "Ashmere"}
        if self.draw.random() < 0.1:
            self._add("care_episodes.csv", **row, start="unknown", known_since=start, end=end)
        elif (end is None or (end - start).days > 60) and self.draw.random() < 0.3:
            middle = start + timedelta(40)
            self._add("care_episodes.csv", **row, start=start, known_since="", end=middle)
            self._add("care_episodes.csv", **row, start=middle, known_since="", end=end)
        else:
            self._add("care_episodes.csv", **row, start=start, known_since="", end=end)

    def _mark(self, kid: str, first: date, last: date, rate: float) -> None:
        draw = self.draw
        for day in self.days:
            if not first <= day <= last or day in self.missing:
                continue
            is_skipped = day in self.is_short and draw.random() < 0.7
            for half, here in _HERE.items():
                code = here
                if draw.random() < rate:
                    code = draw.choices("IMCEONDLB", (40, 10, 5, 5, 10, 5, 5, 10, 10))[0]
                elif draw.random() < 0.004 or is_skipped:
                    code = ""
                self._add("attendance.csv", upn=kid, date=day, session=half, code=code)

    def _draw_weeks(self) -> None:
        for monday in sorted({day - timedelta(day.weekday()) for day in self.days}):
            possible = self.draw.randint(1500, 2500)
            self._add("whole_school_weekly.csv", week_start=monday, possible_sessions=possible,
                      authorised_absent_sessions=self.draw.randint(20, 120),
                      unauthorised_absent_sessions=self.draw.randint(0, 60))  # fmt: skip

    def _draw_records(self, kid: str, start: date, end: date) -> None:
        """Draw what is recorded of a time in care."""
        draw, first = self.draw, max(start, self.first)
        for term in self.terms:
            if term.last < start or term.first > end:
                continue
            if draw.random() < 0.85:
                day = self._draw_day(max(term.first, start), term.last + timedelta(9))
                held = draw.choice(["held"] * 9 + ["booked"])
                grade = draw.choice(("good", "fair", "")) if held == "held" else ""
                self._put("pep.csv", upn=kid, date=day, outcome=held, quality=grade)
            for kind in draw.sample(("tutor", "club", "maths"), draw.choice((0, 1, 1, 2))):
                planned = draw.choice((100, 150, 200, 300)) + (0.5 if self.has_pence else 0)
                spent = draw.choice((None, planned, planned, planned, planned / 2, planned * 1.2))
                day = self._draw_day(max(term.first - timedelta(14), start), term.last)
                text = f"{planned:.2f}", "" if spent is None else f"{spent:.2f}"
                self._put("premium.csv", upn=kid, date=day, kind=kind, planned=text[0],
                          spent=text[1])  # fmt: skip
            if draw.random() < 0.1:
                day = self._draw_day(max(term.first, start), term.last)
                ends = draw.choice((None, day + timedelta(60)))
                review = draw.choice((None, day + timedelta(draw.randint(10, 90))))
                if draw.random() < 0.7:
                    self._put("interventions.csv", upn=kid, date=day, kind="mentor",
                              review=review, end=ends)  # fmt: skip
                else:
                    self._put("provision.csv", upn=kid, date=day, kind="part-time timetable",
                              agreed_by="social worker", review=review, end=ends)  # fmt: skip
        self._draw_checks(kid, start, end)
        day = first + timedelta(draw.randint(5, 200))
        while day <= end and draw.random() < 0.7:
            self._put("sdq.csv", upn=kid, date=day, informant="carer", total=draw.randint(0, 40))
            day += timedelta(draw.randint(300, 420))

    def _draw_checks(self, kid: str, start: date, end: date) -> None:
        """Draw assessments and dental checks about once a year."""
        draw = self.draw
        for first_kind in ("initial assessment", "dental check"):
            kind, day = first_kind, start + timedelta(draw.randint(5, 60))
            while day <= min(end, self.last):
                if draw.random() < 0.8:
                    outcome = draw.choice(["done"] * 6 + ["not done", "booked"])
                    due = day + timedelta(draw.choice((200, 330))) if outcome == "done" else None
                    self._put("health.csv", upn=kid, kind=kind, date=day, outcome=outcome,
                              next_due=due if draw.random() < 0.3 else None)  # fmt: skip
                kind = kind.replace("initial", "review")
                day += timedelta(draw.randint(300, 400))

    def _put(self, name: str, **values: object) -> None:
        """Add a row, unless there is one with its key."""
        key = [str(values.get(cell)) for cell in ("upn", "date", "kind")]
        if not any([row.get(cell, "None") for cell in ("upn", "date", "kind")] == key
                   for row in self.rows[name]):  # fmt: skip
            self._add(name, **values)

    def correct(self, until: date) -> None:
        """Correct marks and amounts of terms gone by: of one child, or of all in one direction."""
        draw, term = (
            self.draw,
            self.draw.choice([term for term in self.terms if term.first <= until]),
        )
        kids = sorted({row["upn"] for row in self.rows["premium.csv"]})
        kids = kids if draw.random() < 0.5 else kids[:1]
        for row in self.rows["attendance.csv"]:
            is_near = row["upn"] in kids and str(term.first) <= row["date"] <= str(term.last)
            is_late = is_near and row["code"] == "I" and draw.random() < 0.2
            if is_late or (is_near and row["code"] == "N"):
                row["code"] = _HERE[row["session"]]
        for row in self.rows["premium.csv"]:
            if row["upn"] in kids and row["date"] <= str(until) and draw.random() < 0.3:
                row["planned"] = f"{float(row['planned']) + 30:.2f}"
                row["spent"] = draw.choice((row["spent"], row["planned"]))

    def load(self, day: date) -> None:
        """Load what the school's systems have on a day, through the real door."""
        on_roll = {row["upn"] for row in self.rows["roll.csv"] if row["entry_date"] <= str(day)}
        self.loaded = {
            name: [row for row in list_known(name, rows, day) if row.get("upn") in {None, *on_roll}]
            for name, rows in self.rows.items()
        }
        shutil.rmtree(self.exports, ignore_errors=True)
        self.exports.mkdir(parents=True)
        school = [{"school_id": "0019999", "name": "Brook Lane Junior School", "phase": "junior"}]
        for name, rows in {**self.loaded, "school.csv": school}.items():
            if rows or name == "care_episodes.csv":
                with (self.exports / name).open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, list(rows[0]) if rows else _CARE)
                    writer.writeheader()
                    writer.writerows(rows)
        load = Load(self.home, to_time(day), rng=random.Random(1), environ=keys_at(self.home))
        result = load.load_exports(self.exports)
        assert not result.problems, result.problems

    def report(self) -> Iterator[Report]:
        """Load and correct by and by, and make the reports of each year in their order."""
        for year in dict.fromkeys(term.year for term in self.terms):
            terms = [term for term in self.terms if term.year == year]
            todo = [*terms, Term(year, "", terms[0].first, terms[-1].last)]
            days = [terms[-1].last + timedelta(self.draw.randint(1, 20))]
            if self.draw.random() < 0.6:
                days.insert(
                    0, self._draw_day(terms[0].first + 20 * _DAY, terms[2].first + 20 * _DAY)
                )
            for day in days:
                if self.draw.random() < 0.7:
                    self.correct(day)
                self.load(day)
                for term in [term for term in todo if term.first <= day]:
                    is_over = term.last < day
                    if not is_over and (not term.name or self.draw.random() < 0.4):
                        continue
                    todo.remove(term)
                    if self.draw.random() < 0.85:
                        yield self._make_report(term, day)

    def _make_report(self, term: Term, as_at: date) -> Report:
        held = session(self.home, as_at=as_at)
        period = Period(term.year, term.name)
        (choice,) = [each for each in make.list_choices(held) if each.period == period]
        prepared = make.prepare(held, choice)
        words = [replace_text(answer, "Staff did it.") for answer in prepared.answers]
        prepared = replace(prepared, answers=tuple(words))
        keys = Keys.load(held.home)
        documents = make.build_documents(prepared, keys, is_final=True)
        make.issue(held, prepared, {}, now=to_time(as_at))
        planted = list[Document]()
        if wrong := find_wrong_totals(prepared):
            facts = replace(prepared.facts, window=wrong)
            planted = make.build_documents(replace(prepared, facts=facts), keys, is_final=True)
        return Report(
            tuple(documents), tuple(planted), *term, min(as_at, term.last), term.last < as_at
        )


def find_wrong_totals(prepared: make.PreparedReport) -> Totals | None:
    """Return the totals of another period under the name of that of the report."""
    window = prepared.facts.window
    for totals in prepared.figures.totals if window else ():
        missed, planned = {totals.missed, None}, {totals.planned, None}
        is_same = window and window.missed in missed and window.planned in planned
        if window and not is_same and None not in (totals.missed, totals.planned):
            return replace(totals, period=window.period)
    return None


def list_known(name: str, rows: Iterable[Row], until: date) -> Iterator[Row]:
    """Yield the rows of a file as they are known on a day: some meetings are booked by then."""
    ends = {"roll.csv": "leaving_date", "care_episodes.csv": "end"}
    day, soon = str(until), str(until + timedelta(30))
    for row in rows:
        end = ends.get(name, "")
        begun = row.get("known_since") or next(row[key] for key in _STARTS if key in row)
        if name == "calendar.csv" or begun <= day:
            yield {**row, end: ""} if end and row[end] > day else dict(row)
        elif name == "pep.csv" and begun < soon:
            yield {**row, "outcome": "booked", "quality": ""}


def to_time(day: date) -> datetime:
    """Return the evening of a day."""
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
