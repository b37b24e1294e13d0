"""The facts that a report is made from, and the conditions and values of its statements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final, Literal

from dashboard.text import words
from safeguards.disclosure.figures import Duty, Figures, Period, Totals

Kind = Literal["termly", "annual", "nil"]

KIND_WORDS: Final[Mapping[str, str]] = words.TEXTS["report_kinds"]
LOOKED_AFTER, PREVIOUSLY = "looked after", "previously looked after"
#: The kinds of duty in report_duty: the school's own that have a day on which they were done, those
#: of which only the open ones are known, and those of others.
PEP, FIRST_PEP = "PEP", "first PEP"
SUSPENSION = "suspension"
OPEN_ONLY = ("reason", "support", "timetable")
OTHERS = ("health", "SDQ", "EHCP")
DUTIES = (PEP, FIRST_PEP, SUSPENSION, *OPEN_ONLY, *OTHERS)


@dataclass(frozen=True)
class Facts:
    """The facts from which the computed part of a report is made.

    Attributes:
        kind: The kind of report.
        school: The school's name.
        figures: The figures that may be published.
        window: The totals of the newest whole period: the year of an annual report, else the term
            itself or the last one before it. None if no term is over.
        history: The totals that reports printed of earlier terms, the oldest first.
        england: The share of sessions that children looked after missed in England, 0 to 1, and
            its school year; None if none is published.
        has_premium, has_support: Whether the school keeps these records.

    """

    kind: Kind
    school: str
    figures: Figures
    window: Totals | None = None
    history: tuple[Totals, ...] = ()
    england: tuple[float, str] | None = None
    has_premium: bool = True
    has_support: bool = True


def format_period(period: Period) -> str:
    """Return "the autumn term 2026", or "the school year 2026/27"."""
    if not period.term:
        return f"the school year {period.year}"
    start = int(period.year[:4])
    return f"the {period.term} term {start if period.term == 'autumn' else start + 1}"


def list_conditions(facts: Facts) -> frozenset[str]:
    """Return the names of the conditions of `statements.csv` that hold."""
    figures, kinds, window = facts.figures, facts.figures.duties.kinds, facts.window
    holds = {
        "any": figures.has_children,
        "left_all": figures.roll[LOOKED_AFTER].children == 0,
        "over": figures.is_over,
        "counted": figures.is_counted,
        "peps_due": kinds[PEP].due > 0,
        "peps_kept": kinds[PEP].is_kept,
        "first_peps_kept": kinds[FIRST_PEP].is_kept,
        "reasons_kept": kinds["reason"].is_kept,
        "graded": any(figures.duties.quality),
        "others_due": any(kinds[kind].due for kind in OTHERS),
        "has_support": facts.has_support,
        "has_premium": facts.has_premium,
        "england": facts.england is not None,
        "window": window is not None,
        "missed": window is not None and window.missed is not None,
        "sessions": any(totals.missed is not None for totals in (*facts.history, window) if totals),
        "school": window is not None and window.school_share is not None,
        "planned": window is not None and window.planned is not None,
        "spent": window is not None and window.spent != "",
        "corrected": window is not None and window.is_corrected,
        "gap": _count_gap(facts) > 0,
    }
    return frozenset(name for name, is_so in holds.items() if is_so)


def list_values(facts: Facts) -> dict[str, str]:
    """Return the values of the names in braces; a total that may not be published has none."""
    figures, kinds = facts.figures, facts.figures.duties.kinds
    period, day = format_period(figures.period), words.format_short_day(figures.day)
    values = {
        "size": words.capitalise(words.format_list(_describe_sizes(figures))),
        "came_and_left": " ".join(_describe_roll(figures)),
        "day": day,
        "period": period,
        "Period": words.capitalise(period),
        "so_far": f"in {period}" if figures.is_over else f"in {period} by {day}",
        "fewest": str(figures.settings.fewest),
        "percent": f"{figures.settings.percent}%",
        "peps": _describe_peps(kinds[PEP], period),
        "reasons": _describe_open(
            [kinds["reason"]],
            "day of absence",
            "past the time for its reason",
            "still in time",
            period,
        ),
        "support": _describe_open(
            [kinds["support"], kinds["timetable"]],
            "review of support or of a part-time timetable",
            "past its day",
            "still to come",
            period,
        ),
        "grades": _describe_grades(figures.duties.quality),
        "others": _describe_others([kinds[kind] for kind in OTHERS]),
        "gap": words.format_count(_count_gap(facts), "school day"),
    }
    if facts.england:
        values["england_share"] = words.format_percent(facts.england[0])
        values["england_year"] = facts.england[1]
    return values | _list_totals(facts.window)


def _list_totals(window: Totals | None) -> dict[str, str]:
    """Return the values of the totals that may be published."""
    if window is None:
        return {}
    values = {"window": format_period(window.period)}
    if window.missed is not None:
        values["missed"] = words.format_part(window.missed, window.sessions, with_percent=True)
        values["missed_share"] = words.format_percent(window.missed / window.sessions)
    if window.school_share is not None:
        values["school_share"] = words.format_percent(window.school_share)
    if window.planned is not None:
        values["planned"] = f"£{floor(window.planned + 0.5):,}"
        values["spent"] = window.spent
    return values


def _describe_sizes(figures: Figures) -> Iterator[str]:
    """Say how many children there are in each group on the day."""
    for group in (LOOKED_AFTER, PREVIOUSLY):
        number = figures.roll[group].children
        verb = "is" if number in (0, 1) else "are"
        yield f"{_describe_number(number, figures.settings.fewest)} {verb} {group}"


def _describe_roll(figures: Figures) -> Iterator[str]:
    """Say how many came and left in the school year, by group."""
    fewest = figures.settings.fewest
    for group in (LOOKED_AFTER, PREVIOUSLY):
        roll = figures.roll[group]
        came = _describe_number(roll.arrived, fewest)
        left = f"fewer than {fewest}" if roll.left is None else roll.left or "none"
        yield f"{words.capitalise(group)}: {came} came and {left} left in the school year."


def _describe_number(number: int | None, fewest: int) -> str:
    """Return "12 children", "fewer than 6 children" or "no child"."""
    if number is None:
        return f"fewer than {fewest} children"
    return words.format_count(number, "child") if number else "no child"


def _describe_peps(duty: Duty, period: str) -> str:
    """Describe the PEP meetings; one that is still to come is not counted as missed."""
    if duty.due and duty.unrecorded == duty.due:
        return f"No PEP meeting due in {period} is recorded yet"
    rest = [
        f"{number} {words.pluralise(number, verb)} {state}"
        for number, verb, state in (
            (duty.late, "was", "held late"),
            (duty.not_done, "was", "not held"),
            (duty.unrecorded, "is", "not recorded"),
            (duty.to_come, "is", "still to come"),
        )
        if number
    ]
    held = f"{duty.in_time} of {duty.due}" if rest else f"All {duty.due}"
    return words.format_list([f"{held} PEP meetings due in {period} were held in time", *rest])


def _describe_open(duties: Sequence[Duty], noun: str, state: str, coming: str, period: str) -> str:
    """Say how many steps are past their day, and how many are still to come."""
    number = sum(duty.not_done + duty.open_before for duty in duties)
    before = sum(duty.open_before for duty in duties)
    to_come = sum(duty.to_come for duty in duties)
    sentence = f"No {noun} is {state}"
    if number == 1:
        sentence = f"1 {noun} is {state}"
    elif number:
        first, _, rest = noun.partition(" ")
        sentence = f"{number} {words.pluralise(number, first)} {rest} are {state}".replace(
            "its", "their"
        )
    if before:
        sentence += f", {before} from before {period}"
    ahead = f"; {to_come} {words.pluralise(to_come, 'is')} {coming}" if to_come else ""
    return f"{sentence}{ahead}."


def _describe_grades(quality: Mapping[str, int]) -> str:
    """Describe the authority's grades for the plans of the meetings held, most frequent first."""
    grades = sorted(quality.items(), key=lambda item: (item[0] == "", -item[1], item[0]))
    parts = [f"{word.lower() or 'none yet'} for {number}" for word, number in grades]
    return f"The local authority's grades for the plans: {words.format_list(parts)}."


def _describe_others(duties: Sequence[Duty]) -> str:
    """Describe the duties that others hold."""
    due, in_time = sum(duty.due for duty in duties), sum(duty.in_time for duty in duties)
    to_come = sum(duty.to_come for duty in duties)
    later = f", and {to_come} {words.pluralise(to_come, 'is')} still to come" if to_come else ""
    return f"Others did {in_time} of {due} checks, scores and plans in time{later}"


def _count_gap(facts: Facts) -> int:
    """Count the school days of the window that have no register."""
    if facts.window is None:
        return 0
    days, term = facts.figures.days_without_marks, facts.window.period.term
    return days.get(term, 0) if term else sum(days.values())
