"""What people write for a report, section by section: kept, carried over, and looked through."""

from collections.abc import Iterator, Sequence
from datetime import date

import streamlit as st

from dashboard.report.content import prompts, wording
from dashboard.report.content.prompts import Answer
from dashboard.report.make import PreparedReport
from dashboard.report.page import state
from dashboard.text import words
from dashboard.ui import components, fields, tab
from dashboard.ui.fields import Field, Section
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.access.name_cards import build_name_check
from safeguards.disclosure import drafts
from safeguards.wording import Finding, IsName

#: What was kept, said once more after the page has run again.
_MESSAGE = "report-words-said"
#: Of what somebody wrote, as much as shows which words are meant.
_QUOTED = 40


def render_progress(prepared: PreparedReport) -> None:
    """How far the questions of a report are answered, and what is looked for in the answers."""
    if message := st.session_state.pop(_MESSAGE, None):
        st.success(message)
    st.markdown(describe_progress(prepared))
    components.render_small_text(words.TEXTS["paragraphs"]["what is checked"])


def render_answers(session: access.Session, prepared: PreparedReport) -> None:
    """The questions of a report."""
    answers = {_name(prepared, each): each for each in prepared.answers}
    fields.render_sections(
        session,
        _sections(session, prepared),
        lambda field: _render_remarks(session, prepared, answers[field.name], field),
        lambda section: _render_section_end(session, prepared, section, answers),
    )


def describe_progress(prepared: PreparedReport) -> str:
    """How far the report is from its final form."""
    return prompts.describe_missing(prepared.answers) or (
        "All the comments that the report needs are saved. You can change them until it is final."
    )


def has_unsaved_text(prepared: PreparedReport) -> bool:
    """Whether a field holds words that are not kept."""
    return any(fields.is_unsaved(_field(prepared, each)) for each in prepared.answers)


def _sections(session: access.Session, prepared: PreparedReport) -> list[Section]:
    is_name = build_name_check(session)
    return [
        Section(
            name=section,
            heading=heading + (" (Part Two)" if own[0].prompt.part == "two" else ""),
            state=_state(own, prepared.figures.day, is_name),
            fields=tuple(_field(prepared, each) for each in own),
        )
        for section, heading in prompts.SECTIONS.items()
        if (own := [each for each in prepared.answers if each.prompt.section == section])
    ]


def _state(own: Sequence[Answer], day: date, is_name: IsName) -> str:
    texts = (each.text for each in own)
    if places := wording.count_pointing(texts, day, is_name):
        return f"{words.format_count(places, 'place')} to look at"
    if prompts.find_missing(own):
        return "to write"
    return "written" if any(each.text for each in own) else "optional"


def _field(prepared: PreparedReport, answer: Answer) -> Field:
    return Field(
        name=_name(prepared, answer),
        question=answer.prompt.question,
        example=answer.prompt.example,
        saved_text=answer.text,
    )


def _name(prepared: PreparedReport, answer: Answer) -> str:
    return f"{answer.prompt.key}-{prepared.term['first_day'].isoformat()}"


def _render_remarks(
    session: access.Session, prepared: PreparedReport, answer: Answer, field: Field
) -> None:
    """What stands beside a field: where its words come from, and what to look at again."""
    for line in _describe_answer(answer, field):
        components.render_small_text(line)
    if answer.before and answer.before.text != field.saved_text and not fields.is_unsaved(field):
        day = words.format_short_day(answer.before.at.date())
        components.render_small_text(f"Last time, {day}: “{escape(answer.before.text)}”")
        if st.button("Use it again", key=f"again-{field.name}"):
            _keep(session, prepared, {answer.prompt.key: answer.before.text})
    text = fields.get_text(field)
    found = wording.check_text(text, build_name_check(session), as_at=prepared.figures.day)
    lines = [
        f"- :small[**“{escape(_quoted(text, each))}”** {escape(each.message)}]" for each in found
    ]
    if lines:
        st.markdown("\n".join([":small[Check these:]", *lines]))


def _describe_answer(answer: Answer, field: Field) -> Iterator[str]:
    if fields.is_unsaved(field):
        yield "**Not saved yet.**"
    elif answer.draft is not None:
        yield (
            f"Saved by {escape(answer.draft.actor)} on "
            f"{words.format_short_day(answer.draft.at.date())}."
        )
    elif answer.prompt.is_required:
        yield "Needed before the report can be final."
    if fields.has_conflict(field):
        yield f"Somebody saved other words in the meantime: “{escape(field.saved_text)}”"


def _quoted(text: str, found: Finding) -> str:
    part = text[found.start : found.end]
    return part if len(part) <= _QUOTED else f"{part[:_QUOTED].rstrip()}…"


def _render_section_end(
    session: access.Session, prepared: PreparedReport, section: Section, answers: dict[str, Answer]
) -> None:
    typed = {
        answers[field.name].prompt.key: fields.get_text(field)
        for field in section.fields
        if fields.is_unsaved(field)
    }
    faults = {fault: None for text in typed.values() if (fault := drafts.check_text(text))}
    for fault in faults:
        st.error(escape(fault))
    if st.button("Save", key=f"keep-{section.name}", type="primary") and not faults:
        _keep(session, prepared, typed)


def _keep(session: access.Session, prepared: PreparedReport, texts: dict[str, str]) -> None:
    """Keep answers and show the page anew, or say why they cannot be kept."""
    with tab.say_errors():
        state.save_answers(session, prepared.term["first_day"], texts)
        st.session_state[_MESSAGE] = "Saved." if texts else "There is nothing new to save."
        st.rerun()
