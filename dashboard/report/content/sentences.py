"""The sentences of a report: computed from what may be told, and right for every number.

A figure that is held back never becomes a number, a share or a comparison.  It is told that
it is held back, which says nothing of how large it is.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dashboard.text import words
from safeguards.disclosure import Duty, GroupFigures, Release, SumFigures
from safeguards.disclosure.solver.release import Extent
from safeguards.disclosure.solver.sessions import OTHER

_ARE = {
    "looked after": ("is looked after", "are looked after"),
    "previously looked after": (
        "was looked after before, and is not now",
        "were looked after before, and are not now",
    ),
}

_EXTENT = {
    "nothing due": "No {one} was due {when}.",
    "all": "Each {one} due {when} is done.",
    "all, some late": "Each {one} due {when} is done, though not each in time.",
    "some": "Some {many} due {when} are done, and some are not.",
    "none": "No {one} due {when} is done yet.",
}


def describe_children(figures: GroupFigures) -> str:
    """How many children there are: "10 children are looked after."."""
    one, many = _ARE[figures.name]
    if figures.size == 0:
        return f"No child {one.partition(',')[0]}."
    if not figures.is_told:
        return f"A small number of children {many}."
    return f"{words.format_count(figures.size, 'child').capitalize()} {many}."


def describe_previous_size(now: GroupFigures, last: Release | None) -> str:
    """How the number stands beside the last report's; empty where either may not be told."""
    before = last.groups.get(now.name) if last else None
    if last is None or before is None or not (now.is_told and before.is_told):
        return ""
    day = words.format_short_day(last.as_at)
    if before.size == now.size:
        return f"The last report, of {day}, told of as many."
    return f"The last report, of {day}, told of {before.size:,}."


def describe_missed_sessions(
    missed_sum: SumFigures, possible: SumFigures, *, may_say_rates: bool
) -> str:
    """What the children looked after missed: "112 of 931 sessions"."""
    if missed_sum.total is None or possible.total is None:
        return describe_suppressed(["sessions missed"])
    share = ""
    if may_say_rates and possible.total:
        share = f", {words.format_percent(missed_sum.total / possible.total)} of them"
    return (
        "Children looked after missed "
        f"{words.format_part(missed_sum.total, possible.total)} this school year{share}."
    )


def describe_reference_rates(found: Mapping[str, Mapping[str, Any]]) -> str:
    """What their absence is set beside; empty where nothing is recorded or published."""
    parts = []
    if row := found.get("whole school"):
        parts.append(f"The whole school missed {words.format_percent(row['absence_rate'])}.")
    if row := found.get("looked after 12 months"):
        parts.append(
            "In primary schools, children looked after for 12 months missed "
            f"{words.format_percent(row['absence_rate'])} in {row['academic_year']}."
        )
    return " ".join(parts)


def describe_reasons(parts: Iterable[tuple[str, int]]) -> str:
    """The finding of the reasons, as the title of their chart."""
    found = list(parts)
    most = max(count for _, count in found)
    first = [label for label, count in found if count == most]
    if len(first) > 1:
        return "Several reasons come first for missed sessions"
    if first[0] == OTHER:
        return "Most missed sessions: several reasons together"
    return f"Most missed sessions: {first[0][:1].lower()}{first[0][1:]}"


def describe_duty(outcome: Duty | Extent | None, noun: str, when: str) -> str:
    """What became of a duty: "All 10 PEPs due this term are done."."""
    many = words.pluralise(2, noun)
    if outcome is None:
        outcome = "nothing due"
    if isinstance(outcome, str):
        return _EXTENT[outcome].format(one=noun, many=many, when=when)
    if outcome.due == 0:
        return _EXTENT["nothing due"].format(one=noun, when=when)
    if outcome.due == 1:
        return f"The 1 {noun} due {when} is {'done' if outcome.done else 'not done yet'}."
    if outcome.done == outcome.due:
        return f"All {outcome.due} {many} due {when} are done."
    if outcome.done == 0:
        return f"Not one of the {outcome.due} {many} due {when} is done yet."
    return (
        f"{outcome.done} of {outcome.due} {many} due {when} {words.pluralise(outcome.done, 'is')} "
        "done."
    )


def describe_suppressed(labels: Iterable[str]) -> str:
    """That figures are held back, which says nothing of how large they are."""
    return f"Not given, so that no child can be known: {words.format_list(list(labels))}."


def describe_not_recorded(labels: Iterable[str]) -> str:
    """That nothing was loaded about a subject, which is neither none nor held back."""
    return f"Not recorded yet: {words.format_list(list(labels))}."


def describe_certificate(release: Release, earlier: int) -> str:
    """The one sentence of the paper itself on what keeps each child from being known."""
    if not any(each.tables for each in release.groups.values()):
        return "This report gives no numbers about children, because a small number could be known."
    beside = f" beside {words.format_count(earlier, 'earlier report')}" if earlier else ""
    return f"The numbers about children were tested{beside}, and none of them points to a child."


def describe_day(value: date) -> str:
    """The day up to which the data go."""
    return f"Data up to {words.format_short_day(value)}."
