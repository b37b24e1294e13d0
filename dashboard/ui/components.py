"""The pieces that pages share: the frame, a figure with its table twin, a row of a child."""

from collections.abc import Callable, Iterable

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts import Figure
from dashboard.server import downloads
from dashboard.text import words
from dashboard.ui import names as name_parts
from dashboard.ui import sign_in_form, tab
from dashboard.ui.markdown import escape, escape_cells
from queries import read
from queries.rows import ChildProtection, CohortWeekAttendance
from safeguards.access import access, roles

#: The column of cohort_member that says whether a child belongs to a group.
GROUP_COLUMNS = {
    "looked after": "is_looked_after",
    "has a social worker": "has_social_worker",
    "previously looked after": "is_previously_looked_after",
}

CHILD_PAGE = "app_pages/child.py"
#: Rows of a check on the screen; a broken export can have thousands.
MAX_TABLE_ROWS = 40
_ROW_WIDTHS = (1, 3)


def render_header(session: access.Session) -> None:
    """What stands on top of every page: the school, the day of the data, role, demo notice."""
    parts = [
        f"**{escape(session.school_name)}**",
        f"Data up to {words.format_day(session.data_until)}",
    ]
    if session.as_at != session.data_until:
        parts.append(f"Shown as at {words.format_day(session.as_at)}")
    parts.append(f"Role: {words.ROLES[session.role].lower()}")
    demo = " :yellow-badge[Demo data: no real children]" if session.is_demo else ""
    st.markdown(f":small[{' · '.join(parts)}]{demo}")


def render_role_choice(session: access.Session) -> None:
    """In a demo home, a choice of who to be."""
    st.session_state.setdefault(tab.ROLE_KEY, session.role)
    st.selectbox(
        "Look as (demo only)",
        roles.ROLES,
        format_func=words.ROLES.__getitem__,
        key=tab.ROLE_KEY,
    )


def render_no_pages(role: str) -> None:
    """The calm page for a role that has no page of its own."""
    st.title("There is nothing here for this role")
    st.markdown(
        f"You are here as: {words.ROLES[role].lower()}. "
        "This role has no page in the dashboard, and nothing is wrong."
    )
    st.markdown(
        "These pages are for pastoral staff, the designated teacher and the safeguarding lead. "
        "The safeguarding lead decides who holds which role."
    )


def render_data_unavailable() -> None:
    """The calm page for a home that cannot be shown; the terminal says why."""
    st.title("The data is not open")
    st.markdown("No data can be shown now. Nothing was changed.")


def render_notice(title: str, text: str) -> None:
    """An empty state: what is true, why, and the next step."""
    st.subheader(title)
    st.markdown(text)


def render_small_text(text: str) -> None:
    """Small words in full ink: st.caption's grey is too pale to read."""
    st.markdown(f":small[{text}]")


def render_figure(figure: Figure, key: str) -> None:
    """A chart under its finding, and its table twin on demand."""
    st.subheader(escape(figure.title))
    render_small_text(escape(figure.subtitle))
    if st.toggle("Show as table", key=f"{key}-table"):
        render_table(figure.table, alt=figure.title)
    else:
        st.altair_chart(figure.chart, alt=figure.alt_text, theme=None)


def render_table(rows: pl.DataFrame, alt: str, *, max_rows: int | None = None) -> None:
    """A real table, read row by row; one cut at `most` rows says so."""
    if max_rows is not None and rows.height > max_rows:
        render_small_text(f"The first {max_rows} of {words.format_count(rows.height, 'row')}.")
        rows = rows.head(max_rows)
    st.table(escape_cells(rows), alt=alt, hide_index=True)


def render_download(
    session: access.Session,
    page: str,
    label: str,
    make: Callable[[], bytes],
    *,
    name: str,
    mime: str,
    disabled: bool = False,
) -> None:
    """A button that makes a file ready, and then the link that saves it, once.

    In a real home only who has just signed in takes a file.
    """
    if not (disabled or sign_in_form.ensure_fresh_sign_in(session, f"to take {name}")):
        return
    if st.button(label, disabled=disabled, key=f"make-{name}"):
        render_download_link(session, page, make, name=name, mime=mime)


def render_download_link(
    session: downloads.Taker, page: str, make: Callable[[], bytes], *, name: str, mime: str
) -> None:
    """The link that saves a file, once, for who has shown that they may take it."""
    address = downloads.OFFERS.offer(
        session, page, make, name=name, mime=mime, visitor=tab.read_visitor_cookie()
    )
    st.link_button(f"Save {name}", address, type="primary")
    render_small_text("The link works once, within a minute.")


def render_child_row(
    pupil_id: str, handle: str, text: str, key: str, more: Iterable[str] = ()
) -> DeltaGenerator:
    """A child's handle, which opens the child's page, with what there is to say beside it.

    text, more: as they are written, without markup; `more` are lines in small words.
    Gives the place of the words, for what belongs under them.
    """
    # columns, not a row that wraps: long words stay beside their handle, and only a phone stacks
    name, text_column = st.columns(_ROW_WIDTHS, gap="small", vertical_alignment="top")
    if name.button(escape(handle), key=f"{key}-{handle}", width="stretch"):
        st.session_state[tab.CHILD_KEY] = pupil_id
        st.switch_page(CHILD_PAGE)
    pupil_name = name_parts.find_name(pupil_id)
    lines = [
        *([f"**{escape(pupil_name)}**"] if pupil_name else []),
        escape(text),
        *(f":small[{escape(line)}]" for line in more),
    ]
    text_column.markdown("  \n".join(lines))
    return text_column


def group_by_year_group(
    kind: type[read.Row], rows: pl.DataFrame
) -> list[tuple[str, list[read.Row]]]:
    """The rows under the words of their year group, in their own order."""
    return [
        (words.format_year_group(part["year_group"][0]), read.list_rows(kind, part))
        for part in rows.partition_by("year_group", maintain_order=True)
    ]


def render_no_children() -> None:
    """What a page says when no child is in any of the groups."""
    render_notice(
        "No children are on these pages now",
        "Nobody on roll is recorded as looked after, previously looked after, or with a "
        "social worker. If that is wrong, load the care file again. Data check lists the files.",
    )


def render_no_rows(
    session: access.Session, file_name: str, title: str, shows: str, next_step: str = ""
) -> None:
    """An empty part: whether its file is missing, and what would stand here with it."""
    files = read.fetch_loaded_files(session)
    is_there = files.filter((pl.col("file_name") == file_name) & ~pl.col("is_refused")).height
    why = "Nothing in the records tells of one up to this day."
    if not is_there:
        why = f"The file {escape(file_name)} has not been loaded."
    render_notice(title, f"{why} With it, this shows {shows}. {next_step}".strip())


def render_week_tiles(week: CohortWeekAttendance) -> None:
    """The week's sessions of the children, beside the whole school's where recorded."""
    with st.container(horizontal=True):
        st.metric(
            "These children attended",
            words.format_part(week["attended_sessions"], week["possible_sessions"]),
            border=True,
        )
        st.metric("Whole school attended", _format_school_week(week), border=True)


def render_year_tiles(child: read.Member) -> None:
    """A child's year in words: sessions missed, unauthorised, late, and the share."""
    possible, absent = child["possible_sessions"], child["absent_sessions"]
    unauthorised, late = child["unauthorised_absent_sessions"], child["late_sessions"]
    if possible is None or absent is None or unauthorised is None or late is None:
        st.markdown("The register has no mark for this child this school year.")
        return
    share = words.TOO_EARLY
    if child["absence_rate"] is not None and not child["is_too_early"]:
        share = words.format_percent(1 - child["absence_rate"])
    tiles = {
        "Missed": words.format_part(absent, possible),
        "Not authorised": words.capitalise(words.format_count(unauthorised, "session")),
        "Late": words.capitalise(words.format_count(late, "session")),
        "Sessions attended": words.capitalise(share),
    }
    with st.container(horizontal=True):
        for label, value in tiles.items():
            st.metric(label, value, border=True)


def describe_protection(session: access.Session) -> dict[str, list[str]]:
    """For the safeguarding lead, what a child is known as, by pupil_id; empty for others."""
    if "child_protection" not in session.categories:
        return {}
    found: dict[str, list[str]] = {}
    for row in read.list_rows(ChildProtection, read.fetch_child_protection(session)):
        start = row["since"]
        since = f"since {words.format_short_day(start)}" if start else f"start {words.NOT_RECORDED}"
        found.setdefault(row["pupil_id"], []).append(f"{row['status']} {since}")
    return found


def render_filters(label: str, options: list[str], key: str) -> list[str]:
    """Filters that stay in the link; none chosen means all."""
    chosen: list[str] = st.pills(
        label, options, selection_mode="multi", key=key, bind="query-params"
    )
    return chosen


def render_group_choice() -> str:
    """One group of children, kept in the link."""
    names = {label: name for name, label in words.GROUPS.items()}
    label = render_choice("Group", list(names), "group", bind=True)
    return names[label]


def render_choice(label: str, options: list[str], key: str, *, bind: bool = False) -> str:
    """One of a few options, the first unless another is chosen."""
    chosen: str | None = st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        format_func=words.capitalise,
        key=key,
        bind="query-params" if bind else None,
    )
    return chosen or options[0]


def render_why_different() -> None:
    """Why a figure here may not be that of the school's own system."""
    st.subheader("Why may this differ from our MIS?")
    st.markdown(
        "MIS means management information system: the school's own records.\n"
        "- These pages count up to the newest file. The MIS may hold newer marks.\n"
        "- They count the children in these groups on the day shown, and nobody else.\n"
        "- A session counts only between a child's first and last day on roll.\n"
        "- An N counts as unauthorised until its reason is there."
    )


def _format_school_week(week: CohortWeekAttendance) -> str:
    rate = week["school_absence_rate"]
    return words.capitalise(words.NOT_RECORDED) if rate is None else (
        f"{words.format_percent(1 - rate)} of sessions"
    )  # fmt: skip
