"""Who needs attention, worked out a second time in plain Python.

Written from the header comments of the views and the school's own settings, not from the
SQL.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from tests.support.oracle.reference import Row, academic_year, monday, months_after
from tests.support.oracle.reference_sdq import SdqAnswers
from tests.support.oracle.world import Episode

#: A rule, its figure and its base.
Figure = tuple[str, int, int | None]

#: Rules that an action of late closes whatever the figure was.
UNTIL_AN_ACTION = (
    "high_absence",
    "tenth_again",
    "unauthorised_sessions",
    "part_time_timetable",
    "no_timetable",
    "waits_on_others",
)
#: Whose eyes a rule is for, where they are not those of attendance.
CATEGORIES = {
    **dict.fromkeys(("overdue_here", "waits_on_others", "follow_up"), "duty"),
    **dict.fromkeys(("moved_home", "care_changed"), "care"),
    "sdq_rise": "wellbeing",
    "concern_follow_up": "child_protection",
    "intervention_review": "learning",
}
#: By rule, a table of what is looked at again: its day, the day to look, and its end.
REVIEWS = {
    "concern_follow_up": ("raw_concern", "concern_date", "follow_up_date", "closed_date"),
    "intervention_review": ("raw_intervention", "intervention_date", "review_date", "end_date"),
    "timetable_review": ("raw_provision", "provision_date", "review_date", "end_date"),
}
ABOUT_DUTIES = ("overdue_here", "waits_on_others")


class AllAnswers(SdqAnswers):
    """Attendance, duties, SDQ, and the reasons to look."""

    def _first_of_last(self, school: int, days: int, until: date | None = None) -> date | None:
        """The first of the last school days up to a day, the one asked for; None without any."""
        passed = [day for day in self._school_days[school] if day <= (until or self.as_at)]
        return passed[-days:][0] if days and passed else None

    def _groups_of(self, pupil: int) -> dict[str, list[tuple[date, date | None]]]:
        """Unbroken stretches [first, end) of each group, day sets being compared by period."""
        names = {"in need": "has a social worker", "on a protection plan": "has a social worker"}
        held: dict[str, list[Episode]] = {}
        for episode in self.episodes:
            if episode.pupil == pupil and not episode.is_short_break:
                held.setdefault(names.get(episode.status, episode.status), []).append(episode)
        groups: dict[str, list[tuple[date, date | None]]] = {}
        for name, episodes in held.items():
            episodes.sort(key=lambda episode: episode.counts_from)
            spells: list[tuple[date, date]] = []
            for episode in episodes:
                end = episode.end or date.max
                if spells and episode.counts_from <= spells[-1][1]:
                    spells[-1] = (spells[-1][0], max(spells[-1][1], end))
                else:
                    spells.append((episode.counts_from, end))
            groups[name] = [(first, None if end == date.max else end) for first, end in spells]
        return groups

    def _changes(self, pupil: int) -> dict[str, set[date]]:
        spells = [spell for found in self._groups_of(pupil).values() for spell in found]
        mine = [each for each in self.world.suspensions if each.pupil == pupil]
        return {
            "suspended": {each.day for each in mine if each.category != "PERM"},
            "excluded": {each.day for each in mine if each.category == "PERM"},
            "moved_home": self._moves(pupil),
            "care_changed": {day for spell in spells for day in spell if day},
        }

    def _list_untaught(self, pupil: int) -> set[date]:
        """Days of exclusions after which no education is known."""
        return {
            row["started_on"]
            for row in self._duty_rows
            if (row["pupil_key"], row["rule"]) == (pupil, "EXCLUSION_AP") and not row["done_date"]
        }

    def _moves(self, pupil: int) -> set[date]:
        """Days on which a child in care came to another home."""
        homes = sorted(self._episodes(pupil, "looked after"), key=lambda each: each.counts_from)
        return {
            after.counts_from
            for before, after in pairwise(homes)
            if before.end == after.counts_from
            and (before.home != after.home or before.legal_status == after.legal_status)
        }

    def _goes_on(self, table: str, end: date | None) -> bool:
        """Whether it is not over: provision has a last day, all else a day on which it ended."""
        if end is None:
            return True
        return end >= self.as_at if table == "raw_provision" else end > self.as_at

    def _figures(self, pupil: int) -> Iterator[Figure]:
        """Every rule's figure and base; a rule that does not hold has no figure, or 0."""
        looks = self.world.rules.looks
        mine, year = self._marks_of(pupil), self._marks_of(pupil, self.register_day)
        yield from self._missed_lately(mine, pupil)
        yield "no_reason_yet", len(self._unexplained(pupil, year)), None
        yield from self._same_weekday(mine, pupil)
        for rule, changes in self._changes(pupil).items():
            first = self._first_of_last(self.pupils[pupil].school, looks[rule].window)
            if first:
                untaught = self._list_untaught(pupil) if rule == "excluded" else set[date]()
                days = {day for day in changes if first <= day} | (changes & untaught)
                yield rule, len([day for day in days if day <= self.as_at]), None
        yield from self._crossed(pupil, year)
        yield from self._lasting(pupil, mine, year)
        yield from self._late(mine, pupil)
        of_weeks = self._of_weeks(mine, pupil, "unauthorised_sessions")
        unauthorised = [row for row in of_weeks if row["code"] in ("G", "N", "O", "U")]
        yield "unauthorised_sessions", len(unauthorised), None
        part_time = {
            monday(row["session_date"])
            for row in self._of_weeks(mine, pupil, "part_time_timetable")
            if row["code"] == "C2"
        }
        yield "part_time_timetable", len(part_time), None
        yield "no_timetable", self._without_timetable(mine, pupil), None
        yield "follow_up", len(self._follow_ups(pupil)), None
        rise, before, _ = self._rise(pupil)
        yield "sdq_rise", rise, before
        for rule in ("overdue_here", "waits_on_others"):
            yield rule, len(self._duties_of(pupil, rule)), None
        yield from self._past_reviews(pupil)

    def _without_timetable(self, mine: list[Row], pupil: int) -> int:
        """C2 on days of no timetable, in a school that has any row of the kind."""
        rows = self.world.plain.get("raw_provision", [])
        here = {row["pupil_key"] for row in rows}
        school = self.pupils[pupil].school
        if not any(self.pupils[key].school == school for key in here):
            return 0
        own = [
            (row["provision_date"], row["end_date"] or date.max)
            for row in rows
            if row["pupil_key"] == pupil and row["kind"] == "part-time timetable"
        ]
        return sum(
            row["code"] == "C2" and not any(a <= row["session_date"] <= b for a, b in own)
            for row in self._of_weeks(mine, pupil, "no_timetable")
        )

    def _marks_of(self, pupil: int, in_year_of: date | None = None) -> list[Row]:
        """The child's sessions with a mark, in order: all, or those of a day's school year."""
        mine = [row for row in self._session_rows if row["pupil_key"] == pupil and row["code"]]
        mine.sort(key=lambda row: (row["session_date"], row["half"]))
        year = academic_year(in_year_of) if in_year_of else None
        return [row for row in mine if year in (None, row["academic_year"])]

    def _follow_ups(self, pupil: int) -> set[date]:
        """Days to look again that have come, and on or after which nobody did."""
        mine = [each for each in self.world.list_standing() if each.pupil == pupil]
        last = max((each.day for each in mine if each.day <= self.as_at), default=date.min)
        agreed = {each.follow_up for each in mine if each.follow_up and each.day <= self.as_at}
        return {day for day in agreed if last < day <= self.as_at}

    def _passed(self, pupil: int) -> list[date]:
        school = self.pupils[pupil].school
        last = self._register_day_of(school)
        return [day for day in self._school_days[school] if day <= last]

    def _of_days(self, mine: list[Row], pupil: int, rule: str) -> list[Row]:
        """The sessions of the last school days of a rule."""
        days = self._passed(pupil)[-self.world.rules.looks[rule].window :]
        return [row for row in mine if row["session_date"] in days]

    def _of_weeks(self, mine: list[Row], pupil: int, rule: str) -> list[Row]:
        """The sessions on school days of the last school weeks of a rule."""
        passed = self._passed(pupil)
        weeks = sorted({monday(day) for day in passed})[-self.world.rules.looks[rule].window :]
        return [
            row
            for row in mine
            if row["session_date"] in passed and monday(row["session_date"]) in weeks
        ]

    def _missed_lately(self, mine: list[Row], pupil: int) -> Iterator[Figure]:
        for rule in ("missed_sessions", "unbroken_illness"):
            lately = self._of_days(mine, pupil, rule)
            places = [place for place, row in enumerate(lately) if row["is_absent"]]
            is_one = bool(places) and all(lately[place]["code"] == "I" for place in places)
            for row in lately[places[0] : places[-1]] if places else ():
                is_one = is_one and (row["is_absent"] or not row["is_possible"])
            if is_one == (rule == "unbroken_illness"):
                yield rule, len(places), len([row for row in lately if row["is_possible"]])

    def _unexplained(self, pupil: int, year: list[Row]) -> list[date]:
        """The day of each session; none while every reason may still be found."""
        overdue = {
            row["started_on"]
            for row in self._duty_rows
            if (row["pupil_key"], row["rule"], row["status"]) == (pupil, "REGISTER_N", "overdue")
        }
        found = [row["session_date"] for row in year if row["code"] == "N"]
        return found if overdue & set(found) else []

    def _missed_weekday(self, pupil: int) -> int:
        """The weekday of the reason, Monday being 1."""
        lately = self._of_weeks(self._marks_of(pupil), pupil, "same_weekday")
        days = {row["session_date"] for row in lately if row["is_absent"]}
        return max(
            range(1, 8), key=lambda number: len([d for d in days if d.isoweekday() == number])
        )

    def _same_weekday(self, mine: list[Row], pupil: int) -> Iterator[Figure]:
        passed = self._passed(pupil)
        window = self.world.rules.looks["same_weekday"].window
        weeks = sorted({monday(day) for day in passed})[-window:]
        lately = [row for row in mine if monday(row["session_date"]) in weeks]
        missed = {row["session_date"] for row in lately if row["is_absent"]}
        if any(row["code"] == "C2" for row in lately):
            return
        for weekday in range(7):
            figure = len([day for day in missed if day.weekday() == weekday])
            if figure > len(missed) - figure:
                could = {row["session_date"] for row in lately if row["is_possible"]}
                yield "same_weekday", figure, len([d for d in could if d.weekday() == weekday])

    def _lasting(self, pupil: int, mine: list[Row], year: list[Row]) -> Iterator[Figure]:
        rules = self.world.rules
        weeks = {monday(row["session_date"]) for row in year if row["is_possible"]}
        if len(weeks) >= rules.weeks_before_rates and _reaches(year, rules.high_absence):
            yield "high_absence", *_missed(year)
        since = int(academic_year(self.register_day)[:4]) - 1
        persistent = []
        for year_of, _, first, last in sorted(
            self._terms(self.pupils[pupil].school), key=lambda term: term[2]
        ):
            rows = [row for row in mine if first <= row["session_date"] <= last]
            if int(year_of[:4]) >= since and _missed(rows)[1]:
                persistent.append(_reaches(rows, rules.persistent_absence))
        if persistent and persistent[-1]:
            yield "tenth_again", sum(persistent), None

    def _late(self, mine: list[Row], pupil: int) -> Iterator[Figure]:
        lately = self._of_days(mine, pupil, "late_mornings")
        came = [
            row
            for row in lately
            if row["half"] == "AM"
            and row["is_possible"]
            and (not row["is_absent"] or row["code"] == "U")
        ]
        late = [row for row in came if row["code"] in ("L", "U")]
        if len(late) * self.world.rules.late_one_in >= len(came):
            yield "late_mornings", len(late), len(came)

    def _rise(self, pupil: int) -> tuple[int, int | None, str | None]:
        """The largest rise that chance does not explain, the score before it, and whose it is."""
        window = self.world.rules.looks["sdq_rise"].window
        since = self._first_of_last(self.pupils[pupil].school, window)
        rises: list[tuple[int, int, date, str | None, int | None]] = [(0, 0, date.min, None, None)]
        for informant, upper in (("carer", 17), ("teacher", 16), ("self", 20)):
            least = getattr(self.world.rules, f"sdq_chance_{informant}")
            forms = sorted(
                (sdq.day, sdq.total)
                for sdq in self.world.sdqs
                if (sdq.pupil, sdq.informant) == (pupil, informant)
                and sdq.total is not None
                and sdq.day <= self.as_at
            )
            for (_, before), (day, after) in pairwise(forms):
                is_new = since and day >= since and before < upper <= after
                if is_new and after - before >= least:
                    order = -("carer", "teacher", "self").index(informant)
                    rises.append((after - before, order, day, informant, before))
        rise, _, _, whose, earlier = max(rises, key=lambda each: each[:3])
        return rise, earlier, whose

    def _duties_of(self, pupil: int, rule: str) -> list[str]:
        """The rules of the duties that a reason is about, one for each duty."""
        months = self.world.rules.looks["waits_on_others"].window
        found = []
        for row in self._duty_rows:
            if row["pupil_key"] != pupil or row["rule"] == "REGISTER_N":
                continue
            if rule == "overdue_here":
                is_meant = row["status"] == "overdue"
            else:
                is_meant = (
                    row["status"] == "waiting on others"
                    and months_after(row["due_date"], months) < self.as_at
                )
            if is_meant:
                found.append(row["rule"])
        return found

    @cached_property
    def _session_rows(self) -> list[Row]:
        return list(self.pupil_session())

    @cached_property
    def _duty_rows(self) -> list[Row]:
        return list(self.duty())

    def _past_reviews(self, pupil: int) -> Iterator[Figure]:
        for rule, (table, begun, look_again, ended) in REVIEWS.items():
            rows = [
                row
                for row in self.world.plain.get(table, [])
                if row["pupil_key"] == pupil
                and row[begun] <= self.as_at
                and self._goes_on(table, row[ended])
                and row[look_again] is not None
                and row[look_again] < self.as_at
            ]
            yield rule, len(rows), None

    def _crossed(self, pupil: int, rows: list[Row]) -> Iterator[Figure]:
        rules = self.world.rules
        window = rules.looks["became_persistent"].window
        school = self.pupils[pupil].school
        first = self._first_of_last(school, window, self._register_day_of(school))
        earlier = [row for row in rows if first and row["session_date"] < first]
        weeks = {monday(row["session_date"]) for row in rows if row["is_possible"]}
        is_time = len(weeks) >= rules.weeks_before_rates
        share = rules.persistent_absence
        if is_time and _reaches(rows, share) and not _reaches(earlier, share):
            absent, possible = _missed(rows)
            yield "became_persistent", absent, possible

    def needs_a_look(self) -> Iterator[Row]:
        return (row for row in self.every_look() if row["category"] != "child_protection")

    def every_look(self) -> Iterator[Row]:
        days_kept = self.world.rules.action_closes_days
        for pupil, year_group in self._members():
            first = self._first_of_last(self.pupils[pupil].school, days_kept)
            for rule, figure, base in self._figures(pupil):
                if figure < self.world.rules.looks[rule].least:
                    continue
                changes = {**self._changes(pupil), "follow_up": self._follow_ups(pupil)}
                days = [day for day in changes.get(rule, ()) if day <= self.as_at]
                closing = [
                    action
                    for action in self.world.list_standing()
                    if (action.pupil, action.rule) == (pupil, rule)
                    and first
                    and max([first, *days]) <= action.day <= self.as_at
                    and action.figure is not None
                    and (action.figure >= figure or rule in UNTIL_AN_ACTION)
                ]
                duties = self._duties_of(pupil, rule) if rule in ABOUT_DUTIES else []
                year = self._marks_of(pupil, self.register_day)
                yield {
                    **self._who(pupil),
                    "year_group": year_group,
                    "rule": rule,
                    "figure": figure,
                    "base": base,
                    "duties": " ".join(sorted(set(duties))) or None,
                    "weekday": self._missed_weekday(pupil) if rule == "same_weekday" else None,
                    "changed_on": max(days, default=None),
                    "days": len(set(self._unexplained(pupil, year)))
                    if rule == "no_reason_yet"
                    else None,
                    "informant": self._rise(pupil)[2] if rule == "sdq_rise" else None,
                    "is_closed": bool(closing),
                    "category": CATEGORIES.get(rule, "attendance"),
                }


def _missed(rows: list[Row]) -> tuple[int, int]:
    absent = [row for row in rows if row["is_absent"]]
    return len(absent), len([row for row in rows if row["is_possible"]])


def _reaches(rows: list[Row], share: Fraction) -> bool:
    absent, possible = _missed(rows)
    return possible > 0 and Fraction(absent, possible) >= share
