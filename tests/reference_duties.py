"""Wellbeing, plans, duties and who needs a look, worked out a second time in plain Python.

Written from the header comments of the views, the deadlines of the Department for
Education and a calendar of its own, not from the SQL.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import holidays

from tests.reference import DAY, HOME_WORDS, LEGAL_WORDS, Answers, Row, academic_year, monday
from tests.world import Check, Episode

BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2041))

#: Rule: amount, unit, who holds it, whether a public text confirmed it.
RULES: dict[str, tuple[int, str, str, bool]] = {
    "PEP_COMPLETE": (20, "working days", "school", True),
    "PEP_REVIEW": (1, "terms", "school", True),
    "IHA": (20, "working days", "health", True),
    "RHA_U5": (6, "months", "health", True),
    "RHA_5PLUS": (12, "months", "health", True),
    "DENTAL_YEARLY": (12, "months", "social worker", False),
    "SDQ_YEARLY": (12, "months", "social worker", True),
    "EHC_DECIDE_ASSESS": (6, "weeks", "authority", True),
    "EHC_ADVICE": (6, "weeks", "school", True),
    "EHC_REFUSE_PLAN": (16, "weeks", "authority", True),
    "EHC_FINAL": (20, "weeks", "authority", True),
    "EHC_AR_MEETING": (12, "months", "school", True),
    "EHC_AR_REPORT": (2, "weeks", "school", True),
    "EHC_AR_DECISION": (4, "weeks", "authority", True),
    "EHC_AR_FINAL": (12, "weeks", "authority", True),
    "EHC_PHASE_TRANSFER": (1, "15 February", "authority", True),
    "REGISTER_N": (5, "school days", "school", True),
}
SOON = 20
ACTION_CLOSES = 20
BANDS = {
    "carer": ((0, 13), (14, 16), (17, 40)),
    "teacher": ((0, 11), (12, 15), (16, 40)),
    "self": ((0, 15), (16, 19), (20, 40)),
}
SDQ_WORDS = {None: None, "SDQ2": "carer refused", "SDQ5": "child refused"}
HEALTH_WORDS = {None: None, "cancelled": "the appointment was cancelled"}
NEED_WORDS = {None: None, "SPLD": "Specific Learning Difficulty"}
CATEGORY_WORDS = {"SUSP": "Suspension", "PERM": "Permanent", "LNCH": "Lunchtime"}
REASON_WORDS = {None: None, "BU": "Bullying", "TH": "Theft"}
#: Rule: reason, window in school days or weeks, threshold.
LOOKS = {
    "missed sessions": ("missed {} of {} sessions in the last 10 school days", 10, 4),
    "no reason yet": ("{} absences still have no reason", 0, 1),
    "same weekday": ("missed the same weekday in {} of {} weeks", 4, 3),
    "suspended": ("was suspended in the last 20 school days", 20, 1),
    "moved home": ("moved home in the last 20 school days", 20, 1),
    "care changed": ("changed care status in the last 20 school days", 20, 1),
    "crossed 10 %": ("has now missed 1 session in 10", 20, 1),
    "overdue here": ("{} duties that the school holds are overdue", 0, 1),
}

_CEASING = {"decided to cease", "ceased"}
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
    "EHC_AR_FINAL": ({"review meeting"}, {"amended plan issued"}, set()),
}
_STEP_ORDER = (
    "requested",
    "agreed to assess",
    "advice asked",
    "advice given",
    "draft issued",
    "refused to assess",
    "refused to issue",
    "plan issued",
    "review meeting",
    "report sent",
    "decided to keep",
    "decided to amend",
    "amended plan issued",
    "decided to cease",
    "ceased",
)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@cache
def working_day_after(day: date, days: int) -> date:
    """Steps on a day at a time; weekends and bank holidays do not count."""
    while days:
        day += DAY
        days -= day.weekday() < 5 and day not in BANK_HOLIDAYS
    return day


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


class DutyAnswers(Answers):
    """The further marts of a world as of a day."""

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

    def _first_of_last(self, school: int, days: int) -> date | None:
        """The first of the last school days up to the day asked for; None without any."""
        passed = [day for day in self._school_days[school] if day <= self.as_at]
        return passed[-days:][0] if days and passed else None

    def _terms(self, school: int) -> list[tuple[str, str, date, date]]:
        """Academic year, name, first and last day of each term."""
        days = self._school_days[school]
        breaks: dict[str, tuple[int, date]] = {}
        for day, following in zip(days, days[1:], strict=False):
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

    def _due(self, school: int, started: date, rule: str) -> date | None:
        amount, unit, *_ = RULES[rule]
        if unit == "working days":
            return working_day_after(started, amount)
        if unit == "school days":
            return self._school_day_after(school, started, amount)
        if unit == "weeks":
            return started + 7 * amount * DAY
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

    def _pep_duties(self, pupil: int) -> Iterator[Duty]:
        care, school = self._care(pupil), self.pupils[pupil].school
        if care is None:
            return
        begun, is_known, entry = care
        records = [
            m.day
            for m in self.world.meetings
            if self.pupils[m.pupil].school == school and m.day <= self.as_at
        ]
        heard = min(records, default=None)
        if heard:
            heard = min(heard, date(int(academic_year(heard)[:4]), 9, 1))
        held = sorted(
            m.day
            for m in self.world.meetings
            if m.pupil == pupil and m.outcome == "held" and m.day <= self.as_at
        )

        def first(day: date) -> date | None:
            return next((meeting for meeting in held if meeting >= day), None)

        due = working_day_after(begun, 20) if is_known else None
        if due is None or (due >= entry and (heard is None or due >= heard)):
            missing = None if is_known else "the day on which care began"
            yield Duty("PEP_COMPLETE", begun, due, first(begun), missing, heard is None)
        terms = [term for term in self._terms(school) if term[2] <= self.as_at]
        for _, _, first_day, last_day in terms:
            if heard is None:
                is_told = last_day == max(term[3] for term in terms)
            else:
                is_told = last_day >= heard
            if begun < first_day and entry <= first_day and is_told:
                yield Duty("PEP_REVIEW", first_day, last_day, first(first_day), None, heard is None)

    def _records(self, pupil: int, kind: str) -> list[tuple[date, bool, date | None, str]]:
        """Day, whether done, next due and rule of every record of a kind of check."""
        if kind == "SDQ by the carer":
            return sorted(
                (sdq.day, sdq.total is not None, None, "SDQ_YEARLY")
                for sdq in self.world.sdqs
                if sdq.pupil == pupil and sdq.informant == "carer" and sdq.day <= self.as_at
            )
        if kind == "dental check":
            return sorted(
                (check.day, check.outcome == "done", check.next_due, "DENTAL_YEARLY")
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
                (check for check in checks if check.outcome == "done"),
                key=lambda check: check.kind,
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
            ("dental check", "DENTAL_YEARLY"),
            ("SDQ by the carer", "SDQ_YEARLY"),
        ):
            records = [record for record in self._records(pupil, kind) if record[0] >= begun]
            done = [record for record in records if record[1]]
            for number, (day, _, given, rule) in enumerate(done):
                following = done[number + 1][0] if number + 1 < len(done) else None
                yield Duty(rule, day, given or self._due(school, day, rule), following)
            if done and first_rule != "IHA":
                continue
            is_expected = first_rule == "IHA" and entry <= begun and knows_of_health
            yield Duty(
                first_rule,
                begun,
                self._due(school, begun, first_rule) if is_known else None,
                done[0][0] if done else None,
                None if is_known else "the day on which care began",
                not is_expected and not records,
            )

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
                        if rule == "EHC_AR_MEETING"
                        else start <= day < following
                    )
                ]
                since = {event for day, event in steps if day >= start}
                ends = passing | (_CEASING - doing)
                is_open = following == date.max and not since & ends
                if rule == "EHC_AR_FINAL" and "decided to amend" not in since:
                    is_open = False
                if done or is_open:
                    due = self._due(school, start, rule)
                    yield Duty(rule, start, due, min(done, default=None))
        yield from self._transfer(pupil, steps)

    def _transfer(self, pupil: int, steps: list[tuple[date, str]]) -> Iterator[Duty]:
        stay = self._stay(pupil, self.as_at)
        if stay is None:
            return
        year = int(academic_year(self.as_at)[:4])
        group = stay.year_group + year - int(academic_year(stay.year_group_date)[:4])
        start, due = date(year, 9, 1), date(year + 1, 2, 15)
        issued = [day for day, event in steps if event == "plan issued"]
        ended = [day for day, event in steps if event in _CEASING and day < start]
        if group != 6 or start > self.as_at or not issued or min(issued) > due:
            return
        if ended and max(issued) <= max(ended):
            return
        done = [
            day
            for day, event in steps
            if event in ("plan issued", "amended plan issued") and day >= start
        ]
        if done or not any(event in _CEASING and day >= start for day, event in steps):
            yield Duty("EHC_PHASE_TRANSFER", start, due, min(done, default=None))

    def _register_duties(self, pupil: int) -> Iterator[Duty]:
        if self._stay(pupil, self.as_at) is None:
            return
        for day in sorted({m.day for m in self.marks if m.pupil == pupil and m.code == "N"}):
            due = self._school_day_after(self.pupils[pupil].school, day, 5)
            missing = None if due else "the days of the calendar that follow"
            yield Duty("REGISTER_N", day, due, None, missing)

    def _duties(self, pupil: int) -> Iterator[Duty]:
        yield from self._pep_duties(pupil)
        yield from self._check_up_duties(pupil)
        yield from self._plan_duties(pupil)
        yield from self._register_duties(pupil)

    def _booked(self, pupil: int, subject: str) -> date | None:
        if subject == "PEP":
            days = [(m.pupil, m.day) for m in self.world.meetings if m.outcome == "booked"]
        elif subject == "review of a plan":
            days = [(s.pupil, s.day) for s in self.world.steps if s.event == "review booked"]
        else:
            days = [
                (check.pupil, check.day)
                for check in self.world.checks
                if check.outcome == "booked" and _subject(check.kind) == subject
            ]
        return min((day for who, day in days if who == pupil and day >= self.as_at), default=None)

    def duty(self) -> Iterator[Row]:
        subjects = {
            "PEP_COMPLETE": "PEP",
            "PEP_REVIEW": "PEP",
            "IHA": "health assessment",
            "RHA_U5": "health assessment",
            "RHA_5PLUS": "health assessment",
            "DENTAL_YEARLY": "dental check",
            "EHC_AR_MEETING": "review of a plan",
        }
        for pupil in self.world.pupils:
            soon_until = self._school_day_after(
                pupil.school, self.as_at, SOON
            ) or working_day_after(self.as_at, SOON)
            for duty in self._duties(pupil.key):
                subject = subjects.get(duty.rule)
                booked = self._booked(pupil.key, subject) if subject and not duty.done else None
                ended = duty.done or booked
                holder = RULES[duty.rule][2]
                yield {
                    **self._who(pupil.key),
                    "rule": duty.rule,
                    "holder": holder,
                    "started_on": duty.started,
                    "due_date": duty.due,
                    "done_date": duty.done,
                    "booked_date": booked,
                    "status": _status(duty, booked, holder, self.as_at, soon_until),
                    "is_late": ended > duty.due if ended and duty.due else None,
                    "missing": duty.missing if not duty.done else None,
                    "is_verified": RULES[duty.rule][3],
                }

    # -- wellbeing, health, plans ------------------------------------------------------

    def pupil_sdq(self) -> Iterator[Row]:
        for sdq in self.world.sdqs:
            if sdq.day > self.as_at:
                continue
            earlier = [
                (other.day, other.total)
                for other in self.world.sdqs
                if (other.pupil, other.informant) == (sdq.pupil, sdq.informant)
                and other.day < sdq.day
                and other.total is not None
            ]
            last = max(earlier, default=None)
            place = _band(sdq.informant, sdq.total)
            yield {
                **self._who(sdq.pupil),
                "sdq_date": sdq.day,
                "informant": sdq.informant,
                "total": sdq.total,
                "scheme": "three bands" if place else None,
                "band": place and place[0],
                "band_lowest": place and place[1],
                "band_highest": place and place[2],
                "previous_date": last and last[0],
                "change": sdq.total - last[1] if last and sdq.total is not None else None,
                "reason": SDQ_WORDS[sdq.reason],
            }

    def sdq_coverage(self) -> Iterator[Row]:
        children: dict[int, list[str]] = {}
        for pupil in self.world.pupils:
            care = self._care(pupil.key)
            if care is None:
                continue
            lately = [
                is_done
                for day, is_done, *_ in self._records(pupil.key, "SDQ by the carer")
                if day >= care[0] and months_after(day, 12) >= self.as_at
            ]
            kind = "scored" if any(lately) else "reason" if lately else "missing"
            children.setdefault(pupil.school, []).append(kind)
        for school, kinds in children.items():
            yield {
                "school_key": school,
                "children": len(kinds),
                "scored_children": kinds.count("scored"),
                "reason_children": kinds.count("reason"),
                "missing_children": kinds.count("missing"),
            }

    def pupil_health(self) -> Iterator[Row]:
        for pupil in self.world.pupils:
            care = self._care(pupil.key)
            if care is None:
                continue
            for subject in ("health assessment", "dental check", "immunisations", "optician"):
                told = [
                    check
                    for check in self._told(pupil.key)
                    if _subject(check.kind) == subject
                    and (subject != "health assessment" or check.day >= care[0])
                ]
                told.sort(key=lambda check: (check.day, check.kind))
                done = [check for check in told if check.outcome == "done"]
                yield {
                    **self._who(pupil.key),
                    "subject": subject,
                    "last_done_date": done[-1].day if done else None,
                    "last_outcome": told[-1].outcome if told else None,
                    "last_reason": HEALTH_WORDS[told[-1].reason] if told else None,
                    "booked_date": self._booked(pupil.key, subject),
                    "state": _state(subject, told, done, self.as_at),
                }

    def pupil_ehcp(self) -> Iterator[Row]:
        duties: dict[int, list[tuple[date, str, str]]] = {}
        for row in self.duty():
            if row["rule"].startswith("EHC") and row["done_date"] is None:
                found = (row["due_date"], row["rule"], row["holder"])
                duties.setdefault(row["pupil_key"], []).append(found)
        for pupil in self.world.pupils:
            steps = self._steps(pupil.key)
            if not steps:
                continue
            asked = newest([day for day, event in steps if event == "requested"])
            ends = [
                day
                for day, event in steps
                if event in {"plan issued", "refused to assess", "refused to issue"} | _CEASING
                and asked
                and day >= asked
            ]
            until = min(ends, default=self.as_at)
            needs = [
                (step.day, step.event, step.need)
                for step in self.world.steps
                if step.pupil == pupil.key
                and step.need
                and step.day <= self.as_at
                and step.event != "review booked"
            ]
            waits = min(duties.get(pupil.key, []), default=(None, None, None))
            yield {
                **self._who(pupil.key),
                "stage": _stage(steps),
                "requested_date": asked,
                "plan_date": newest([day for day, event in steps if event == "plan issued"]),
                "last_review_date": newest(
                    [day for day, event in steps if event == "review meeting"]
                ),
                "week": (until - asked).days // 7 if asked else None,
                "is_late": (until - asked).days > 20 * 7 if asked else None,
                "primary_need": NEED_WORDS[max(needs)[2] if needs else None],
                "waits_for": waits[2],
                "next_due_date": waits[0],
            }

    def pupil_pep(self) -> Iterator[Row]:
        for meeting in self.world.meetings:
            if (
                (meeting.day > self.as_at)
                if meeting.outcome == "held"
                else (meeting.day < self.as_at)
            ):
                continue
            school = self.pupils[meeting.pupil].school
            ended = [
                meeting.day <= duty.due
                for duty in self._pep_duties(meeting.pupil)
                if duty.done == meeting.day and duty.due
            ]
            term = [t for t in self._terms(school) if t[2] <= meeting.day <= t[3]]
            yield {
                **self._who(meeting.pupil),
                "pep_date": meeting.day,
                "outcome": meeting.outcome,
                "academic_year": term[0][0] if term else None,
                "term": term[0][1] if term else None,
                "is_on_time": all(ended) if ended else None,
            }

    def pupil_suspension(self) -> Iterator[Row]:
        for each in self.world.suspensions:
            if each.day <= self.as_at:
                yield {
                    **self._who(each.pupil),
                    "suspension_date": each.day,
                    "academic_year": academic_year(each.day),
                    "category": CATEGORY_WORDS[each.category],
                    "sessions": each.sessions,
                    "reason": REASON_WORDS[each.reason],
                }

    # -- looks, actions, periods -------------------------------------------------------

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
        for before, after in zip(homes, homes[1:], strict=False):
            is_new_order_alone = (
                before.home == after.home and before.legal_status != after.legal_status
            )
            if before.end == after.counts_from and not is_new_order_alone:
                moves.add(after.counts_from)
        spells = [spell for found in self._groups_of(pupil).values() for spell in found]
        return {
            "suspended": {each.day for each in self.world.suspensions if each.pupil == pupil},
            "moved home": moves,
            "care changed": {day for spell in spells for day in spell if day},
        }

    def _figures(self, pupil: int) -> Iterator[tuple[str, int, int | None]]:
        school = self.pupils[pupil].school
        mine = [row for row in self.pupil_session() if row["pupil_key"] == pupil and row["code"]]
        passed = [day for day in self._school_days[school] if day <= self.as_at]
        lately = [row for row in mine if row["session_date"] in passed[-10:]]
        yield (
            "missed sessions",
            len([row for row in lately if row["is_absent"]]),
            len([row for row in lately if row["is_possible"]]),
        )
        year = academic_year(self.as_at)
        yield (
            "no reason yet",
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
        weeks = sorted({monday(day) for day in passed})[-4:]
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
        yield "same weekday", max(by_weekday)[0], -max(by_weekday)[1]
        for rule, days in self._changes(pupil).items():
            first = self._first_of_last(school, LOOKS[rule][1])
            if first:
                yield rule, len([day for day in days if first <= day <= self.as_at]), None
        yield from self._crossed(pupil, [row for row in mine if row["academic_year"] == year])
        overdue = [
            row
            for row in self._duty_rows
            if row["pupil_key"] == pupil
            and row["status"] == "overdue"
            and row["rule"] != "REGISTER_N"
        ]
        yield "overdue here", len(overdue), None

    @cached_property
    def _duty_rows(self) -> list[Row]:
        return list(self.duty())

    def _crossed(self, pupil: int, rows: list[Row]) -> Iterator[tuple[str, int, int | None]]:
        first = self._first_of_last(self.pupils[pupil].school, 20)
        earlier = [row for row in rows if first and row["session_date"] < first]
        weeks = {monday(row["session_date"]) for row in rows if row["is_possible"]}
        if len(weeks) >= 6 and _is_a_tenth(rows) and not _is_a_tenth(earlier):
            absent, possible = _missed(rows)
            yield "crossed 10 %", absent, possible

    def needs_a_look(self) -> Iterator[Row]:
        for member in self.cohort_member():
            pupil = member["pupil_key"]
            first = self._first_of_last(member["school_key"], ACTION_CLOSES)
            for rule, figure, base in self._figures(pupil):
                words, window, threshold = LOOKS[rule]
                if figure < threshold:
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
                    "reason": words.format(figure, base),
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


def _subject(kind: str) -> str:
    return "health assessment" if kind.endswith("assessment") else kind


def _status(duty: Duty, booked: date | None, holder: str, as_at: date, soon_until: date) -> str:
    if duty.done:
        return "done"
    if booked:
        return "booked"
    if duty.due is None:
        return "cannot be known"
    if duty.due >= as_at:
        return "later" if duty.due > soon_until else "due soon"
    if duty.is_unheard_of:
        return "not recorded"
    return "overdue" if holder == "school" else "waiting on others"


def _band(informant: str, total: int | None) -> tuple[str, int, int] | None:
    if total is None:
        return None
    for name, (lowest, highest) in zip(("lower", "middle", "upper"), BANDS[informant], strict=True):
        if lowest <= total <= highest:
            return name, lowest, highest
    return None


def _state(subject: str, told: list[Check], done: list[Check], as_at: date) -> str:
    if not told:
        return "not recorded"
    if not done or (subject == "immunisations" and told[-1].outcome == "not done"):
        return "not up to date"
    last = done[-1]
    is_half_yearly = subject == "health assessment" and last.band == "under 5"
    until = last.next_due or months_after(last.day, 6 if is_half_yearly else 12)
    return "up to date" if until >= as_at else "not up to date"


def _stage(steps: list[tuple[date, str]]) -> str:
    def last(events: set[str]) -> date:
        return max((day for day, event in steps if event in events), default=date.min)

    issued, ceased, asked = last({"plan issued"}), last(_CEASING), last({"requested"})
    if issued > ceased:
        return "plan"
    if ceased > date.min and ceased >= asked:
        return "ceased"
    event = max(steps, key=lambda step: (step[0], _STEP_ORDER.index(step[1])))[1]
    stages = {
        "requested": "asked for",
        "agreed to assess": "being assessed",
        "advice asked": "being assessed",
        "advice given": "being assessed",
        "draft issued": "draft",
        "refused to assess": "refused",
        "refused to issue": "refused",
        "decided to cease": "ceased",
        "ceased": "ceased",
    }
    return stages.get(event, "plan")


def _missed(rows: list[Row]) -> tuple[int, int]:
    count: Callable[[str], int] = lambda name: len([row for row in rows if row[name]])  # noqa: E731
    return count("is_absent"), count("is_possible")


def _is_a_tenth(rows: list[Row]) -> bool:
    absent, possible = _missed(rows)
    return possible > 0 and 10 * absent >= possible
