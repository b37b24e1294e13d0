"""What people write for a report, section by section: kept, carried over, and looked through."""

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.report import sections
from dashboard.report.check import wording
from dashboard.report.check.wording import Finding
from dashboard.report.content import prompts
from dashboard.report.content.prompts import Answer
from dashboard.report.make import Prepared
from dashboard.report.page import state
from dashboard.text import words
from dashboard.ui import components, fields, names
from dashboard.ui.fields import Field, Section
from dashboard.ui.markdown import plain
from safeguards.access import access, name_cards
from safeguards.disclosure import drafts
from safeguards.errors import WrittenError

#: What was kept, said once more after the page has run again.
_SAID = "report-words-said"
#: Of what somebody wrote, as much as shows which words are meant.
_QUOTED = 40


def shown(held: access.Session, prepared: Prepared) -> None:
    """The questions of a report, and how far they are answered."""
    if said := st.session_state.pop(_SAID, None):
        st.success(said)
    st.markdown(headline(prepared))
    components.quiet(_about_names(held))
    answers = {_name(prepared, each): each for each in prepared.answers}

    def remarks(field: Field) -> None:
        _remarks(held, prepared, answers[field.name], field)

    def end(section: Section) -> None:
        _end(held, prepared, section, answers)

    fields.shown(held, _sections(prepared), remarks, end)


def headline(prepared: Prepared) -> str:
    """How far the report is from its final form."""
    return prompts.missing_headline(prepared.answers) or (
        "All the words that the report needs are kept. You can change them until it is final."
    )


def is_typed(prepared: Prepared) -> bool:
    """Whether a field holds words that are not kept."""
    return any(fields.is_typed(_field(prepared, each)) for each in prepared.answers)


def findings(prepared: Prepared) -> int:
    """How many places the words check asks about, in what is kept."""
    return sum(len(_looked(prepared, each.text)) for each in prepared.answers)


def _about_names(held: access.Session) -> str:
    about = "Your words are looked through for what may point to a child."
    if names.called() is not None:
        return f"{about} Names are shown, so those of these children are looked for as well."
    if name_cards.are_for(held.role):
        return f"{about} Press Show names, and those of these children are looked for as well."
    return f"{about} This knows common names, and not those of these children."


def _sections(prepared: Prepared) -> list[Section]:
    return [
        Section(
            name=section,
            heading=heading + (" (Part Two)" if own[0].prompt.part == "two" else ""),
            state=_state(own),
            fields=tuple(_field(prepared, each) for each in own),
        )
        for section, heading in sections.HEADINGS.items()
        if (own := [each for each in prepared.answers if each.prompt.section == section])
    ]


def _state(own: Sequence[Answer]) -> str:
    missing = prompts.missing(own)
    if any(each.is_carried for each in missing):
        return "check what is carried over"
    if missing:
        return "needs your words"
    return "written" if any(each.text for each in own) else "if you wish"


def _field(prepared: Prepared, answer: Answer) -> Field:
    return Field(
        name=_name(prepared, answer),
        question=answer.prompt.question,
        example=answer.prompt.example,
        kept=answer.text,
    )


def _name(prepared: Prepared, answer: Answer) -> str:
    return f"{answer.prompt.key}-{prepared.facts.term_from.isoformat()}"


def _remarks(held: access.Session, prepared: Prepared, answer: Answer, field: Field) -> None:
    """What stands beside a field: where its words come from, and what to look at again."""
    for line in _standing(answer, field):
        components.quiet(line)
    if answer.is_carried and not fields.is_typed(field):
        if st.button("Still true", key=f"true-{field.name}"):
            _keep(held, prepared, {answer.prompt.key: answer.text})
        return
    text = fields.text(field)
    lines = [
        f"- :small[**“{plain(_quoted(text, found))}”** {plain(found.message)}]"
        for found in _looked(prepared, text)
    ]
    if lines:
        st.markdown("\n".join([":small[Look again at:]", *lines]))


def _standing(answer: Answer, field: Field) -> Iterator[str]:
    if fields.is_typed(field):
        yield "**Not kept yet.**"
    elif answer.is_carried:
        yield prompts.AS_LAST_TIME
    elif answer.draft is not None:
        yield f"Kept by {plain(answer.draft.actor)} on {words.short_day(answer.draft.at.date())}."
    elif answer.prompt.is_required:
        yield "Needed before the report can be final."
    if fields.meanwhile(field):
        yield f"Other words were kept meanwhile: “{plain(field.kept)}”"


def _looked(prepared: Prepared, text: str) -> tuple[Finding, ...]:
    return wording.findings(text, names=names.called(), as_at=prepared.facts.as_at)


def _quoted(text: str, found: Finding) -> str:
    part = text[found.start : found.end]
    return part if len(part) <= _QUOTED else f"{part[:_QUOTED].rstrip()}…"


def _end(
    held: access.Session, prepared: Prepared, section: Section, answers: dict[str, Answer]
) -> None:
    typed = {
        answers[field.name].prompt.key: fields.text(field)
        for field in section.fields
        if fields.is_typed(field)
    }
    faults = {fault: None for text in typed.values() if (fault := drafts.fault(text))}
    for fault in faults:
        st.warning(plain(fault))
    if st.button("Keep these words", key=f"keep-{section.name}", type="primary") and not faults:
        _keep(held, prepared, typed)


def _keep(held: access.Session, prepared: Prepared, texts: dict[str, str]) -> None:
    """Keep answers and show the page anew, or say why they cannot be kept."""
    try:
        state.keep(held, prepared.facts.term_from, texts)
    except WrittenError as error:
        st.warning(plain(str(error)))
        return
    st.session_state[_SAID] = "Your words are kept." if texts else "There is nothing new to keep."
    st.rerun()
