"""The tables of a report, from what the gate lets out; each has figures that no sentence says."""

from dashboard.report.content import sentences
from dashboard.report.content.facts import Facts
from dashboard.report.content.model import Table
from dashboard.text import words
from safeguards.disclosure.certificate import Duty
from safeguards.disclosure.families import load_attributes


def tabulate_statements(facts: Facts, group: str) -> Table | None:
    """What is said anew of the children of a group, a row an attribute; None where nothing is."""
    told = {
        each.attribute: each.words
        for each in facts.told.statements
        if each.group == group and each.day == facts.told.day
    }
    if not told:
        return None
    return Table(
        caption=f"How many of the children {group}",
        header=("Children who", "How many"),
        rows=tuple((each.many, told[each.key]) for each in load_attributes() if each.key in told),
    )


def tabulate_duties(facts: Facts) -> Table | None:
    """What was due by kind, what became of it, and what had in the report before."""
    duties, last = facts.now.duties, {each.kind: each for each in facts.before.duties}
    if not duties:
        return None
    return Table(
        caption=f"Duties to children looked after, {facts.period}",
        header=("Duty", "Due", "In time", "Late", "Not yet", *_last_column(facts)),
        rows=tuple(
            (
                words.capitalise(sentences.format_duties(each.kind, 2)),
                each.due,
                each.done - each.done_late,
                each.done_late,
                each.due - each.done,
                *([_describe_last(last.get(each.kind))] if facts.last else []),
            )
            for each in duties
        ),
        note=f"{words.spell_out_terms('PEP', 'SDQ', 'EHCP')} Health services, social workers and "
        "the local authority hold some of these duties.",
    )


def tabulate_reasons(facts: Facts) -> Table | None:
    """The sessions missed by reason, the most first; None where no reason is told."""
    told, last = facts.now.sums, dict(facts.before.sums.reasons)
    if not told.reasons:
        return None
    return Table(
        caption=f"Sessions missed by reason, {facts.period}",
        header=("Reason", "Sessions", *_last_column(facts)),
        rows=tuple(
            (
                words.capitalise(label),
                count,
                *([last.get(label, "not given")] if facts.last else []),
            )
            for label, count in told.reasons
        ),
    )


def _last_column(facts: Facts) -> tuple[str, ...]:
    return ("Last year" if facts.is_annual else "Last report",) if facts.last else ()


def _describe_last(duty: Duty | None) -> str:
    if duty is None:
        return "none"
    return f"{duty.done} of {duty.due}" if duty.due else "none due"
