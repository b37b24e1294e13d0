"""Calendars and duties, worked out a second time in plain Python.

Written from the header comments of the views, the deadlines of the Department for
Education and a calendar of its own, not from the SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import chain, pairwise

import holidays

from tests.support.oracle.reference import DAY, Answers, Row, academic_year, meaning, months_after
from tests.support.oracle.world import Check

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2041))

#: Rule: amount, unit, who holds it, whether a public text confirmed it.
RULES: dict[str, tuple[int, str, str, bool]] = {
    "PEP_COMPLETE": (20, "working days", "school and social worker", True),
    "PEP_JOINED": (20, "school days", "school and social worker", False),
    "PEP_REVIEW": (1, "terms", "school and social worker", True),
    "IHA": (20, "working days", "health", True),
    "RHA_U5": (6, "months", "health", True),
    "RHA_5PLUS": (12, "months", "health", True),
    "DENTAL_YEARLY": (12, "months", "social worker", False),
    "IMMUNISATIONS_YEARLY": (12, "months", "health", False),
    "OPTICIAN_YEARLY": (12, "months", "social worker", False),
    "SDQ_YEARLY": (12, "months", "social worker", True),
    "EHC_DECIDE_ASSESS": (6, "weeks", "authority", True),
    "EHC_ADVICE": (6, "weeks", "school", True),
    "EHC_REFUSE_PLAN": (16, "weeks", "authority", True),
    "EHC_FINAL": (20, "weeks", "authority", True),
    "EHC_AR_MEETING": (12, "months", "school", True),
    "EHC_AR_YEAR": (12, "months", "authority", True),
    "EHC_AR_REPORT": (2, "weeks", "school", True),
    "EHC_AR_DECISION": (4, "weeks", "authority", True),
    "EHC_AR_FINAL": (8, "weeks", "authority", True),
    "EHC_MOVE_TOLD": (6, "weeks", "authority", True),
    "EHC_PHASE_TRANSFER": (1, "15 February", "authority", True),
    "REGISTER_N": (5, "school days", "school", True),
    "SUSPENSION_NOTIFY": (1, "school days", "school", False),
    "SUSPENSION_AP": (5, "school days", "school", True),
    "EXCLUSION_AP": (5, "school days", "authority", True),
    "REFERRAL_DECISION": (1, "working days", "authority", True),
    "CF_ASSESSMENT": (45, "working days", "authority", True),
    "ICPC": (15, "working days", "authority", True),
    "CORE_GROUP_1": (10, "working days", "social worker", False),
    "RCPC_1": (3, "months", "authority", True),
    "RCPC_N": (6, "months", "authority", True),
    "RETURN_INTERVIEW": (3, "calendar days", "authority", True),
    "ADOPTION_REVIEW_1": (4, "weeks", "authority", True),
    "ADOPTION_REVIEW_2": (3, "months", "authority", True),
    "LAC_REVIEW_1": (20, "working days", "authority", True),
    "LAC_REVIEW_2": (3, "months", "authority", True),
    "LAC_REVIEW_N": (6, "months", "authority", True),
}
#: Rule: what starts it, what does it, what else shows that it was passed.
_STEP_RULES: dict[str, tuple[str, set[str], set[str]]] = {
    "REFERRAL_DECISION": (
        "referral",
        {"referral accepted", "no further action"},
        {"assessment completed", "strategy discussion", "case closed"},
    ),
    "CF_ASSESSMENT": (
        "referral",
        {"assessment completed"},
        {"no further action", "plan begun", "case closed"},
    ),
    "ICPC": ("enquiry", {"initial conference"}, {"conference not needed", "case closed"}),
    "CORE_GROUP_1": ("plan begun", {"core group"}, {"plan ended"}),
    "RCPC_1": ("plan begun", {"review conference"}, {"plan ended"}),
    "RCPC_N": ("review conference", {"review conference"}, {"plan ended"}),
    "LAC_REVIEW_1": ("care began", {"first review", "review after placement"}, set()),
    "ADOPTION_REVIEW_1": ("placed for adoption", {"review after placement"}, set()),
    "ADOPTION_REVIEW_2": ("review after placement", {"review of care"}, {"placed for adoption"}),
    "LAC_REVIEW_2": ("first review", {"review of care"}, {"placed for adoption"}),
    "LAC_REVIEW_N": ("review of care", {"review of care"}, {"placed for adoption"}),
}
#: Those that a child in care has: what they begin with.
_OF_CARE = ("PEP", "IHA", "RHA", "DENTAL", "IMMUNISATIONS", "OPTICIAN", "SDQ", "LAC", "ADOPTION")
#: Kind of check that is owed each year: its rule.
_YEARLY = {
    "dental check": "DENTAL_YEARLY",
    "immunisations": "IMMUNISATIONS_YEARLY",
    "optician": "OPTICIAN_YEARLY",
}
#: Whose eyes a duty is for, by how its rule begins.
_CATEGORIES = {
    "PEP": "duty",
    "IHA": "health",
    "RHA": "health",
    "DENTAL": "health",
    "IMMUNISATIONS": "health",
    "OPTICIAN": "health",
    "SDQ": "wellbeing",
    "EHC": "plans",
    **dict.fromkeys(("REFERRAL", "CF", "ICPC", "CORE", "RCPC", "RETURN"), "child_protection"),
    "LAC": "care",
    "ADOPTION": "plans",
    "REGISTER": "attendance",
    "SUSPENSION": "attendance",
    "EXCLUSION": "attendance",
}
SOON = 20
CEASING = {"decided to cease", "ceased"}
_ISSUE = {"draft issued", "plan issued", "refused to issue"}
#: Rule: what starts it, what does it, what else shows that it was passed.
_PLAN_RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "EHC_DECIDE_ASSESS": (
        {"requested"},
        {"agreed to assess", "refused to assess"},
        {"advice asked", "advice given"} | _ISSUE,
    ),
    "EHC_ADVICE": ({"advice asked"}, {"advice given"}, {"refused to assess"} | _ISSUE),
    "EHC_REFUSE_PLAN": ({"requested"}, _ISSUE, {"refused to assess"}),
    "EHC_FINAL": ({"requested"}, {"plan issued", "refused to issue"}, {"refused to assess"}),
    "EHC_AR_MEETING": (
        {"plan issued", "decided to keep", "decided to amend"},
        {"review meeting"},
        set(),
    ),
    "EHC_AR_YEAR": (
        {"plan issued", "decided to keep", "decided to amend"},
        {"decided to keep", "decided to amend", "decided to cease"},
        set(),
    ),
    "EHC_AR_REPORT": (
        {"review meeting"},
        {"report sent"},
        {"decided to keep", "decided to amend", "amended plan issued"},
    ),
    "EHC_AR_DECISION": (
        {"review meeting"},
        {"decided to keep", "decided to amend", "decided to cease"},
        {"amended plan issued"},
    ),
    "EHC_AR_FINAL": ({"decided to amend"}, {"amended plan issued"}, set()),
    "EHC_MOVE_TOLD": ({"plan moved"}, {"move told"}, {"review meeting"}),
}


@cache
def working_day_after(day: date, days: int) -> date:
    """Steps on a day at a time; weekends and bank holidays do not count."""
    while days:
        day += DAY
        days -= day.weekday() < 5 and day not in BANK_HOLIDAYS
    return day


def _time_from(day: date, months: int) -> date:
    """The last day of so many months that begin with a day."""
    return max(months_after(day - DAY, months), months_after(day, months) - DAY)


def newest(items: list[date]) -> date | None:
    """The last of some days, None of none."""
    return max(items, default=None)


@dataclass(frozen=True)
class Duty:
    """A duty before its status."""

    rule: str
    started: date
    due: date | None
    done: date | None
    missing: str | None = None
    is_unheard_of: bool = False
    is_missed: bool = False
    ends_before: date = date.max
    is_excused: bool = False
    is_in_doubt: bool = False


class DutyAnswers(Answers):
    """The duties of a world as of a day."""

    # -- calendars ---------------------------------------------------------------------

    @cached_property
    def _school_days(self) -> dict[int, list[date]]:
        days: dict[int, list[date]] = {pupil.school: [] for pupil in self.world.pupils}
        for (school, day), kind in sorted(self.world.calendar.items()):
            if kind == "school day":
                days.setdefault(school, []).append(day)
        return days

    def _school_day_after(self, school: int, day: date, days: int) -> date | None:
        later = [other for other in self._school_days[school] if other > day]
        return later[days - 1] if len(later) >= days else None

    def _terms(self, school: int) -> list[tuple[str, str, date, date]]:
        """Academic year, name, first and last day of each term."""
        days = self._school_days[school]
        breaks: dict[str, tuple[int, date]] = {}
        for day, following in pairwise(days):
            gap = (following - day).days
            if (3, 15) <= (day.month, day.day) <= (4, 20) and gap > 7:
                year = academic_year(day)
                breaks[year] = max(breaks.get(year, (0, day)), (gap, day))
        terms: dict[tuple[str, str], list[date]] = {}
        for day in days:
            year = academic_year(day)
            end = breaks[year][1] if year in breaks else date(day.year, 4, 20)
            name = "autumn" if day.month >= 8 else "spring" if day <= end else "summer"
            terms.setdefault((year, name), []).append(day)
        return [(year, name, min(held), max(held)) for (year, name), held in terms.items()]

    def _due(self, school: int, started: date, rule: str, moved: date | None = None) -> date | None:
        amount, unit, *_ = RULES[rule]
        if unit == "working days":
            return working_day_after(started, amount)
        if unit == "school days":
            return self._school_day_after(school, started, amount)
        if unit in ("calendar days", "weeks"):
            return started + amount * (7 if unit == "weeks" else 1) * DAY
        if rule in ("EHC_AR_MEETING", "EHC_AR_YEAR"):
            ends = max(_time_from(started, amount), _time_from(moved, 3) if moved else started)
            return ends - 28 * DAY if rule == "EHC_AR_MEETING" else ends
        if unit == "months":
            return months_after(started, amount)
        assert unit == "15 February"
        return date(int(academic_year(started)[:4]) + 1, 2, 15)

    # -- duties ------------------------------------------------------------------------

    def _care(self, pupil: int) -> tuple[date, bool, date] | None:
        """First day of care, whether it is known, and entry to the school."""
        stay = self._stay(pupil, self.as_at)
        if stay is None or "looked after" not in self._statuses(pupil, self.as_at):
            return None
        first, is_known = self._stretch(pupil, "looked after")
        return first, is_known, stay.first_day

    def _is_in_doubt(self, pupil: int) -> bool:
        """Whether care goes on by one record and has ended since it began by another."""
        in_care, before = "looked after", "previously looked after"
        if not {in_care, before} <= set(self._statuses(pupil, self.as_at)):
            return False
        return self._stretch(pupil, before)[0] > self._stretch(pupil, in_care)[0]

    def _pep_duties(self, pupil: int) -> Iterator[Duty]:
        care = self._care(pupil)
        if care is None:
            return
        begun, is_known, entry = care
        school = self.pupils[pupil].school
        heard = self._heard_of_peps(school)
        is_unheard = heard == date.min
        due = working_day_after(begun, 20) if is_known else None
        if due is None or (due >= entry and due >= heard):
            missing = None if is_known else "the day on which care began"
            done = self._first_pep(pupil, begun)
            yield Duty("PEP_COMPLETE", begun, due, done, missing, is_unheard)
        days = [day for at, day in self.world.calendar if at == school]
        has_joined = begun < entry and entry >= min(days, default=date.max)
        joined_by = self._school_day_after(school, entry, 20) if has_joined else None
        if has_joined and (joined_by or heard) >= heard and (due is None or due < entry):
            missing = None if joined_by else "the days of the calendar that follow"
            done = self._first_pep(pupil, entry)
            yield Duty("PEP_JOINED", entry, joined_by, done, missing, is_unheard)
        reviews = [
            each
            for each in self._pep_reviews(pupil, begun, entry, joined_by)
            if each.due and each.due >= heard
        ]
        for each in reviews[-1:] if is_unheard else reviews:
            yield replace(each, is_unheard_of=is_unheard)

    def _heard_of_peps(self, school: int) -> date:
        """Since when a school's records tell of meetings; the first of days where none does."""
        records = [
            m.day
            for m in self.world.meetings
            if self.pupils[m.pupil].school == school and m.day <= self.as_at
        ]
        if not records:
            return date.min
        return min(*records, date(int(academic_year(min(records))[:4]), 9, 1))

    def _first_pep(self, pupil: int, since: date, before: date = date.max) -> date | None:
        """When a child's first meeting since a day was held, if before another."""
        meetings = sorted(
            (m.day, m.outcome == "held")
            for m in self.world.meetings
            if m.pupil == pupil
            and m.day >= since
            and (m.day <= self.as_at if m.outcome == "held" else m.day >= self.as_at)
        )
        day, is_held = meetings[0] if meetings else (date.max, False)
        return day if is_held and day < before else None

    def _pep_reviews(
        self, pupil: int, begun: date, entry: date, joined_by: date | None
    ) -> Iterator[Duty]:
        every = sorted(self._terms(self.pupils[pupil].school), key=lambda term: term[2])
        for number, (_, _, first_day, last_day) in enumerate(every):
            following = every[number + 1][2] if number + 1 < len(every) else date.max
            is_there = entry <= first_day or (
                entry <= last_day and joined_by is not None and joined_by <= last_day
            )
            if begun < first_day <= self.as_at and is_there:
                start = max(first_day, entry)
                done = self._first_pep(pupil, start, following)
                is_missed = following <= self.as_at
                yield Duty(
                    "PEP_REVIEW", start, last_day, done, is_missed=is_missed, ends_before=following
                )

    def _records(self, pupil: int, kind: str) -> list[tuple[date, bool, date | None, str]]:
        """Day, whether done, next due and rule of every record of a kind of check."""
        if kind == "SDQ by the carer":
            return sorted(
                (sdq.day, sdq.total is not None, None, "SDQ_YEARLY")
                for sdq in self.world.sdqs
                if sdq.pupil == pupil and sdq.informant == "carer" and sdq.day <= self.as_at
            )
        if kind in _YEARLY:
            return sorted(
                (check.day, check.outcome == "done", check.next_due, _YEARLY[kind])
                for check in self._told(pupil)
                if check.kind == kind
            )
        by_day: dict[date, list[Check]] = {}
        for check in self._told(pupil):
            if check.kind in ("initial assessment", "review assessment"):
                by_day.setdefault(check.day, []).append(check)
        records = []
        for day, checks in sorted(by_day.items()):
            done = sorted(
                (check for check in checks if check.outcome == "done"), key=lambda check: check.kind
            )
            given = [check.next_due for check in done if check.next_due]
            rule = "RHA_U5" if done and done[-1].band == "under 5" else "RHA_5PLUS"
            records.append((day, bool(done), newest(given), rule))
        return records

    def _told(self, pupil: int) -> list[Check]:
        return [
            check
            for check in self.world.checks
            if check.pupil == pupil and check.outcome != "booked" and check.day <= self.as_at
        ]

    def _check_up_duties(self, pupil: int) -> Iterator[Duty]:
        care, school = self._care(pupil), self.pupils[pupil].school
        if care is None:
            return
        begun, is_known, entry = care
        knows_of_health = any(
            self._records(other.key, "health assessment")
            for other in self.world.pupils
            if other.school == school
        )
        for kind, first_rule in (
            ("health assessment", "IHA"),
            *_YEARLY.items(),
            ("SDQ by the carer", "SDQ_YEARLY"),
        ):
            records = [record for record in self._records(pupil, kind) if record[0] >= begun]
            # a record of an SDQ without a score is a reason why there is none
            done = [record for record in records if record[1] or kind == "SDQ by the carer"]
            for number, (day, _, given, rule) in enumerate(done):
                due = given or self._due(school, day, rule)
                duty = Duty(rule, day, due, None)
                for following, is_scored, *_ in done[number + 1 : number + 2]:
                    duty = replace(duty, done=following, is_excused=not is_scored)
                yield _end_when_found_undone(duty, records)
            if done and first_rule != "IHA":
                continue
            if not records and kind in ("immunisations", "optician"):
                continue
            is_expected = first_rule == "IHA" and entry <= begun and knows_of_health
            first = Duty(
                first_rule,
                begun,
                self._due(school, begun, first_rule) if is_known else None,
                done[0][0] if done else None,
                None if is_known else "the day on which care began",
                not is_expected and not records,
            )
            yield _end_when_found_undone(first, records)

    def _steps(self, pupil: int) -> list[tuple[date, str]]:
        if self._stay(pupil, self.as_at) is None:
            return []
        return sorted(
            (step.day, step.event)
            for step in self.world.steps
            if step.pupil == pupil and step.event != "review booked" and step.day <= self.as_at
        )

    def _plan_duties(self, pupil: int) -> Iterator[Duty]:
        steps, school = self._steps(pupil), self.pupils[pupil].school
        for rule, (starting, doing, passing) in _PLAN_RULES.items():
            starts = sorted({day for day, event in steps if event in starting})
            for number, start in enumerate(starts):
                following = starts[number + 1] if number + 1 < len(starts) else date.max
                done = [
                    day
                    for day, event in steps
                    if event in doing
                    and (
                        start < day <= following
                        if rule in ("EHC_AR_MEETING", "EHC_AR_YEAR")
                        else start <= day < following
                    )
                ]
                since = {event for day, event in steps if day >= start}
                ends = passing | (CEASING - doing)
                is_open = following == date.max and not since & ends
                is_delayed = starting <= {"requested", "advice asked"} and any(
                    event == "lawful delay" and start <= day < following for day, event in steps
                )
                is_delayed |= rule in ("EHC_ADVICE", "EHC_REFUSE_PLAN", "EHC_FINAL") and any(
                    event == "advice asked"
                    and start <= day < following
                    and self._is_near_closure(school, day)
                    for day, event in steps
                )
                if done or is_open:
                    until = min([*done, following])
                    moved = [
                        day
                        for day, event in steps
                        if event == "plan moved" and start < day <= until
                    ]
                    due = None if is_delayed else self._due(school, start, rule, newest(moved))
                    missing = "the deadline after a lawful delay" if is_delayed else None
                    yield Duty(rule, start, due, min(done, default=None), missing)
        yield from self._transfer(pupil, steps)

    def _is_near_closure(self, school: int, day: date) -> bool:
        """Whether advice asked for then has no last day, as the school is closed for long."""
        week = 7 * DAY
        day += self.world.rules.before_closure_weeks * week
        return any(
            int(academic_year(opens)[:4]) <= int(academic_year(closes + DAY)[:4]) + 1
            and opens - closes - DAY >= self.world.rules.long_closure_weeks * week
            and closes < day <= opens
            for closes, opens in pairwise(self._school_days[school])
        )

    def _transfer(self, pupil: int, steps: list[tuple[date, str]]) -> Iterator[Duty]:
        stay = self._stay(pupil, self.as_at)
        if stay is None:
            return
        year = int(academic_year(self.as_at)[:4])
        start, due = date(year, 9, 1), date(year + 1, 2, 15)
        issued = [day for day, event in steps if event == "plan issued"]
        ended = [day for day, event in steps if event in CEASING and day < start]
        if self._year_group(stay) != self.world.rules.transfer_year_group or start > self.as_at:
            return
        if not issued or min(issued) > due:
            return
        if ended and max(issued) <= max(ended):
            return
        done = [
            day
            for day, event in steps
            if event in ("plan issued", "amended plan issued") and day >= start
        ]
        if done or not any(event in CEASING and day >= start for day, event in steps):
            yield Duty("EHC_PHASE_TRANSFER", start, due, min(done, default=None))

    def _register_duties(self, pupil: int) -> Iterator[Duty]:
        if self._stay(pupil, self.as_at) is None:
            return
        for day in sorted({m.day for m in self.marks if m.pupil == pupil and m.code == "N"}):
            due = self._school_day_after(self.pupils[pupil].school, day, 5)
            missing = None if due else "the days of the calendar that follow"
            yield Duty("REGISTER_N", day, due, None, missing)

    def _suspension_duties(self, pupil: int) -> Iterator[Duty]:
        if self._stay(pupil, self.as_at) is None:
            return
        school = self.pupils[pupil].school
        first = date(int(academic_year(self.as_at)[:4]), 8, 1)
        told = sorted(
            (action.day, action.pupil)
            for action in self.world.list_standing()
            if action.kind == "told of a suspension"
            and self.pupils[action.pupil].school == school
            and action.day <= self.as_at
        )
        groups = {"looked after", "in need", "on a protection plan"}
        for each in self.world.suspensions:
            if each.pupil != pupil or not first <= each.day <= self.as_at:
                continue
            if each.category == "LNCH":
                continue
            if groups & set(self._statuses(pupil, self.as_at)):
                done = next((day for day, who in told if who == pupil and day >= each.day), None)
                due = self._due(school, each.day, "SUSPENSION_NOTIFY")
                missing = None if due else "the days of the calendar that follow"
                yield Duty("SUSPENSION_NOTIFY", each.day, due, done, missing, not told)
        yield from self._provisions(pupil, first)

    def _provisions(self, pupil: int, first_day: date) -> Iterator[Duty]:
        """From day 6 of suspensions without a school day between them, or of an exclusion."""
        school = self.pupils[pupil].school
        spells: list[tuple[str, date, date | None]] = []
        suspensions = [
            each
            for each in self.world.suspensions
            if each.pupil == pupil and first_day <= each.day <= self.as_at
        ]
        for each in sorted(suspensions, key=lambda each: each.day):
            last = self._school_day_after(school, each.day - DAY, (each.sessions + 1) // 2)
            if each.category == "PERM":
                spells.append(("EXCLUSION_AP", each.day, date.max))
            elif each.category == "SUSP":
                ends = [end for rule, _, end in spells if rule == "SUSPENSION_AP" and end]
                reached = self._school_day_after(school, max(ends), 1) if ends else None
                if reached and each.day <= reached:
                    at = max(n for n, spell in enumerate(spells) if spell[0] == "SUSPENSION_AP")
                    longest = max((day for day in (last, spells[at][2]) if day), default=None)
                    spells[at] = ("SUSPENSION_AP", spells[at][1], longest)
                else:
                    spells.append(("SUSPENSION_AP", each.day, last))
        for rule, start, last in spells:
            due = self._school_day_after(school, start, 5)
            if due is None or last is None or due > last:
                continue
            provided = [
                m.day
                for m in self.marks
                if m.pupil == pupil
                and due <= m.day <= last
                and (
                    m.code == "D"
                    or (
                        (m.code in ("B", "K") or rule == "EXCLUSION_AP")
                        and meaning(m.code, m.day).attended
                    )
                )
            ]
            yield Duty(
                rule,
                start,
                due,
                min(provided, default=None),
                is_missed=last < self.as_at and last <= self.register_day,
            )

    def _protection_steps(self, pupil: int) -> list[tuple[date, str]]:
        """The steps taken by the day asked for, of a child on roll then."""
        if self._stay(pupil, self.as_at) is None:
            return []
        steps = sorted(
            (row["protection_date"], row["event"])
            for row in self._rows_of("raw_protection", pupil)
            if row["protection_date"] <= self.as_at and not row["event"].endswith("booked")
        )
        return self._review_steps(pupil) + steps + self._enquiries(steps)

    @staticmethod
    def _enquiries(steps: list[tuple[date, str]]) -> list[tuple[date, str]]:
        """The discussions at which section 47 enquiries began, from one's end to the next's."""
        _, doing, passing = _STEP_RULES["ICPC"]
        ended = sorted(day for day, event in steps if event in doing | passing)
        told: dict[int, list[tuple[date, str]]] = {}
        for day, event in steps:
            if event in ("strategy discussion", "section 47 begun"):
                told.setdefault(sum(end < day for end in ended), []).append((day, event))
        found = set()
        for part in told.values():
            held = [day for day, event in part if event == "strategy discussion"]
            begun = [day for day, event in part if event == "section 47 begun"]
            found |= {max((day for day in held if day <= each), default=each) for each in begun}
            found |= set() if begun else {min(held)}
        return [(day, "enquiry") for day in sorted(found)]

    def _talks(self, pupil: int) -> Iterator[Duty]:
        """For each return the talk of its own row; the last, where there were two in a day."""
        if self._stay(pupil, self.as_at) is None:
            return
        returns: dict[date, list[date | None]] = {}
        for row in self._rows_of("raw_missing", pupil):
            back, day = row["back_date"], row["interview_date"]
            if back and back <= self.as_at:
                is_offered = row["interview"] in ("held", "offered and not wanted")
                is_told = is_offered and day and back <= day <= self.as_at
                returns.setdefault(back, []).append(day if is_told else None)
        for back, talks in returns.items():
            due = self._due(self.pupils[pupil].school, back, "RETURN_INTERVIEW")
            held = [day for day in talks if day]
            done = max(held) if len(held) == len(talks) else None
            yield Duty("RETURN_INTERVIEW", back, due, done)

    def _rows_of(self, table: str, pupil: int) -> list[Row]:
        return [row for row in self.world.plain.get(table, []) if row["pupil_key"] == pupil]

    def _heard_of_reviews(self, school: int) -> date | None:
        """Since when a school's records tell of reviews."""
        days = [
            row["review_date"]
            for row in self.world.plain.get("raw_review", [])
            if self.pupils[row["pupil_key"]].school == school
            and row["outcome"] == "held"
            and row["review_date"] <= self.as_at
        ]
        return min(*days, date(int(academic_year(min(days))[:4]), 9, 1)) if days else None

    def _review_steps(self, pupil: int) -> list[tuple[date, str]]:
        care = self._care(pupil)
        if care is None:
            return []
        begun, is_known, entry = care
        school = self.pupils[pupil].school
        heard = self._heard_of_reviews(school)
        held = sorted(
            row["review_date"]
            for row in self._rows_of("raw_review", pupil)
            if row["outcome"] == "held" and begun <= row["review_date"] <= self.as_at
        )
        due = self._due(school, begun, "LAC_REVIEW_1")
        is_first = is_known and due is not None and due >= max(entry, heard or entry)
        placed = sorted(
            row["permanence_date"]
            for row in self._rows_of("raw_permanence", pupil)
            if row["event"] == "placed for adoption"
            and begun <= row["permanence_date"] <= self.as_at
            and row["permanence_date"] + 28 * DAY >= max(entry, heard or entry)
        )
        steps = [(day, "review of care") for day in held]
        if steps and is_first:
            steps[0] = (held[0], "first review")
        for day in placed:
            for number in [n for n, each in enumerate(held) if each >= day][:1]:
                steps[number] = (held[number], "review after placement")
        steps += [(day, "placed for adoption") for day in placed]
        return [(begun, "care began")] * is_known + sorted(steps)

    def _step_duties(self, pupil: int) -> Iterator[Duty]:
        steps, school = self._protection_steps(pupil), self.pupils[pupil].school
        for rule, (starting, doing, passing) in _STEP_RULES.items():
            starts = [day for day, event in steps if event == starting]
            for number, start in enumerate(starts):
                since = [
                    (day, event)
                    for day, event in steps
                    if event in doing | passing
                    and (day > start or (day == start and event != starting))
                ]
                ended = min((day for day, _ in since), default=date.max)
                later = [day for day in starts[number + 1 :] if day >= ended]
                later += [day for day, event in since if event == "placed for adoption"]
                done = [
                    day
                    for day, event in since
                    if event in doing and day <= min(later, default=date.max)
                ]
                if done or not since:
                    due = self._due(school, start, rule)
                    heard = self._heard_of_reviews(school)
                    if rule == "LAC_REVIEW_1":
                        care = self._care(pupil)
                        assert care is not None
                        if due and due < max(care[2], heard or care[2]):
                            continue
                    is_first = rule in ("LAC_REVIEW_1", "ADOPTION_REVIEW_1")
                    is_unheard = is_first and heard is None
                    duty = Duty(rule, start, due, min(done, default=None))
                    yield replace(duty, is_unheard_of=is_unheard)

    def _duties(self, pupil: int) -> Iterator[Duty]:
        whether = "whether the child is still looked after"
        is_in_doubt = self._is_in_doubt(pupil)
        for each in chain(
            self._step_duties(pupil),
            self._talks(pupil),
            self._pep_duties(pupil),
            self._check_up_duties(pupil),
            self._plan_duties(pupil),
            self._register_duties(pupil),
            self._suspension_duties(pupil),
        ):
            is_open = not each.done and not each.is_missed and each.rule.startswith(_OF_CARE)
            is_told = is_in_doubt and is_open
            yield replace(each, missing=whether, is_in_doubt=True) if is_told else each

    def _booked(self, pupil: int, subject: str) -> date | None:
        if subject == "PEP":
            days = [(m.pupil, m.day) for m in self.world.meetings if m.outcome == "booked"]
        elif subject == "review of a plan":
            days = [(s.pupil, s.day) for s in self.world.steps if s.event == "review booked"]
        elif subject == "review of care":
            days = [
                (row["pupil_key"], row["review_date"])
                for row in self.world.plain.get("raw_review", [])
                if row["outcome"] == "booked"
            ]
        elif subject in ("conference", "core group"):
            days = [
                (row["pupil_key"], row["protection_date"])
                for row in self.world.plain.get("raw_protection", [])
                if row["event"] == f"{subject} booked"
            ]
        else:
            days = [
                (check.pupil, check.day)
                for check in self.world.checks
                if check.outcome == "booked" and _subject_of(check.kind) == subject
            ]
        return min((day for who, day in days if who == pupil and day >= self.as_at), default=None)

    def duty(self) -> Iterator[Row]:
        return (row for row in self.every_duty() if row["category"] != "child_protection")

    def every_duty(self) -> Iterator[Row]:
        subjects = {
            "PEP_COMPLETE": "PEP",
            "PEP_JOINED": "PEP",
            "PEP_REVIEW": "PEP",
            "IHA": "health assessment",
            "RHA_U5": "health assessment",
            "RHA_5PLUS": "health assessment",
            **{rule: kind for kind, rule in _YEARLY.items()},
            "EHC_AR_MEETING": "review of a plan",
            **dict.fromkeys(("ICPC", "RCPC_1", "RCPC_N"), "conference"),
            "CORE_GROUP_1": "core group",
            **{f"LAC_REVIEW_{which}": "review of care" for which in "12N"},
            **{f"ADOPTION_REVIEW_{which}": "review of care" for which in "12"},
        }
        for pupil in self.world.pupils:
            soon_until = self._school_day_after(
                pupil.school, self.as_at, SOON
            ) or working_day_after(self.as_at, SOON)
            for duty in self._duties(pupil.key):
                subject = subjects.get(duty.rule)
                is_open = subject and not duty.done and not duty.is_missed
                booked = self._booked(pupil.key, subject) if subject and is_open else None
                booked = booked if booked and booked < duty.ends_before else None
                ended = duty.done or booked
                holder = RULES[duty.rule][2]
                yield {
                    **self._who(pupil.key),
                    "rule": duty.rule,
                    "holder": holder,
                    "category": _CATEGORIES[duty.rule.partition("_")[0]],
                    "started_on": duty.started,
                    "due_date": duty.due,
                    "done_date": duty.done,
                    "booked_date": booked,
                    "status": _status(duty, booked, holder, self.as_at, soon_until),
                    "is_late": ended > duty.due if ended and duty.due else None,
                    "missing": duty.missing if not duty.done else None,
                    "is_verified": RULES[duty.rule][3],
                }


def _end_when_found_undone(duty: Duty, records: list[tuple[date, bool, date | None, str]]) -> Duty:
    """Immunisations are due by the day on which they were found not done, if that is earlier."""
    until = duty.done or date.max
    found = [day for day, is_done, *_ in records if not is_done and duty.started <= day < until]
    if duty.rule != "IMMUNISATIONS_YEARLY" or not found:
        return duty
    return replace(duty, due=min(found[0], duty.due or date.max), missing=None)


def _subject_of(kind: str) -> str:
    return "health assessment" if kind.endswith("assessment") else kind


def _status(duty: Duty, booked: date | None, holder: str, as_at: date, soon_until: date) -> str:
    if duty.done:
        return "reason given" if duty.is_excused else "done"
    if duty.is_missed or duty.is_in_doubt:
        return "missed" if duty.is_missed else "depends on"
    if booked:
        return "booked late" if duty.due and booked > duty.due else "booked"
    if duty.due is None:
        return "cannot be known"
    if duty.due >= as_at:
        return "later" if duty.due > soon_until else "due soon"
    owed = "overdue" if holder.startswith("school") else "waiting on others"
    return "not recorded" if duty.is_unheard_of else owed
