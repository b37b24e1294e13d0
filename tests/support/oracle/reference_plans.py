"""Wellbeing, health, plans and suspensions, worked out a second time in plain Python.

Written from the header comments of the views and the published bands, not from the SQL.
"""

from collections.abc import Iterator
from datetime import date

from tests.support.oracle.reference import Row, academic_year, months_after
from tests.support.oracle.reference_duties import CEASING, DutyAnswers, newest, subject_of
from tests.support.oracle.rules import Rules
from tests.support.oracle.world import Check, Sdq, Suspension

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

_STEP_ORDER = (
    "requested",
    "agreed to assess",
    "advice asked",
    "advice given",
    "lawful delay",
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


class PlanAnswers(DutyAnswers):
    """What a child's page says of wellbeing, health and plans."""

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
                "is_of_the_year": self._is_of_the_year(sdq),
            }

    def _is_of_the_year(self, sdq: Sdq) -> bool:
        care = self._care(sdq.pupil)
        return (
            sdq.informant == "carer"
            and care is not None
            and care[0] <= sdq.day
            and months_after(sdq.day, 12) >= self.as_at
        )

    def sdq_coverage(self) -> Iterator[Row]:
        children: dict[int, list[str]] = {}
        long: dict[int, list[str]] = {}
        since = {row["pupil_key"]: row for row in self.cohort_member()}
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
            if since.get(pupil.key, {}).get("is_looked_after_12_months"):
                long.setdefault(pupil.school, []).append(kind)
        for school, kinds in children.items():
            yield {
                "school_key": school,
                "children": len(kinds),
                "scored_children": kinds.count("scored"),
                "reason_children": kinds.count("reason"),
                "missing_children": kinds.count("missing"),
                "long_children": len(long.get(school, [])),
                "long_scored_children": long.get(school, []).count("scored"),
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
                    if subject_of(check.kind) == subject
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
                    "state": _state(subject, told, done, self.as_at, self.world.rules),
                }

    def pupil_ehcp(self) -> Iterator[Row]:
        duties: dict[int, list[tuple[date, str, str]]] = {}
        for row in self.duty():
            if row["rule"].startswith("EHC") and row["due_date"] and not row["done_date"]:
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
                if event in {"plan issued", "refused to assess", "refused to issue"} | CEASING
                and asked
                and day >= asked
            ]
            until = min(ends, default=self.as_at)
            is_delayed = any(
                asked and day >= asked and event == "lawful delay" for day, event in steps
            )
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
                "is_late": (until - asked).days > 20 * 7 if asked and not is_delayed else None,
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
                    "year_sessions": self._year_sessions(each),
                    "reason": REASON_WORDS[each.reason],
                }

    def _year_sessions(self, suspension: Suspension) -> int | None:
        if suspension.category != "SUSP":
            return None
        return sum(
            each.sessions
            for each in self.world.suspensions
            if (each.pupil, each.category) == (suspension.pupil, "SUSP")
            and academic_year(each.day) == academic_year(suspension.day)
            and each.day <= suspension.day
        )


def _band(informant: str, total: int | None) -> tuple[str, int, int] | None:
    if total is None:
        return None
    for name, (lowest, highest) in zip(("lower", "middle", "upper"), BANDS[informant], strict=True):
        if lowest <= total <= highest:
            return name, lowest, highest
    return None


def _state(subject: str, told: list[Check], done: list[Check], as_at: date, rules: Rules) -> str:
    if not told:
        return "not recorded"
    if not done or (subject == "immunisations" and told[-1].outcome == "not done"):
        return "not up to date"
    last = done[-1]
    is_half_yearly = subject == "health assessment" and last.band == "under 5"
    has_rule = subject in ("health assessment", "dental check")
    months = 6 if is_half_yearly else 12 if has_rule else rules.check_months
    until = last.next_due or months_after(last.day, months)
    return "up to date" if until >= as_at else "not up to date"


def _stage(steps: list[tuple[date, str]]) -> str:
    def last(events: set[str]) -> date:
        return max((day for day, event in steps if event in events), default=date.min)

    issued, ceased, asked = last({"plan issued"}), last(CEASING), last({"requested"})
    if issued > ceased:
        return "plan"
    if ceased > date.min and ceased >= asked:
        return "ceased"
    # a lawful delay is no stage of its own
    taken = [step for step in steps if step[1] != "lawful delay"]
    last_step = max(taken, key=lambda step: (step[0], _STEP_ORDER.index(step[1])), default=steps[0])
    event = last_step[1]
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
