"""The sections of a report, in order: its statements and tables, and people's answers."""

from collections.abc import Iterator, Sequence

from dashboard.report.content.facts import (
    FIRST_PEP,
    KIND_WORDS,
    OTHERS,
    PEP,
    SUSPENSION,
    Facts,
    format_period,
)
from dashboard.report.content.model import (
    Block,
    Bullets,
    Document,
    Heading,
    Lines,
    Paragraph,
    Part,
    Question,
    Table,
)
from dashboard.report.content.prompts import SECTIONS, Answer
from dashboard.report.content.statements import list_statements
from dashboard.text import words
from safeguards.disclosure.figures import Duty, Totals

#: The parts of the answers and statements on each paper.
_PARTS: dict[Part, tuple[str, ...]] = {
    "Part One": ("one",),
    "Part Two": ("two",),
    "Virtual School": ("one", "two"),
}
#: The answers that the clerk's page repeats.
_STEPS = "next_steps"
_FOR_MINUTES = ("asks", _STEPS)
#: The notes under the title of papers that anybody may read, and of those for few.
_NOTE = "We count what the school did and give totals only, so that no child can be identified."
_CONFIDENTIAL = (
    "For governors only: a small number here may identify a child, so do not copy or minute it."
)
_FOR_SCHOOL = (
    "For the Virtual School only: a small number here may identify a child, so do not copy it."
)
_NOTES: dict[Part, str] = {"Part Two": _CONFIDENTIAL, "Virtual School": _FOR_SCHOOL}


def build_document(
    facts: Facts, answers: Sequence[Answer], part: Part, *, is_final: bool
) -> Document | None:
    """Return a part of the report, or None if the report has no such part.

    Part One may go into public minutes, and the clerk's page has what may be minuted.  Part Two is
    for governors only.  The Virtual School's copy has both parts.  Raise ValueError if a final part
    has a question without an answer.
    """
    if part == "For the clerk":
        blocks = tuple(_build_clerks_page(facts, answers))
    else:
        blocks = tuple(_build_blocks(facts, answers, part))
    if not blocks or (part == "Virtual School" and facts.kind == "nil"):
        return None
    terms = [] if facts.kind == "nil" else ["PEP"]
    return Document(
        title=words.TEXTS["report_titles"][facts.kind],
        school=facts.school,
        kind=KIND_WORDS[facts.kind],
        part=part,
        term=words.capitalise(format_period(facts.figures.period).removeprefix("the ")),
        as_at=facts.figures.day,
        is_final=is_final,
        note=f"{_NOTES.get(part, _NOTE)} {words.spell_out_terms(*terms)}".strip(),
        blocks=blocks,
    )


def _build_clerks_page(facts: Facts, answers: Sequence[Answer]) -> Iterator[Block]:
    receipt = (
        f"Governors received the {KIND_WORDS[facts.kind].lower()} on children looked after, "
        f"{format_period(facts.figures.period).removeprefix('the ')}. Data up to "
        f"{words.format_short_day(facts.figures.day)}."
    )
    minutes = [statement.minutes for statement in list_statements(facts) if statement.minutes]
    yield Heading(1, "What may be minuted")
    yield Bullets((receipt, *minutes))
    for answer in answers:
        if answer.prompt.key in _FOR_MINUTES and answer.text:
            yield Heading(1, answer.prompt.title)
            yield from _build_answer(answer, has_label=False)
    yield Heading(1, "Governors' decision")
    for text, lines in (("Date of the meeting:", 1), ("Decision:", 3), ("Signed by the chair:", 1)):
        yield Paragraph(text)
        yield Lines(lines)


def _build_blocks(facts: Facts, answers: Sequence[Answer], part: Part) -> Iterator[Block]:
    statements = [row for row in list_statements(facts) if row.part in _PARTS[part]]
    tables = {
        "plans": _tabulate_peps(facts) if facts.figures.is_counted else (),
        "attendance": _tabulate_totals(facts),
        "safeguarding": _tabulate_duties(facts),
    }
    for section, name in SECTIONS.items():
        group = [statement for statement in statements if statement.section == section]
        written = [
            answer
            for answer in answers
            if answer.prompt.section == section and answer.prompt.part in _PARTS[part]
        ]
        if not group and not written:
            continue
        yield Heading(1, next((row.heading for row in group if row.heading), name))
        if group:
            yield from tables.get(section, ())
        sentences = [statement.body for statement in group if statement.body]
        if len(sentences) > 1:
            yield Bullets(tuple(sentences))
        elif sentences:
            yield Paragraph(sentences[0])
        for answer in written:
            yield from _build_answer(answer, has_label=answer.prompt.title != name)


def _build_answer(answer: Answer, *, has_label: bool = True) -> Iterator[Block]:
    """Yield an answer, its lines as a list, or the question if there is no answer yet."""
    label = f"{answer.prompt.title}." if has_label else ""
    lines = tuple(line.strip() for line in answer.text.split("\n") if line.strip())
    if answer.prompt.key == _STEPS and (table := _tabulate_steps(lines)):
        yield table
    elif not lines:
        yield Question(answer.prompt.question)
    elif len(lines) == 1:
        yield Paragraph(lines[0], label)
    else:
        if label:
            yield Heading(2, answer.prompt.title)
        yield Bullets(lines)


def _tabulate_steps(lines: Sequence[str]) -> Table | None:
    """Return a table of the steps by section, or None if no line begins with a section's name."""
    steps = []
    for line in lines:
        name, _, step = line.partition(":")
        key = name.strip().lower()
        steps.append((key, step.strip()) if key in SECTIONS else ("", line))
    if not any(key for key, _ in steps):
        return None
    order = [*SECTIONS, ""]
    rows = tuple(
        (SECTIONS.get(key, "The school as a whole"), words.capitalise(step))
        for key, step in sorted(steps, key=lambda pair: order.index(pair[0]))
    )
    return Table("Steps by section", ("Section", "Step"), rows)


def _tabulate_peps(facts: Facts) -> Iterator[Table]:
    """Yield a table of the PEP meetings of each term of the school year so far, and of the year."""
    figures = facts.figures
    duties = {f"{words.capitalise(term)} term": duty for term, duty in figures.peps_by_term.items()}
    if not figures.period.term or not duties:
        duties[words.capitalise(format_period(figures.period))] = figures.duties.kinds[PEP]
    yield _build_duty_table(f"PEP meetings, the school year {figures.period.year}", duties)


def _tabulate_duties(facts: Facts) -> Iterator[Table]:
    """Yield tables of others' duties, and of those of the school that Part One has in words."""
    ours = (FIRST_PEP, SUSPENSION) if facts.figures.is_counted else (PEP, FIRST_PEP, SUSPENSION)
    for caption, kinds in (("Duties of others", OTHERS), ("The school's duties", ours)):
        names = words.TEXTS["report_duties"]
        duties = {names[kind]: facts.figures.duties.kinds[kind] for kind in kinds}
        period = format_period(facts.figures.period)
        yield _build_duty_table(f"{caption}, {period}", duties, kinds)


def _build_duty_table(caption: str, duties: dict[str, Duty], kinds: Sequence[str] = ()) -> Table:
    """Return a table of what was due, what was done of it, and what is carried over."""
    terms = [kind for kind in ("SDQ", "EHCP") if kind in kinds]
    note = (
        "Not recorded: no record tells either way. Open before: due earlier and still to be done."
    )
    header = ("Due", "In time", "Late", "Not done", "Not recorded", "To come", "Open before")
    rows = tuple(
        (
            name,
            *(duty.due, duty.in_time, duty.late, duty.not_done),
            *(duty.unrecorded, duty.to_come, duty.open_before),
        )
        for name, duty in duties.items()
    )
    note = f"{note} {words.spell_out_terms(*terms)}".strip()
    return Table(caption, ("Term" if not kinds else "Duty", *header), rows, note)


def _tabulate_totals(facts: Facts) -> Iterator[Table]:
    """Yield a table of the totals of terms that reports have printed, with this report's."""
    terms = [totals for totals in facts.history if totals.missed is not None]
    if len(terms) > 1:
        header = ("Term", "Missed", "Sessions", "Share", "Whole school")
        note = "Each total is as a report first gave it, or as it was corrected."
        yield Table("Sessions missed by term", header, tuple(map(_list_cells, terms)), note)


def _list_cells(totals: Totals) -> tuple[int | str, ...]:
    missed, sessions, school = totals.missed or 0, totals.sessions, totals.school_share
    return (
        words.capitalise(format_period(totals.period).removeprefix("the ")),
        missed,
        sessions,
        words.format_percent(missed / sessions),
        "not given" if school is None else words.format_percent(school),
    )
