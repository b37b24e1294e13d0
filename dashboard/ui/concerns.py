"""The fields of a note of concern, which can be raised instead of logging an action.

The person who raises a note sees it. The safeguarding lead reads all notes, and so can pastoral
staff if the school's settings say so.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.text import words
from intake.problems import IntakeError
from intake.publish import entries
from queries import reference
from queries.contract import CONCERNS, FILE_TABLES, Column
from queries.read import Row
from safeguards.access import access

#: The default of who noticed it, by the role of the person who types.
_RAISED_BY = {"pastoral": "pastoral staff", "dsl": "safeguarding lead", "teacher": "teacher"}
#: The source of a note, where other facts name a letter.
_TYPED = "typed on these pages"
#: The default level: how soon somebody must look, the middle one.
_LEVEL = "concern"

Key = Callable[[str], str]


def is_open_to(session: access.Session, page: str) -> bool:
    """Return whether this role may raise a note on this page in this school."""
    is_kept = session.has_table(FILE_TABLES[CONCERNS.name])
    return is_kept and session.is_allowed(page, "raise_concern")


def render_kinds(build_key: Key) -> str | None:
    """Return the kind of note, or None while no kind is chosen."""
    kinds = list_kinds()
    chosen: str | None = st.pills(
        "Or raise a note of concern",
        list(kinds),
        format_func=kinds.__getitem__,
        key=build_key("concern"),
        persist_state="session",
        help="The safeguarding lead reads every note.",
    )
    return chosen


def render_fields(session: access.Session, kind: str, build_key: Key) -> dict[str, str]:
    """Return the rest of a note by column, with defaults, and "" for nothing."""
    others = "who works with these children" if session.has_shared_concerns else "you"
    st.markdown(f"The safeguarding lead reads this note, and so can {others}.")
    level = st.segmented_control(
        "How soon must somebody look?",
        list_allowed("level"),
        default=_LEVEL,
        required=True,
        format_func=words.capitalise,
        key=build_key("level"),
        persist_state="session",
    )
    left, right = st.columns(2)
    roles = list_allowed("raised_by")
    raised_by = left.selectbox(
        "Who noticed it?",
        roles,
        index=roles.index(_RAISED_BY.get(session.choose_role("child", "raise_concern"), roles[-1])),
        format_func=words.capitalise,
        key=build_key("raised-by"),
        persist_state="session",
    )
    done = right.selectbox(
        "What was done? (optional)",
        ["", *list_allowed("done")],
        format_func=lambda text: words.capitalise(text) or words.NOTHING,
        key=build_key("done"),
        persist_state="session",
    )
    return {"kind": kind, "level": level or _LEVEL, "raised_by": raised_by, "done": done}


def add_note(
    session: access.Session, page: str, handle: str, values: dict[str, str], *, is_confirmed: bool
) -> entries.EntryResult:
    """Save a note of concern by its columns, "" for nothing. Errors as in `entries.add_fact`."""
    return entries.add_fact(
        session,
        handle=handle,
        file=CONCERNS.name,
        values={name: text for name, text in values.items() if text},
        where_written=_TYPED,
        page=page,
        is_confirmed=is_confirmed,
    )


def list_own_notes(session: access.Session, pupil_id: str) -> list[tuple[str, str, str]]:
    """Return the person's own notes about the child: the day, the kind and the line.

    Return none for a role that sees all notes.
    """
    if session.has_category("concern") or not is_open_to(session, "child"):
        return []
    kinds = list_kinds()
    return [
        (
            words.format_near_day(date.fromisoformat(entry.values["date"]), session.as_at),
            kinds.get(entry.values["kind"], entry.values["kind"]),
            entry.values["line"],
        )
        for entry in entries.list_own_concerns(session, pupil_id)
    ]


def record_outcome(
    session: access.Session,
    page: str,
    note: Row,
    *,
    done: str,
    follow_up: date | None,
    closed: date | None,
) -> list[str]:
    """Save the outcome of a note: the same row again, closed or with another review date.

    Return the problems to fix, with which nothing is saved, or an empty list.
    """
    codes = {label: code for code, label in list_kinds().items()}
    values = {
        "date": str(note["concern_date"]),
        "kind": codes[note["kind"]],
        "level": note["level_of_concern"],
        "raised_by": note["raised_by"],
        "line": note["line"],
        "done": done,
        "follow_up": str(follow_up or ""),
        "closed": str(closed or ""),
    }
    # the line was checked when the note was raised
    try:
        result = add_note(session, page, note["handle"], values, is_confirmed=True)
    except IntakeError as error:
        return [str(error)]
    return [f"{problem.problem} {problem.fix}" for problem in result.problems]


def list_kinds() -> dict[str, str]:
    """Return the kinds of note by code, in words."""
    rows = reference.read_current("concern_kind")
    return {row["code"]: row["label"] for row in rows.to_dicts()}


def list_allowed(name: str) -> tuple[str, ...]:
    """Return the allowed values of a column of a note."""
    columns: dict[str, Column] = {column.name: column for column in CONCERNS.columns}
    return columns[name].allowed
