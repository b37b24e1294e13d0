"""The sections of a report, in order: computed figures and sentences, and what people write."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from dashboard.report.content import figures, sentences, tables
from dashboard.report.content.facts import Facts
from dashboard.report.content.model import AnswerBlock, Block, Bullets, Heading, Paragraph
from dashboard.report.content.prompts import Answer
from dashboard.report.render import pictures
from dashboard.text import rules, words
from safeguards.disclosure import Attribute, Duty, SumFigures

#: The headings, by section; a nil return has its own for the first.
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
_OTHERS = (
    "Health and dental checks, scores by carers, reasons for absence, and steps of Education, "
    "Health and Care Plans."
)
_NOTHING = SumFigures(None)


def build_part_one(facts: Facts, answers: Sequence[Answer]) -> tuple[Block, ...]:
    """What may stand in public minutes."""
    return tuple(_blocks(facts, answers, "one"))


def build_part_two(facts: Facts, answers: Sequence[Answer]) -> tuple[Block, ...]:
    """What is for governors only; empty where the report has nothing of that kind."""
    return tuple(_blocks(facts, answers, "two"))


def _blocks(facts: Facts, answers: Sequence[Answer], part: str) -> Iterator[Block]:
    computed = _NIL_COMPUTED if facts.kind == "nil" else _COMPUTED
    for section, heading in HEADINGS.items():
        written = [
            each for each in answers if (each.prompt.section, each.prompt.part) == (section, part)
        ]
        own = list(computed[section](facts)) if part == "one" and section in computed else []
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


def _about(facts: Facts) -> Iterator[Block]:
    yield Paragraph(
        f"For the governing body of {facts.school}. {sentences.describe_day(facts.as_at)} No "
        "child is named."
    )


def _summary(facts: Facts) -> Iterator[Block]:
    yield Bullets(
        tuple(
            line
            for line in (
                sentences.describe_children(facts.get_group(figures.LOOKED_AFTER)),
                _peps(facts),
                _other_duties(facts),
                _missed(facts) if _sums(facts)[0].total is not None else "",
            )
            if line
        )
    )


def _children(facts: Facts) -> Iterator[Block]:
    groups = [facts.get_group(name) for name in figures.ATTRIBUTES]
    looked_after = groups[0]
    lines = [sentences.describe_children(each) for each in groups]
    lines.append(sentences.describe_previous_size(looked_after, facts.last))
    yield Paragraph(" ".join(line for line in lines if line))
    if any(each.is_told for each in groups):
        yield tables.tabulate_groups(groups)
    yield from _build_child_tables(facts, (figures.YEARS,))


def _attendance(facts: Facts) -> Iterator[Block]:
    missed, possible = _sums(facts)
    text = " ".join(filter(None, (_missed(facts), sentences.describe_reference_rates(facts.lines))))
    if text:
        yield Paragraph(text)
    sessions = tables.tabulate_sessions(missed, possible)
    if sessions:
        yield sessions
    if missed.parts:
        frame = pl.DataFrame(
            {
                "reason": [words.capitalise(label) for label, _ in missed.parts],
                "sessions": [count for _, count in missed.parts],
            }
        )
        picture = pictures.draw_sessions_by_reason(frame, sentences.describe_reasons(missed.parts))
        if picture:
            yield picture
        yield tables.tabulate_reasons(missed.parts)
    yield from _build_child_tables(
        facts, (figures.ATTENDANCE, figures.SUSPENDED), figures.PREVIOUSLY
    )


def _plans(facts: Facts) -> Iterator[Block]:
    yield Paragraph(f"{_peps(facts)} {_other_duties(facts)}")
    for key, caption, noun, note in (
        ("PEP duties", "Personal education plans (PEPs) of this term", "PEPs", ""),
        ("other duties", "Other duties of this term so far", "Duties", _OTHERS),
    ):
        duty = facts.release.duties.get(key)
        if isinstance(duty, Duty) and duty.due:
            yield tables.tabulate_duty(duty, caption, noun, note)


def _health(facts: Facts) -> Iterator[Block]:
    yield from _build_child_tables(facts, (figures.SDQ, figures.HEALTH, figures.DENTAL))


def _send(facts: Facts) -> Iterator[Block]:
    yield from _build_child_tables(facts, (figures.EHCP,), figures.PREVIOUSLY)


def _questions(facts: Facts) -> Iterator[Block]:
    if facts.kind != "annual":  # a termly report is short
        return
    questions = [
        f"Are plans made in time? See {HEADINGS['4']}.",
        f"Are children in school, and what helps? See {HEADINGS['3']}.",
        f"What did pupil premium plus change? See {HEADINGS['9']}.",
        f"What do children say, and what changed because of it? See {HEADINGS['11']}.",
        f"Has the designated teacher time and training enough? See {HEADINGS['10']}.",
    ]
    if any(each.suppressed_count for each in facts.release.groups.values()):
        questions.append(f"Why are some numbers held back? See {HEADINGS['B']}.")
    yield Bullets(tuple(questions))


def _method(facts: Facts) -> Iterator[Block]:
    limits = facts.limits
    lines = [
        f"{sentences.describe_day(facts.as_at)} Later corrections are not in this report.",
        f"About fewer than {limits.fewest} children no number is given.",
    ]
    if any(each.is_told for each in facts.release.groups.values()):
        lines += [
            "A session is half a day of school. A share is of sessions, never of children.",
            f"Counts are split once, and only from {limits.fewest_for_splits} children on.",
            (
                f"A count of 1 to {limits.small} is held back, and others with it. "
                "So nobody can work it out, not even with earlier reports."
            ),
            (
                "A sum of sessions is given if no child holds over "
                f"{rules.format_fraction(limits.largest_share)} of it."
            ),
        ]
    if facts.lines:
        lines.append(
            "National figures: Department for Education, Outcomes for children in need, including "
            "children looked after."
        )
    yield Bullets(tuple(lines))


def _nil_about(facts: Facts) -> Iterator[Block]:
    yield from _about(facts)
    yield Paragraph(sentences.describe_children(facts.get_group(figures.LOOKED_AFTER)))


def _nil_method(facts: Facts) -> Iterator[Block]:
    yield Paragraph(
        f"{sentences.describe_day(facts.as_at)} The register and the list of care were read."
    )


_COMPUTED = {
    "0": _about,
    "1": _summary,
    "2": _children,
    "3": _attendance,
    "4": _plans,
    "6": _health,
    "7": _send,
    "A": _questions,
    "B": _method,
}
_NIL_COMPUTED = {"0": _nil_about, "B": _nil_method}


def _build_child_tables(
    facts: Facts, attributes: Iterable[Attribute], *more: str
) -> Iterator[Block]:
    """Tables of children, one sentence for all that is held back, one for what is not recorded.

    more: groups beside the children looked after.
    """
    attributes = tuple(attributes)
    hidden = []
    for name in (figures.LOOKED_AFTER, *more):
        group = facts.get_group(name)
        told = {each.key: each for each in group.attributes} if group.tables else {}
        for attribute in (told[each.key] for each in attributes if each.key in told):
            table = tables.tabulate_children(group, attribute)
            if table:
                yield table
            else:
                whose = "" if name == figures.LOOKED_AFTER else f" of children {name}"
                hidden.append(f"{_label(attribute)}{whose}")
    if hidden:
        yield Paragraph(sentences.describe_suppressed(hidden))
    known = {each.key for each in facts.get_group(figures.LOOKED_AFTER).attributes}
    missing = [_label(each) for each in attributes if each.key not in known]
    if missing:
        yield Paragraph(sentences.describe_not_recorded(missing))


def _label(attribute: Attribute) -> str:
    """An attribute within a sentence; a name, such as that of a plan, keeps its capital."""
    _, second, *_ = f"{attribute.label}  ".split(" ")
    if second[:1].isupper():
        return attribute.label
    return f"{attribute.label[:1].lower()}{attribute.label[1:]}"


def _sums(facts: Facts) -> tuple[SumFigures, SumFigures]:
    """What the children looked after missed, and could have attended, this school year."""
    found: Mapping[str, SumFigures] = facts.release.sums
    year = facts.academic_year
    return (
        found.get(figures.format_missed_key(figures.LOOKED_AFTER, year), _NOTHING),
        found.get(figures.format_possible_key(figures.LOOKED_AFTER, year), _NOTHING),
    )


def _missed(facts: Facts) -> str:
    if not facts.get_group(figures.LOOKED_AFTER).size:
        return ""
    return sentences.describe_missed_sessions(*_sums(facts), may_say_rates=facts.may_say_rates)


def _peps(facts: Facts) -> str:
    return sentences.describe_duty(
        facts.release.duties.get("PEP duties"), "personal education plan", "this term"
    )


def _other_duties(facts: Facts) -> str:
    duty = facts.release.duties.get("other duties")
    return sentences.describe_duty(duty, "other duty", "so far this term")
