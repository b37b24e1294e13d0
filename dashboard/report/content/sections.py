"""The sections of a report, in order: computed figures and sentences, and what people write."""

from collections.abc import Iterator, Sequence

from dashboard.report.content import sentences, tables
from dashboard.report.content.facts import KIND_WORDS, Facts
from dashboard.report.content.model import (
    AnswerBlock,
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Part,
)
from dashboard.report.content.prompts import Answer

_TITLE = "Children looked after: report to governors"
_PARTS: dict[str, Part] = {"one": "Part One", "two": "Part Two"}
#: The headings, by section.
HEADINGS = {
    "0": "About this report",
    "1": "Summary",
    "2": "Our children",
    "3": "Attendance and suspensions",
    "4": "Plans and dates",
    "5": "Learning",
    "6": "Wellbeing and health",
    "7": "Special educational needs",
    "8": "Safeguarding",
    "9": "Pupil premium plus",
    "10": "Staff, time and partners",
    "11": "What children told us",
    "12": "Next steps",
    "A": "Questions governors may ask",
    "B": "How the numbers were made",
    "C": "Case study",
}
#: What a section says where nothing was ever loaded, by subject.
_SUBJECTS = {
    "3": {"suspended": "suspensions", "timetable": "part-time timetables"},
    "5": {"attainment": "assessments beside the class", "help": "help in place"},
    "6": {
        "sdq": "SDQ scores",
        "health": "health assessments",
        "dental": "dental checks",
        "immunised": "immunisations",
    },
    "7": {"ehcp": "Education, Health and Care Plans"},
    "9": {"premium": "pupil premium plus"},
}
#: What the clerk's page takes over from people's words.
_FOR_MINUTES = {"asks": "What governors are asked", "next_steps": "Next steps"}


def build_document(
    facts: Facts,
    answers: Sequence[Answer],
    part: Part,
    *,
    is_final: bool,
    logo: bytes | None = None,
) -> Document | None:
    """A part of the report; None where the report has nothing of that kind.

    Part One may stand in public minutes, Part Two is for governors only, and the clerk's page
    is what may be minuted.  ValueError where the blocks make no paper that all can read.
    """
    if part == "For the clerk":
        blocks = _build_clerks_page(facts, answers)
    else:
        blocks = tuple(_build_blocks(facts, answers, part))
    if not blocks:
        return None
    return Document(
        title=_TITLE,
        school=facts.school,
        kind=KIND_WORDS[facts.kind],
        part=part,
        term=facts.term_words,
        as_at=facts.told.day,
        is_final=is_final,
        certificate=sentences.describe_protection(facts.told),
        blocks=blocks,
        logo=logo,
    )


def _build_clerks_page(facts: Facts, answers: Sequence[Answer]) -> tuple[Block, ...]:
    lines = [
        (
            f"Governors received the {KIND_WORDS[facts.kind].lower()} on children looked after, "
            f"{facts.term_words.lower()}. {sentences.describe_day(facts.told.day)}"
        ),
        *(sentences.describe_size(facts, group) for group in facts.told.sizes),
        sentences.describe_missed(facts),
        sentences.describe_premium(facts),
        *(sentences.describe_duty(each, facts.period) for each in facts.now.duties),
        *sentences.describe_statements(facts.told.statements, facts.told.day),
    ]
    blocks: list[Block] = [Heading(1, "What may be minuted"), Bullets(tuple(filter(None, lines)))]
    for each in answers:
        if each.prompt.key in _FOR_MINUTES and each.text:
            blocks += [Heading(1, _FOR_MINUTES[each.prompt.key]), _build_answer(each)]
    return tuple(blocks)


def _build_blocks(facts: Facts, answers: Sequence[Answer], part: Part) -> Iterator[Block]:
    for section, heading in HEADINGS.items():
        written = [
            each
            for each in answers
            if (each.prompt.section, _PARTS[each.prompt.part]) == (section, part)
        ]
        own = list(_compute(facts, section)) if part == "Part One" else []
        if written or own:
            yield Heading(1, heading)
            yield from own
            for each in written:
                if each.text:
                    yield Heading(2, each.prompt.title.format(letter=facts.letter))
                yield _build_answer(each)


def _build_answer(answer: Answer) -> Block:
    """What somebody wrote: lines as a list; the question while there is nothing."""
    lines = tuple(line for line in answer.text.split("\n") if line.strip())
    if len(lines) > 1:
        return Bullets(lines)
    return AnswerBlock(answer.prompt.question, answer.text or None)


def _compute(facts: Facts, section: str) -> Iterator[Block]:
    """What a section says without anybody's words."""
    if section in _COMPUTED:
        yield from _COMPUTED[section](facts)
    if section in _SUBJECTS and facts.kind != "nil":
        missing = [label for key, label in _SUBJECTS[section].items() if key in facts.told.missing]
        if missing:
            yield Paragraph(sentences.describe_not_recorded(missing))


def _children(facts: Facts) -> Iterator[Block]:
    yield Paragraph(" ".join(sentences.describe_size(facts, group) for group in facts.told.sizes))
    for group in facts.told.sizes:
        table = tables.tabulate_statements(facts, group)
        if table:
            yield table
    day = facts.told.day
    older = [each for each in facts.told.statements if each.day != day]
    if older:
        yield Bullets(tuple(sentences.describe_statements(older, day)))


def _attendance(facts: Facts) -> Iterator[Block]:
    if facts.kind == "nil":
        return
    rates = facts.told.rates or ()
    text = f"{sentences.describe_missed(facts)} {sentences.describe_rates(rates)}".strip()
    if text:
        yield Paragraph(text)
    table = tables.tabulate_reasons(facts)
    if table:
        yield table


def _plans(facts: Facts) -> Iterator[Block]:
    table = tables.tabulate_duties(facts)
    if table:
        yield table
    if not facts.is_annual and facts.now.premium.planned is not None:
        yield from _money(facts)  # an annual report has a section for it


def _money(facts: Facts) -> Iterator[Block]:
    said = sentences.describe_premium(facts)
    if said:
        yield Paragraph(said)


def _method(facts: Facts) -> Iterator[Block]:
    if facts.kind == "nil":
        yield Paragraph("The register and the list of care were read.")
        return
    told, settings = facts.told, facts.told.settings
    lines = [f"No numbers are given for groups of fewer than {settings.fewest_for_sums}."]
    if any(each.missed is not None for each in told.sums.values()):
        lines[0] += " A session is half a day of school."
        lines.append(
            "A sum is given once a term, where nobody could guess another's share to within "
            f"{settings.percent}%."
        )
    if told.statements:
        lines.append(
            f"From {settings.fewest_for_statements} children on, ranges of at least "
            f"{settings.narrowest} numbers are said. They are chosen from who came and left, not "
            "from what is true today."
        )
        lines.append(
            "What is not recorded of a child does not count. Kept pace: as many steps as the class."
        )
    lines += [
        "Duties are counted in full. Whoever knows the children may know whose was late.",
        "A term that was reported on stays as printed. Corrections are in the next term's report.",
    ]
    yield Bullets(tuple(lines))


_COMPUTED = {
    "2": _children,
    "3": _attendance,
    "4": _plans,
    "9": lambda facts: _money(facts) if facts.is_annual else iter(()),
    "B": _method,
}
