"""The form for a fact from a letter about one child.

`intake.publish.entries` checks and saves what was typed, by the same contract as for a file.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from intake.problems import IntakeError
from intake.publish import entries
from queries.contract import FACT_EXPORTS, FILE_TABLES, Column, get_category
from safeguards.access import access
from safeguards.journal.typed_entries import Entry

#: The session state's keys of the message after saving, and of the number of entries.
_MESSAGE, _ATTEMPT = "form-said", "form-round"
#: The session state's key of the last child of the form.
_LAST_SHOWN = "form-stood"


def render_fact_form(session: access.Session, handle: str) -> None:
    """Draw the form on a child's page, for a role that may add facts."""
    if message := st.session_state.pop(_MESSAGE, None):
        st.success(message)
    if session.is_allowed("child", "add_fact"):
        _render_part(session, handle)


@st.fragment
def _render_part(session: access.Session, handle: str) -> None:
    """Draw the many fields once somebody opens the form, and keep them from then on."""
    with st.expander("Record something from a letter", key="letter", on_change="rerun") as part:
        if part.open or st.session_state.get(_LAST_SHOWN) == handle:
            st.session_state[_LAST_SHOWN] = handle
            _render_fact_form(session, handle)


def render_disabled_form(session: access.Session) -> None:
    """Draw the same form disabled: the browser keeps what was typed while its fields exist.

    `session` is the session that drew it and is over. Nothing is asked of it.
    """
    if (handle := st.session_state.get(_LAST_SHOWN)) is not None:
        with st.expander("What you had begun to type is here when you have signed in"):
            _render_fact_form(session, handle, is_disabled=True)


def _render_fact_form(session: access.Session, handle: str, *, is_disabled: bool = False) -> None:
    exports = {
        export.name: export
        for export in FACT_EXPORTS
        if session.has_table(FILE_TABLES[export.name])
        and session.has_category(get_category(export).role_category)
    }
    name = st.selectbox(
        "What is it about?",
        list(exports),
        format_func=lambda name: get_category(name).form_label,
        key=_key("fact-kind"),
    )
    columns = [column for column in exports[name].columns if column.kind != "UPN"]
    typed = () if is_disabled else entries.list_typed_facts(session, handle, name)
    earlier = {entry.entry_id: _describe_fact(entry) for entry in typed}
    with st.form(_key(f"fact-{name}"), border=False):
        values = {c.name: _field(c, name, session.as_at) for c in columns if c.required}
        rest = [column for column in columns if not column.required]
        if rest:
            components.render_small_text("Fill in only what the letter says.")
        values |= {column.name: _field(column, name, session.as_at) for column in rest}
        source = st.text_input(
            "Source",
            placeholder="letter, Tameside, 12 November",
            max_chars=80,
            key=_key("fact-source"),
        )
        corrects = None
        if earlier:
            corrects = st.selectbox(
                "Does it replace something typed before?",
                [None, *earlier],
                format_func=lambda entry_id: earlier.get(entry_id or "", "No"),
                key=_key("fact-corrects"),
            )
        if st.form_submit_button("Save", disabled=is_disabled):
            filled = {column: text for column, text in values.items() if text}
            _record_entry(
                lambda: entries.add_fact(
                    session,
                    handle=handle,
                    file=name,
                    values=filled,
                    where_written=source,
                    corrects=corrects,
                    page="child",
                ),
                session,
            )


def _describe_fact(fact: Entry) -> str:
    """Describe what was typed: its values, and its source."""
    text = ", ".join((*fact.values.values(), fact.where_written))
    return f"{words.format_short_day(fact.at.date())}: {text}"


def _record_entry(record: Callable[[], entries.EntryResult], session: access.Session) -> None:
    """Save what was typed and redraw the page, or say what to fix."""
    with tab.say_errors(IntakeError):
        recorded = record()
        for problem in recorded.problems:
            st.error(escape(f"{problem.problem} {problem.fix}"))
        if recorded.problems:
            return
        message, later = "Saved.", recorded.visible_from
        if later and later > session.as_at:
            day = words.format_short_day(later)
            message += f" It will show from {day}, when the data reaches that date."
        st.session_state[_MESSAGE] = message
        st.session_state[_ATTEMPT] = st.session_state.get(_ATTEMPT, 0) + 1
        st.rerun()


def _field(column: Column, form: str, on: date) -> str:
    """Draw a field by its column in the contract, and return its text, "" for nothing."""
    label = column.label or words.capitalise(column.name.replace("_", " "))
    key, help_text = _key(f"{form}-{column.name}"), escape(column.full_meaning)
    if column.kind == "date":
        first = on if column.required else None
        day = st.date_input(label, first, format="DD/MM/YYYY", key=key, help=help_text)
        return str(day or "")
    if column.kind == "code":
        options = _options(column, on)
        names = list(options) if column.required else ["", *options]
        chosen = st.selectbox(
            label, names, format_func=lambda code: options.get(code, "-"), key=key, help=help_text
        )
        return str(chosen or "")
    return st.text_input(label, key=key, help=help_text).strip()


def _options(column: Column, on: date) -> dict[str, str]:
    if column.code_list:
        return words.list_codes(column.code_list, on)
    return {code: words.capitalise(code) for code in column.allowed}


def _key(name: str) -> str:
    """Return a widget's key, which is this person's own, and new after each entry to empty it."""
    return tab.build_widget_key(f"{name}-{st.session_state.get(_ATTEMPT, 0)}")
