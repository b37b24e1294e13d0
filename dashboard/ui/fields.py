"""Fields in which people write a report, made so that nothing typed is lost.

A field is at the same place, in parts of the page with the same keys, on the Reports page and
on the page that asks to sign in again. So the browser takes it for the same field, and keeps
what was typed even if the cursor never left it. At another place it would be there twice, or
not at all, while a slow computer draws one page over the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.ui import tab
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.disclosure import drafts

#: The session state's keys of the last sections drawn, and of the saved text behind each field.
_LAST_DRAWN, _BASE = "report-stood", "report-base"
_FIELDS_AND_PREVIEW = (1, 1)


@dataclass(frozen=True)
class Field:
    """A question with its saved text; `name` is new in each term."""

    name: str
    question: str
    example: str
    saved_text: str


@dataclass(frozen=True)
class Section:
    """Questions under a heading; `state` says how complete they are."""

    name: str
    heading: str
    state: str
    fields: tuple[Field, ...]


def get_text(field: Field) -> str:
    """Return the text that the field holds now, as it would be saved."""
    return drafts.clean_text(st.session_state.get(_key(field), field.saved_text))


def is_unsaved(field: Field) -> bool:
    """Return whether the field holds text that is not saved."""
    return get_text(field) != field.saved_text


def has_conflict(field: Field) -> bool:
    """Return whether another text was saved for the field since this person began to type."""
    return is_unsaved(field) and _base().get(_key(field), field.saved_text) != field.saved_text


def render_sections(
    session: access.Session,
    sections: Sequence[Section],
    render_remarks: Callable[[Field], None],
    render_end: Callable[[], None],
) -> st.delta_generator.DeltaGenerator:
    """Draw the sections, with remarks under each field and an end under all of them.

    Returns:
        The place beside them, which is under them on a phone.
    """
    st.session_state[_LAST_DRAWN] = (session, tuple(sections))
    left, right = st.columns(_FIELDS_AND_PREVIEW, gap="large")
    with left:
        for section in sections:
            for field in section.fields:
                _refresh(field)
            with st.container(key=_part_key(section)):
                _render_heading(section)
                for field in section.fields:
                    with _render_field(field):
                        render_remarks(field)
        render_end()
    return right


def render_locked_fields(note: st.delta_generator.DeltaGenerator) -> None:
    """Draw the same fields while nobody is signed in, without asking anything of a session.

    Args:
        note: The place that explains why they are there.
    """
    if _LAST_DRAWN not in st.session_state:
        return
    session, sections = st.session_state[_LAST_DRAWN]
    if not session.is_allowed("reports"):
        return
    note.markdown("What you had begun to write for the report is here when you have signed in.")
    left, _ = st.columns(_FIELDS_AND_PREVIEW, gap="large")
    with left:
        for section in sections:
            with st.container(key=_part_key(section)):
                _render_heading(section)
                for field in section.fields:
                    _render_field(field)
        st.button("Save", disabled=True, key="report-save-locked")


def forget_sections() -> None:
    """Forget the sections when the person goes to another page. Fields keep their text."""
    st.session_state.pop(_LAST_DRAWN, None)


def _render_heading(section: Section) -> None:
    st.header(f"{escape(section.heading)} :small[({section.state.lower()})]", anchor=False)


def _render_field(field: Field) -> st.delta_generator.DeltaGenerator:
    """Draw a field, and return the place under it, which a locked field has too."""
    st.text_area(
        escape(field.question),
        key=_key(field),
        height="content",
        max_chars=drafts.MAX_ANSWER_LENGTH,
        help="For example:  \n" + "  \n".join(map(escape, field.example.splitlines())),
        persist_state="session",
    )
    return st.container()


def _refresh(field: Field) -> None:
    """Start with the saved text, and follow it until somebody types."""
    key, base = _key(field), _base()
    if key not in st.session_state or (base.get(key) != field.saved_text and _is_untouched(key)):
        st.session_state[key] = field.saved_text
    if get_text(field) == field.saved_text:
        base[key] = field.saved_text


def _is_untouched(key: str) -> bool:
    return bool(drafts.clean_text(st.session_state[key]) == _base().get(key))


def _base() -> dict[str, str]:
    texts: dict[str, str] = st.session_state.setdefault(_BASE, {})
    return texts


def _key(field: Field) -> str:
    return tab.build_widget_key(f"words-{field.name}")


def _part_key(section: Section) -> str:
    return tab.build_widget_key(f"part-{section.name}")
