"""The sections of a report, in order: computed findings and figures, and what people write."""

from collections.abc import Callable, Iterator, Sequence

from dashboard.report.content import sentences
from dashboard.report.content.facts import KIND_WORDS, Facts
from dashboard.report.content.figures import FIRST_PEP, OTHERS, PEP, SUSPENSION
from dashboard.report.content.model import (
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Part,
    Question,
    Table,
)
from dashboard.report.content.prompts import SECTIONS, Answer
from dashboard.text import words

_PARTS: dict[str, Part] = {"one": "Part One", "two": "Part Two"}
#: The section whose figures are for governors only.
_CONFIDENTIAL = "safeguarding"
#: What the clerk's page takes over from people's words.
_FOR_MINUTES = ("asks", "next_steps")


def build_document(
    facts: Facts, answers: Sequence[Answer], part: Part, *, is_final: bool
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
    note = sentences.CONFIDENTIAL if part == "Part Two" else sentences.NOTE
    return Document(
        title=words.TEXTS["report_titles"][facts.kind],
        school=facts.school,
        kind=KIND_WORDS[facts.kind],
        part=part,
        term=facts.term_words,
        as_at=facts.told.day,
        is_final=is_final,
        note=f"{note} {words.spell_out_terms('PEP')}",
        blocks=blocks,
    )


def _build_clerks_page(facts: Facts, answers: Sequence[Answer]) -> tuple[Block, ...]:
    said = [
        (
            f"Governors received the {KIND_WORDS[facts.kind].lower()} on children looked after, "
            f"{facts.term_words.lower()}. Data up to "
            f"{words.format_short_day(facts.told.day)}."
        ),
        *(
            f"{heading}."
            for section in _COMPUTED
            if section != _CONFIDENTIAL and (heading := _tell(facts, section)[0])
        ),
    ]
    blocks: list[Block] = [Heading(1, "What may be minuted"), Bullets(tuple(said))]
    for each in answers:
        if each.prompt.key in _FOR_MINUTES and each.text:
            blocks += [Heading(1, each.prompt.title), *_build_answer(each, has_label=False)]
    return tuple(blocks)


def _build_blocks(facts: Facts, answers: Sequence[Answer], part: Part) -> Iterator[Block]:
    for section, name in SECTIONS.items():
        written = [
            each
            for each in answers
            if (each.prompt.section, _PARTS[each.prompt.part]) == (section, part)
        ]
        finding, own = "", list[Block]()
        if (section == _CONFIDENTIAL) == (part == "Part Two"):
            finding, own = _tell(facts, section)
        if written or own or finding:
            yield Heading(1, finding or name)
            yield from own
            for each in written:
                yield from _build_answer(each, has_label=each.prompt.title != name)


def _build_answer(answer: Answer, *, has_label: bool = True) -> Iterator[Block]:
    """What somebody wrote: lines as a list; the question while there is nothing."""
    label = f"{answer.prompt.title}." if has_label else ""
    lines = tuple(line.strip() for line in answer.text.split("\n") if line.strip())
    if not lines:
        yield Question(answer.prompt.question)
    elif len(lines) == 1:
        yield Paragraph(lines[0], label)
    else:
        if label:
            yield Heading(2, answer.prompt.title)
        yield Bullets(lines)


def _tell(facts: Facts, section: str) -> tuple[str, list[Block]]:
    """What a section says without anybody's words: its finding, and what stands below.

    No finding where nothing may be said of it in figures.
    """
    if section == "about" and facts.kind != "nil":
        return "", [Paragraph(sentences.describe_method(facts))]
    if section not in _COMPUTED or (section != "children" and not facts.has_children):
        return "", []
    find, compute = _COMPUTED[section]
    return find(facts), list(compute(facts))


def _children(facts: Facts) -> Iterator[Block]:
    yield Paragraph(" ".join(sentences.describe_roll(facts)))


def _plans(facts: Facts) -> Iterator[Block]:
    if facts.told.is_counted:
        yield _tabulate_duties(facts, (PEP,), f"PEP meetings, {facts.period}")
        lines = (
            sentences.describe_last_peps(facts),
            sentences.describe_first_peps(facts),
            sentences.describe_reasons(facts),
            *sentences.describe_support_words(facts),
        )
    else:
        lines = tuple(sentences.describe_duty_words(facts))
    yield Bullets(tuple(filter(None, (*lines, sentences.SEE_PART_TWO))))


def _attendance(facts: Facts) -> Iterator[Block]:
    parts = [*sentences.describe_missed(facts), *sentences.describe_nation(facts)]
    if facts.told.is_counted:
        parts += sentences.describe_suspended(facts)
    yield Paragraph(" ".join(parts))


def _money(facts: Facts) -> Iterator[Block]:
    said = " ".join(sentences.describe_premium(facts)) if facts.has_premium else ""
    if said:
        yield Paragraph(said)


def _others(facts: Facts) -> Iterator[Block]:
    yield _tabulate_duties(facts, OTHERS, f"Duties of others, {facts.period}")
    own = (FIRST_PEP, SUSPENSION) if facts.told.is_counted else (PEP, FIRST_PEP, SUSPENSION)
    yield _tabulate_duties(facts, own, f"The school's duties, {facts.period}")
    reasons = "" if facts.told.is_counted else sentences.describe_reasons(facts)
    lines = (sentences.describe_quality(facts), reasons, *sentences.describe_support(facts))
    if any(lines):
        yield Bullets(tuple(filter(None, lines)))


def _tabulate_duties(facts: Facts, kinds: Sequence[str], caption: str) -> Table:
    """What was due by kind, what became of it, and what is carried over."""
    duties = [facts.duties.kinds[kind] for kind in kinds]
    note = f"Open before: due before {facts.period} and still to be done."
    if any(each.unrecorded for each in duties):
        note += " Of some that are not done, no record tells either way."
    terms = [each for each in ("SDQ", "EHCP") if each in kinds]
    return Table(
        caption=caption,
        header=("Duty", "Due", "In time", "Late", "Not done", "To come", "Open before"),
        rows=tuple(
            (
                words.TEXTS["report_duties"][each.kind],
                each.due,
                each.in_time,
                each.late,
                each.not_done + each.unrecorded,
                each.to_come,
                each.open_before,
            )
            for each in duties
        ),
        note=f"{note} {words.spell_out_terms(*terms)}".strip(),
    )


#: Of a section with figures: what heads it, and what stands below.
_COMPUTED: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], Iterator[Block]]]] = {
    "children": (sentences.find_size, _children),
    "plans": (sentences.find_peps, _plans),
    "attendance": (sentences.find_missed, _attendance),
    "money": (lambda facts: sentences.find_premium(facts) if facts.has_premium else "", _money),
    "safeguarding": (sentences.find_others, _others),
}
