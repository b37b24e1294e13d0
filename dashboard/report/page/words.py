"""The questions that people answer for a report, section by section, and remarks on their words."""

from collections.abc import Iterator, Sequence
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

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

#: The key of the message that is shown once after the page has run again.
_MESSAGE = "report-words-said"
#: The most letters of a text that are quoted to show which words are meant.
_QUOTED = 40


def render_answers(session: access.Session, prepared: PreparedReport) -> DeltaGenerator:
    """Draw the questions of a report, and return the container beside them."""
    answers = {_name(prepared, answer): answer for answer in prepared.answers}
    return fields.render_sections(
        session,
        _list_sections(session, prepared),
        lambda field: _render_remarks(session, prepared, answers[field.name], field),
        lambda: _render_end(session, prepared),
    )


def get_typed(prepared: PreparedReport) -> tuple[Answer, ...]:
    """Return the answers as they stand in the fields now, saved or not."""
    return tuple(
        prompts.replace_text(answer, fields.get_text(_field(prepared, answer)))
        for answer in prepared.answers
    )


def describe_progress(prepared: PreparedReport) -> str:
    """Say what the report still needs before it can be final."""
    return prompts.describe_missing(prepared.answers) or (
        "All the comments that the report needs are saved. You can change them until it is final."
    )


def has_unsaved_text(prepared: PreparedReport) -> bool:
    """Return whether a field has text that is not saved."""
    return any(fields.is_unsaved(_field(prepared, answer)) for answer in prepared.answers)


def _list_sections(session: access.Session, prepared: PreparedReport) -> list[Section]:
    is_name = build_name_check(session)
    return [
        Section(
            name=section,
            heading=heading + (" (Part Two)" if answers[0].prompt.part == "two" else ""),
            state=_describe_state(answers, prepared.figures.day, is_name),
            fields=tuple(_field(prepared, answer) for answer in answers),
        )
        for section, heading in prompts.SECTIONS.items()
        if (answers := [answer for answer in prepared.answers if answer.prompt.section == section])
    ]


def _describe_state(answers: Sequence[Answer], day: date, is_name: IsName) -> str:
    texts = [answer.text for answer in answers]
    if places := wording.count_pointing(texts, day, is_name):
        return f"{words.capitalise(words.format_count(places, 'place'))} to look at"
    if prompts.find_missing(answers):
        return "To write"
    return "Written" if any(texts) else "Optional"


def _field(prepared: PreparedReport, answer: Answer) -> Field:
    return Field(
        name=_name(prepared, answer),
        question=answer.prompt.question,
        example=answer.prompt.example,
        saved_text=answer.text,
    )


def _name(prepared: PreparedReport, answer: Answer) -> str:
    return f"{answer.prompt.key}-{prepared.first_day.isoformat()}"


def _render_remarks(
    session: access.Session, prepared: PreparedReport, answer: Answer, field: Field
) -> None:
    """Draw under a field who saved it, the earlier answer, and what to check."""
    for line in _describe_answer(answer, field):
        components.render_small_text(line)
    if answer.before and answer.before.text != field.saved_text and not fields.is_unsaved(field):
        day = words.format_short_day(answer.before.at.date())
        components.render_small_text(f"Last time, {day}: “{escape(answer.before.text)}”")
        if st.button("Use it again", key=f"again-{field.name}"):
            _keep(session, prepared, {answer.prompt.key: answer.before.text})
    text = fields.get_text(field)
    findings = wording.check_text(text, build_name_check(session), as_at=prepared.figures.day)
    lines = [
        f"- :small[**“{escape(_quote(text, finding))}”** {escape(finding.message)}]"
        for finding in findings
    ]
    if lines:
        st.markdown("\n".join([":small[Check these:]", *lines]))


def _describe_answer(answer: Answer, field: Field) -> Iterator[str]:
    if fields.is_unsaved(field):
        yield "**Not saved yet.**"
    elif answer.draft is not None:
        day = words.format_short_day(answer.draft.at.date())
        yield f"Saved by {escape(answer.draft.actor)} on {day}."
    elif answer.prompt.is_required:
        yield "Needed before the report can be final."
    if fields.has_conflict(field):
        yield f"Somebody saved other words in the meantime: “{escape(field.saved_text)}”"


def _quote(text: str, finding: Finding) -> str:
    part = text[finding.start : finding.end]
    return part if len(part) <= _QUOTED else f"{part[:_QUOTED].rstrip()}…"


def _render_end(session: access.Session, prepared: PreparedReport) -> None:
    """Draw the one Save button for all fields, and its result."""
    typed = {
        answer.prompt.key: fields.get_text(field)
        for answer in prepared.answers
        if fields.is_unsaved(field := _field(prepared, answer))
    }
    faults = dict.fromkeys(filter(None, map(drafts.check_text, typed.values())))
    for fault in faults:
        st.error(escape(fault))
    if message := st.session_state.pop(_MESSAGE, None):
        st.success(message)
    if st.button("Save", key="report-save", type="primary") and not faults:
        _keep(session, prepared, typed)


def _keep(session: access.Session, prepared: PreparedReport, texts: dict[str, str]) -> None:
    """Save answers and draw the page again, or say why they cannot be saved."""
    with tab.say_errors():
        state.save_answers(session, prepared.first_day, texts)
        st.session_state[_MESSAGE] = "Saved." if texts else "There is nothing new to save."
        st.rerun()
