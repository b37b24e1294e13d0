"""What is true of a period, counted in plain Python from the rows that were loaded."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from tests.proofs.report.drawn_history import Report, Row, Rows, Term
from tests.support.oracle.reference import months_after
from tests.support.oracle.reference_duties import working_day_after

Span = tuple[date, date]  # the first day, and the day after the last

_POSSIBLE, _ABSENT = set("/\\LBCEIMN" + "O"), set("CEIMNO")
_DAY = timedelta(days=1)


class Share(NamedTuple):
    """What a child has of a term: sessions, and pounds."""

    sessions: int
    missed: int
    planned: float
    spent: float


class Due(NamedTuple):
    """A duty: the day of its deadline, and what became of it."""

    kind: str
    due: date
    done: date | None = None
    is_open: bool = True
    is_unheard: bool = False
    child: str = ""


class Truth:
    """The answers of one state of the rows."""

    def __init__(self, rows: Rows, terms: Sequence[Term]) -> None:
        self.rows, self.terms = rows, terms
        self.days = [to_day(row["date"]) for row in rows["calendar.csv"]
                     if row["kind"] == "school day"]  # fmt: skip
        self.stays: dict[str, list[Span]] = {}
        for row in rows["roll.csv"]:
            end = to_day(row["leaving_date"]) + _DAY if row["leaving_date"] else date.max
            self.stays.setdefault(row["upn"], []).append((to_day(row["entry_date"]), end))
        self.care, self.before = (
            self._join(status) for status in ("looked after", "previously looked after")
        )
        self.unknown = {
            (row["upn"], row["known_since"])
            for row in rows["care_episodes.csv"]
            if row["start"] == "unknown"
        }
        # single marks are kept only of children who have a status
        self.known = {row["upn"] for row in rows["care_episodes.csv"]}
        self.marks = {
            (row["upn"], to_day(row["date"]), row["session"]): row["code"]
            for row in rows["attendance.csv"]
            if row["code"]
        }

    def _join(self, status: str) -> dict[str, list[Span]]:
        """Return the times of a status of each child, joined where they meet."""
        joined: dict[str, list[Span]] = {}
        for row in self.rows["care_episodes.csv"]:
            if row["status"] == status:
                start = to_day(row["known_since"] or row["start"])
                end = to_day(row["end"]) if row["end"] else date.max
                spans = joined.setdefault(row["upn"], [])
                if spans and spans[-1][1] == start:
                    spans[-1] = spans[-1][0], end
                else:
                    spans.append((start, end))
        return joined

    def is_here(self, kid: str, day: date) -> bool:
        """Say whether a child was looked after and at this school on a day."""
        return is_within(day, self.stays[kid]) and is_within(day, self.care.get(kid, ()))

    def find_members(self, first: date, last: date) -> dict[str, date]:
        """Return who was looked after here between two days, each with the last such day.

        A child who was here only in a holiday belongs to no term.
        """
        members: dict[str, date] = {}
        for kid, spans in self.care.items():
            for start, end in spans:
                for entry, leaving in self.stays[kid]:
                    begun, until = max(start, entry), min(end, leaving)
                    if begun < until and any(
                        begun <= min(term.last, last) and until > max(term.first, first)
                        for term in self.terms
                    ):
                        day = min(until - _DAY, last)
                        members[kid] = max(members.get(kid, day), day)
        return members

    # the children

    def count_roll(self, group: str, report: Report) -> tuple[int, int, int]:
        """Return how many there are in a group on the day, and how many came and left by then."""
        start = date(int(report.year[:4]), 7, 31)
        days = [start + n * _DAY for n in range((report.day - start).days + 1)]
        count = [0, 0, 0]
        for kid in self.stays:
            inside = [self._is_in(group, kid, day) for day in days]
            if any(inside[1:]):
                count[0] += inside[-1]
                count[1] += not inside[0]
                count[2] += not inside[-1]
        return count[0], count[1], count[2]

    def _is_in(self, group: str, kid: str, day: date) -> bool:
        if self.is_here(kid, day) or group == "looked after":
            return group == "looked after" and self.is_here(kid, day)
        return is_within(day, self.stays[kid]) and is_within(day, self.before.get(kid, ()))

    # totals of a term

    def add_shares(self, term: Term) -> dict[str, Share]:
        """Return what each child has of a term."""
        opened = {(day, half) for (kid, day, half), code in self.marks.items()
                  if kid in self.known and code in _POSSIBLE
                  and term.first <= day <= term.last}  # fmt: skip
        number = self.terms.index(term)
        before = self.terms[number - 1].last if number else date(term.first.year, 7, 31)
        shares = {}
        for kid in self.care:
            own = [self.marks.get((kid, *at), "") for at in opened if self.is_here(kid, at[0])]
            amounts = [row for row in self.rows["premium.csv"] if row["upn"] == kid
                       and before < (day := to_day(row["date"])) <= term.last
                       and self.is_here(kid, day)]  # fmt: skip
            if own or amounts or kid in self.find_members(term.first, term.last):
                planned = sum(float(row["planned"]) for row in amounts)
                spent = sum(float(row["spent"] or 0) for row in amounts)
                missed = sum(code in _ABSENT for code in own)
                shares[kid] = Share(len(own), missed, planned, spent)
        return shares

    def count_gap(self, term: Term) -> int:
        """Return the school days without any mark on which somebody was looked after here."""
        marked = {day for kid, day, _ in self.marks if kid in self.known}
        return sum(
            any(self.is_here(kid, day) for kid in self.care)
            for day in self.days
            if term.first <= day <= term.last and day not in marked
        )

    def add_school(self, term: Term) -> tuple[int, int]:
        """Return the sessions that the whole school missed in the weeks of a term, and all."""
        monday, missed, possible = term.first - timedelta(term.first.weekday()), 0, 0
        for row in self.rows["whole_school_weekly.csv"]:
            if monday <= to_day(row["week_start"]) <= term.last:
                missed += int(row["authorised_absent_sessions"])
                missed += int(row["unauthorised_absent_sessions"])
                possible += int(row["possible_sessions"])
        if not self.rows["whole_school_weekly.csv"]:
            codes = [code for (_, day, _), code in self.marks.items()
                     if term.first <= day <= term.last]  # fmt: skip
            missed = sum(code in _ABSENT for code in codes)
            possible = sum(code in _POSSIBLE for code in codes)
        return missed, possible

    # duties

    @cache  # noqa: B019 - as many as there are reports
    def list_duties(self, start: date, last: date) -> list[Due]:
        """Return the duties to the children of a period.

        To a child who left there are those that were due by their last day. Only to a child who
        is still here there are duties from before the period, and those of which nothing is kept
        once they are done.
        """
        duties: list[Due] = []
        for kid, day in self.find_members(start, last).items():
            owed = (*self._list_peps(kid, day), *self._list_checks(kid, day),
                    *self._list_suspensions(kid, day))  # fmt: skip
            duties += [duty._replace(child=kid) for duty in owed
                       if day == last or start <= duty.due <= day]  # fmt: skip
            if day == last:
                duties += self._list_open(kid, day)
        return duties

    def judge(self, duty: Due, report: Report) -> str:
        """Return what became of a duty of the period by the report's day."""
        if duty.done:
            return "in_time" if duty.done <= duty.due else "late"
        if duty.is_open and (duty.due >= report.day + report.is_over * _DAY):
            return "to_come"
        return "not_recorded" if duty.is_unheard else "not_done"

    def count(self, report: Report, part: Report, *kinds: str) -> Counter[str]:
        """Count what became of a report's duties whose deadline lies in a part of its time."""
        count: Counter[str] = Counter()
        for duty in self.list_duties(report.first, report.day):
            if duty.kind in kinds and duty.due < part.first:
                count["before"] += not duty.done and duty.is_open and not duty.is_unheard
            elif duty.kind in kinds and duty.due <= part.last:
                count.update(("due", self.judge(duty, report)))
        return count

    def count_grades(self, report: Report) -> Counter[str]:
        """Count the meetings that did a duty of the period by the grades of their plans."""
        duties = self.list_duties(report.first, report.day)
        held = {
            (duty.child, duty.done)
            for duty in duties
            if duty.kind in ("PEP", "first") and report.first <= duty.due <= report.last
        }
        return Counter(row["quality"] or "none yet" for row in self.rows["pep.csv"]
                       if (row["upn"], to_day(row["date"])) in held)  # fmt: skip

    def _find(self, kid: str, day: date) -> tuple[date, date]:
        """Return since when a child who is here on a day is in care, and on the roll."""
        start = next(span[0] for span in self.care[kid] if is_within(day, [span]))
        return start, max(span[0] for span in self.stays[kid] if is_within(day, [span]))

    def _school_day(self, day: date, number: int) -> date:
        """Return the school day that lies so many after a day; the last of days if unknown."""
        place = bisect_right(self.days, day) + number - 1
        return self.days[place] if place < len(self.days) else date.max

    def _list_peps(self, kid: str, day: date) -> Iterator[Due]:
        start, entry = self._find(kid, day)
        known = sorted(to_day(row["date"]) for row in self.rows["pep.csv"])
        meetings = sorted(to_day(row["date"]) for row in self.rows["pep.csv"]
                          if row["upn"] == kid and row["outcome"] == "held")  # fmt: skip
        heard = [each for each in known if each <= day]
        since = date.min
        if heard:
            start_year = heard[0].year - (heard[0].month < 8)
            since = min(heard[0], date(start_year, 9, 1))

        def find(first: date, end: date = date.max) -> date | None:
            return next((each for each in meetings if first <= each <= day and each < end), None)

        is_known = (kid, str(start)) not in self.unknown
        complete = working_day_after(start, 20) if is_known else None
        if complete and complete >= max(entry, since):
            yield Due("first", complete, find(start), is_unheard=not heard)
        calendar = to_day(self.rows["calendar.csv"][0]["date"])
        joined = self._school_day(entry, 20) if entry > start and entry >= calendar else None
        if joined and joined != date.max and joined >= since and (not complete or complete < entry):
            yield Due("first", joined, find(entry), is_unheard=not heard)
        reviews = []
        for number, term in enumerate(self.terms):
            following = self.terms[number + 1 :]
            end = following[0].first if following else date.max
            is_in_time = entry <= term.first or (
                entry <= term.last and joined is not None and joined <= term.last
            )
            if start < term.first <= day and is_in_time and term.last >= since:
                done = find(max(term.first, entry), end)
                reviews.append(Due("PEP", term.last, done, end > day, not heard))
        yield from reviews if heard else reviews[-1:]

    def _list_checks(self, kid: str, day: date) -> Iterator[Due]:
        """Yield the checks that are owed: the first in care, and a year after each one done."""
        start, entry = self._find(kid, day)
        is_known = (kid, str(start)) not in self.unknown

        def list_rows(name: str, kind: str) -> list[Row]:
            return sorted(
                (row for row in self.rows[name] if kind in row.get("kind", row.get("informant", ""))
                 and row.get("outcome", "done") != "booked" and to_day(row["date"]) <= day),
                key=lambda row: row["date"],
            )  # fmt: skip

        checks = (("health", "health.csv", "assessment"), ("health", "health.csv", "dental"),
                  ("SDQ", "sdq.csv", "carer"))  # fmt: skip
        for kind, name, noun in checks:
            every = list_rows(name, noun)
            own = [row for row in every if row["upn"] == kid and to_day(row["date"]) >= start]
            done = [row for row in own if row.get("outcome", "done") == "done"]
            is_first = noun == "assessment"
            if is_known and (is_first or not done):
                due = working_day_after(start, 20) if is_first else months_after(start, 12)
                is_heard = own or (is_first and entry <= start and every)
                first = to_day(done[0]["date"]) if done else None
                yield Due(kind, due, first, is_unheard=not is_heard)
            for row, following in zip_longest(done, done[1:]):
                given = row.get("next_due") or str(months_after(to_day(row["date"]), 12))
                yield Due(kind, to_day(given), to_day(following["date"]) if following else None)

    def _list_suspensions(self, kid: str, day: date) -> Iterator[Due]:
        """Yield the notices of the year's suspensions while in care; none has a record."""
        for row in self.rows["suspensions.csv"]:
            on = to_day(row["date"])
            is_of_year = date(day.year - (day.month < 8), 8, 1) <= on <= day
            is_notified = row["upn"] == kid and row["category"] == "SUSP" and is_of_year
            if is_notified and self.is_here(kid, on):
                yield Due("suspension", self._school_day(on, 1), is_unheard=True)

    def _list_open(self, kid: str, day: date) -> Iterator[Due]:
        """Yield the steps of which it is known only that they are open."""
        unknown = {on for (upn, on, _), code in self.marks.items() if upn == kid and code == "N"}
        for on in unknown:
            if on <= day and self.is_here(kid, on):
                yield Due("reason", self._school_day(on, 5))
        for name in ("interventions.csv", "provision.csv"):
            for row in self.rows[name]:
                end = to_day(row["end"]) if row["end"] else date.max
                last = end if name == "provision.csv" or not row["end"] else end - _DAY
                if row["upn"] == kid and row["review"] and to_day(row["date"]) <= day <= last:
                    yield Due("support", to_day(row["review"]))


def is_within(day: date, spans: Iterable[Span]) -> bool:
    """Say whether one of these spans holds a day."""
    return any(first <= day < end for first, end in spans)


def to_day(text: str) -> date:
    """Return the day of a text."""
    return date.fromisoformat(text)
