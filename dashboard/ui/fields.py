"""The fields in which people write for a report, so that nothing typed is lost.

A field stands at the same place, in parts of the page with the same keys, on the Reports page
and on the page that asks to sign in again: so the browser takes it for the same field, and
keeps what was typed even if the cursor never left it.  At another place it would stand twice,
or not at all, while a slow computer draws one page over the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.ui import tab
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.disclosure import drafts

#: What stood on the Reports page last; what it was drawn from, by field.
_LAST_DRAWN, _BASE = "report-stood", "report-base"
#: That the sections were closed, because nobody is signed in.
_CLOSED = "report-shut"
_FIELD_AND_REMARKS = (3, 2)


@dataclass(frozen=True)
class Field:
    """One question, with the words that are kept for it; `name` is new in each term."""

    name: str
    question: str
    example: str
    saved_text: str


@dataclass(frozen=True)
class Section:
    """Some questions under a heading; `state` says how far they are."""

    name: str
    heading: str
    state: str
    fields: tuple[Field, ...]


def get_text(field: Field) -> str:
    """What the field holds now, as it would be kept."""
    return drafts.clean_text(st.session_state.get(_key(field), field.saved_text))


def is_unsaved(field: Field) -> bool:
    """Whether it holds what is not kept."""
    return get_text(field) != field.saved_text


def has_conflict(field: Field) -> bool:
    """Whether other words were kept for it since this person began to type."""
    return is_unsaved(field) and _base().get(_key(field), field.saved_text) != field.saved_text


def render_sections(
    session: access.Session,
    sections: Sequence[Section],
    render_remarks: Callable[[Field], None],
    render_end: Callable[[Section], None],
) -> None:
    """The sections, each to be opened; `remarks` draws beside a field, `end` under them."""
    st.session_state[_LAST_DRAWN] = (session, tuple(sections))
    st.session_state.pop(_CLOSED, None)
    for section in sections:
        for field in section.fields:
            _refresh(field)
        with _part(section):
            for field in section.fields:
                with _row(field):
                    render_remarks(field)
            render_end(section)


def render_locked_fields(note: st.delta_generator.DeltaGenerator) -> None:
    """The same fields, shut, where nobody is signed in; nothing is asked of any session.

    note: where it is said why they stand there.
    """
    if _LAST_DRAWN not in st.session_state:
        return
    session, sections = st.session_state[_LAST_DRAWN]
    if not session.is_allowed("reports"):
        return
    if not st.session_state.get(_CLOSED):
        st.session_state[_CLOSED] = True
        for section in sections:
            st.session_state[_part_key(section)] = False
    note.markdown("What you had begun to write for the report is here when you have signed in.")
    for section in sections:
        with _part(section):
            for field in section.fields:
                _row(field)
            st.button("Save", disabled=True, key=f"{_part_key(section)}-shut")


def forget_sections() -> None:
    """The person went on to another page: what is not kept waits in this tab's memory."""
    st.session_state.pop(_LAST_DRAWN, None)


def _part(section: Section) -> st.delta_generator.DeltaGenerator:
    label = f"{section.heading}: {section.state}" if section.state else section.heading
    return st.expander(label, key=_part_key(section), on_change="rerun")


def _row(field: Field) -> st.delta_generator.DeltaGenerator:
    """The field, and the place beside it, which is under it on a phone."""
    left, right = st.columns(_FIELD_AND_REMARKS)
    left.text_area(
        escape(field.question),
        key=_key(field),
        height="content",
        max_chars=drafts.MAX_ANSWER_LENGTH,
        help="For example:  \n" + "  \n".join(map(escape, field.example.splitlines())),
        persist_state="session",
    )
    return right


def _refresh(field: Field) -> None:
    """Begin with the words that are kept, and follow them until somebody types."""
    key, base = _key(field), _base()
    if key not in st.session_state or (base.get(key) != field.saved_text and _is_untouched(key)):
        st.session_state[key] = field.saved_text
    if get_text(field) == field.saved_text:
        base[key] = field.saved_text


def _is_untouched(key: str) -> bool:
    return bool(drafts.clean_text(st.session_state[key]) == _base().get(key))


def _base() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault(_BASE, {})
    return found


def _key(field: Field) -> str:
    return tab.build_widget_key(f"words-{field.name}")


def _part_key(section: Section) -> str:
    return tab.build_widget_key(f"part-{section.name}")
