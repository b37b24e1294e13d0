"""The answers worked out a second time, in plain Python, session by session.

Written from the header comments of the views and the rules of the Department for
Education, not from the SQL: no query, no data frame, no code list of the product.
Slow on purpose; a made-up school of a few children takes milliseconds.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.support.oracle.world import Episode, Mark, SchoolWeek, Stay, World

Row = dict[str, Any]

DAY = timedelta(1)
NEW_CODES = date(2024, 8, 19)
HALVES = ("AM", "PM")


@dataclass(frozen=True)
class Meaning:
    """What a code counts as."""

    kind: str | None
    possible: int = 0
    attended: int = 0
    authorised: int = 0
    unauthorised: int = 0
    late: int = 0

    @property
    def absent(self) -> int:
        """Absent, with leave or without."""
        return self.authorised + self.unauthorised


PRESENT = Meaning("present", 1, 1)
LATE = Meaning("late", 1, 1, late=1)
ELSEWHERE = Meaning("educated elsewhere", 1, 1)
AUTHORISED = Meaning("authorised absence", 1, authorised=1)
UNAUTHORISED = Meaning("unauthorised absence", 1, unauthorised=1)
NOT_POSSIBLE = Meaning("not possible")
CLOSED = Meaning("closed")
UNKNOWN = Meaning(None)

_AT_ALL_TIMES = {
    **dict.fromkeys("/\\", PRESENT),
    "L": LATE,
    **dict.fromkeys("BPVW", ELSEWHERE),
    **dict.fromkeys("CEIMRST", AUTHORISED),
    **dict.fromkeys("GNOU", UNAUTHORISED),
    **dict.fromkeys("DXZ", NOT_POSSIBLE),
    "#": CLOSED,
}
_SINCE_AUGUST_2024 = {
    "K": ELSEWHERE,
    **dict.fromkeys(("C1", "C2", "J1"), AUTHORISED),
    **dict.fromkeys(("Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"), NOT_POSSIBLE),
}
_BEFORE_AUGUST_2024 = {"Y": NOT_POSSIBLE}
#: Withdrawn codes that registers still have: each counts as ever.
_WITHDRAWN = {**dict.fromkeys("HF", AUTHORISED), "J": ELSEWHERE}

ALL_CODES = (*_AT_ALL_TIMES, *_SINCE_AUGUST_2024, *_BEFORE_AUGUST_2024, *_WITHDRAWN)


def meaning(code: str, day: date) -> Meaning:
    """What a code counted as on a day; UNKNOWN, which is nothing, if no list had it."""
    dated = _SINCE_AUGUST_2024 if day >= NEW_CODES else _BEFORE_AUGUST_2024
    return _AT_ALL_TIMES.get(code) or dated.get(code) or _WITHDRAWN.get(code) or UNKNOWN


def _list_episodes_by_order(world: World) -> Iterator[Episode]:
    """Who left care for good by an order, from its day on, where no file says so of that day."""
    told = {
        (each.pupil, each.counts_from)
        for each in world.episodes
        if each.status == "previously looked after"
    }
    orders = {
        (row["pupil_key"], row["permanence_date"])
        for row in world.plain.get("raw_permanence", [])
        if row["event"].endswith(" order") and row["event"] != "placement order"
    }
    for pupil, day in sorted(orders - told):
        yield Episode(pupil, "previously looked after", day, None, None)


def academic_year(day: date) -> str:
    """2026/27 from 1 August 2026 to 31 July 2027."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(day.weekday())


class Answers:
    """What is known of attendance in a world as of a day; rows in no particular order.

    The register goes up to `register_day`, by default to the day asked for.
    """

    def __init__(self, world: World, as_at: date, register_day: date | None = None) -> None:
        self.world = world
        self.as_at = as_at
        self.register_day = register_day or as_at
        self.pupils = {pupil.key: pupil for pupil in world.pupils}
        self.episodes = [*world.episodes, *_list_episodes_by_order(world)]
        self.on_roll_marks = [mark for mark in world.marks if self._stay(mark.pupil, mark.day)]
        self.marks = [mark for mark in self.on_roll_marks if mark.day <= self.register_day]

    # -- who ---------------------------------------------------------------------------

    def _members(self) -> Iterator[tuple[int, int]]:
        """Key and year group of every child on roll with a status."""
        for pupil in self.world.pupils:
            stay = self._stay(pupil.key, self.as_at)
            if stay and self._statuses(pupil.key, self.as_at):
                yield pupil.key, self._year_group(stay)

    def _year_group(self, stay: Stay) -> int:
        """That of the day asked for: it moves up with the academic year."""
        years = (academic_year(day)[:4] for day in (stay.year_group_date, self.as_at))
        told, now = map(int, years)
        return stay.year_group + now - told

    # -- a child's sessions ------------------------------------------------------------

    def pupil_attendance(self) -> Iterator[Row]:
        rules = self.world.rules
        for (pupil, year), marks in _grouped(
            self.marks, lambda mark: (mark.pupil, academic_year(mark.day))
        ).items():
            counts = _counts(marks)
            weeks = {monday(mark.day) for mark in marks if meaning(mark.code, mark.day).possible}
            absent, possible = counts["absent_sessions"], counts["possible_sessions"]
            yield {
                **self._who(pupil),
                "academic_year": year,
                **counts,
                "school_weeks": len(weeks),
                "absence_rate": _rate(absent, possible),
                "is_persistent_absentee": _reaches(absent, possible, rules.persistent_absence),
                "is_severe_absentee": _reaches(absent, possible, rules.severe_absence),
                "is_too_early": len(weeks) < rules.weeks_before_rates,
            }

    def pupil_absence_reason(self) -> Iterator[Row]:
        absent = [mark for mark in self.marks if meaning(mark.code, mark.day).absent]
        for (pupil, year, code), marks in _grouped(
            absent, lambda mark: (mark.pupil, academic_year(mark.day), mark.code)
        ).items():
            yield {
                **self._who(pupil),
                "academic_year": year,
                "code": code,
                "is_authorised": bool(meaning(code, marks[0].day).authorised),
                "last_date": max(mark.day for mark in marks),
                "absent_sessions": len(marks),
            }

    def pupil_week_attendance(self) -> Iterator[Row]:
        for (pupil, week), marks in _grouped(
            [mark for mark in self.on_roll_marks if mark.day <= self.world.data_until],
            lambda mark: (mark.pupil, monday(mark.day)),
        ).items():
            counts = _counts(marks)
            yield {
                "school_key": self.pupils[pupil].school,
                "pupil_key": pupil,
                "week_start": week,
                "academic_year": academic_year(min(mark.day for mark in marks)),
                **counts,
                "absence_rate": _rate(counts["absent_sessions"], counts["possible_sessions"]),
            }

    def pupil_session(self) -> Iterator[Row]:
        made = {(mark.pupil, mark.day, mark.half) for mark in self.on_roll_marks}
        for mark in self.marks:
            means = meaning(mark.code, mark.day)
            yield {
                **self._session(mark),
                "academic_year": academic_year(mark.day),
                "kind": means.kind,
                "is_possible": bool(means.possible),
                "is_absent": bool(means.absent),
            }
        ends = self._register_ends()
        for (school, day), kind in self.world.calendar.items():
            for pupil in self.world.pupils:
                for half in HALVES:
                    if (
                        kind == "school day"
                        and day <= self.register_day
                        and (school, day) in self._days_of_register
                        and pupil.school == school
                        and self._stay(pupil.key, day)
                        and (pupil.key, day, half) not in made
                        and (day, half) <= ends.get(school, (date.min, "AM"))
                    ):
                        yield {
                            **self._session(Mark(pupil.key, day, half, "")),
                            "code": None,
                            "academic_year": academic_year(day),
                            "kind": "not recorded",
                            "is_possible": False,
                            "is_absent": False,
                        }

    def pupil_this_week(self) -> Iterator[Row]:
        this_week = [
            row for row in self.pupil_session() if row["session_date"] >= monday(self.register_day)
        ]
        for pupil, rows in _grouped(this_week, lambda row: row["pupil_key"]).items():
            yield {
                **self._who(pupil),
                "possible_sessions": len([row for row in rows if row["is_possible"]]),
                "absent_sessions": len([row for row in rows if row["is_absent"]]),
                "late_sessions": len([row for row in rows if row["code"] == "L"]),
                "not_recorded_sessions": len([row for row in rows if row["code"] is None]),
            }

    # -- groups ------------------------------------------------------------------------

    def cohort_attendance(self) -> Iterator[Row]:
        years: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.pupil_attendance():
            for cohort in self._cohorts_today(row["pupil_key"]):
                years[cohort, row["academic_year"]].append(row)
        on_days: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for row in self.cohort_week_attendance():
            told = {f"on_day_{name}": row[name] for name in _ON_DAY}
            on_days[row["cohort"], row["academic_year"]].update(told)
        for (cohort, year), rows in years.items():
            sums = on_days[cohort, year]
            ready = [row for row in rows if not row["is_too_early"]]
            pooled = {name: sum(row[name] for row in rows) for name in _COUNTS}
            yield {
                "cohort": cohort,
                "academic_year": year,
                "children": len(rows),
                "too_early_children": len(rows) - len(ready),
                "persistent_children": len([r for r in ready if r["is_persistent_absentee"]]),
                **pooled,
                "absence_rate": _rate(pooled["absent_sessions"], pooled["possible_sessions"]),
                **{
                    f"on_day_{name}": None if "12 months" in cohort else sums[f"on_day_{name}"]
                    for name in _ON_DAY
                },
            }

    def cohort_week_attendance(self) -> Iterator[Row]:
        weeks: dict[tuple[str, date], list[Mark]] = defaultdict(list)
        for mark in self.marks:
            for cohort in self._cohorts(mark.pupil, mark.day):
                weeks[cohort, monday(mark.day)].append(mark)
        schools = {
            (row["school_key"], row["week_start"]): row for row in self.school_week_attendance()
        }
        for (cohort, week), marks in weeks.items():
            counts = _counts(marks)
            possible = Counter(
                self.pupils[m.pupil].school for m in marks if meaning(m.code, m.day).possible
            )
            whole = {school: schools.get((school, week)) for school in sorted(possible)}
            beside = [
                possible[school] * row["absent_sessions"] / row["possible_sessions"]
                for school, row in whole.items()
                if row and row["possible_sessions"]
            ]
            yield {
                "cohort": cohort,
                "week_start": week,
                "academic_year": academic_year(min(mark.day for mark in marks)),
                "children": len({m.pupil for m in marks if meaning(m.code, m.day).possible}),
                "possible_sessions": counts["possible_sessions"],
                "attended_sessions": counts["attended_sessions"],
                "absent_sessions": counts["absent_sessions"],
                "absence_rate": _rate(counts["absent_sessions"], counts["possible_sessions"]),
                "school_absence_rate": sum(beside) / counts["possible_sessions"]
                if beside and len(beside) == len(whole)
                else None,
            }

    def school_week_attendance(self) -> Iterator[Row]:
        for week in self._school_weeks():
            absent = week.authorised + week.unauthorised
            yield {
                "school_key": week.school,
                "week_start": week.monday,
                "academic_year": academic_year(week.monday + 4 * DAY),
                "possible_sessions": week.possible,
                "absent_sessions": absent,
                "absence_rate": _rate(absent, week.possible),
            }

    def school_attendance(self) -> Iterator[Row]:
        for (school, year), weeks in _grouped(
            self._school_weeks(), lambda week: (week.school, academic_year(week.monday + 4 * DAY))
        ).items():
            possible = sum(week.possible for week in weeks)
            absent = sum(week.authorised + week.unauthorised for week in weeks)
            yield {
                "school_key": school,
                "academic_year": year,
                "possible_sessions": possible,
                "absent_sessions": absent,
                "absence_rate": _rate(absent, possible),
            }

    # -- the rules beneath -------------------------------------------------------------

    def _who(self, key: int) -> Row:
        pupil = self.pupils[key]
        return {
            "school_key": pupil.school,
            "pupil_key": key,
            "pupil_id": pupil.pupil_id,
            "handle": pupil.handle,
        }

    def _session(self, mark: Mark) -> Row:
        where = {"session_date": mark.day, "half": mark.half, "code": mark.code}
        return {**self._who(mark.pupil), **where}

    def _stay(self, pupil: int, day: date) -> Stay | None:
        """The stay that holds, of overlapping ones the later."""
        found = [stay for stay in self.world.stays if stay.pupil == pupil and stay.holds(day)]
        return max(found, key=lambda stay: stay.first_day, default=None)

    def _episodes(self, pupil: int, status: str) -> list[Episode]:
        return [
            episode
            for episode in self.episodes
            if episode.pupil == pupil and episode.status == status and not episode.is_short_break
        ]

    def _statuses(self, pupil: int, day: date) -> set[str]:
        return {
            episode.status
            for episode in self.episodes
            if episode.pupil == pupil and not episode.is_short_break and episode.holds(day)
        }

    def _stretch(self, pupil: int, status: str) -> tuple[date, bool]:
        """The first day of the unbroken stretch that holds, and whether it is known.

        Walks back from the day asked for, a day at a time: the stretch begins on the
        day before which the status did not hold.
        """
        episodes = self._episodes(pupil, status)
        day = self.as_at
        while any(episode.holds(day - DAY) for episode in episodes):
            day -= DAY
        return day, any(episode.start == day for episode in episodes)

    def _since(self, pupil: int, status: str) -> date | None:
        first, is_known = self._stretch(pupil, status)
        return first if is_known else None

    def _cohorts(self, pupil: int, day: date) -> set[str]:
        """The groups in which a child's session of a day is pooled."""
        held = self._statuses(pupil, day)
        groups = held & {"looked after", "previously looked after"}
        if held & {"in need", "on a protection plan"} and "looked after" not in held:
            groups.add("has a social worker")
        return groups | {"all"} if held else set()

    def _cohorts_today(self, pupil: int) -> set[str]:
        if not self._stay(pupil, self.as_at):
            return set()
        groups = self._cohorts(pupil, self.as_at)
        since = self._since(pupil, "looked after") if "looked after" in groups else None
        is_a_year = since is not None and self._is_a_year_after(since)
        return groups | ({"looked after 12 months"} if is_a_year else set())

    def _is_a_year_after(self, since: date) -> bool:
        return months_after(since, self.world.rules.looked_after_months) <= self.as_at

    @cached_property
    def _taken_marks(self) -> list[Mark]:
        """The marks by the end of the data that a register was taken for: no planned closure."""
        return [
            mark
            for mark in self.on_roll_marks
            if mark.day <= self.world.data_until and meaning(mark.code, mark.day).kind != "closed"
        ]

    @cached_property
    def _days_of_register(self) -> set[tuple[int, date]]:
        """The school days on which most of the children who are there have a mark.

        A child whom the register never tells of is not there.
        """
        known = {mark.pupil for mark in self.on_roll_marks}
        marked: dict[tuple[int, date], set[int]] = defaultdict(set)
        for mark in self._taken_marks:
            marked[self.pupils[mark.pupil].school, mark.day].add(mark.pupil)
        days = set()
        for (school, day), children in marked.items():
            there = [
                pupil
                for pupil in known
                if self.pupils[pupil].school == school and self._stay(pupil, day)
            ]
            is_school_day = self.world.calendar.get((school, day)) == "school day"
            if is_school_day and 2 * len(children) >= len(there):
                days.add((school, day))
        return days

    def _register_day_of(self, school: int) -> date:
        """Up to which day a school's register goes: that asked for, or its last if it lags."""
        lasts: dict[int, date] = {}
        for where, day in self._days_of_register:
            if day <= self.register_day:
                lasts[where] = max(day, lasts.get(where, day))
        last = lasts.get(school)
        return last if last and last < max(lasts.values()) else self.register_day

    def _register_ends(self) -> dict[int, tuple[date, str]]:
        """By school, the last session in which a child on roll has a mark that was taken."""
        ends: dict[int, tuple[date, str]] = {}
        for mark in self._taken_marks:
            school = self.pupils[mark.pupil].school
            ends[school] = max(ends.get(school, (date.min, "AM")), (mark.day, mark.half))
        return ends

    def _school_weeks(self) -> list[SchoolWeek]:
        """Whole weeks by the day asked for; the newest too once the data is at its end."""
        is_end = self.as_at >= self.world.data_until
        return [
            week
            for week in self.world.weeks
            if week.monday <= self.register_day and (is_end or week.monday + 4 * DAY <= self.as_at)
        ]


_ON_DAY = ("possible_sessions", "absent_sessions")
_COUNTS = (
    "possible_sessions",
    "attended_sessions",
    "authorised_absent_sessions",
    "unauthorised_absent_sessions",
    "absent_sessions",
    "late_sessions",
)


def _counts(marks: Iterable[Mark]) -> dict[str, int]:
    means = [meaning(mark.code, mark.day) for mark in marks]
    return {name: sum(_part(each, name) for each in means) for name in _COUNTS}


def _part(means: Meaning, name: str) -> int:
    return int(getattr(means, name.removesuffix("_sessions").removesuffix("_absent")))


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _reaches(absent: int, possible: int, threshold: Fraction) -> bool | None:
    return Fraction(absent, possible) >= threshold if possible else None


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
