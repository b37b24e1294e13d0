"""The sentences of a report: computed from what may be told, and right for every number."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise, takewhile

from dashboard.report.content.facts import LOOKED_AFTER, Facts, format_term
from dashboard.text import words
from safeguards.disclosure.certificate import Certificate, Duty, Rate, Statement
from safeguards.disclosure.families import load_attributes
from safeguards.disclosure.publish import PREMIUM
from safeguards.disclosure.sums import PremiumFigures, SumFigures

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
#: What two things must have in common at least, for the second to be cut short.
_FEW_WORDS = 2
_STEPS = "steps of EHCPs"
#: For both reasons alike: which of them it is could itself point to a child.
_SPENT_UNTOLD = (
    "What was spent is not given, because it is not recorded of every sum or could point "
    "to a child."
)


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
    told, last = facts.now.sums, facts.before.sums
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


def describe_premium(facts: Facts) -> str:
    """What was planned and spent of pupil premium plus, now and in the report before.

    Empty where nobody is looked after, or nothing is recorded of it.
    """
    told, last = facts.now.premium, facts.before.premium
    is_recorded = PREMIUM not in facts.told.missing and LOOKED_AFTER in facts.told.premium
    if not (facts.told.sizes[LOOKED_AFTER] != 0 and is_recorded):
        return ""
    if told.planned is None:
        return "Sums of pupil premium plus are not given, because they could point to a child."
    said = f"Pupil premium plus {facts.period}: {_format_pounds(told)}."
    if last.planned is not None:
        said = f"{said} It was {_format_pounds(last)} {facts.last_period}."
    return said if told.spent is not None else f"{said} {_SPENT_UNTOLD}"


def describe_rates(rates: Iterable[Rate]) -> str:
    """What their absence is set beside; empty where nothing is recorded or published."""
    parts = []
    for each in rates:
        share = words.format_percent(each.share)
        if each.line == "whole school":
            parts.append(f"The whole school missed {share} in {each.year} so far.")
        else:
            parts.append(
                "In England's primary schools, children looked after for 12 months missed "
                f"{share} in {each.year}."
            )
    return " ".join(parts)


def describe_statements(statements: Iterable[Statement], day: date) -> list[str]:
    """Statements; of those that say the same range of the same children, one sentence.

    Each thing in it is counted by itself.  An older one has the day that it is of.
    """
    alike: dict[tuple[date, str, str], list[str]] = {}
    many = {each.key: each.many for each in load_attributes()}
    for each in statements:
        alike.setdefault((each.day, each.group, each.words), []).append(many[each.attribute])
    found = []
    for (said_on, group, range_words), things in alike.items():
        colon = ":" if len(things) > 1 else ""
        said = f"{range_words} children {group}{colon} {'; '.join(_list_things(things))}."
        if said_on == day:
            found.append(f"{said[:1].upper()}{said[1:]}")
        else:
            found.append(f"On {words.format_short_day(said_on)}, {said}")
    return found


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


def _list_things(things: Sequence[str]) -> Iterator[str]:
    """What is true of children, without most of the words that began the one before, too."""
    for before, thing in pairwise(["", *things]):
        said = thing.split()
        pairs = zip(before.split(), said, strict=False)
        alike = len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])
        yield " ".join(said[alike - 1 :]) if alike > _FEW_WORDS else thing


def _format_pounds(premium: PremiumFigures) -> str:
    planned = f"£{premium.planned:,} planned"
    return planned if premium.spent is None else f"{planned}, £{premium.spent:,} of it spent so far"


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
