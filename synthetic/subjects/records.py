"""What the files say of a child beside its marks: scores, health, steps of a plan, meetings.

Records hold the child's whole story, also what lies ahead; `known` keeps what a file
written on one day can tell.
"""

from dataclasses import dataclass, replace
from datetime import date

from synthetic.calendar import advance_to_school_day, advance_to_working_day
from synthetic.population.child import Child

#: The informants of a questionnaire.
CARER, TEACHER, SELF = "carer", "teacher", "self"

INITIAL, REVIEW = "initial assessment", "review assessment"
DENTAL, IMMUNISATIONS, OPTICIAN = "dental check", "immunisations", "optician"
DONE, NOT_DONE, BOOKED, HELD = "done", "not done", "booked", "held"

REVIEW_MEETING, REVIEW_BOOKED = "review meeting", "review booked"


@dataclass(frozen=True)
class Score:
    """One questionnaire, scored, or the reason why it was not.

    `scales`: emotional, conduct, hyperactivity and peer, which add up to `total` (0 to
    40), then prosocial; each 0 to 10.  None where only the total is known.
    """

    day: date
    informant: str
    total: int | None = None
    scales: tuple[int, ...] | None = None
    impact: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Check:
    """One health event.  `booked_on`: the day on which it was arranged, where a file shows it."""

    day: date
    kind: str
    outcome: str = DONE
    next_due: date | None = None
    reason: str | None = None
    booked_on: date | None = None


@dataclass(frozen=True)
class Step:
    """One step of a plan.  `booked_on`: the day on which a review meeting was arranged."""

    day: date
    event: str
    need: str | None = None
    booked_on: date | None = None


@dataclass(frozen=True)
class Meeting:
    """One meeting of a personal education plan; `targets` counts those set."""

    day: date
    quality: str | None = None
    child_attended: str | None = None
    targets: int | None = None
    outcome: str = HELD
    booked_on: date | None = None


@dataclass(frozen=True)
class Records:
    """The scores, health events, steps and meetings of one child, in order of date."""

    scores: tuple[Score, ...] = ()
    checks: tuple[Check, ...] = ()
    steps: tuple[Step, ...] = ()
    meetings: tuple[Meeting, ...] = ()

    def filter_known(self, until: date, leaving: date) -> "Records":
        """What is known on the day `until` of a child who in truth leaves on `leaving`.

        Whatever is dated up to both days, and what has been arranged for a day ahead.
        """
        last = min(until, leaving)

        def is_ahead(record: Check | Step | Meeting) -> bool:
            arranged = record.booked_on
            return arranged is not None and arranged <= until < min(record.day, leaving)

        return Records(
            scores=tuple(score for score in self.scores if score.day <= last),
            checks=tuple(
                each if each.day <= last else Check(each.day, each.kind, BOOKED)
                for each in self.checks
                if each.day <= last or is_ahead(each)
            ),
            steps=tuple(
                each if each.day <= last else Step(each.day, REVIEW_BOOKED)
                for each in self.steps
                if each.day <= last or is_ahead(each)
            ),
            meetings=tuple(
                each if each.day <= last else Meeting(each.day, outcome=BOOKED)
                for each in self.meetings
                if each.day <= last or is_ahead(each)
            ),
        )

    def shift_years(self, years: int) -> "Records":
        """The same records so many years later, on days that are worked or taught again."""
        if years == 0:
            return self

        def later(day: date | None) -> date | None:
            return None if day is None else advance_to_working_day(_add_years(day, years))

        return Records(
            scores=tuple(replace(s, day=_shift_to_working_day(s.day, years)) for s in self.scores),
            checks=tuple(
                replace(
                    check,
                    day=_shift_to_working_day(check.day, years),
                    next_due=later(check.next_due),
                    booked_on=later(check.booked_on),
                )
                for check in self.checks
            ),
            steps=tuple(
                replace(
                    step,
                    day=_shift_to_working_day(step.day, years),
                    booked_on=later(step.booked_on),
                )
                for step in self.steps
            ),
            meetings=tuple(
                replace(
                    meeting,
                    day=advance_to_school_day(_add_years(meeting.day, years)),
                    booked_on=later(meeting.booked_on),
                )
                for meeting in self.meetings
            ),
        )


#: Nothing is told.
NO_RECORDS = Records()


@dataclass(frozen=True)
class CarePeriod:
    """A time in care without a break: from `start` up to, not on, `end`."""

    start: date
    end: date
    authority: str
    is_start_known: bool


def list_care_periods(child: Child, status: str) -> list[CarePeriod]:
    """The times in `status` of which the school has records, first to last.

    A time that was over before the child came to the school has left none; the end of
    one that goes on is the day after the child leaves.
    """
    periods: list[CarePeriod] = []
    for episode in child.episodes:
        if episode.status != status:
            continue
        end = min(episode.end or date.max, _day_after(child.leaving))
        if periods and periods[-1].end == episode.first_day:
            periods[-1] = replace(periods[-1], end=end)
        elif episode.first_day < end:
            authority = episode.authority or ""
            is_known = episode.start is not None
            periods.append(CarePeriod(episode.first_day, end, authority, is_known))
    return [period for period in periods if period.end > child.entry]


def compute_age(day: date, born: date) -> int:
    """Whole years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, or the 28th where it may not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    last = min(day.day, 28)
    return date(day.year + years, month + 1, last)


def _add_years(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def _shift_to_working_day(day: date, years: int) -> date:
    return advance_to_working_day(_add_years(day, years))


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
