"""Who needs a look, actions and timelines, worked out a second time in plain Python.

Written from the header comments of the views and the school's own settings, not from the
SQL.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from tests.support.oracle.reference import HOME_WORDS, LEGAL_WORDS, Row, academic_year, monday
from tests.support.oracle.reference_report import ReportAnswers
from tests.support.oracle.world import Episode


class AllAnswers(ReportAnswers):
    """Every mart and check of a world as of a day."""

    def _first_of_last(self, school: int, days: int) -> date | None:
        """The first of the last school days up to the day asked for; None without any."""
        passed = [day for day in self._school_days[school] if day <= self.as_at]
        return passed[-days:][0] if days and passed else None

    def _groups_of(self, pupil: int) -> dict[str, list[tuple[date, date | None]]]:
        """Unbroken stretches [first, end) of each group, day sets being compared by period."""
        names = {"in need": "has a social worker", "on a protection plan": "has a social worker"}
        held: dict[str, list[Episode]] = {}
        for episode in self.world.episodes:
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
        moves = set()
        homes = sorted(self._episodes(pupil, "looked after"), key=lambda e: e.counts_from)
        for before, after in pairwise(homes):
            is_new_order_alone = (
                before.home == after.home and before.legal_status != after.legal_status
            )
            if before.end == after.counts_from and not is_new_order_alone:
                moves.add(after.counts_from)
        spells = [spell for found in self._groups_of(pupil).values() for spell in found]
        return {
            "suspended": {each.day for each in self.world.suspensions if each.pupil == pupil},
            "moved_home": moves,
            "care_changed": {day for spell in spells for day in spell if day},
        }

    def _figures(self, pupil: int) -> Iterator[tuple[str, int, int | None]]:
        school = self.pupils[pupil].school
        looks = self.world.rules.looks
        mine = [row for row in self.pupil_session() if row["pupil_key"] == pupil and row["code"]]
        passed = [day for day in self._school_days[school] if day <= self.as_at]
        lately = [
            row for row in mine if row["session_date"] in passed[-looks["missed_sessions"].window :]
        ]
        yield (
            "missed_sessions",
            len([row for row in lately if row["is_absent"]]),
            len([row for row in lately if row["is_possible"]]),
        )
        year = academic_year(self.as_at)
        yield (
            "no_reason_yet",
            len(
                [
                    row
                    for row in mine
                    if row["code"] == "N"
                    and row["session_date"] < self.as_at
                    and row["academic_year"] == year
                ]
            ),
            None,
        )
        weeks = sorted({monday(day) for day in passed})[-looks["same_weekday"].window :]
        by_weekday = []
        for weekday in range(7):
            days = [
                row
                for row in mine
                if row["session_date"].weekday() == weekday and monday(row["session_date"]) in weeks
            ]
            missed = len({row["session_date"] for row in days if row["is_absent"]})
            base = len({row["session_date"] for row in days if row["is_possible"]})
            by_weekday.append((missed, -base))
        yield "same_weekday", max(by_weekday)[0], -max(by_weekday)[1]
        for rule, changes in self._changes(pupil).items():
            first = self._first_of_last(school, looks[rule].window)
            if first:
                yield rule, len([day for day in changes if first <= day <= self.as_at]), None
        yield from self._crossed(pupil, [row for row in mine if row["academic_year"] == year])
        overdue = [
            row
            for row in self._duty_rows
            if row["pupil_key"] == pupil
            and row["status"] == "overdue"
            and row["rule"] != "REGISTER_N"
        ]
        yield "overdue_here", len(overdue), None

    @cached_property
    def _duty_rows(self) -> list[Row]:
        return list(self.duty())

    def _crossed(self, pupil: int, rows: list[Row]) -> Iterator[tuple[str, int, int | None]]:
        rules = self.world.rules
        window = rules.looks["became_persistent"].window
        first = self._first_of_last(self.pupils[pupil].school, window)
        earlier = [row for row in rows if first and row["session_date"] < first]
        weeks = {monday(row["session_date"]) for row in rows if row["is_possible"]}
        is_time = len(weeks) >= rules.weeks_before_rates
        share = rules.persistent_absence
        if is_time and _reaches(rows, share) and not _reaches(earlier, share):
            absent, possible = _missed(rows)
            yield "became_persistent", absent, possible

    def needs_a_look(self) -> Iterator[Row]:
        for member in self.cohort_member():
            pupil = member["pupil_key"]
            first = self._first_of_last(member["school_key"], self.world.rules.action_closes_days)
            for rule, figure, base in self._figures(pupil):
                window, least = self.world.rules.looks[rule]
                if figure < least:
                    continue
                closing = [
                    (action.day, action.number, action.kind)
                    for action in self.world.actions
                    if (action.pupil, action.rule) == (pupil, rule)
                    and first
                    and first <= action.day <= self.as_at
                    and action.figure is not None
                    and action.figure >= figure
                ]
                yield {
                    **self._who(pupil),
                    "year_group": member["year_group"],
                    "rule": rule,
                    "figure": figure,
                    "base": base,
                    "window_length": window,
                    "is_closed": bool(closing),
                    "closed_on": max(closing)[0] if closing else None,
                    "closed_by": max(closing)[2] if closing else None,
                }

    def last_action(self) -> Iterator[Row]:
        for pupil in self.world.pupils:
            logged = [
                (action.day, action.number, action.kind)
                for action in self.world.actions
                if action.pupil == pupil.key and action.day <= self.as_at
            ]
            if logged:
                day, number, kind = max(logged)
                line = f"line of {number}"
                yield {**self._who(pupil.key), "action_date": day, "kind": kind, "line": line}

    def pupil_period(self) -> Iterator[Row]:
        for pupil in self.world.pupils:
            lanes: list[tuple[str, str | None, date, date | None]] = []
            for episode in self._episodes(pupil.key, "looked after"):
                dates = (episode.counts_from, episode.end)
                lanes.append(("home", HOME_WORDS[episode.home], *dates))
                lanes.append(("legal status", LEGAL_WORDS[episode.legal_status], *dates))
            for name, spells in self._groups_of(pupil.key).items():
                lanes += [("group", name, *spell) for spell in spells]
            for lane, label, start, end in lanes:
                if label and start <= self.as_at:
                    yield {
                        **self._who(pupil.key),
                        "lane": lane,
                        "label": label,
                        "start_date": start,
                        "end_date": end if end and end <= self.as_at else None,
                    }


def _missed(rows: list[Row]) -> tuple[int, int]:
    absent = [row for row in rows if row["is_absent"]]
    return len(absent), len([row for row in rows if row["is_possible"]])


def _reaches(rows: list[Row], share: Fraction) -> bool:
    absent, possible = _missed(rows)
    return possible > 0 and Fraction(absent, possible) >= share
