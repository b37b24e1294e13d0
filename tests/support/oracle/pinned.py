"""A made-up school for each threshold, with children on both sides of it and as near as can be.

Drawn schools seldom have a child between 8 and 10 % of sessions missed; here one stands just
under the figure and one just at it, so that no other figure gives the same answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from tests.support.oracle.reference import DAY, HALVES, months_after
from tests.support.oracle.rules import Look, Rules
from tests.support.oracle.world import (
    Action,
    Check,
    Episode,
    Mark,
    Pupil,
    Sdq,
    Stay,
    Step,
    Suspension,
    World,
)

_FIRST = date(2025, 9, 8)
_WEEKS = 12
_DAYS = [_FIRST + (7 * week + weekday) * DAY for week in range(_WEEKS) for weekday in range(5)]
_SESSIONS = [(day, half) for day in _DAYS for half in HALVES]
AS_AT = _DAYS[-1]
_LONG_AGO = _FIRST - 700 * DAY
_USUAL = {"AM": "/", "PM": "\\"}

Session = tuple[date, str]


@dataclass
class School:
    """Twelve weeks of a school; each child is in care, and present unless it is said otherwise."""

    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        self.world = World(
            data_until=AS_AT, rules=self.rules, calendar={(1, day): "school day" for day in _DAYS}
        )

    def add(
        self,
        codes: Mapping[Session, str] | None = None,
        *,
        care: Sequence[tuple[date, date | None, str]] = ((_LONG_AGO, None, "foster"),),
        year_group: int = 4,
    ) -> int:
        """One more child, by its key.  care: start, end and home of each stretch of care."""
        key = len(self.world.pupils) + 1
        self.world.pupils.append(Pupil(1, key, f"ID{key}", f"copper lantern {key}"))
        self.world.stays.append(Stay(key, _LONG_AGO, None, year_group, _FIRST))
        self.world.episodes.extend(
            Episode(key, "looked after", start, None, end, "C2", home) for start, end, home in care
        )
        self.world.marks.extend(
            Mark(key, day, half, (codes or {}).get((day, half), _USUAL[half]))
            for day, half in _SESSIONS
        )
        return key


def _absent(sessions: Iterable[Session]) -> dict[Session, str]:
    return dict.fromkeys(sessions, "M")


def _days_absent(days: Iterable[date]) -> dict[Session, str]:
    return _absent((day, half) for day in days for half in HALVES)


def _share(school: School, share: Fraction) -> None:
    """One child at the share and one under it, each of as many sessions as bring it nearest."""
    possible = range(80, len(_SESSIONS) + 1)
    at = min(possible, key=lambda n: Fraction(ceil(share * n), n))
    under = max(possible, key=lambda n: Fraction(ceil(share * n) - 1, n))
    for sessions, missed in ((at, ceil(share * at)), (under, ceil(share * under) - 1)):
        closed = dict.fromkeys(_SESSIONS[: len(_SESSIONS) - sessions], "Y1")
        school.add({**closed, **_absent(_SESSIONS[-missed:])})


def _persistent_absence(school: School) -> None:
    _share(school, school.rules.persistent_absence)


def _severe_absence(school: School) -> None:
    _share(school, school.rules.severe_absence)


def _weeks_before_rates(school: School) -> None:
    for weeks in (school.rules.weeks_before_rates, school.rules.weeks_before_rates - 1):
        closed = dict.fromkeys(_SESSIONS[: -10 * weeks], "Y1")
        school.add({**closed, **_absent(_SESSIONS[-9:])})


def _days_to_explain_n(school: School) -> None:
    for days in (school.rules.days_to_explain_n, school.rules.days_to_explain_n + 1):
        school.add({(_DAYS[-1 - days], "AM"): "N"})


def _looked_after_months(school: School) -> None:
    start = _last_day(lambda day: months_after(day, school.rules.looked_after_months) <= AS_AT)
    for day in (start, start + DAY):
        school.add(care=[(day, None, "foster")])


def _action_closes_days(school: School) -> None:
    listed = _absent(_SESSIONS[-school.rules.looks["missed_sessions"].least :])
    for number in (school.rules.action_closes_days, school.rules.action_closes_days + 1):
        key, day = school.add(listed), _DAYS[-number]
        action = Action(key, day, f"A{number}", "called home", "missed_sessions", 30)
        school.world.actions.append(action)


def _transfer_year_group(school: School) -> None:
    for year_group in range(3, 7):
        key = school.add(year_group=year_group)
        school.world.steps.append(Step(key, _FIRST - 300 * DAY, "plan issued"))


def _check_months(school: School) -> None:
    gone = _last_day(lambda day: months_after(day, school.rules.check_months) < AS_AT)
    for day in (gone, gone + DAY):
        check = Check(school.add(), day, "immunisations", "done", "5 to 9")
        school.world.checks.append(check)


def _missed_sessions(school: School) -> None:
    window, least = school.rules.looks["missed_sessions"]
    fewer = _SESSIONS[len(_SESSIONS) - (least - 1) :]
    school.add(_absent(fewer))
    for number in (window, window + 1):
        school.add(_absent([*fewer, (_DAYS[-number], "AM")]))


def _no_reason_yet(school: School) -> None:
    least = school.rules.looks["no_reason_yet"].least
    last = -1 - school.rules.days_to_explain_n
    for number in (least, least - 1):
        school.add({(day, "AM"): "N" for day in _DAYS[last - number : last]})


def _unbroken_illness(school: School) -> None:
    window, least = school.rules.looks["unbroken_illness"]
    for sessions in (least, least - 1, 2 * window + 4):
        school.add(dict.fromkeys(_SESSIONS[-sessions:], "I"))


def _late_mornings(school: School) -> None:
    """Late on each morning; and on the least number of mornings, or fewer, with no other there."""
    window, least = school.rules.looks["late_mornings"]
    mornings = [(day, "AM") for day in _DAYS]
    school.add(dict.fromkeys(mornings, "L"))
    for late in (least, least - 1):
        away = _absent(mornings[-window - 1 : -late])
        school.add({**away, **dict.fromkeys(mornings[-late:], "U")})


def _late_one_in(school: School) -> None:
    window, _ = school.rules.looks["late_mornings"]
    for late in (window // 4, window // 4 - 1):
        school.add(dict.fromkeys([(day, "AM") for day in _DAYS[-late:]], "L"))


def _high_absence(school: School) -> None:
    _share(school, school.rules.high_absence)


def _tenth_again(school: School) -> None:
    """Away in the newest terms: as many as are needed, and one fewer."""
    earlier = [date(2024, 10, 7), date(2025, 1, 6), date(2025, 5, 12)]
    least = school.rules.looks["tenth_again"].least
    for first in earlier:
        days = [first + day * DAY for day in range(5)]
        school.world.calendar.update({(1, day): "school day" for day in days})
    for terms in (least, least - 1):
        key = school.add(_absent(_SESSIONS[-20:]))
        away = earlier[len(earlier) - terms + 1 :]
        school.world.marks.extend(
            Mark(key, first + day * DAY, half, "M" if first in away else _USUAL[half])
            for first in earlier
            for day in range(5)
            for half in HALVES
        )


def _unauthorised_sessions(school: School) -> None:
    window, least = school.rules.looks["unauthorised_sessions"]
    fewer = dict.fromkeys(_SESSIONS[len(_SESSIONS) - (least - 1) :], "O")
    school.add(fewer)
    for week in (window, window + 1):
        school.add({**fewer, (_DAYS[-5 * week], "AM"): "G"})


def _part_time_timetable(school: School) -> None:
    window, least = school.rules.looks["part_time_timetable"]
    fewer = {(_DAYS[-5 * week], "PM"): "C2" for week in range(1, least)}
    school.add(fewer)
    for week in (window, window + 1):
        school.add({**fewer, (_DAYS[-5 * week], "PM"): "C2"})


def _no_timetable(school: School) -> None:
    window, least = school.rules.looks["no_timetable"]
    marks = {(_DAYS[-5 * week], "PM"): "C2" for week in range(1, least)}
    for week in (window, window + 1):
        day = _DAYS[-5 * week]
        for agreed in (None, day, day + DAY):
            key = school.add({**marks, (day, "PM"): "C2"})
            if agreed:
                school.world.plain.setdefault("raw_provision", []).append(
                    {
                        "pupil_key": key,
                        "kind": "part-time timetable",
                        "provision_date": agreed,
                        "agreed_by": "social worker",
                        "review_date": None,
                        "end_date": None,
                    }
                )


def _sdq_rise(school: School) -> None:
    for day in _edge(school, "sdq_rise"):
        _score(school, day, school.rules.sdq_chance)


def _sdq_chance(school: School) -> None:
    for rise in (school.rules.sdq_chance, school.rules.sdq_chance - 1):
        _score(school, AS_AT, rise)


def _score(school: School, day: date, rise: int) -> None:
    """One more child, whose score came to the upper band on a day."""
    key = school.add()
    school.world.sdqs.append(Sdq(key, _LONG_AGO, "carer", 17 - rise, None))
    school.world.sdqs.append(Sdq(key, day, "carer", 17, None))


def _waits_on_others(school: School) -> None:
    months = school.rules.looks["waits_on_others"].window
    gone = _last_day(lambda day: months_after(day + 42 * DAY, months) < AS_AT)
    for day in (gone, gone + DAY):
        school.world.steps.append(Step(school.add(), day, "requested"))


def _same_weekday(school: School) -> None:
    window, least = school.rules.looks["same_weekday"]
    mondays = _DAYS[::5]
    fewer = mondays[len(mondays) - (least - 1) :]
    school.add(_absent((day, "AM") for day in fewer))
    for number in (window, window + 1):
        school.add(_absent((day, "AM") for day in [*fewer, mondays[-number]]))


def _suspended(school: School) -> None:
    for day in _edge(school, "suspended"):
        school.world.suspensions.append(Suspension(school.add(), day, "SUSP", 2))


def _moved_home(school: School) -> None:
    for day in _edge(school, "moved_home"):
        school.add(care=[(_LONG_AGO, day, "foster"), (day, None, "kinship")])


def _care_changed(school: School) -> None:
    for day in _edge(school, "care_changed"):
        school.world.episodes.append(Episode(school.add(), "in need", day, None, None))


def _became_persistent(school: School) -> None:
    """Who reached the share on the first day of the window, and who on the day before."""
    share, window = school.rules.persistent_absence, school.rules.looks["became_persistent"].window
    for place in (len(_DAYS) - window, len(_DAYS) - window - 1):
        until = _SESSIONS[: 2 * (place + 1)]
        reached = until[len(until) - ceil(share * len(until)) :]
        rest = ceil(share * len(_SESSIONS)) - len(reached)
        school.add(_absent([*reached, *_SESSIONS[len(_SESSIONS) - rest :]]))


def _overdue_here(school: School) -> None:
    least = school.rules.looks["overdue_here"].least
    for number in (least, least - 1):
        key = school.add()
        school.world.steps.extend(
            Step(key, _FIRST - (90 + each) * DAY, "advice asked") for each in range(number)
        )


def _concern_follow_up(school: School) -> None:
    more = {"level": "note", "raised_by": "teacher", "kind": "home", "closed_date": None}
    columns = ("concern_date", "follow_up_date")
    _add_reviews(school, "concern_follow_up", "raw_concern", columns, more)


def _intervention_review(school: School) -> None:
    columns = ("intervention_date", "review_date")
    _add_reviews(school, "intervention_review", "raw_intervention", columns, {"kind": "reading"})


def _timetable_review(school: School) -> None:
    more = {"kind": "part-time timetable", "agreed_by": "nobody yet"}
    columns = ("provision_date", "review_date")
    _add_reviews(school, "timetable_review", "raw_provision", columns, more)


def _add_reviews(
    school: School, rule: str, table: str, columns: tuple[str, str], more: dict[str, Any]
) -> None:
    """Two children with as many open records past their day as list one, and one fewer."""
    begun, again = columns
    lines = table == "raw_concern"
    least = school.rules.looks[rule].least
    for number in (least, least - 1):
        key = school.add()
        for each in range(number):
            row = {"pupil_key": key, begun: _FIRST + each * DAY, again: AS_AT - DAY, **more}
            row |= {"line": f"line {each}"} if lines else {"end_date": None}
            school.world.plain.setdefault(table, []).append(row)


def _follow_up(school: School) -> None:
    least = school.rules.looks["follow_up"].least
    for number in (least, least - 1):
        key = school.add()
        school.world.actions.extend(
            Action(key, _FIRST, f"A{key}-{each}", "called home", None, None, AS_AT - each * DAY)
            for each in range(number)
        )


def _edge(school: School, rule: str) -> tuple[date, date]:
    """The first day of a rule's window, and the day before."""
    window = school.rules.looks[rule].window
    return _DAYS[-window], _DAYS[-window - 1]


def _last_day(is_so: Callable[[date], bool]) -> date:
    return next(day for n in range(1000) if is_so(day := AS_AT - n * DAY))


#: By the row that a school is for, the view that tells, and who is in the school.
def _re_referral_months(school: School) -> None:
    """Two referrals with just so many months between them, and a day less."""
    for less in (0, 1):
        key = school.add()
        first = months_after(AS_AT, -14)
        second = months_after(first, school.rules.re_referral_months) - less * DAY
        school.world.plain.setdefault("raw_protection", []).extend(
            {
                "pupil_key": key,
                "protection_date": day,
                "event": "referral",
                "abuse": None,
                "referred_by": None,
                "reason": None,
            }
            for day in (first, second)
        )


def _history_months(school: School) -> None:
    """A new social worker just so many months ago, and a day later."""
    for more in (0, 1):
        key = school.add()
        day = months_after(AS_AT, -school.rules.history_months) + more * DAY
        school.world.plain.setdefault("raw_care_change", []).append(
            {"pupil_key": key, "care_change_date": day, "kind": "social worker", "reason": None}
        )


_SCHOOLS: Mapping[str, tuple[str, Callable[[School], None]]] = {
    "persistent_absence": ("pupil_attendance", _persistent_absence),
    "severe_absence": ("pupil_attendance", _severe_absence),
    "weeks_before_rates": ("pupil_attendance", _weeks_before_rates),
    "days_to_explain_n": ("check_unexplained_n", _days_to_explain_n),
    "looked_after_months": ("cohort_member", _looked_after_months),
    "action_closes_days": ("needs_a_look", _action_closes_days),
    "transfer_year_group": ("duty", _transfer_year_group),
    "check_months": ("pupil_health", _check_months),
    "re_referral_months": ("protection_case", _re_referral_months),
    "history_months": ("care_history", _history_months),
    "missed_sessions": ("needs_a_look", _missed_sessions),
    "no_reason_yet": ("needs_a_look", _no_reason_yet),
    "unbroken_illness": ("needs_a_look", _unbroken_illness),
    "late_mornings": ("needs_a_look", _late_mornings),
    "late_one_in": ("needs_a_look", _late_one_in),
    "high_absence": ("needs_a_look", _high_absence),
    "tenth_again": ("needs_a_look", _tenth_again),
    "unauthorised_sessions": ("needs_a_look", _unauthorised_sessions),
    "part_time_timetable": ("needs_a_look", _part_time_timetable),
    "no_timetable": ("needs_a_look", _no_timetable),
    "sdq_rise": ("needs_a_look", _sdq_rise),
    "sdq_chance": ("needs_a_look", _sdq_chance),
    "waits_on_others": ("needs_a_look", _waits_on_others),
    "follow_up": ("needs_a_look", _follow_up),
    "same_weekday": ("needs_a_look", _same_weekday),
    "suspended": ("needs_a_look", _suspended),
    "moved_home": ("needs_a_look", _moved_home),
    "care_changed": ("needs_a_look", _care_changed),
    "became_persistent": ("needs_a_look", _became_persistent),
    "overdue_here": ("needs_a_look", _overdue_here),
    "concern_follow_up": ("every_look", _concern_follow_up),
    "intervention_review": ("needs_a_look", _intervention_review),
    "timetable_review": ("needs_a_look", _timetable_review),
}
PINNED = tuple(_SCHOOLS)


def pinned_world(name: str) -> tuple[World, str]:
    """The school for a threshold or a look, by the usual rules, and the view that tells of it."""
    view, fill = _SCHOOLS[name]
    school = School()
    fill(school)
    return school.world, view


def wrong_rules(name: str) -> list[Rules]:
    """The usual rules with another figure in the row that a school is for, near the right one."""
    rules = Rules()
    if name in rules.looks:
        window, least = rules.looks[name]
        looks = [(window + step, least) for step in (-1, 1) if window]
        # who became persistently absent has missed many sessions: one is the least of any
        # and a score that rises does so by more than chance may
        if name not in ("became_persistent", "high_absence", "sdq_rise"):
            looks += [(window, least + step) for step in (-1, 1) if least + step > 0]
        return [replace(rules, looks={**rules.looks, name: Look(*look)}) for look in looks]
    right = rules.thresholds[name]
    if isinstance(right, int):
        wrong: list[Any] = [right + step for step in (-1, 1)]
    else:
        wrong = [right + Fraction(step, 1000) for step in (-20, -10, -5, 5, 10, 20)]
    return [replace(rules, **{name: figure}) for figure in wrong]
