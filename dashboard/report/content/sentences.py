"""The sentences of a report: computed from what may be told, and right for every number."""

from collections.abc import Iterable, Sequence
from datetime import date

from dashboard.report.content.facts import LOOKED_AFTER, Facts, format_term
from dashboard.text import words
from safeguards.disclosure.certificate import Certificate, Duty, Rate, Statement
from safeguards.disclosure.families import load_attributes
from safeguards.disclosure.sums import SumFigures

_ARE = {
    "looked after": ("is looked after", "are looked after"),
    "previously looked after": ("is previously looked after", "are previously looked after"),
}
#: A duty of each kind, and what became of those that were done.
DUTY_WORDS = {
    "PEP": ("PEP meeting", "held"),
    "health": ("health or dental check", "done"),
    "SDQ": ("SDQ", "filled in"),
    "EHCP": ("step of an EHCP", "done"),
}
_STEPS = "steps of EHCPs"


def describe_size(facts: Facts, group: str) -> str:
    """How many children there are, and were: "12 children are looked after.  There were 11..."."""
    size = facts.told.sizes[group]
    one, many = _ARE[group]
    if size == 0:
        return f"No child {one}."
    if size is None:
        return f"A small number of children {many}."
    said = f"{words.format_count(size, 'child').capitalize()} {many}."
    before = facts.last and facts.last.sizes.get(group)
    if not facts.last or not before:
        return said
    return f"{said} There were {before} in the report of {format_term(facts.last).lower()}."


def describe_missed(facts: Facts) -> str:
    """What the children looked after missed, now and in the report before."""
    if facts.told.sizes[LOOKED_AFTER] == 0:
        return ""
    told, last = facts.get_sums(), facts.get_last_sums()
    if told.missed is None:
        return "The sessions missed are not given, because they could point to a child."
    has_shares = facts.told.rates is not None
    said = (
        f"Children looked after missed {_count_missed(told)} {facts.period}"
        f"{_share(told) if has_shares else ''}."
    )
    if last.missed is None:
        return said
    return f"{said} It was {_count_missed(last)} {facts.last_period}{_share(last)}."


def describe_rates(rates: Iterable[Rate]) -> str:
    """What their absence is set beside; empty where nothing is recorded or published."""
    parts = []
    for each in rates:
        share = words.format_percent(each.share)
        if each.line == "whole school":
            parts.append(f"The whole school missed {share} in {each.year} so far.")
        else:
            parts.append(
                "In primary schools, children looked after for 12 months missed "
                f"{share} in {each.year}."
            )
    return " ".join(parts)


def describe_statement(statement: Statement, day: date) -> str:
    """A statement; an older one with the report that it was said in."""
    attribute = next(each for each in load_attributes() if each.key == statement.attribute)
    said = f"{statement.words} children {statement.group} {attribute.many}."
    if statement.day == day:
        return f"{said[:1].upper()}{said[1:]}"
    return f"In the report of {words.format_short_day(statement.day)}: {said}"


def describe_duty(duty: Duty, period: str) -> str:
    """What became of a duty: "11 of 12 PEP meetings this term were held, 2 of them late."."""
    noun, done = DUTY_WORDS[duty.kind]
    many = format_duties(duty.kind, 2)
    if duty.due == 0:
        return f"No {noun} was due {period}."
    if duty.due == 1:
        state = f"was {done}{', late' if duty.done_late else ''}" if duty.done else f"is not {done}"
        return f"One {noun} was due {period}, and it {state}."
    if duty.done == 0:
        return f"Not one of {duty.due} {many} due {period} is {done} yet."
    late = f", {duty.done_late} of them late" if duty.done_late else ""
    how_many = f"All {duty.due}" if duty.done == duty.due else f"{duty.done} of {duty.due}"
    return f"{how_many} {many} due {period} were {done}{late}."


def format_duties(kind: str, number: int) -> str:
    """A kind of duty in words: "PEP meetings"."""
    if kind == "EHCP" and number != 1:
        return _STEPS
    return words.pluralise(number, DUTY_WORDS[kind][0])


def describe_not_recorded(labels: Sequence[str]) -> str:
    """That nothing was loaded about a subject, which is neither none nor held back."""
    return f"Not recorded yet: {words.format_list(list(labels))}."


def describe_protection(told: Certificate) -> str:
    """The one sentence of the paper itself on what keeps each child from being known."""
    if told.statements or any(each.missed is not None for each in told.sums.values()):
        return "Children are told of in ranges and sums only. Duties are counted in full."
    return "Children are told of in words only. Duties are counted in full."


def describe_day(value: date) -> str:
    """The day up to which the data go."""
    return f"Data up to {words.format_short_day(value)}."


def _count_missed(sums: SumFigures) -> str:
    if sums.missed is None:
        raise ValueError("a sum that is not told cannot be said")
    if sums.possible is None:
        return words.format_count(sums.missed, "session")
    return words.format_part(sums.missed, sums.possible)


def _share(sums: SumFigures) -> str:
    if sums.missed is None or not sums.possible:
        return ""
    return f", {words.format_percent(sums.missed / sums.possible)} of them"
