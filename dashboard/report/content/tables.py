"""The tables of a report, from what the gate lets out; each has figures that no sentence says."""

from dashboard.report.content import sentences
from dashboard.report.content.facts import Facts
from dashboard.report.content.model import Table
from dashboard.text import words
from safeguards.disclosure.certificate import Duty


def tabulate_duties(facts: Facts) -> Table | None:
    """What was due by kind, what became of it, and what had in the report before."""
    duties = facts.list_duties()
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
                *([_describe_last(facts.find_last_duty(each.kind))] if facts.last else []),
            )
            for each in duties
        ),
        note=f"{words.spell_out_terms('PEP', 'SDQ', 'EHCP')} Health services, social workers and "
        "the authority hold some of these duties.",
    )


def tabulate_reasons(facts: Facts) -> Table | None:
    """The sessions missed by reason, the most first; None where no reason is told."""
    told, last = facts.get_sums(), dict(facts.get_last_sums().reasons)
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
