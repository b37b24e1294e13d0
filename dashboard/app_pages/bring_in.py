"""Bring in files: drop them, see what to fix and what would change, load, undo.

The business manager sees rows, columns and counts, but no name, number or other value about a
child.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import polars as pl
import streamlit as st

from dashboard.bring_in import MESSAGE, changes
from dashboard.bring_in.desk import (
    FAULT_BOOK,
    PAGE,
    PHASES,
    START_BOOK,
    Desk,
    IntakeError,
    LoadResult,
    MappedTable,
    Preview,
    build_start_template,
    parse_school,
)
from dashboard.text import words
from dashboard.ui import components, sign_in_form, tab
from dashboard.ui.markdown import escape

_MEGABYTES = 50
#: The preview of the files at hand, with the state that it was made for; and the number of the try.
_FOUND, _ATTEMPT = "bring-in-found", "bring-in-round"
#: Whether the files at hand leave something of a first load to be typed.
_LACKING = "bring-in-lacking"
#: The answers about tables of the school's own making, by table and question.
_ANSWERS = "bring-in-answers"

_key = tab.build_widget_key


def render(first: Desk | None = None) -> None:
    """Draw the page; `first` is the desk of a home without data, whose page says how to start."""
    desk = first or Desk.from_session(tab.enter("bring_in"))
    desk.enter(PAGE)
    components.render_title(PAGE, words.PAGES[PAGE])
    if message := st.session_state.pop(MESSAGE, None):
        st.success(escape(message))
        if desk.session is not None and desk.is_allowed("today"):
            with st.container(key="to-today"):
                components.render_page_link("today", "Go to Today")
    if desk.is_first:
        _render_start(desk)
    elif desk.session is not None:
        loaded_at = words.format_moment(desk.session.loaded_at)
        components.render_small_text(f"Files were last brought in on {loaded_at}.")
    chosen = _ask_school(desk)
    files: dict[str, bytes] = {}
    if chosen is not None:
        files = {**(_ask_files() or {}), **(_ask_typed(desk) if desk.is_first else {})}
    if chosen is not None and files and _ensure_unlocked(desk):
        with tab.say_errors(IntakeError):
            _render_files(chosen, files)
    if not desk.is_first:
        _render_undo(desk)


def _render_start(desk: Desk) -> None:
    st.markdown(changes.START)
    label = "Create a workbook to fill in"
    _offer(desk, label, lambda: build_start_template, START_BOOK)


def _ask_school(desk: Desk) -> Desk | None:
    """Return the desk for the school that sent the files, or None until it is named."""
    if not desk.is_of_many:
        return desk
    label = (
        "Which school sent these files? Its unique reference number (6 digits), or 0 for your own"
    )
    typed = st.text_input(label, key=_key("bring-in-school")).strip()
    school = parse_school(typed)
    if typed and school is None:
        st.markdown("A unique reference number has 6 digits.")
    return None if school is None else replace(desk, school=school)


def _ask_files() -> Mapping[str, bytes] | None:
    """Return the dropped files by name, or None if there is nothing to read yet."""
    attempt = st.session_state.setdefault(_ATTEMPT, 0)
    uploads = st.file_uploader(
        "Drop your files here: CSV, Excel or a transfer file",
        accept_multiple_files=True,
        max_upload_size=_MEGABYTES,
        key=_key(f"bring-in-{attempt}"),
    )
    if not uploads:
        return None
    names = [upload.name for upload in uploads]
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        st.error(escape(f"Two files are called {doubles[0]}. Remove one of them."))
        return None
    return {upload.name: upload.getvalue() for upload in uploads}


def _ask_typed(desk: Desk) -> Mapping[str, bytes]:
    """Ask for the small files of a first load as text, and return what was typed as files."""
    is_lacking = st.session_state.get(_LACKING, False)
    with st.expander(
        "Or type in the school, its terms and its children in care here", expanded=is_lacking
    ):
        school = [
            st.text_input(label, key=_key(f"bring-in-typed-{number}"))
            for number, label in enumerate(changes.SCHOOL_FIELDS[:-1])
        ]
        phase = st.radio(
            changes.SCHOOL_FIELDS[-1],
            changes.PHASES,
            index=None,
            horizontal=True,
            key=_key("bring-in-typed-phase"),
        )
        lines = {
            name: st.text_area(
                field["label"],
                placeholder=field["example"],
                help=field["more"],
                key=_key(f"bring-in-typed-{name}"),
            )
            for name, field in changes.TYPED.items()
        }
    return changes.build_typed_files([*school, phase or ""], lines, desk.today)


def _ensure_unlocked(desk: Desk) -> bool:
    """Return whether files may be read: loads may need a passphrase to be typed first."""
    if desk.is_first or not desk.has_locked_loads:
        return True
    return sign_in_form.ensure_fresh_sign_in(desk, "to bring files in", with_key=True)


def _render_files(desk: Desk, files: Mapping[str, bytes]) -> None:
    answers = _collect_answers()
    tables = desk.list_own_tables(files, answers)
    for table in tables:
        _render_own_table(desk, table, answers)
    authority = st.session_state.get(_key("bring-in-authority"), "")
    state = desk.compute_state(files, authority)
    earlier: tuple[str, Preview] | None = st.session_state.get(_FOUND)
    if earlier is not None and earlier[0] == state:
        preview = earlier[1]
    else:
        with st.spinner("Reading the files"):
            preview = desk.preview(files, authority)
        st.session_state[_FOUND] = (state, preview)
    missing = desk.list_missing(preview)
    if missing and not st.session_state.get(_LACKING):
        st.session_state[_LACKING] = True
        st.rerun()  # with the form for them open
    if preview.checked.has_return:
        st.text_input("Which local authority sent its return?", key=_key("bring-in-authority"))
    unread = [table.name for table in tables]
    _render_recognised(desk, preview, unread)
    _render_missing(missing)
    _render_faults(desk, preview)
    _render_changes(desk, preview, unread)
    if not preview.why_not and st.button("Load these files", type="primary", key="bring-in-load"):
        _load(desk, files, authority)


def _render_recognised(desk: Desk, preview: Preview, unread: Sequence[str]) -> None:
    st.header("What each file is", anchor=False)
    rows = desk.tabulate_files(preview)
    if rows.height:
        components.render_table(rows, alt="How each file was read")
    for line in desk.describe_files(preview):
        components.render_small_text(escape(line))
    for name in preview.checked.unknown_files:
        if name not in unread:
            st.markdown(escape(f"{name} is not a file that we recognise, and was ignored."))
    for note in preview.checked.notes:
        components.render_small_text(escape(note))


def _render_missing(files: Sequence[str]) -> None:
    """List in words, not by the names of files, what a first load still needs."""
    if files:
        st.header("Still missing", anchor=False)
        st.markdown("\n".join(f"- {changes.MISSING[file]}" for file in files))


def _render_faults(desk: Desk, preview: Preview) -> None:
    missing = desk.list_missing(preview)
    problems = [row for row in preview.problems if not (row.row == 0 and row.file in missing)]
    if missing and not problems and not preview.doubts:
        return
    st.header("To fix", anchor=False)
    if problems:
        components.render_cards(desk.tabulate_faults(problems))
    for line in desk.list_totals(preview, problems):
        st.markdown(escape(line))
    if preview.doubts:
        components.render_cards(desk.tabulate_faults(preview.doubts))
    if problems or preview.doubts:
        label = "Create a workbook of every row to fix"
        _offer(desk, label, lambda: partial(desk.build_fault_book, preview), FAULT_BOOK)


def _render_changes(desk: Desk, preview: Preview, unread: Sequence[str]) -> None:
    st.header("What would change", anchor=False)
    marked = preview.marked.describe(has_names=desk.has_values)
    for line in (*preview.older, *preview.conflicts, *([marked] if preview.marked.without else [])):
        st.warning(escape(line))
    if preview.why_not:
        lacking = preview.checked.blocking_files | preview.checked.unavailable_files
        only_missing = bool(lacking) and lacking <= set(desk.list_missing(preview))
        st.markdown(changes.NOT_YET if only_missing else escape(preview.why_not))
        return
    for line in changes.list_sentences(
        preview.children_new, preview.children_left, preview.earlier_until, preview.data_until
    ):
        st.markdown(escape(line))
    if preview.earlier_until is not None:
        text = changes.describe_changed(preview.changed_children, has_names=desk.has_values)
        st.markdown(escape(text))
    rows = desk.tabulate_changes(preview)
    if rows.height:
        components.render_table(rows, alt="What would change, by kind of row")
        components.render_small_text(changes.KEPT)
    for name in sorted(preview.checked.refused_files & preview.checked.digests.keys()):
        st.markdown(escape(f"Nothing from {name} will be loaded. Its earlier rows stay."))
    if unread:
        st.warning(escape(f"Not read yet, so not loaded: {', '.join(unread)}. See above."))


def _load(desk: Desk, files: Mapping[str, bytes], authority: str) -> None:
    bar = st.progress(0.0, "Loading")

    def show(step: str) -> None:
        bar.progress(PHASES.index(step) / len(PHASES), changes.STEP_WORDS[step])

    try:
        result = desk.load(files, authority, show)
    except IntakeError as error:
        bar.empty()
        st.error(escape(f"{error}"))
        return
    _say(_describe(result))


def _describe(result: LoadResult) -> str:
    if result.why_not:
        return f"{result.why_not} Nothing was changed."
    if result.version is None:
        return "These files are loaded already. Nothing was changed."
    children = words.format_count(result.children, "child")
    marks = words.format_count(result.marks, "mark")
    assert result.data_until is not None  # noqa: S101 - a load has a day
    until = words.format_day(result.data_until)
    return f"Loaded: {children} and {marks}, up to {until}. The pages show them now."


def _render_undo(desk: Desk) -> None:
    st.header("Undo", anchor=False)
    st.markdown(
        "If the latest load was a mistake, go back to the load before. What people typed in is "
        "kept."
    )
    is_sure = st.checkbox("Yes, undo the latest load", key=_key("bring-in-sure"))
    if st.button("Undo the latest load", disabled=not is_sure, key="bring-in-undo"):
        with tab.say_errors(IntakeError):
            desk.undo()
            _say("The latest load was undone. The pages show the load before.")


def _render_own_table(desk: Desk, table: MappedTable, answers: Mapping[str, str]) -> None:
    """Draw a table of the school's own making: what it seems to be, and the open questions."""
    proposal = table.proposal
    st.header(escape(f"How should {table.name} be read?"), anchor=False)
    is_begun = any(key.startswith(f"{table.name}|") for key in answers)
    if is_begun and st.button("Start again", key=f"bring-in-again-{table.name}"):
        st.session_state.pop(_ANSWERS)
        tab.forget_widgets()
        st.rerun()
    if proposal.mapping is None:
        st.markdown(escape(f"It cannot be read: {proposal.why_not}."))
        return
    st.markdown(escape(changes.describe_layout(proposal.mapping.file, proposal.mapping.layout)))
    columns = pl.DataFrame(
        {
            "What we need": desk.list_column_names(table),
            "Your column": list(proposal.mapping.columns.values()),
        }
    )
    components.render_table(columns, alt="Which column is which")
    for question in proposal.questions:
        key = _key(f"bring-in-answer|{table.name}|{question.key}")
        if question.is_tick:
            st.checkbox(escape(question.text), key=key)
        elif question.choices:
            st.selectbox(
                escape(question.text),
                [None, "", *question.choices],
                format_func=_name_choice,
                key=key,
            )
        else:
            st.text_input(escape(question.text), value=None, key=key)
    if table.example is not None:
        st.markdown("Its first rows would be read like this. Personal details are hidden.")
        names = proposal.mapping.export.header
        shown = [name for name in names if (table.example[name] != "").any()]
        components.render_table(
            table.example.select(shown), alt="The first rows as they would be read"
        )
        if st.button("Yes, always read such files like this", key=f"bring-in-keep-{table.name}"):
            desk.keep_mapping(table)
            st.rerun()


def _name_choice(choice: str | None) -> str:
    return "Choose" if choice is None else choice or "It is not in the file"


def _collect_answers() -> dict[str, str]:
    """Return the answers so far, by table and question."""
    start = _key("bring-in-answer|")
    answers: dict[str, str] = st.session_state.setdefault(_ANSWERS, {})
    for key, value in st.session_state.items():
        if isinstance(key, str) and key.startswith(start) and value not in (None, False):
            answers[key.removeprefix(start)] = f"{value}"
    return answers


def _offer(desk: Desk, label: str, prepare: Callable[[], Callable[[], bytes]], name: str) -> None:
    """Offer a file: before the first load by a plain link, as the home has no session yet."""
    if not desk.is_first:
        components.render_download(desk, PAGE, label, prepare, name=name)
    elif st.button(label, key=f"make-{name}"):
        components.render_download_link(desk, PAGE, prepare(), name=name)


def _say(message: str) -> None:
    """Show a message once the page has run again, and forget the files."""
    st.session_state[MESSAGE] = message
    st.session_state[_ATTEMPT] += 1
    for key in (_FOUND, _ANSWERS):
        st.session_state.pop(key, None)
    st.rerun()
